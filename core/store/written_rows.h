#pragma once
// Which column holds which member of the messages that people write, like sql_rows.h.
#include "core/store/sql_rows.h"

namespace citybridge::store {

template <>
struct Table<WrittenMessageRecord> {
    static constexpr std::string_view kName = "written_messages";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("customer", row.customer), v.text("order_id", row.order);
        v.text("address", row.to), v.text("kind", row.kind), v.text("template", row.template_name);
        v.text("words", row.text), v.list("slots", row.values), v.number("parts", row.parts);
        v.text("state", row.state), v.text("code", row.code), v.text("detail", row.detail);
        v.text("written_by", row.written_by), v.time("created_at", row.created_at), v.time("next_at", row.next_at);
        v.time("updated_at", row.updated_at), v.number("revision", row.revision);
    }
};

template <>
struct Table<MessageBudgetRecord> {
    static constexpr std::string_view kName = "message_budgets";
    static constexpr std::string_view kKey = "of_whom";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("of_whom", row.of), v.text("day", row.day), v.number("used", row.used);
        v.time("updated_at", row.updated_at);
    }
};

}  // namespace citybridge::store
