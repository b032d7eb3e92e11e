// Steps that people take on an order: act, note, acknowledge, approve.
#include <algorithm>

#include "core/desk/access.h"
#include "core/desk/engine_needs.h"
#include "core/desk/field_values.h"
#include "core/desk/order_access.h"
#include "core/desk/order_view.h"

namespace citybridge::desk {
namespace {

const CustomerRecord* customer_of(const Context& context, const OrderRecord& order) {
    return order.customer.empty() ? nullptr : context.view.customer(order.customer);
}

Result<> check_revision(const OrderRecord& order, const std::optional<std::int64_t>& revision) {
    if (!revision || *revision == order.revision) return ok();
    return Error{"order.changed_meanwhile", "order " + order.id + " is at revision " + std::to_string(order.revision) +
                                                ", not " + std::to_string(*revision) +
                                                "; read it again and decide with what is there now"};
}

Result<> check_turn(const Context& context, const Flow& flow, const OrderRecord& order, const ActionDef& action) {
    const OrderRecord* first = context.view.first_in_turn(turn_of(order));
    if (first == nullptr || first->id == order.id) return ok();
    const std::string which = sees(flow, context.actor(), *first) ? "order " + first->id : "another order";
    return Error{"order.not_its_turn", "action " + action.name +
                                           " is taken in the order in which they were opened, and " + which +
                                           " was opened before; take it of that one first"};
}

Result<> check_possible(const Context& context, const Flow& flow, const OrderRecord& order, const ActOnOrder& what) {
    const ActionDef* action = flow.action(what.action);
    const std::string now_possible = joined(actions_now(context, flow, order));
    if (action == nullptr)
        return Error{"order.action_not_possible",
                     "a " + flow.kind + " knows no action " + what.action + "; possible now: " + now_possible};
    if (!has_role(context.actor(), action->roles))
        return role_missing("action " + action->name, action->roles, context.actor());
    if (!listed(action->from, order.state))
        return Error{"order.action_not_possible", "action " + action->name + " is not possible in state " +
                                                      order.state + "; possible now: " + now_possible};
    if (!hold(action->when,
              {flow, order, context.actor(), &context.calendars, context.now.wall, !what.note.empty(), nullptr}))
        return Error{"order.action_not_possible",
                     "action " + action->name + " has conditions that do not hold now; possible now: " + now_possible};
    return action->in_turn ? check_turn(context, flow, order, *action) : ok();
}

OrderChanged::What event_of(const Engine& engine, const Step& step) {
    if (step.closes()) return OrderChanged::What::closed;
    return engine.escalated() ? OrderChanged::What::escalated : OrderChanged::What::changed;
}

// What every flow knows: somebody was told and says so, somebody was asked and agrees or not.
Result<Decision> answer_engine(const Context& context, const Found& found, const ActOnOrder& what) {
    const auto& [before, flow] = found;
    if (!what.fields.empty())
        return Error{"order.bad_fields", what.action + " takes no fields; change them with an action of the flow"};
    Step step(context, *flow, *before, context.view.open_deadlines(before->id));
    step.history().action = what.action;
    step.history().text = what.note;
    Engine engine(context, *flow, step, !what.note.empty());
    if (what.action == "acknowledge") {
        if (!engine.acknowledge())
            return Error{"order.action_not_possible",
                         "nothing of order " + before->id + " waits for your acknowledgement"};
    } else if (auto given = engine.approve(what.action == "approve"); !given) {
        return given.error();
    }
    std::vector<std::string> triggers = triggers_of({}, engine, step);
    if (!what.note.empty()) triggers.emplace_back("note");
    if (auto sent = step.send(triggers, customer_of(context, *before), what.note); !sent) return sent.error();
    return step.finish(event_of(engine, step), 200);
}

}  // namespace

Result<Found> find_order(const Context& context, const std::string& id) {
    const OrderRecord* order = context.view.order(id);
    if (order == nullptr) return Error{"order.unknown", "there is no order " + id + "; check the id"};
    const Flow* flow = context.flows.of(*order);
    if (flow == nullptr)
        return Error{"flow.unknown", "order " + id + " is a " + order->kind +
                                         ", and config/flows has no flow for it; "
                                         "put its file back"};
    // One that is private is like one that is not there.
    if (flow->visible.given && !sees(*flow, context.actor(), *order) && context.actor().role != "erp")
        return Error{"order.unknown", "there is no order " + id + "; check the id"};
    return Found{order, flow};
}

Result<> fill_in(const Flow& flow, const ActionDef& action, const Fields& given, OrderRecord& order) {
    std::vector<std::string> allowed = action.required_fields;
    allowed.insert(allowed.end(), action.optional_fields.begin(), action.optional_fields.end());
    if (auto merged = merge_fields(flow, given, &allowed, order.fields); !merged) return merged;
    add_up(flow, order.fields);
    const std::string missing = missing_fields(flow, order.fields, action.required_fields);
    if (!missing.empty()) return Error{"order.bad_fields", missing};
    return ok();
}

Result<> judge_by_rules(const Context& context, const OrderRecord& order, const CustomerRecord* customer) {
    const WorkOrderRules* rules = context.rules(order.kind);
    return rules == nullptr ? ok() : guarded([&] { return rules->judge(order, customer); });
}

Error role_missing(const std::string& what, const std::vector<std::string>& roles, const Actor& actor) {
    return Error{"auth.forbidden", what + " needs one of the roles " + joined(roles) + "; you are " + actor.role +
                                       ", so ask someone who has it"};
}

std::vector<std::string> actions_now(const Context& context, const Flow& flow, const OrderRecord& order) {
    std::vector<std::string> out =
        possible_actions({flow, order, context.actor(), &context.calendars, context.now.wall, std::nullopt, nullptr});
    if (order.engine.empty() || !sees(flow, context.actor(), order)) return out;
    const auto waiting = waiting_tellings(order);
    if (std::any_of(waiting.begin(), waiting.end(), [](const auto& row) { return row.kind != "approval"; }))
        out.emplace_back("acknowledge");
    if (Engine::may_approve(context, flow, order, context.actor())) {
        out.emplace_back("approve");
        out.emplace_back("reject");
    }
    return out;
}

std::vector<std::string> triggers_of(const std::string& action, const Engine& engine, const Step& step) {
    std::vector<std::string> out;
    if (!action.empty()) out.push_back(action);
    out.insert(out.end(), engine.taken().begin(), engine.taken().end());
    if (step.closes()) out.emplace_back("close");
    return out;
}

Result<Decision> carry_out(const Context& context, const Found& found, const ActionDef& action, const Fields& fields,
                           const std::string& note, const std::string& instead_of) {
    const auto& [before, flow] = found;
    if (action.note_required && note.empty())
        return Error{"order.bad_fields", "action " + action.name + " needs a note; say in it what happened"};
    Step step(context, *flow, *before, context.view.open_deadlines(before->id));
    if (auto filled = fill_in(*flow, action, fields, step.order()); !filled) return filled.error();
    const CustomerRecord* customer = customer_of(context, *before);
    if (!fields.empty())
        if (auto fine = judge_by_rules(context, step.order(), customer); !fine) return fine.error();
    step.history().action = action.name;
    step.history().text = note;
    if (!fields.empty()) step.history().detail = without_secrets(*flow, fields);
    // What would have opened an order of its own.
    if (!instead_of.empty()) step.history().detail["instead_of"] = instead_of;
    Engine engine(context, *flow, step, !note.empty());
    engine.take(action);
    std::vector<std::string> triggers = triggers_of(action.name, engine, step);
    if (!note.empty()) triggers.emplace_back("note");
    if (auto sent = step.send(triggers, customer, note); !sent) return sent.error();
    return step.finish(event_of(engine, step), 200);
}

Result<Decision> act_on_order(const Context& context, const ActOnOrder& what) {
    auto found = find_order(context, what.order);
    if (!found) return found.error();
    const auto& [before, flow] = *found;
    if (auto reach = may_reach(context.actor(), *before); !reach) return reach.error();
    if (auto same = check_revision(*before, what.revision); !same) return same.error();
    if (what.action == "acknowledge" || what.action == "approve" || what.action == "reject")
        return answer_engine(context, *found, what);
    if (auto possible = check_possible(context, *flow, *before, what); !possible) return possible.error();
    return carry_out(context, *found, *flow->action(what.action), what.fields, what.note, {});
}

Result<Decision> add_note(const Context& context, const AddNote& what) {
    auto found = find_order(context, what.order);
    if (!found) return found.error();
    const auto& [before, flow] = *found;
    if (!has_role(context.actor(), flow->note_roles)) return role_missing("a note", flow->note_roles, context.actor());
    if (auto reach = may_reach(context.actor(), *before); !reach) return reach.error();
    if (what.text.empty()) return Error{"order.bad_fields", "the note is empty; write what is to be remembered"};
    Step step(context, *flow, *before, context.view.open_deadlines(before->id));
    step.history().action = "note";
    step.history().text = what.text;
    Engine(context, *flow, step, true).noted();
    if (auto sent = step.send({"note"}, customer_of(context, *before), what.text); !sent) return sent.error();
    return step.finish(OrderChanged::What::noted, 200);
}

}  // namespace citybridge::desk
