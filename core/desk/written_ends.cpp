// What becomes of a message that a person wrote, and what it says when it is sent.
#include <algorithm>

#include "core/api/delivery_text.h"
#include "core/desk/engine_state.h"
#include "core/desk/json_text.h"
#include "core/desk/paper.h"
#include "core/desk/verification.h"
#include "core/desk/written_messages.h"

namespace citybridge::desk {
namespace {

// A gateway's words are for people, and may be long.
constexpr std::size_t kLongestDetail = 500;

Json word(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

void settle(const Context& context, const std::string& id, const std::string& state, const std::string& code,
            const std::string& detail, Decision& decision) {
    const WrittenMessageRecord* before = context.view.written_message(id);
    if (before == nullptr) return;
    // A report may overtake the commit that says the gateway has it.
    if (before->state == "delivered" && state == "accepted") return;
    WrittenMessageRecord row = *before;
    row.state = state;
    row.code = code;
    // Of one whose data were erased nothing new is kept.
    row.detail = row.to.empty() ? std::string() : short_text(detail, kLongestDetail);
    put_written(context, std::move(row), state, decision);
}

}  // namespace

std::string written_of(const OutboxRecord& message) {
    return message.kind == kWrittenMessage ? message.key : std::string();
}

nlohmann::ordered_json written_json(const WrittenMessageRecord& row, bool full) {
    return {{"id", row.id},
            {"customer", row.customer},
            {"order", word(row.order)},
            {"to", word(full ? row.to : masked_number(row.to))},
            {"kind", word(row.kind)},
            {"template", word(row.template_name)},
            {"text", full ? word(row.text) : Json(nullptr)},
            {"parts", row.parts},
            {"state", row.state},
            {"code", word(row.code)},
            {"detail", full ? word(row.detail) : Json(nullptr)},
            {"written_by", row.written_by},
            {"created_at", to_rfc3339(row.created_at)},
            {"next_at", to_rfc3339(row.next_at)},
            {"updated_at", to_rfc3339(row.updated_at)}};
}

void put_written(const Context& context, WrittenMessageRecord row, const std::string& word, Decision& decision) {
    ++row.revision;
    row.updated_at = context.now.wall;
    const std::string type = "message." + word;
    const Json json = written_json(row, false);
    decision.events.emplace_back(PaperChanged{type, row.id, {row.written_by}, {}, false, dumped(json)});
    tell_subscribers(context, type, row.id + "." + std::to_string(row.revision), row.id, {{"message", json}},
                     decision.changes);
    decision.changes.written.messages.push_back(std::move(row));
}

void written_ended(const Context& context, const OutboxRecord& message, Decision& decision) {
    std::string state;
    switch (message.state) {
        case OutboxState::pending: return;
        case OutboxState::delivered: state = "accepted"; break;
        case OutboxState::possibly_done: state = "unclear"; break;
        case OutboxState::dead: state = "undelivered"; break;
        case OutboxState::cancelled: state = "cancelled"; break;
    }
    const bool well = message.state == OutboxState::delivered;
    settle(context, written_of(message), state, well ? std::string() : message.last_code,
           well ? std::string() : message.last_detail, decision);
}

void written_reported(const Context& context, const OutboxRecord& about, const std::string& state,
                      const std::string& code, const std::string& detail, Decision& decision) {
    const bool well = state == "delivered";
    settle(context, written_of(about), state, well ? std::string() : code, well ? std::string() : detail, decision);
}

Result<std::string> render_written(const OutboxRecord& message, const WrittenMessageRecord* row,
                                   const CustomerRecord* customer) {
    if (row == nullptr || row->to.empty() || customer == nullptr || customer->erased)
        return Error{"tell.no_address", "the customer's data were erased; nobody writes to him any more"};
    // A number that was taken out of his record may be somebody else's by now.
    const auto& numbers = customer->numbers;
    if (std::find(numbers.begin(), numbers.end(), row->to) == numbers.end())
        return Error{"tell.no_address", "the number is not the customer's any more; write again to one of his numbers"};
    const Json payload = Json::parse(message.payload, nullptr, false);
    if (customer->preference == "no_messages" && !payload.contains("despite_preference"))
        return Error{"message.no_messages", "the customer has asked for no messages since this one was written"};
    return dumped({{"channel", "sms"},
                   {"to", row->to},
                   {"name", customer->name},
                   {"subject", ""},
                   {"text", row->text},
                   {"order", row->order},
                   {"kind", row->kind},
                   {"template", row->template_name.empty() ? kFreeText : row->template_name},
                   {"values", row->values}});
}

}  // namespace citybridge::desk
