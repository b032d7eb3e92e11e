#include "core/store/schema_engine.h"

namespace citybridge::store {

Migration engine_schema(std::int64_t version) {
    return {
        version,
        {
            "alter table orders add column engine text not null default '{}'",
            "alter table deadlines add column kind text not null default 'follow_up'",

            "create table tellings (id text primary key, order_id text not null, kind text not null, "
            "name text not null, step bigint not null, channel text not null, to_user text not null, "
            "to_role text not null, to_group text not null, to_person text not null, message text not null, "
            "outbox text not null, at bigint not null, to_acknowledge bigint not null, settled_at bigint, "
            "settled_by text not null)",
            "create index tellings_order on tellings (order_id, id)",
            "create index tellings_waiting on tellings (at, id) where settled_at is null",
        },
    };
}

}  // namespace citybridge::store
