#include "core/desk/desk.h"

#include "core/desk/context.h"

namespace citybridge::desk {
namespace {

struct Needs {
    const DeskSettings& settings;
    const FlowSet& flows;
    Wanted out{};

    void operator()(const OpenOrder& what) {
        if (!what.customer.empty())
            out.customers.push_back(what.customer);
        else if (!what.number.empty())
            out.numbers.push_back(what.number);
    }
    void operator()(const ActOnOrder& what) { out.orders.push_back(what.order); }
    void operator()(const AddNote& what) { out.orders.push_back(what.order); }
    void operator()(const SaveCustomer& what) {
        if (!what.id.empty()) out.customers.push_back(what.id);
        if (what.numbers) out.numbers = *what.numbers;
    }
    void operator()(const EraseCustomer& what) {
        out.customers.push_back(what.id);
        out.orders = what.orders;
    }
    void operator()(const DeadlineReached& what) { out.orders.push_back(what.order); }
    void operator()(const DeliveryEnded& what) {
        if (what.row.order.empty()) return;
        out.orders.push_back(what.row.order);
        if (!what.row.external_id.empty()) out.external.emplace_back(what.row.destination, what.row.external_id);
    }
    void operator()(const TakeInbound& what) {
        out.inbox.emplace_back(what.message.source, what.message.id);
        for (const WorkOrderRules* rules : distinct_rules(settings)) {
            const auto verdict = guarded([&] { return rules->inbound(what.message); });
            if (!verdict) continue;
            if (!verdict->order.empty()) out.orders.push_back(verdict->order);
            if (verdict->external_id.empty()) continue;
            for (const std::string& system : systems_of(flows, what.message.source))
                out.external.emplace_back(system, verdict->external_id);
        }
    }
};

struct Apply {
    const Context& context;

    Result<Decision> operator()(const OpenOrder& what) const { return open_order(context, what); }
    Result<Decision> operator()(const ActOnOrder& what) const { return act_on_order(context, what); }
    Result<Decision> operator()(const AddNote& what) const { return add_note(context, what); }
    Result<Decision> operator()(const SaveCustomer& what) const { return save_customer(context, what); }
    Result<Decision> operator()(const EraseCustomer& what) const { return erase_customer(context, what); }
    Result<Decision> operator()(const TakeInbound& what) const { return take_inbound(context, what); }
    Result<Decision> operator()(const DeadlineReached& what) const { return deadline_reached(context, what); }
    Result<Decision> operator()(const DeliveryEnded& what) const { return delivery_ended(context, what); }
};

}  // namespace

bool wants(const Subscriber& subscriber, std::string_view event_type) {
    for (const std::string& pattern : subscriber.events) {
        if (pattern == "*" || pattern == event_type) return true;
        // "order.*": everything behind the point, and the point itself.
        if (pattern.ends_with(".*") && event_type.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1)))
            return true;
    }
    return false;
}

Desk::Desk(DeskSettings settings, FlowSet flows, Calendar calendar)
    : settings_(std::move(settings)), flows_(std::move(flows)), calendar_(std::move(calendar)) {}

Wanted Desk::needs(const Request& request) const {
    Needs needs{settings_, flows_};
    std::visit(needs, request.what);
    return std::move(needs.out);
}

Wanted Desk::needs_next(const View& view, const Request& request) const {
    Wanted out;
    if (std::holds_alternative<DeliveryEnded>(request.what) || std::holds_alternative<DeadlineReached>(request.what))
        return out;
    const Wanted first = needs(request);
    const auto add = [&](const OrderRecord* order) {
        if (order != nullptr && !order->customer.empty() && view.customer(order->customer) == nullptr)
            out.customers.push_back(order->customer);
    };
    for (const std::string& id : first.orders) add(view.order(id));
    for (const auto& [system, id] : first.external) add(view.order_by_external(system, id));
    return out;
}

Result<Decision> Desk::apply(const View& view, const Request& request, Now now) const {
    const Context context{settings_, flows_, calendar_, view, request, now};
    return std::visit(Apply{context}, request.what);
}

}  // namespace citybridge::desk
