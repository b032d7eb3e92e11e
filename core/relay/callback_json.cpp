#include "core/relay/callback.h"

namespace citybridge::relay {
namespace {

Fields text_or_null(const std::string& text) { return text.empty() ? Fields(nullptr) : Fields(text); }
Fields time_or_null(const std::optional<WallTime>& time) { return time ? Fields(to_rfc3339(*time)) : Fields(nullptr); }

}  // namespace

Fields callback_json(const CallbackRecord& row) {
    const CallbackDetail detail = detail_of(row);
    return {{"id", row.id},
            {"side", row.side},
            {"origin", row.origin},
            {"target", row.target},
            {"state", to_string(row.state)},
            {"holder", to_string(detail.holder)},
            {"epoch", row.epoch},
            {"number", row.number},
            {"name", text_or_null(row.name)},
            {"customer", text_or_null(row.customer)},
            {"contact", text_or_null(row.contact)},
            {"order", text_or_null(row.order)},
            {"owner", text_or_null(row.owner)},
            {"group", text_or_null(row.group)},
            {"promised_at", to_rfc3339(row.promised_at)},
            {"due_at", time_or_null(row.due_at)},
            {"outcome", text_or_null(row.outcome)},
            {"needs_confirmation", !is_closed(row.state) && (row.state == CallbackState::uncertain || !detail.free())},
            {"dials", Fields{{"here", detail.dials}, {"there", detail.far_dials}}},
            {"confirmed_by", text_or_null(detail.confirmed_by)},
            {"escalated", detail.told},
            {"data", row.data},
            {"created_at", to_rfc3339(row.created_at)},
            {"updated_at", to_rfc3339(row.updated_at)},
            {"closed_at", time_or_null(row.closed_at)},
            {"revision", row.revision}};
}

Fields callback_json(const CallbackHistoryRecord& row) {
    return {{"n", row.n},
            {"at", to_rfc3339(row.at)},
            {"city", row.city},
            {"actor", row.actor},
            {"action", row.action},
            {"from_state", text_or_null(row.from_state)},
            {"to_state", row.to_state},
            {"text", row.text},
            {"detail", row.detail}};
}

}  // namespace citybridge::relay
