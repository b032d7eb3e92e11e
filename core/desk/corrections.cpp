// Business time changed under what was promised in it (P8), and who changed it.
#include <algorithm>

#include "core/desk/calendar_json.h"
#include "core/desk/due.h"
#include "core/desk/json_text.h"
#include "core/desk/step.h"

namespace citybridge::desk {
namespace {

constexpr auto kLongestSwitch = std::chrono::days(31);
constexpr std::size_t kLongestReason = 200;

// The open deadlines that are due at another time now, as they are now.
std::vector<DeadlineRecord> moved(const Context& context, const std::vector<DeadlineRecord>& open) {
    std::vector<DeadlineRecord> out;
    for (const DeadlineRecord& row : open) {
        const auto due = due_again(row, context.calendars);
        if (!due || *due == Calendar::Due{row.due_at, row.provisional}) continue;
        out.push_back(row);
        out.back().due_at = due->due;
        out.back().provisional = due->provisional;
    }
    return out;
}

std::string name_of(const Context& context, const OverrideCalendar& what) {
    return what.calendar.empty() ? context.calendars.city_name() : what.calendar;
}

Result<> check(const Context& context, const OverrideCalendar& what) {
    const WallTime now = context.now.wall;
    if (context.calendars.find(what.calendar) == nullptr) {
        std::string names;
        for (const std::string& name : context.calendars.names()) names += (names.empty() ? "" : ", ") + name;
        return Error{"calendar.unknown", "there is no calendar " + what.calendar + " here; use one of: " + names};
    }
    const bool clock = what.mode == "clock";
    if (!clock && what.mode != "open" && what.mode != "closed")
        return Error{"calendar.bad_override", "mode must be open, closed or clock, not \"" + what.mode + "\""};
    if (clock && what.until)
        return Error{"calendar.bad_override", "by the clock there is nothing to end; leave until out"};
    if (!clock && !what.until)
        return Error{"calendar.bad_override", "say until when it stays " + what.mode + ": until=<time>"};
    if (!clock && (*what.until <= now || *what.until > now + kLongestSwitch))
        return Error{"calendar.bad_override",
                     "until must be later than now and within 31 days; for longer put a "
                     "holiday, a period or closings into the calendar's file"};
    if (what.reason.size() > kLongestReason)
        return Error{"calendar.bad_override", "the reason must have at most 200 bytes; shorten it"};
    return ok();
}

}  // namespace

Result<Decision> correct_deadlines(const Context& context, const CorrectDeadlines& what) {
    const std::vector<DeadlineRecord> open = context.view.open_deadlines(what.order);
    const std::vector<DeadlineRecord> corrected = moved(context, open);
    if (corrected.empty()) return Decision{};
    const OrderRecord* before = context.view.order(what.order);
    if (before == nullptr) {
        // Of something that has no history of steps: the rows alone.
        Decision rows;
        rows.changes.deadlines = corrected;
        return rows;
    }
    static const Flow kGone;  // its file was taken away; what was promised stays
    const Flow* flow = context.flows.of(*before);
    Step step(context, flow == nullptr ? kGone : *flow, *before, open);
    step.history().action = "deadlines_corrected";
    step.history().text = "the calendar of business time has changed";
    Fields& detail = step.history().detail;
    for (const DeadlineRecord& row : corrected) {
        const auto same = [&](const DeadlineRecord& other) { return other.name == row.name && other.n == row.n; };
        const DeadlineRecord& old = *std::find_if(open.begin(), open.end(), same);
        detail[row.name + ".due_before"] = to_rfc3339(old.due_at);
        detail[row.name + ".due_at"] = to_rfc3339(row.due_at);
        if (old.provisional != row.provisional) detail[row.name + ".provisional"] = row.provisional;
        step.correct(row);
    }
    Decision decision = step.finish(OrderChanged::What::changed, 200);
    decision.reply = {};
    return decision;
}

Result<Decision> override_calendar(const Context& context, const OverrideCalendar& what) {
    if (auto fine = check(context, what); !fine) return fine.error();
    CalendarOverrideRecord row;
    row.id = "cov_" + context.request.id;
    row.calendar = name_of(context, what);
    row.mode = what.mode;
    row.set_at = context.now.wall;
    row.until_at = what.until;
    row.set_by = context.actor().user;
    row.reason = what.reason;
    Decision decision;
    decision.reply = {200, {}, dumped(override_json(row))};
    decision.changes.calendar_overrides.push_back(std::move(row));
    return decision;
}

}  // namespace citybridge::desk
