#pragma once
// Short messages that a person writes to a customer, from an order or from the customer's record: judged, counted, and
// put into the outbox together with the history (docs/messages.md). What becomes of them is written down like that of
// the flows' messages; no other channel is tried, because a person wrote it and hears of it.
#include <nlohmann/json.hpp>

#include "core/desk/context.h"

namespace citybridge::desk {

// written_messages.cpp. Codes "message.*", "tell.no_template", "order.unknown", "customer.unknown", "customer.merged",
// "auth.forbidden", "flow.unknown".
Result<Decision> write_message(const Context& context, const WriteMessage& what);
// MessageBudgetRecord::of.
std::string budget_of_user(const std::string& user);
std::string budget_of_customer(const std::string& id);
// Both entries' messages of a day count for the one that stays.
void merge_message_budgets(const Context& context, const std::string& from, const std::string& into, Changes& changes);
// What shows once the order is in the view.
void needs_of_written(const View& view, const Request& request, Wanted& out);

// written_ends.cpp
// Of an outbox row: its message's id; empty: no person wrote it.
std::string written_of(const OutboxRecord& message);
// `full`: number and text too; an event goes to screens and webhooks without them.
nlohmann::ordered_json written_json(const WrittenMessageRecord& row, bool full);
// The row as changed, and an event "message.<word>" for who wrote it.
void put_written(const Context& context, WrittenMessageRecord row, const std::string& word, Decision& decision);
// The outbox row has come to an end, or a report tells what became of it: besides what the order's history says.
void written_ended(const Context& context, const OutboxRecord& message, Decision& decision);
void written_reported(const Context& context, const OutboxRecord& about, const std::string& state,
                      const std::string& code, const std::string& detail, Decision& decision);
// What the connector gets (core/desk/render.h). Codes "tell.no_address" (the data were erased, or the number is his no
// more), "message.no_messages" (he has asked for none since).
Result<std::string> render_written(const OutboxRecord& message, const WrittenMessageRecord* row,
                                   const CustomerRecord* customer);

}  // namespace citybridge::desk
