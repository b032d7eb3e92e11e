// The tables and their indexes, version by version. A published version is
// never changed: a new one is added below it.
#include <array>

#include "core/store/migrations.h"
#include "core/store/schema_calendars.h"
#include "core/store/schema_callbacks.h"
#include "core/store/schema_desk.h"
#include "core/store/schema_engine.h"
#include "core/store/schema_facts.h"
#include "core/store/schema_papers.h"
#include "core/store/schema_verification.h"
#include "core/store/schema_written.h"

namespace citybridge::store {

namespace {

// Times are epoch milliseconds, lists and fields JSON text, flags 0 or 1.
const std::array<Migration, 10> kMigrations{{
    {1,
     {
         "create table customers (id text primary key, name text not null, city text not null, source text not null, "
         "preference text not null, numbers text not null, fields text not null, created_at bigint not null, "
         "updated_at bigint not null, revision bigint not null, erased bigint not null)",
         "create table customer_numbers (number text primary key, customer text not null)",
         "create index customer_numbers_customer on customer_numbers (customer)",

         "create table orders (id text primary key, kind text not null, flow_version bigint not null, "
         "state text not null, owner text not null, group_name text not null, city text not null, "
         "customer text not null, contact text not null, external_system text not null, external_id text not null, "
         "fields text not null, created_at bigint not null, updated_at bigint not null, closed_at bigint, "
         "revision bigint not null, history_n bigint not null)",
         // Lists are newest first; (created_at, id) is also how a page finds where the one before ended.
         "create index orders_created on orders (created_at, id)",
         "create index orders_customer on orders (customer, created_at) where customer <> ''",
         "create index orders_owner on orders (owner, created_at) where closed_at is null and owner <> ''",
         "create index orders_state on orders (state, created_at) where closed_at is null",
         "create index orders_external on orders (external_id, external_system) where external_id <> ''",

         "create table history (order_id text not null, n bigint not null, at bigint not null, actor text not null, "
         "action text not null, from_state text not null, to_state text not null, note text not null, "
         "detail text not null, primary key (order_id, n))",

         "create table deadlines (order_id text not null, name text not null, n bigint not null, "
         "due_at bigint not null, provisional bigint not null, state text not null, set_at bigint not null, "
         "settled_at bigint, primary key (order_id, name, n))",
         "create index deadlines_due on deadlines (due_at) where state = 'open'",

         "create table outbox (id text primary key, seq bigint not null, destination text not null, "
         "lane_key text not null, kind text not null, order_id text not null, payload text not null, "
         "created_at bigint not null, state text not null, attempts bigint not null, next_at bigint not null, "
         "updated_at bigint not null, last_code text not null, last_detail text not null, external_id text not null, "
         "must_find bigint not null, out_of_turn bigint not null)",
         "create unique index outbox_seq on outbox (seq)",
         "create index outbox_pending on outbox (destination, seq) where state = 'pending'",
         "create index outbox_key on outbox (destination, lane_key, seq) where state <> 'delivered'",
         "create index outbox_order on outbox (order_id) where order_id <> ''",
         "create index outbox_delivered on outbox (updated_at) where state = 'delivered'",

         "create table inbox (source text not null, id text not null, received_at bigint not null, "
         "result text not null, primary key (source, id))",
         "create index inbox_received on inbox (received_at)",

         "create table idempotency (user_name text not null, request_key text not null, fingerprint text not null, "
         "status bigint not null, location text not null, body text not null, at bigint not null, "
         "primary key (user_name, request_key))",
         "create index idempotency_at on idempotency (at)",

         "create table commands (id text primary key, user_name text not null, kind text not null, "
         "state text not null, reason text not null, contact text not null, detail text not null, "
         "at bigint not null, updated_at bigint not null)",
         "create index commands_at on commands (at)",
         "create index commands_unfinished on commands (id) where state = 'accepted'",

         "create table users (name text primary key, role text not null, group_names text not null, "
         "device text not null, agent text not null, password_hash text not null, token_hash text not null, "
         "updated_at bigint not null)",

         "create table journal (id text primary key, number text not null, started_at bigint not null, "
         "ended_at bigint not null, body text not null)",
         "create index journal_number on journal (number, started_at) where number <> ''",
         "create index journal_ended on journal (ended_at)",

         "create table batches (id text primary key, at bigint not null)",
         "create index batches_at on batches (at)",
     }},
    facts_schema(2),
    calendars_schema(3),
    engine_schema(4),
    desk_schema(5),
    papers_schema(6),
    verification_schema(7),
    callbacks_schema(8),
    ended_callbacks_schema(9),
    written_schema(10),
}};

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

}  // namespace citybridge::store
