#include "core/node/recurring.h"

#include "core/desk/recurrence.h"

namespace citybridge {

std::vector<DurableInput> Recurring::take(Now now) {
    if (now.mono < next_look_) return {};
    next_look_ = now.mono + kLook;
    if (!from_) from_ = now.wall;
    std::vector<DurableInput> out;
    const auto calendars = desk_.calendars();
    for (const desk::Flow* flow : desk_.flows().all()) {
        const desk::Calendar* own = calendars->find(flow->calendar);
        const desk::Calendar& calendar = own == nullptr ? calendars->city() : *own;
        for (const desk::RecurrenceDef& rule : flow->recurrences) {
            // One that a reload brings begins with the reload.
            const auto seen = seen_.try_emplace(flow->kind + "." + rule.name, *from_).first;
            for (desk::Occurrence& each : desk::occurrences(rule, calendar, seen->second, now.wall)) {
                desk::Request request;
                request.id = "recurring";
                request.actor = {"system", "system", {}};
                request.what = desk::OpenRecurring{flow->kind, rule.name, std::move(each.id), each.at};
                out.emplace_back(OwnStep{std::move(request)});
            }
            // A wall clock that was set back does not bring again what has been.
            seen->second = std::max(seen->second, now.wall);
        }
    }
    // What is added from now on was not missed.
    from_ = now.wall;
    return out;
}

}  // namespace citybridge
