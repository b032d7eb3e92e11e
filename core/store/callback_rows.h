#pragma once
// Which column holds which member of a callback between cities, like sql_rows.h.
#include "core/store/sql_rows.h"

namespace citybridge::store {

template <>
struct Table<CallbackRecord> {
    static constexpr std::string_view kName = "callbacks";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("side", row.side), v.text("origin", row.origin), v.text("target", row.target);
        v.state("state", row.state), v.number("epoch", row.epoch), v.number("version", row.version);
        v.text("number", row.number), v.text("name", row.name), v.text("customer", row.customer);
        v.text("contact", row.contact), v.text("order_id", row.order), v.text("owner", row.owner);
        v.text("group_name", row.group), v.time("promised_at", row.promised_at), v.maybe_time("due_at", row.due_at);
        v.text("outcome", row.outcome), v.time("created_at", row.created_at), v.time("updated_at", row.updated_at);
        v.maybe_time("closed_at", row.closed_at), v.number("revision", row.revision);
        v.number("history_n", row.history_n), v.json("data", row.data), v.json("state_detail", row.state_detail);
    }
};

template <>
struct Table<CallbackHistoryRecord> {
    static constexpr std::string_view kName = "callback_history";
    static constexpr std::string_view kKey = "callback,n";
    static constexpr OnConflict kOnConflict = OnConflict::error;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("callback", row.callback), v.number("n", row.n), v.time("at", row.at), v.text("city", row.city);
        v.text("actor", row.actor), v.text("action", row.action), v.text("from_state", row.from_state);
        v.text("to_state", row.to_state), v.text("note", row.text), v.json("detail", row.detail);
    }
};

template <>
struct Table<CityRecord> {
    static constexpr std::string_view kName = "cities";
    static constexpr std::string_view kKey = "city";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("city", row.city), v.number("generation", row.generation), v.number("protocol", row.protocol);
        v.maybe_time("heard_at", row.heard_at), v.time("updated_at", row.updated_at);
        v.number("revision", row.revision), v.json("detail", row.detail);
    }
};

}  // namespace citybridge::store
