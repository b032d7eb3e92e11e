#pragma once
// Which column holds which member of the records around customers and orders, like sql_rows.h.
#include "core/store/sql_rows.h"

namespace citybridge::store {

template <>
struct Table<OrderTextRecord> {
    static constexpr std::string_view kName = "order_text";
    static constexpr std::string_view kKey = "order_id,n";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("order_id", row.order), v.number("n", row.n), v.text("words", row.words);
    }
};

template <>
struct Table<AttachmentRecord> {
    static constexpr std::string_view kName = "attachments";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::error;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("order_id", row.order), v.text("name", row.name);
        v.text("media_type", row.media_type), v.number("size", row.size), v.text("sha256", row.sha256);
        v.text("added_by", row.added_by), v.time("added_at", row.added_at);
    }
};

template <>
struct Table<CustomerMergeRecord> {
    static constexpr std::string_view kName = "customer_merges";
    static constexpr std::string_view kKey = "from_customer";
    static constexpr OnConflict kOnConflict = OnConflict::error;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("from_customer", row.from), v.text("into_customer", row.into), v.text("by_user", row.by);
        v.time("at", row.at), v.json("before", row.before);
    }
};

template <>
struct Table<OutgoingListRecord> {
    static constexpr std::string_view kName = "outgoing_lists";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("kind", row.kind), v.text("name", row.name), v.text("group_name", row.group);
        v.time("from_at", row.from), v.time("until_at", row.until), v.time("last_day", row.last_day);
        v.text("created_by", row.created_by), v.time("created_at", row.created_at);
        v.maybe_time("closed_at", row.closed_at), v.number("revision", row.revision);
    }
};

template <>
struct Table<OutgoingEntryRecord> {
    static constexpr std::string_view kName = "outgoing_entries";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("list_id", row.list), v.number("line", row.line), v.text("number", row.number);
        v.text("name", row.name), v.text("customer", row.customer), v.text("order_id", row.order);
        v.text("note", row.note), v.state("state", row.state), v.state("result", row.result);
        v.number("tries", row.tries), v.text("taken_by", row.taken_by), v.time("next_at", row.next_at);
        v.text("remark", row.remark), v.time("updated_at", row.updated_at), v.number("revision", row.revision);
    }
};

}  // namespace citybridge::store
