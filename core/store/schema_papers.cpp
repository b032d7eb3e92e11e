#include "core/store/schema_papers.h"

namespace citybridge::store {

Migration papers_schema(std::int64_t version) {
    Migration out{
        version,
        {
            "create table papers (id text primary key, kind text not null, state text not null, title text not null, "
            "owner text not null, group_name text not null, city text not null, author text not null, "
            "contact text not null, order_id text not null, about text not null, body text not null, due_at bigint, "
            "created_at bigint not null, updated_at bigint not null, closed_at bigint, revision bigint not null, "
            "entries bigint not null)",
            "create index papers_kind on papers (kind, created_at, id)",
            "create index papers_open on papers (kind, created_at, id) where closed_at is null",
            "create index papers_owner on papers (owner, created_at) where closed_at is null and owner <> ''",
            "create index papers_contact on papers (contact) where contact <> ''",
            "create index papers_order on papers (order_id) where order_id <> ''",
            "create index papers_about on papers (about) where about <> ''",

            "create table paper_entries (paper text not null, n bigint not null, at bigint not null, "
            "actor text not null, action text not null, note text not null, detail text not null, "
            "primary key (paper, n))",

            "create table marks (about text not null, user_name text not null, what text not null, "
            "at bigint not null, number bigint not null, detail text not null, "
            "primary key (about, user_name, what))",
            "create index marks_user on marks (user_name, about)",

            "create table skills (user_name text not null, skill text not null, source text not null, "
            "granted_at bigint not null, revoked_at bigint, primary key (user_name, skill))",

            // Counted by code and time; `path` holds the ancestors as they were called then.
            "create table dispositions (contact text primary key, code text not null, path text not null, "
            "city text not null, queue text not null, agent text not null, user_name text not null, "
            "at bigint not null)",
            "create index dispositions_at on dispositions (at, code)",

            "create table wrap_ups (contact text primary key, agent text not null, queue text not null, "
            "started_at bigint not null, ended_at bigint not null)",
            "create index wrap_ups_ended on wrap_ups (ended_at, contact)",
            "create index wrap_ups_agent on wrap_ups (agent, ended_at)",
        },
        {},
        {}};
    // `number` grows with every change, so that the newest matches are found first. The words are made by the node, the
    // same for both databases; "ascii" takes every byte beyond ASCII for a letter and so leaves them whole.
    out.sqlite = {
        "create table paper_index (number integer primary key, paper text not null unique, title text not null, "
        "tags text not null, size bigint not null)",
        "create virtual table paper_words using fts5 (title, tags, body, tokenize=\"ascii\")",
    };
    out.postgresql = {
        "create table paper_index (number bigint primary key, paper text not null unique, title text not null, "
        "tags text not null, size bigint not null, head tsvector not null, words tsvector not null)",
        "create index paper_index_head on paper_index using gin (head)",
        "create index paper_index_words on paper_index using gin (words)",
    };
    return out;
}

}  // namespace citybridge::store
