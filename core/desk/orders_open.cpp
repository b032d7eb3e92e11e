// A work order is opened, or what was to open one goes into an order that is there already.
#include "core/desk/access.h"
#include "core/desk/field_values.h"
#include "core/desk/order_access.h"
#include "core/desk/order_view.h"

namespace citybridge::desk {
namespace {

Result<> may_open_for(const Actor& actor, const OpenOrder& what) {
    if (actor.role != "agent") return ok();
    if (!what.owner.empty() && what.owner != actor.user)
        return Error{"auth.forbidden", "an agent opens orders for himself; leave owner empty, or ask your team lead"};
    if (!what.group.empty() && !listed(actor.groups, what.group))
        return Error{"auth.forbidden", "you are not in group " + what.group + "; name one of: " + joined(actor.groups)};
    return ok();
}

// The customer as he will be, and whether that is a change to write.
struct Caller {
    std::optional<CustomerRecord> row;
    bool write = false;
};

Result<Caller> caller_of(const Context& context, const OpenOrder& what) {
    const CustomerRecord* known = nullptr;
    if (!what.customer.empty()) {
        known = context.view.customer(what.customer);
        // His other entry's id still leads to him.
        if (known != nullptr && !known->merged_into.empty()) known = context.view.customer(known->merged_into);
        if (known == nullptr || known->erased)
            return Error{"customer.unknown", "there is no customer " + what.customer +
                                                 (known == nullptr ? "" : " any more, his data was erased") +
                                                 "; look him up by number, or leave customer empty"};
    } else if (!what.number.empty()) {
        known = context.view.customer_by_number(what.number);
    }
    Caller person;
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
    const bool person = actor.role != "system" && actor.role != "erp" && actor.role != "node";
    order.owner = what.owner.empty() && person ? actor.user : what.owner;
    order.group = what.group;
    if (order.group.empty() && !actor.groups.empty()) order.group = actor.groups.front();
    order.city = context.settings.city;
    order.contact = what.contact;
    order.created_at = context.now.wall;
    return order;
}

// What of the request the action takes; the rest was for an order of its own.
Fields fields_for(const Flow& flow, const ActionDef& action, const Fields& given) {
    Fields out = Fields::object();
    if (!given.is_object()) return out;
    for (const auto& [name, value] : given.items()) {
        const FieldDef* field = flow.field(name);
        const bool takes = listed(action.required_fields, name) || listed(action.optional_fields, name);
        if (field != nullptr && takes && !value.is_null() && wrong_value(*field, value).empty()) out[name] = value;
    }
    return out;
}

// The first row that holds decides (B5). Empty: an order of its own is opened.
std::optional<Result<Decision>> into_related(const Context& context, const Flow& flow, const OrderRecord& order,
                                             const OpenOrder& what) {
    for (const DecisionDef& table : flow.decisions) {
        if (table.on.kind != Trigger::Kind::open) continue;
        const OrderRecord* related = find_related(context, flow, table, order);
        const Judged judged{flow,   order, context.actor(), &context.calendars, context.now.wall, !what.note.empty(),
                            related};
        for (const DecisionDef::Row& row : table.rows) {
            if (!hold(row.when, judged)) continue;
            if (row.what != DecisionDef::Row::Do::act_on_related) return std::nullopt;
            const Flow* other = related == nullptr ? nullptr : context.flows.of(*related);
            const ActionDef* action = other == nullptr ? nullptr : other->action(row.action);
            const bool may = action != nullptr && listed(action->from, related->state) &&
                             (has_role(context.actor(), action->roles) || listed(action->roles, "system"));
            // Its state has no way for this: the next row decides.
            if (!may || !hold(action->when, {*other, *related, context.actor(), &context.calendars, context.now.wall,
                                             !what.note.empty(), nullptr}))
                continue;
            return carry_out(context, {related, other}, *action, fields_for(*other, *action, what.fields), what.note,
                             flow.kind);
        }
    }
    return std::nullopt;
}

void fill_defaults(const Flow& flow, Fields& fields) {
    for (const FieldDef& field : flow.fields)
        if (!field.fallback.is_null() && !fields.contains(field.name)) fields[field.name] = field.fallback;
}

Result<> has_owner(const Flow& flow, const OrderRecord& order) {
    if (!flow.owner_required || !order.owner.empty() || !order.group.empty()) return ok();
    return Error{"order.no_owner", "nobody would own this " + flow.kind +
                                       "; name an owner or a group, or let the flow assign it on open"};
}

}  // namespace

Result<Decision> open_order(const Context& context, const OpenOrder& what) {
    const Flow* flow = context.flows.find(what.kind);
    if (flow == nullptr)
        return Error{"flow.unknown",
                     "there is no kind of order \"" + what.kind + "\"; use one of: " + context.flows.kinds()};
    if (!has_role(context.actor(), flow->open_roles))
        return role_missing("opening a " + flow->kind, flow->open_roles, context.actor());
    if (auto allowed = may_open_for(context.actor(), what); !allowed) return allowed.error();
    auto person = caller_of(context, what);
    if (!person) return person.error();
    const CustomerRecord* customer = person->row ? &*person->row : nullptr;

    OrderRecord order = new_order(context, *flow, what);
    if (customer != nullptr) order.customer = customer->id;
    if (auto merged = merge_fields(*flow, what.fields, nullptr, order.fields); !merged) return merged.error();
    fill_defaults(*flow, order.fields);
    add_up(*flow, order.fields);
    if (auto other = into_related(context, *flow, order, what)) {
        if (*other && person->write) (*other)->changes.customers.push_back(std::move(*person->row));
        return std::move(*other);
    }
    if (const std::string missing = missing_fields(*flow, order.fields, {}); !missing.empty())
        return Error{"order.bad_fields", missing};
    if (auto fine = judge_by_rules(context, order, customer); !fine) return fine.error();

    Step step(context, *flow, std::move(order), {});
    step.history().action = "opened";
    step.history().from_state.clear();
    step.history().text = what.note;
    Engine engine(context, *flow, step, !what.note.empty());
    engine.opened();
    if (auto owned = has_owner(*flow, step.order()); !owned) return owned.error();
    if (auto sent = step.send(triggers_of("open", engine, step), customer, what.note); !sent) return sent.error();
    if (person->write) step.changes().customers.push_back(std::move(*person->row));
    return step.finish(OrderChanged::What::opened, 201);
}

}  // namespace citybridge::desk
