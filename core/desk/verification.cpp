#include "core/desk/verification.h"

#include "core/desk/access.h"
#include "core/desk/engine.h"
#include "core/desk/json_text.h"
#include "core/desk/order_access.h"

namespace citybridge::desk {
namespace {

Error not_configured() {
    return {"verification.not_configured",
            "this node verifies nobody; load the plugin sms_verification and name the connector of short messages in "
            "<desk> <sms>"};
}

std::vector<VerificationBudgetRecord> budgets_in_view(const Context& context, const VerificationRecord& row) {
    std::vector<VerificationBudgetRecord> out;
    for (const std::string& purpose : context.settings.verification->budgets(row.purpose))
        if (const VerificationBudgetRecord* budget = context.view.verification_budget(row.number, purpose))
            out.push_back(*budget);
    return out;
}

Result<VerificationVerdict> judged_by_rules(const Context& context, const VerificationAsk& ask,
                                            const VerificationRecord& row) {
    return guarded([&] {
        return context.settings.verification->decide(ask, row, budgets_in_view(context, row), context.now.wall);
    });
}

VerificationAsk asked(const Context& context, VerificationAsk::What what, const std::string& code = {}) {
    return {what, code, context.actor().user, context.actor().role};
}

// "verification_sent" -> what flows and events call it.
std::string flow_word(const VerificationVerdict& verdict) {
    if (verdict.send) return "sent";
    if (verdict.answer == "passed") return "passed";
    const std::string& state = verdict.verification.state;
    return verdict.answer == "not_passed" && state != "pending" && state != "expired" ? "failed" : "";
}

std::string event_word(const VerificationVerdict& verdict) {
    if (verdict.send) return "sent";
    if (verdict.answer == "passed" || verdict.answer == "unlocked") return verdict.answer;
    return verdict.verification.state == "pending" ? "wrong" : verdict.verification.state;
}

// One message a send; each has a key of its own, so that one that is stuck holds no other back.
void put_code_message(const Context& context, const VerificationRecord& row, const std::string& destination,
                      Decision& decision) {
    OutboxRecord message;
    const std::string n = std::to_string(row.sends);
    message.id = row.id + "." + n + "." + destination;
    message.destination = destination;
    message.key = row.id + "." + n;
    message.kind = kCodeMessage;
    message.order = row.order;
    message.payload =
        nlohmann::ordered_json{{"channel", "sms"}, {"template", kCodeMessage}, {"verification", row.id}}.dump();
    message.created_at = message.next_at = message.updated_at = context.now.wall;
    decision.changes.outbox.push_back(std::move(message));
}

// As a step of its order: on its history, and what its flow wants done about it.
Result<Decision> on_order(const Context& context, const VerificationVerdict& verdict, const std::string& reason) {
    const VerificationRecord& row = verdict.verification;
    const OrderRecord* before = row.order.empty() ? nullptr : context.view.order(row.order);
    const Flow* flow = before == nullptr ? nullptr : context.flows.of(*before);
    if (flow == nullptr) return Decision{};
    Step step(context, *flow, *before, context.view.open_deadlines(before->id));
    step.history().action = verdict.history;
    step.history().text = reason;
    step.history().detail = {{"verification", row.id}, {"purpose", row.purpose}, {"number", masked_number(row.number)}};
    if (verdict.send) step.history().detail["send"] = row.sends;
    // The gateway may have had the one before: whether the customer gets it twice nobody knows; the code is the same.
    if (verdict.send && row.detail.contains("unclear")) step.history().action = "possibly_repeated";
    if (verdict.answer == "passed")
        step.order().engine["verified"][row.purpose] = context.now.wall.time_since_epoch().count();
    Engine engine(context, *flow, step, false);
    const std::string word = flow_word(verdict);
    if (!word.empty() && !flow->is_closed(before->state)) engine.happened({Trigger::Kind::verification, word});
    const CustomerRecord* customer = before->customer.empty() ? nullptr : context.view.customer(before->customer);
    if (auto sent = step.send(triggers_of({}, engine, step), customer, {}); !sent) return sent.error();
    const auto event = step.closes() ? OrderChanged::What::closed : OrderChanged::What::changed;
    return step.finish(event, 200);
}

Result<Decision> verdict_taken(const Context& context, VerificationVerdict verdict, int status,
                               const std::string& reason) {
    const auto channel = context.book.channels.find("sms");
    if (verdict.send && channel == context.book.channels.end())
        return Error{"verification.no_channel",
                     "nothing carries short messages here; name the connector in <desk> <sms>"};
    VerificationRecord& row = verdict.verification;
    ++row.revision;
    row.updated_at = context.now.wall;
    auto made = on_order(context, verdict, reason);
    if (!made) return made;
    Decision decision = std::move(*made);
    if (verdict.send) {
        put_code_message(context, row, channel->second, decision);
        row.detail.erase("unclear");
    }
    for (VerificationBudgetRecord& budget : verdict.budgets)
        decision.changes.verification.budgets.push_back(std::move(budget));
    put_verification(context, row, event_word(verdict), decision);
    nlohmann::ordered_json body = verification_json(row, context.now.wall);
    body["answer"] = verdict.answer;
    body["next"] = verdict.next;
    body["say"] = words_to_say(verdict.answer);
    decision.reply = {status, "/v1/verifications/" + row.id, dumped(body)};
    return decision;
}

// The order is this customer's, open, and the asker's to work on.
Result<> check_order(const Context& context, const StartVerification& what) {
    if (what.order.empty()) return ok();
    auto found = find_order(context, what.order);
    if (!found) return found.error();
    if (auto reach = may_reach(context.actor(), *found->order); !reach) return reach;
    if (found->order->customer != what.customer)
        return Error{"verification.other_customer",
                     "order " + what.order + " is not this customer's; verify the customer the order names"};
    if (found->flow->is_closed(found->order->state))
        return Error{"order.action_not_possible", "order " + what.order + " is closed; nobody is verified for it"};
    return ok();
}

Result<CustomerRecord> customer_to_verify(const Context& context, const std::string& id) {
    const CustomerRecord* customer = context.view.customer(id);
    if (customer == nullptr || customer->erased)
        return Error{"customer.unknown", "there is no customer " + id + "; check the id"};
    if (!customer->merged_into.empty())
        return Error{"customer.merged",
                     "customer " + id + " was merged into " + customer->merged_into + "; use that id"};
    return *customer;
}

}  // namespace

void put_verification(const Context& context, const VerificationRecord& row, const std::string& word,
                      Decision& decision) {
    const std::string type = "verification." + word;
    const std::string json = dumped(verification_json(row, context.now.wall));
    std::vector<std::string> users{row.opened_by};
    if (!listed(users, context.actor().user)) users.push_back(context.actor().user);
    decision.events.emplace_back(PaperChanged{type, row.id, std::move(users), {}, false, json});
    for (const Subscriber& subscriber : context.settings.subscribers) {
        if (!wants(subscriber, type)) continue;
        OutboxRecord message;
        message.id = row.id + "." + std::to_string(row.revision) + "." + subscriber.destination + ".event";
        message.destination = subscriber.destination;
        message.key = row.id;
        message.kind = "event";
        message.payload =
            "{\"type\":\"" + type + "\",\"timestamp\":\"" + to_rfc3339(context.now.wall) + "\",\"data\":" + json + "}";
        message.created_at = message.next_at = message.updated_at = context.now.wall;
        decision.changes.outbox.push_back(std::move(message));
    }
    decision.changes.verification.verifications.push_back(row);
}

Result<Decision> start_verification(const Context& context, const StartVerification& what) {
    if (context.settings.verification == nullptr) return not_configured();
    auto customer = customer_to_verify(context, what.customer);
    if (!customer) return customer.error();
    if (auto fine = check_order(context, what); !fine) return fine.error();
    VerificationRecord row;
    row.id = "ver_" + context.request.id;
    row.customer = customer->id;
    row.purpose = what.purpose;
    row.order = what.order;
    row.contact = what.contact;
    row.nonce = what.nonce;
    row.opened_by = context.actor().user;
    row.created_at = context.now.wall;
    Error why{"verification.no_number",
              "customer " + customer->id +
                  " has no mobile on file that could get a code; he brings identification to a shop"};
    for (const std::string& number : numbers_for_code(*customer)) {
        row.number = number;
        auto verdict = judged_by_rules(context, asked(context, VerificationAsk::What::start), row);
        if (verdict) return verdict_taken(context, std::move(*verdict), 201, {});
        why = verdict.error();
        // An older number of his may prove what a new one cannot.
        if (why.code != "verification.number_too_new") break;
    }
    return why;
}

Result<Decision> step_verification(const Context& context, const StepVerification& what) {
    if (context.settings.verification == nullptr) return not_configured();
    const VerificationRecord* row = context.view.verification(what.id);
    if (row == nullptr) return Error{"verification.unknown", "there is no verification " + what.id + "; check the id"};
    const bool unlocks = what.what == VerificationAsk::What::unlock;
    // Agents go on with their own; what a colleague began is a team lead's to go on with.
    if (!unlocks && context.actor().role == "agent" && row->opened_by != context.actor().user)
        return Error{"verification.unknown",
                     "no verification of yours has the id " + what.id + "; start your own, or ask your team lead"};
    if (row->number.empty())
        return Error{"verification.not_pending", "the data of this verification was erased on request"};
    auto verdict = judged_by_rules(context, asked(context, what.what, what.code), *row);
    if (!verdict) return verdict.error();
    return verdict_taken(context, std::move(*verdict), 200, what.reason);
}

}  // namespace citybridge::desk
