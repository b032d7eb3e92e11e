// A recurring order is due (B17).
#include <algorithm>

#include "core/desk/context.h"
#include "core/desk/recurrence.h"

namespace citybridge::desk {
namespace {

std::string local_day_text(const Calendar& calendar, WallTime time) {
    const std::chrono::year_month_day date(calendar.local_day(time));
    char text[16];
    const int length = std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return {text, static_cast<std::size_t>(length)};
}

// What the recurrence sets, as the asker's fields would be: the day is the one on which it was due.
Fields fields_of(const RecurrenceDef& rule, const Calendar& calendar, WallTime at) {
    Fields out = Fields::object();
    for (const SetDef& def : rule.sets) switch (def.value) {
            case SetDef::Value::literal: out[def.field] = def.literal; break;
            case SetDef::Value::today: out[def.field] = local_day_text(calendar, at); break;
            case SetDef::Value::now: out[def.field] = to_rfc3339(at); break;
            case SetDef::Value::asker: out[def.field] = "system"; break;
            case SetDef::Value::empty: break;
        }
    return out;
}

}  // namespace

Result<Decision> open_recurring(const Context& context, const OpenRecurring& what) {
    const std::string id = recurring_order_id(what.kind, what.name, what.occurrence);
    if (context.view.order(id) != nullptr) return Decision{};
    const Flow* flow = context.flows.find(what.kind);
    if (flow == nullptr)
        return Error{"flow.unknown", "there is no kind of order \"" + what.kind + "\" any more; nothing was opened"};
    const auto rule = std::find_if(flow->recurrences.begin(), flow->recurrences.end(),
                                   [&](const RecurrenceDef& each) { return each.name == what.name; });
    if (rule == flow->recurrences.end())
        return Error{"flow.unknown",
                     "the flow " + what.kind + " has no recurrence \"" + what.name + "\" any more; nothing was opened"};
    // The order's id is the request's: the same occurrence makes the same order, and the store keeps it once.
    Request request = context.request;
    request.id = id.substr(std::string("ord_").size());
    const Context inner{context.settings,  context.book, context.flows, context.calendar,
                        context.calendars, context.view, request,       context.now};
    OpenOrder open;
    open.kind = what.kind;
    open.owner = rule->owner;
    open.group = rule->group;
    open.fields = fields_of(*rule, context.calendar, what.at);
    return open_order(inner, open);
}

}  // namespace citybridge::desk
