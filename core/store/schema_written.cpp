#include "core/store/schema_written.h"

namespace citybridge::store {

Migration written_schema(std::int64_t version) {
    return {
        version,
        {
            "create table written_messages (id text primary key, customer text not null, order_id text not null, "
            "address text not null, kind text not null, template text not null, words text not null, "
            "slots text not null, parts bigint not null, state text not null, code text not null, "
            "detail text not null, written_by text not null, created_at bigint not null, next_at bigint not null, "
            "updated_at bigint not null, revision bigint not null)",
            "create index written_messages_customer on written_messages (customer, created_at, id)",
            "create index written_messages_order on written_messages (order_id, created_at, id) where order_id <> ''",
            "create index written_messages_created on written_messages (created_at, id)",

            "create table message_budgets (of_whom text primary key, day text not null, used bigint not null, "
            "updated_at bigint not null)",
            "create index message_budgets_updated on message_budgets (updated_at)",
        },
    };
}

}  // namespace citybridge::store
