#include "core/store/schema_calendars.h"

namespace citybridge::store {

Migration calendars_schema(std::int64_t version) {
    return {
        version,
        {
            // Deadlines of before do not say what they were computed from: they stay as they are.
            "alter table deadlines add column from_at bigint not null default 0",
            "alter table deadlines add column rule text not null default ''",
            "alter table deadlines add column calendar text not null default ''",
            "update deadlines set from_at=set_at",

            // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one statement over two lines
            "create table calendar_overrides (id text primary key, calendar text not null, mode text not null, "
            "set_at bigint not null, until_at bigint, set_by text not null, reason text not null)",
            "create index calendar_overrides_set on calendar_overrides (set_at, id)",
        },
    };
}

}  // namespace citybridge::store
