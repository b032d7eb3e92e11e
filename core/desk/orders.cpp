// Steps that people take: open, act, note.
#include "core/desk/access.h"
#include "core/desk/field_values.h"
#include "core/desk/order_access.h"
#include "core/desk/step.h"

namespace citybridge::desk {
namespace {

Error forbidden(const std::string& what, const std::vector<std::string>& roles, const Actor& actor) {
    return Error{"auth.forbidden", what + " needs one of the roles " + joined(roles) + "; you are " + actor.role +
                                       ", so ask someone who has it"};
}

Result<> may_open_for(const Actor& actor, const OpenOrder& what) {
    if (actor.role != "agent") return ok();
    if (!what.owner.empty() && what.owner != actor.user)
        return Error{"auth.forbidden", "an agent opens orders for himself; leave owner empty, or ask your team lead"};
    if (!what.group.empty() && !listed(actor.groups, what.group))
        return Error{"auth.forbidden", "you are not in group " + what.group + "; name one of: " + joined(actor.groups)};
    return ok();
}

// The customer as he will be, and whether that is a change to write.
struct Person {
    std::optional<CustomerRecord> row;
    bool write = false;
};

Result<Person> person_of(const Context& context, const OpenOrder& what) {
    const CustomerRecord* known = nullptr;
    if (!what.customer.empty()) {
        known = context.view.customer(what.customer);
        if (known == nullptr || known->erased)
            return Error{"customer.unknown", "there is no customer " + what.customer +
                                                 (known == nullptr ? "" : " any more, his data was erased") +
                                                 "; look him up by number, or leave customer empty"};
    } else if (!what.number.empty()) {
        known = context.view.customer_by_number(what.number);
    }
    Person person;
    if (known != nullptr) {
        person.row = *known;
        person.write = known->name.empty() && !what.customer_name.empty();
    } else if (!what.number.empty() || !what.customer_name.empty()) {
        person.row.emplace();
        person.row->id = "cus_" + context.request.id;
        person.row->city = context.settings.city;
        person.row->created_at = context.now.wall;
        if (!what.number.empty()) person.row->numbers = {what.number};
        person.write = true;
    }
    if (person.write) {
        if (person.row->name.empty()) person.row->name = what.customer_name;
        person.row->updated_at = context.now.wall;
        ++person.row->revision;
    }
    return person;
}

OrderRecord new_order(const Context& context, const Flow& flow, const OpenOrder& what) {
    const Actor& actor = context.actor();
    OrderRecord order;
    order.id = "ord_" + context.request.id;
    order.kind = flow.kind;
    order.flow_version = flow.version;
    order.state = flow.initial().name;
    order.owner = what.owner.empty() ? actor.user : what.owner;
    order.group = what.group;
    if (order.group.empty() && !actor.groups.empty()) order.group = actor.groups.front();
    order.city = context.settings.city;
    order.contact = what.contact;
    order.created_at = context.now.wall;
    return order;
}

Result<> judged(const Context& context, const OrderRecord& order, const CustomerRecord* customer) {
    const WorkOrderRules* rules = context.rules(order.kind);
    return rules == nullptr ? ok() : guarded([&] { return rules->judge(order, customer); });
}

const CustomerRecord* customer_of(const Context& context, const OrderRecord& order) {
    return order.customer.empty() ? nullptr : context.view.customer(order.customer);
}

Result<> check_revision(const OrderRecord& order, const std::optional<std::int64_t>& revision) {
    if (!revision || *revision == order.revision) return ok();
    return Error{"order.changed_meanwhile", "order " + order.id + " is at revision " + std::to_string(order.revision) +
                                                ", not " + std::to_string(*revision) +
                                                "; read it again and decide with what is there now"};
}

Result<> check_possible(const Context& context, const Flow& flow, const OrderRecord& order, const ActOnOrder& what) {
    const ActionDef* action = flow.action(what.action);
    const std::string now_possible = joined(possible_actions(flow, order, context.actor()));
    if (action == nullptr)
        return Error{"order.action_not_possible",
                     "a " + flow.kind + " knows no action " + what.action + "; possible now: " + now_possible};
    if (!has_role(context.actor(), action->roles))
        return forbidden("action " + action->name, action->roles, context.actor());
    if (!listed(action->from, order.state))
        return Error{"order.action_not_possible", "action " + action->name + " is not possible in state " +
                                                      order.state + "; possible now: " + now_possible};
    return ok();
}

}  // namespace

Result<Found> find_order(const Context& context, const std::string& id) {
    const OrderRecord* order = context.view.order(id);
    if (order == nullptr) return Error{"order.unknown", "there is no order " + id + "; check the id"};
    const Flow* flow = context.flows.find(order->kind);
    if (flow == nullptr)
        return Error{"flow.unknown", "order " + id + " is a " + order->kind +
                                         ", and config/flows has no flow for it; "
                                         "put its file back"};
    return Found{order, flow};
}

Result<> fill_in(const Flow& flow, const ActionDef& action, const Fields& given, OrderRecord& order) {
    std::vector<std::string> allowed = action.required_fields;
    allowed.insert(allowed.end(), action.optional_fields.begin(), action.optional_fields.end());
    if (auto merged = merge_fields(flow, given, &allowed, order.fields); !merged) return merged;
    const std::string missing = missing_fields(flow, order.fields, action.required_fields);
    if (!missing.empty()) return Error{"order.bad_fields", missing};
    return ok();
}

void carry_out(const Flow& flow, const ActionDef& action, Step& step) {
    for (const FollowUpDef& follow_up : flow.follow_ups) {
        if (listed(follow_up.settled_by, action.name)) step.settle(follow_up.name, DeadlineState::done);
        if (listed(follow_up.set_by, action.name)) step.set_follow_up(follow_up);
    }
    step.move_to(action.to);
}

Result<Decision> open_order(const Context& context, const OpenOrder& what) {
    const Flow* flow = context.flows.find(what.kind);
    if (flow == nullptr)
        return Error{"flow.unknown",
                     "there is no kind of order \"" + what.kind + "\"; use one of: " + context.flows.kinds()};
    if (!has_role(context.actor(), flow->open_roles))
        return forbidden("opening a " + flow->kind, flow->open_roles, context.actor());
    if (auto allowed = may_open_for(context.actor(), what); !allowed) return allowed.error();
    auto person = person_of(context, what);
    if (!person) return person.error();
    const CustomerRecord* customer = person->row ? &*person->row : nullptr;

    OrderRecord order = new_order(context, *flow, what);
    if (customer != nullptr) order.customer = customer->id;
    if (auto merged = merge_fields(*flow, what.fields, nullptr, order.fields); !merged) return merged.error();
    if (const std::string missing = missing_fields(*flow, order.fields, {}); !missing.empty())
        return Error{"order.bad_fields", missing};
    if (auto fine = judged(context, order, customer); !fine) return fine.error();

    Step step(context, *flow, std::move(order), {});
    step.history().action = "opened";
    step.history().from_state.clear();
    step.history().text = what.note;
    for (const FollowUpDef& follow_up : flow->follow_ups)
        if (follow_up.set_on_open) step.set_follow_up(follow_up);
    if (auto sent = step.send({"open"}, customer, what.note); !sent) return sent.error();
    if (person->write) step.changes().customers.push_back(std::move(*person->row));
    return step.finish(OrderChanged::What::opened, 201);
}

Result<Decision> act_on_order(const Context& context, const ActOnOrder& what) {
    auto found = find_order(context, what.order);
    if (!found) return found.error();
    const auto& [before, flow] = *found;
    if (auto reach = may_reach(context.actor(), *before); !reach) return reach.error();
    if (auto same = check_revision(*before, what.revision); !same) return same.error();
    if (auto possible = check_possible(context, *flow, *before, what); !possible) return possible.error();
    const ActionDef& action = *flow->action(what.action);
    if (action.note_required && what.note.empty())
        return Error{"order.bad_fields", "action " + action.name + " needs a note; say in it what happened"};

    Step step(context, *flow, *before, context.view.open_deadlines(before->id));
    if (auto filled = fill_in(*flow, action, what.fields, step.order()); !filled) return filled.error();
    const CustomerRecord* customer = customer_of(context, *before);
    if (!what.fields.empty())
        if (auto fine = judged(context, step.order(), customer); !fine) return fine.error();
    step.history().action = action.name;
    step.history().text = what.note;
    if (!what.fields.empty()) step.history().detail = what.fields;
    carry_out(*flow, action, step);
    std::vector<std::string> triggers{action.name};
    if (step.closes()) triggers.emplace_back("close");
    if (!what.note.empty()) triggers.emplace_back("note");
    if (auto sent = step.send(triggers, customer, what.note); !sent) return sent.error();
    return step.finish(step.closes() ? OrderChanged::What::closed : OrderChanged::What::changed, 200);
}

Result<Decision> add_note(const Context& context, const AddNote& what) {
    auto found = find_order(context, what.order);
    if (!found) return found.error();
    const auto& [before, flow] = *found;
    if (!has_role(context.actor(), flow->note_roles)) return forbidden("a note", flow->note_roles, context.actor());
    if (auto reach = may_reach(context.actor(), *before); !reach) return reach.error();
    if (what.text.empty()) return Error{"order.bad_fields", "the note is empty; write what is to be remembered"};
    Step step(context, *flow, *before, context.view.open_deadlines(before->id));
    step.history().action = "note";
    step.history().text = what.text;
    if (auto sent = step.send({"note"}, customer_of(context, *before), what.text); !sent) return sent.error();
    return step.finish(OrderChanged::What::noted, 200);
}

}  // namespace citybridge::desk
