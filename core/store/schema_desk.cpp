#include "core/store/schema_desk.h"

namespace citybridge::store {

namespace {

// Every list begins at one of these (order_lists.cpp), and a page ends where the next begins: (created_at, id), or
// (due_at, id).
std::vector<const char*> order_indexes() {
    return {
        "alter table orders add column due_at bigint",
        "alter table orders add column overdue_at bigint",
        // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one statement over three lines
        "update orders set due_at=(select min(deadlines.due_at) from deadlines where order_id=orders.id and "
        "deadlines.state='open'),overdue_at=(select min(settled_at) from deadlines where order_id=orders.id and "
        "deadlines.state='overdue')",
        "drop index orders_owner",
        "drop index orders_state",
        "drop index orders_customer",
        "create index orders_customer on orders (customer, created_at, id) where customer <> ''",
        "create index orders_contact on orders (contact) where contact <> ''",
        "create index orders_owner on orders (owner, created_at, id) where owner <> ''",
        "create index orders_owner_open on orders (owner, created_at, id) where closed_at is null and owner <> ''",
        "create index orders_group on orders (group_name, created_at, id) where group_name <> ''",
        "create index orders_group_open on orders (group_name, created_at, id) "
        "where closed_at is null and group_name <> ''",
        "create index orders_group_due on orders (group_name, due_at, id) where due_at is not null and group_name <> "
        "''",
        "create index orders_kind on orders (kind, created_at, id)",
        "create index orders_kind_state on orders (kind, state, created_at, id)",
        "create index orders_state on orders (state, created_at, id)",
        "create index orders_open on orders (created_at, id) where closed_at is null",
        "create index orders_due on orders (due_at, id) where due_at is not null",
        "create index orders_overdue on orders (created_at, id) where closed_at is null and overdue_at is not null",
        "create index orders_closed on orders (closed_at, id) where closed_at is not null",
    };
}

std::vector<const char*> tables() {
    return {
        "alter table customers add column number_kinds text not null default '{}'",
        "alter table customers add column preferred_number text not null default ''",
        "alter table customers add column merged_into text not null default ''",
        "create index customers_merged on customers (merged_into) where merged_into <> ''",
        "create table customer_merges (from_customer text primary key, into_customer text not null, "
        "by_user text not null, at bigint not null, before text not null)",
        "create index customer_merges_into on customer_merges (into_customer)",
        // Which orders a merge moved, so that it can be undone by hand.
        "create table merged_orders (order_id text not null, from_customer text not null, "
        "primary key (order_id, from_customer))",
        "create index merged_orders_from on merged_orders (from_customer)",

        "create table attachments (id text primary key, order_id text not null, name text not null, "
        "media_type text not null, size bigint not null, sha256 text not null, added_by text not null, "
        "added_at bigint not null)",
        "create index attachments_order on attachments (order_id, added_at, id)",
        "create index attachments_sha256 on attachments (sha256)",

        "create table outgoing_lists (id text primary key, kind text not null, name text not null, "
        "group_name text not null, from_at bigint not null, until_at bigint not null, last_day bigint not null, "
        "created_by text not null, created_at bigint not null, closed_at bigint, revision bigint not null)",
        "create index outgoing_lists_until on outgoing_lists (until_at, id)",
        "create table outgoing_entries (id text primary key, list_id text not null, line bigint not null, "
        "number text not null, name text not null, customer text not null, order_id text not null, "
        "note text not null, state text not null, result text not null, tries bigint not null, "
        "taken_by text not null, next_at bigint not null, remark text not null, updated_at bigint not null, "
        "revision bigint not null)",
        "create index outgoing_entries_next on outgoing_entries (list_id, next_at, line) "
        "where state in ('waiting','taken')",
        "create index outgoing_entries_taken on outgoing_entries (list_id) where state = 'taken'",
        "create index outgoing_entries_list on outgoing_entries (list_id, line, id)",
        "create index outgoing_entries_customer on outgoing_entries (customer) where customer <> ''",
        "create index outgoing_entries_number on outgoing_entries (number)",
    };
}

}  // namespace

Migration desk_schema(std::int64_t version) {
    Migration out{version, order_indexes(), {}, {}};
    for (const char* statement : tables()) out.statements.push_back(statement);
    // One row for each text; the words are made by the node (core/desk/search_words.h), the same for both databases.
    // "ascii" takes every byte beyond ASCII for a letter and so leaves them whole.
    out.sqlite = {
        "create table order_text (number integer primary key, order_id text not null, n bigint not null, "
        "words text not null, unique (order_id, n))",
        "create virtual table order_words using fts5 (words, content='order_text', content_rowid='number', "
        "detail=none, tokenize=\"ascii\")",
        "create trigger order_text_added after insert on order_text begin "
        "insert into order_words(rowid,words) values (new.number,new.words); end",
        "create trigger order_text_gone after delete on order_text begin "
        "insert into order_words(order_words,rowid,words) values ('delete',old.number,old.words); end",
        "create trigger order_text_changed after update on order_text begin "
        "insert into order_words(order_words,rowid,words) values ('delete',old.number,old.words); "
        "insert into order_words(rowid,words) values (new.number,new.words); end",
    };
    out.postgresql = {
        "create table order_text (order_id text not null, n bigint not null, words text not null, "
        "primary key (order_id, n))",
        "create index order_words on order_text using gin (string_to_array(words, ' '))",
    };
    return out;
}

}  // namespace citybridge::store
