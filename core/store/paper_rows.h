#pragma once
// Which column holds which member of the centre's papers, like sql_rows.h.
#include "core/store/sql_rows.h"

namespace citybridge::store {

template <>
struct Table<PaperRecord> {
    static constexpr std::string_view kName = "papers";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("kind", row.kind), v.text("state", row.state), v.text("title", row.title);
        v.text("owner", row.owner), v.text("group_name", row.group), v.text("city", row.city);
        v.text("author", row.author), v.text("contact", row.contact), v.text("order_id", row.order);
        v.text("about", row.about), v.json("body", row.body), v.maybe_time("due_at", row.due_at);
        v.time("created_at", row.created_at), v.time("updated_at", row.updated_at);
        v.maybe_time("closed_at", row.closed_at), v.number("revision", row.revision);
        v.number("entries", row.entries);
    }
};

template <>
struct Table<PaperEntry> {
    static constexpr std::string_view kName = "paper_entries";
    static constexpr std::string_view kKey = "paper,n";
    static constexpr OnConflict kOnConflict = OnConflict::error;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("paper", row.paper), v.number("n", row.n), v.time("at", row.at), v.text("actor", row.actor);
        v.text("action", row.action), v.text("note", row.text), v.json("detail", row.detail);
    }
};

template <>
struct Table<MarkRecord> {
    static constexpr std::string_view kName = "marks";
    static constexpr std::string_view kKey = "about,user_name,what";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("about", row.about), v.text("user_name", row.user), v.text("what", row.what), v.time("at", row.at);
        v.number("number", row.number), v.json("detail", row.detail);
    }
};

template <>
struct Table<SkillRecord> {
    static constexpr std::string_view kName = "skills";
    static constexpr std::string_view kKey = "user_name,skill";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("user_name", row.user), v.text("skill", row.skill), v.text("source", row.source);
        v.time("granted_at", row.granted_at), v.maybe_time("revoked_at", row.revoked_at);
    }
};

template <>
struct Table<DispositionRecord> {
    static constexpr std::string_view kName = "dispositions";
    static constexpr std::string_view kKey = "contact";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("contact", row.contact), v.text("code", row.code), v.text("path", row.path), v.text("city", row.city);
        v.text("queue", row.queue), v.text("agent", row.agent), v.text("user_name", row.user), v.time("at", row.at);
    }
};

template <>
struct Table<WrapUpRecord> {
    static constexpr std::string_view kName = "wrap_ups";
    static constexpr std::string_view kKey = "contact";
    static constexpr OnConflict kOnConflict = OnConflict::nothing;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("contact", row.contact), v.text("agent", row.agent), v.text("queue", row.queue);
        v.time("started_at", row.started_at), v.time("ended_at", row.ended_at);
    }
};

}  // namespace citybridge::store
