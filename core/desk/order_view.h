#pragma once
// An order as people and programs see it: without its secret fields, with where
// the parts of its flow stand.
#include <span>

#include "core/desk/desk.h"
#include "core/desk/engine_state.h"

namespace citybridge::desk {

// The record of DESIGN section 6 and, of a flow that has them, `chains`, `escalations`, `approvals`. `today`: who
// answers for something may change from day to day. `flow` null: the order's file is gone, and nothing of its fields is
// shown.
Json order_view(const FlowBook& book, const std::string& city, const Flow* flow, const OrderRecord& order,
                std::span<const DeadlineRecord> deadlines, LocalDay today);
// Words to say now: of the order's state, and of the actions that are possible. Only what `shown` has of them.
Json scripts_of(const Scripts& shown, const Flow& flow, const OrderRecord& order,
                const std::vector<std::string>& actions);
// Puts back the secret fields that this role may read.
void reveal(const Flow& flow, const OrderRecord& order, const std::string& role, Json& view);

// What this person gets of an order that he sees: with `scripts` and `actions`; `reveal`: with the secret fields of his
// role, which no list shows.
Json order_for(const Desk& desk, const OrderRecord& order, std::span<const DeadlineRecord> deadlines,
               const Actor& reader, WallTime now, bool revealed);
// The same for everybody: without scripts and actions.
Json order_for_all(const Desk& desk, const OrderRecord& order, std::span<const DeadlineRecord> deadlines, WallTime now);

OrderRecord without_secrets(const Flow& flow, OrderRecord order);
// Of values that a request brings: nothing secret stays.
Fields without_secrets(const Flow& flow, Fields fields);

}  // namespace citybridge::desk
