#include "core/desk/written_messages.h"

#include <date/date.h>

#include <algorithm>

#include "core/desk/access.h"
#include "core/desk/engine_state.h"
#include "core/desk/json_text.h"
#include "core/desk/order_access.h"
#include "core/desk/sms_text_rules.h"
#include "core/desk/verification.h"
#include "core/desk/written_text.h"

namespace citybridge::desk {
namespace {

const std::vector<std::string> kWriters{"agent", "team_lead", "supervisor", "admin"};
const std::vector<std::string> kOverriders{"supervisor", "admin"};

// Who gets it, and of which order; without one `order` is empty.
struct Receiver {
    OrderRecord order;
    const Flow* flow = nullptr;
    CustomerRecord customer;
};

Result<CustomerRecord> customer_meant(const Context& context, const std::string& id) {
    const CustomerRecord* row = context.view.customer(id);
    if (row == nullptr || row->erased)
        return Error{"customer.unknown", "there is no customer " + id + " any more; check the id"};
    if (!row->merged_into.empty())
        return Error{"customer.merged", "customer " + id + " was merged into " + row->merged_into + "; use that id"};
    return *row;
}

Result<Receiver> receiver_of(const Context& context, const WriteMessage& what) {
    Receiver out;
    std::string id = what.customer;
    if (!what.order.empty()) {
        auto found = find_order(context, what.order);
        if (!found) return found.error();
        if (auto reach = may_reach(context.actor(), *found->order); !reach) return reach.error();
        out.order = *found->order;
        out.flow = found->flow;
        id = out.order.customer;
        if (id.empty())
            return Error{"message.no_number", "order " + what.order + " has no customer; write to his record instead"};
    }
    auto customer = customer_meant(context, id);
    if (!customer) return customer.error();
    out.customer = std::move(*customer);
    return out;
}

Result<std::string> address_of(const CustomerRecord& customer, const std::string& asked) {
    if (!asked.empty()) {
        if (listed(customer.numbers, asked)) return asked;
        return Error{"message.other_number",
                     asked + " is none of the customer's numbers; add it to his record first, or leave it out"};
    }
    const std::vector<std::string> mobiles = numbers_for_code(customer);
    if (!mobiles.empty()) return mobiles.front();
    return Error{"message.no_number",
                 "the customer has no mobile on file; add one, or name one of his numbers in address"};
}

Result<> wants_messages(const Context& context, const WriteMessage& what, const CustomerRecord& customer,
                        const std::string& to) {
    const BlockedAddressRecord* blocked = context.view.blocked(to, "sms");
    if (blocked != nullptr && blocked->blocked)
        return Error{"message.blocked", "nobody writes to " + masked_number(to) +
                                            " any more: it is on the blacklist; call him, or take another number"};
    if (what.override_preference && !has_role(context.actor(), kOverriders))
        return Error{"auth.forbidden", "override_preference needs one of the roles " + joined(kOverriders)};
    if (customer.preference != "no_messages" || what.override_preference) return ok();
    return Error{"message.no_messages",
                 "the customer wants no messages; call him, or a supervisor may write with override_preference"};
}

std::string today(const Context& context) {
    return date::format("%F", date::local_days{context.calendar.local_day(context.now.wall).time_since_epoch()});
}

// Counted with the message, in one commit: of two at the same moment only one gets the last.
Result<MessageBudgetRecord> claimed(const Context& context, const std::string& of, std::int64_t most,
                                    const std::string& code, const std::string& whose) {
    const MessageBudgetRecord* known = context.view.message_budget(of);
    MessageBudgetRecord row{of, today(context), 0, context.now.wall};
    if (known != nullptr && known->day == row.day) row.used = known->used;
    if (++row.used <= most) return row;
    return Error{code, std::to_string(most) + " messages a day are allowed " + whose + "; go on tomorrow, or call him"};
}

OutboxRecord outbox_row(const Context& context, const WrittenMessageRecord& row, const std::string& destination,
                        bool despite_preference) {
    OutboxRecord out;
    out.id = row.id + "." + destination;
    out.destination = destination;
    // A key of its own: one that is stuck holds no other back.
    out.key = row.id;
    out.kind = kWrittenMessage;
    out.order = row.order;
    nlohmann::ordered_json payload{{"channel", "sms"}, {"template", row.template_name}, {"message", row.id}};
    if (row.template_name.empty()) payload["template"] = kFreeText;
    if (despite_preference) payload["despite_preference"] = true;
    out.payload = dumped(payload);
    out.created_at = out.updated_at = context.now.wall;
    out.next_at = row.next_at;
    return out;
}

// On the order's history, in the same commit.
Decision on_order(const Context& context, const Receiver& receiver, const WrittenMessageRecord& row,
                  const WriteMessage& what) {
    if (receiver.flow == nullptr) return {};
    Step step(context, *receiver.flow, receiver.order, context.view.open_deadlines(receiver.order.id));
    step.history().action = "sms_written";
    step.history().text = row.text;
    Fields& detail = step.history().detail;
    detail = {{"message", row.id}, {"number", masked_number(row.to)}, {"parts", row.parts}};
    if (!row.template_name.empty()) detail["template"] = row.template_name;
    if (row.next_at > context.now.wall) detail["next_at"] = to_rfc3339(row.next_at);
    if (what.override_preference) detail["override_preference"] = true;
    return step.finish(OrderChanged::What::changed, 202);
}

WrittenMessageRecord message_row(const Context& context, const WriteMessage& what, const Receiver& receiver,
                                 const std::string& to, const WrittenText& text) {
    WrittenMessageRecord row;
    row.id = "msg_" + context.request.id;
    row.customer = receiver.customer.id;
    row.order = receiver.order.id;
    row.to = to;
    row.kind = receiver.order.id.empty() ? what.kind : receiver.order.kind;
    row.template_name = what.template_name;
    row.text = text.text;
    row.values = text.values;
    row.parts = static_cast<std::int64_t>(text.parts);
    row.written_by = context.actor().user;
    row.created_at = row.next_at = context.now.wall;
    if (const auto& quiet = context.book.messages.quiet)
        row.next_at = quiet_until(*quiet, context.calendar, context.now.wall).value_or(context.now.wall);
    return row;
}

}  // namespace

std::string budget_of_user(const std::string& user) { return "user:" + user; }
std::string budget_of_customer(const std::string& id) { return "customer:" + id; }

Result<Decision> write_message(const Context& context, const WriteMessage& what) {
    if (!has_role(context.actor(), kWriters)) return role_missing("a message to a customer", kWriters, context.actor());
    const auto channel = context.book.channels.find("sms");
    if (channel == context.book.channels.end())
        return Error{"message.no_channel", "nothing carries short messages here; name the connector in <desk> <sms>"};
    auto receiver = receiver_of(context, what);
    if (!receiver) return receiver.error();
    auto to = address_of(receiver->customer, what.to);
    if (!to) return to.error();
    if (auto wanted = wants_messages(context, what, receiver->customer, *to); !wanted) return wanted.error();
    auto text = written_text(context, what, receiver->order, receiver->customer);
    if (!text) return text.error();
    const MessageRules& rules = context.book.messages;
    auto mine = claimed(context, budget_of_user(context.actor().user), rules.per_user_day, "message.budget_of_user",
                        "to one person of the house (setting sms_per_user_day)");
    if (!mine) return mine.error();
    auto his = claimed(context, budget_of_customer(receiver->customer.id), rules.per_customer_day,
                       "message.budget_of_customer", "to one customer (setting sms_per_customer_day)");
    if (!his) return his.error();

    WrittenMessageRecord row = message_row(context, what, *receiver, *to, *text);
    Decision decision = on_order(context, *receiver, row, what);
    decision.changes.outbox.push_back(outbox_row(context, row, channel->second, what.override_preference));
    decision.changes.written.budgets = {std::move(*mine), std::move(*his)};
    put_written(context, std::move(row), "written", decision);
    const WrittenMessageRecord& kept = decision.changes.written.messages.back();
    decision.reply = {202, "/v1/messages/" + kept.id, dumped(written_json(kept, true))};
    return decision;
}

void merge_message_budgets(const Context& context, const std::string& from, const std::string& into, Changes& changes) {
    const MessageBudgetRecord* gone = context.view.message_budget(budget_of_customer(from));
    const MessageBudgetRecord* stays = context.view.message_budget(budget_of_customer(into));
    if (gone == nullptr) return;
    MessageBudgetRecord row = stays == nullptr || stays->day < gone->day ? *gone : *stays;
    row.of = budget_of_customer(into);
    if (stays != nullptr && stays->day == gone->day) row.used = stays->used + gone->used;
    row.updated_at = context.now.wall;
    changes.written.budgets.push_back(std::move(row));
}

void needs_of_written(const View& view, const Request& request, Wanted& out) {
    const auto* what = std::get_if<WriteMessage>(&request.what);
    const OrderRecord* order = what == nullptr || what->order.empty() ? nullptr : view.order(what->order);
    if (order != nullptr && !order->customer.empty())
        out.written.budgets.push_back(budget_of_customer(order->customer));
}

}  // namespace citybridge::desk
