#include "core/store/schema_callbacks.h"

namespace citybridge::store {

Migration callbacks_schema(std::int64_t version) {
    return {
        version,
        {
            "create table callbacks (id text primary key, side text not null, origin text not null, "
            "target text not null, state text not null, epoch bigint not null, version bigint not null, "
            "number text not null, name text not null, customer text not null, contact text not null, "
            "order_id text not null, owner text not null, group_name text not null, promised_at bigint not null, "
            "due_at bigint, outcome text not null, created_at bigint not null, updated_at bigint not null, "
            "closed_at bigint, revision bigint not null, history_n bigint not null, data text not null, "
            "state_detail text not null)",
            "create index callbacks_created on callbacks (created_at, id)",
            "create index callbacks_open on callbacks (created_at, id) where closed_at is null",
            "create index callbacks_due on callbacks (due_at) where due_at is not null",
            "create index callbacks_owner on callbacks (owner) where closed_at is null and owner <> ''",
            // Who finds the customer's record sees that he waits for a call.
            "create index callbacks_number on callbacks (number) where number <> ''",
            "create index callbacks_customer on callbacks (customer) where customer <> ''",
            "create index callbacks_contact on callbacks (contact) where contact <> ''",

            "create table callback_history (callback text not null, n bigint not null, at bigint not null, "
            "city text not null, actor text not null, action text not null, from_state text not null, "
            "to_state text not null, note text not null, detail text not null, primary key (callback, n))",

            "create table cities (city text primary key, generation bigint not null, protocol bigint not null, "
            "heard_at bigint, updated_at bigint not null, revision bigint not null, detail text not null)",
        },
    };
}

Migration ended_callbacks_schema(std::int64_t version) {
    return {version, {"create index callbacks_closed on callbacks (closed_at) where closed_at is not null"}};
}

}  // namespace citybridge::store
