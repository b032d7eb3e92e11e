#pragma once
// What one apply() works with.
#include "core/desk/desk.h"

namespace citybridge::desk {

struct Context {
    const DeskSettings& settings;
    const FlowBook& book;
    const FlowSet& flows;
    const Calendar& calendar;  // the city's
    const Calendars& calendars;
    const View& view;
    const Request& request;
    Now now;

    const Actor& actor() const { return request.actor; }
    // Null: no plugin has rules for this kind.
    const WorkOrderRules* rules(const std::string& kind) const {
        const auto it = settings.rules.find(kind);
        return it == settings.rules.end() ? nullptr : it->second;
    }
};

// What a rule throws refuses this one input and nothing else.
template <class Call>
auto guarded(const Call& call) -> decltype(call()) {
    try {
        return call();
    } catch (const std::exception& failure) {
        return Error{"order.rules_failed", std::string("the rules plugin of this kind of order failed: ") +
                                               failure.what() + "; nothing was changed; report it with the log"};
    } catch (...) {
        return Error{"order.rules_failed",
                     "the rules plugin of this kind of order failed; nothing was changed; report it with the log"};
    }
}

Result<Decision> open_order(const Context& context, const OpenOrder& what);
Result<Decision> open_recurring(const Context& context, const OpenRecurring& what);
Result<Decision> act_on_order(const Context& context, const ActOnOrder& what);
Result<Decision> add_note(const Context& context, const AddNote& what);
Result<Decision> save_customer(const Context& context, const SaveCustomer& what);
Result<Decision> erase_customer(const Context& context, const EraseCustomer& what);
Result<Decision> step_callback(const Context& context, const decltype(relay::CallbackInput::what)& what);
Result<Decision> take_inbound(const Context& context, const TakeInbound& what);
Result<Decision> deadline_reached(const Context& context, const DeadlineReached& what);
Result<Decision> watch_order(const Context& context, const WatchOrder& what);
Result<Decision> index_order(const Context& context, const IndexOrder& what);
Result<Decision> migrate_order(const Context& context, const MigrateOrder& what);
Result<Decision> correct_deadlines(const Context& context, const CorrectDeadlines& what);
Result<Decision> override_calendar(const Context& context, const OverrideCalendar& what);
Result<Decision> delivery_ended(const Context& context, const DeliveryEnded& what);

// Every rules plugin once, in the order of its first kind.
std::vector<const WorkOrderRules*> distinct_rules(const DeskSettings& settings);
// The system name of orders that messages of this source are about, per flow; at least the source itself.
std::vector<std::string> systems_of(const FlowSet& flows, const std::string& source);

}  // namespace citybridge::desk
