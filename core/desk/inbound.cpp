// What the ERP tells (P3). Its facts have happened: an action that the flow does
// not allow now is remembered in the history, not refused.
#include <algorithm>

#include "core/desk/access.h"
#include "core/desk/message_reports.h"
#include "core/desk/order_access.h"
#include "core/desk/order_view.h"

namespace citybridge::desk {
namespace {

struct Meant {
    Found found;
    const ErpDef* erp;
    InboundVerdict verdict;
};

const OrderRecord* order_of(const Context& context, const InboundVerdict& verdict, const std::string& source) {
    if (!verdict.order.empty()) return context.view.order(verdict.order);
    for (const std::string& system : systems_of(context.flows, source))
        if (const OrderRecord* order = context.view.order_by_external(system, verdict.external_id)) return order;
    return nullptr;
}

// The rules of the order's own kind decide; others may understand the message too and mean nothing by it.
Result<Meant> meaning(const Context& context, const InboundMessage& message) {
    std::optional<Error> not_understood;
    std::optional<InboundVerdict> understood;
    for (const WorkOrderRules* rules : distinct_rules(context.settings)) {
        auto verdict = guarded([&] { return rules->inbound(message); });
        if (!verdict) {
            if (!not_understood) not_understood = verdict.error();
            continue;
        }
        const OrderRecord* order = order_of(context, *verdict, message.source);
        if (order != nullptr && context.rules(order->kind) == rules) {
            auto found = find_order(context, order->id);
            if (!found) return found.error();
            // A connector speaks for the orders that its own flow gives it, and for no others.
            if (const ErpDef* erp = found->flow->erp_of_source(message.source))
                return Meant{*found, erp, std::move(*verdict)};
        }
        if (!understood) understood = std::move(*verdict);
    }
    if (understood)
        return Error{"order.unknown", "there is no order " +
                                          (understood->order.empty() ? "with external id " + understood->external_id
                                                                     : understood->order) +
                                          " that " + message.source +
                                          " may speak of; check the id, and that the "
                                          "flow's <erp> names this connector"};
    if (not_understood) return *not_understood;
    return Error{"hook.not_understood",
                 "no rules plugin is loaded that takes messages of type " + message.type + "; load erp_orders"};
}

Result<> apply_action(const Meant& meant, const ActionDef& action, Step& step, Engine& engine) {
    auto filled = fill_in(*meant.found.flow, action, meant.verdict.fields, step.order());
    if (!filled) return Error{"hook.not_understood", filled.error().detail};
    step.history().action = action.name;
    engine.take(action);
    return ok();
}

Decision duplicate() {
    Decision decision;
    decision.reply.body = R"({"status":"duplicate"})";
    return decision;
}

}  // namespace

std::vector<const WorkOrderRules*> distinct_rules(const DeskSettings& settings) {
    std::vector<const WorkOrderRules*> out;
    for (const auto& [kind, rules] : settings.rules)
        if (std::find(out.begin(), out.end(), rules) == out.end()) out.push_back(rules);
    return out;
}

std::vector<std::string> systems_of(const FlowSet& flows, const std::string& source) {
    std::vector<std::string> out{source};
    for (const Flow* flow : flows.all())
        if (const ErpDef* erp = flow->erp_of_source(source); erp != nullptr && !listed(out, erp->connector))
            out.push_back(erp->connector);
    return out;
}

Result<Decision> take_inbound(const Context& context, const TakeInbound& what) {
    const InboundMessage& message = what.message;
    if (context.view.inbox_has(message.source, message.id)) return duplicate();
    if (is_report(message)) return take_report(context, message);
    auto meant = meaning(context, message);
    if (!meant) return meant.error();
    const auto& [before, flow] = meant->found;
    const InboundVerdict& verdict = meant->verdict;

    Step step(context, *flow, *before, context.view.open_deadlines(before->id));
    step.history().actor = "erp:" + message.source;
    step.history().action = "erp";
    step.history().text = verdict.note;
    step.history().detail = without_secrets(*flow, verdict.fields);
    step.history().detail["message"] = message.type;
    const ActionDef* action = verdict.action.empty() ? nullptr : flow->action(verdict.action);
    Engine engine(context, *flow, step, !verdict.note.empty());
    const bool possible = action != nullptr && listed(action->roles, "erp") && listed(action->from, before->state) &&
                          engine.allowed(*action);
    if (possible) {
        if (auto applied = apply_action(*meant, *action, step, engine); !applied) return applied.error();
    } else if (!verdict.action.empty()) {
        step.history().detail["not_possible"] = verdict.action;
    }
    step.take_external(meant->erp->connector, verdict.external_id);
    if (possible) {
        const std::vector<std::string> triggers = triggers_of(action->name, engine, step);
        const CustomerRecord* customer = before->customer.empty() ? nullptr : context.view.customer(before->customer);
        if (auto sent = step.send(triggers, customer, verdict.note, meant->erp); !sent) return sent.error();
    }
    step.changes().inbox.push_back({message.source, message.id, context.now.wall, possible ? "applied" : "noted"});
    const auto event = step.closes() ? OrderChanged::What::closed
                       : possible    ? OrderChanged::What::changed
                                     : OrderChanged::What::noted;
    const std::string order = before->id;
    Decision decision = step.finish(event, 200);
    decision.reply = {200, "",
                      nlohmann::ordered_json{{"status", possible ? "applied" : "noted"}, {"order", order}}.dump()};
    return decision;
}

}  // namespace citybridge::desk
