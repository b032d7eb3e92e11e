// Outgoing lists (B16): opened with their window in business time, filled, closed.
#include <algorithm>

#include "core/desk/access.h"
#include "core/desk/customer_steps.h"
#include "core/desk/json_text.h"

namespace citybridge::desk {
namespace {

const std::vector<std::string> kListers{"team_lead", "supervisor", "admin"};
const std::vector<std::string> kListKinds{"revisit", "survey", "promotion", "collection"};
constexpr int kMaxWorkingDays = 60;
constexpr std::chrono::days kOneDay{1};

struct Window {
    WallTime from{};
    WallTime until{};
    WallTime last_day{};
};

// The first opening on this day, or after it. Hours are tried, because days of 23 and 25 hours exist.
WallTime opening_on(const Calendar& calendar, LocalDay day, WallTime near) {
    WallTime time = near + (day - calendar.local_day(near));
    while (calendar.local_day(time) < day) time += std::chrono::hours(1);
    while (calendar.local_day(time) > day) time -= std::chrono::hours(1);
    return calendar.at_local_time(time, 0);
}

WallTime closing_of_day(const Calendar& calendar, WallTime opening) {
    const WallTime next_day = opening_on(calendar, calendar.local_day(opening) + kOneDay, opening);
    WallTime end = calendar.open_until(opening);
    for (WallTime again = calendar.next_opening(end); again > end && again < next_day;
         again = calendar.next_opening(end))
        end = calendar.open_until(again);
    return std::min(end, next_day);
}

Window window_from(const Calendar& calendar, WallTime first_opening, int working_days) {
    Window out{first_opening, {}, first_opening};
    for (int i = 1; i < working_days; ++i)
        out.last_day = opening_on(calendar, calendar.local_day(out.last_day) + kOneDay, out.last_day);
    out.until = closing_of_day(calendar, out.last_day);
    return out;
}

// Of the named period that ended last, as long as its working days are not over; else of the next one.
Result<Window> window_after(const Context& context, const OutgoingWindow& asked) {
    const Calendar& calendar = context.calendar;
    std::vector<LocalDay> ends;
    for (const Period& period : calendar.doc().periods)
        if (period.name == asked.period) ends.push_back(period.to);
    std::sort(ends.begin(), ends.end());
    for (const LocalDay end : ends) {
        const WallTime first = opening_on(calendar, end + kOneDay, context.now.wall);
        const Window window = window_from(calendar, first, asked.working_days);
        if (window.until > context.now.wall) return window;
    }
    return Error{"outgoing.bad_window", "the calendar has no period \"" + asked.period +
                                            "\" whose working days after it are still to come; name one of the "
                                            "calendar's, or give from and working_days"};
}

Result<Window> window_of(const Context& context, const OutgoingWindow& asked) {
    if (asked.working_days < 1 || asked.working_days > kMaxWorkingDays)
        return Error{"outgoing.bad_window",
                     "working_days must be 1 to " + std::to_string(kMaxWorkingDays) + ", the first day included"};
    if (!asked.period.empty()) return window_after(context, asked);
    const WallTime from = asked.from == WallTime{} ? context.now.wall : asked.from;
    const Window window = window_from(context.calendar, context.calendar.next_opening(from), asked.working_days);
    if (window.until > context.now.wall) return window;
    return Error{"outgoing.bad_window", "the list's last working day is over already; give a later from"};
}

Decision decided(const OutgoingListRecord& row, int status) {
    Decision decision;
    decision.reply = {status, "/v1/outgoing/" + row.id, dumped(to_json(row))};
    decision.changes.desk.outgoing_lists.push_back(row);
    return decision;
}

Result<OutgoingListRecord> open_list(const Context& context, const std::string& id) {
    if (!has_role(context.actor(), kListers))
        return Error{"auth.forbidden", "outgoing lists are kept by the roles " + joined(kListers)};
    const OutgoingListRecord* row = context.view.outgoing_list(id);
    if (row == nullptr) return Error{"outgoing.unknown", "there is no outgoing list " + id + "; check the id"};
    if (row->closed_at)
        return Error{"outgoing.closed",
                     "list " + id + " was closed at " + to_rfc3339(*row->closed_at) + "; open a new one"};
    return *row;
}

}  // namespace

std::string entry_id(const std::string& list, const OutgoingEntryRecord& row) {
    return list + "." + (row.number.starts_with('+') ? row.number.substr(1) : row.number);
}

std::string list_of_entry(const std::string& id) { return id.substr(0, id.rfind('.')); }

Result<Decision> open_outgoing_list(const Context& context, const OpenOutgoingList& what) {
    if (!has_role(context.actor(), kListers))
        return Error{"auth.forbidden", "outgoing lists are opened by the roles " + joined(kListers)};
    if (!listed(kListKinds, what.kind))
        return Error{"outgoing.bad_kind", "kind must be one of " + joined(kListKinds) + ", not \"" + what.kind + "\""};
    const auto window = window_of(context, what.window);
    if (!window) return window.error();
    OutgoingListRecord row;
    row.id = "lst_" + context.request.id;
    row.kind = what.kind;
    row.name = what.name;
    row.group = what.group;
    row.from = window->from;
    row.until = window->until;
    row.last_day = window->last_day;
    row.created_by = context.actor().user;
    row.created_at = context.now.wall;
    row.revision = 1;
    return decided(row, 201);
}

Result<Decision> close_outgoing_list(const Context& context, const CloseOutgoingList& what) {
    auto row = open_list(context, what.list);
    if (!row) return row.error();
    row->closed_at = context.now.wall;
    ++row->revision;
    return decided(*row, 200);
}

Result<Decision> add_entries(const Context& context, const AddEntries& what) {
    auto list = open_list(context, what.list);
    if (!list) return list.error();
    Decision decision;
    nlohmann::ordered_json errors = what.errors;
    std::map<std::string, std::int64_t> seen;
    for (const OutgoingEntryRecord& given : what.rows) {
        OutgoingEntryRecord row = given;
        row.id = entry_id(what.list, given);
        const auto [first, fresh] = seen.emplace(row.id, row.line);
        if (!fresh || context.view.outgoing_entry(row.id) != nullptr) {
            errors.push_back({{"line", row.line},
                              {"message", "number " + row.number +
                                              (fresh ? " is on the list already"
                                                     : " stands in line " + std::to_string(first->second) + " too")}});
            continue;
        }
        row.list = what.list;
        row.state = EntryState::waiting;
        row.next_at = list->from;
        row.updated_at = context.now.wall;
        row.revision = 1;
        decision.changes.desk.outgoing_entries.push_back(std::move(row));
    }
    std::stable_sort(errors.begin(), errors.end(),
                     [](const auto& a, const auto& b) { return a.value("line", 0) < b.value("line", 0); });
    decision.reply.body = dumped(
        {{"list", what.list}, {"added", decision.changes.desk.outgoing_entries.size()}, {"errors", std::move(errors)}});
    return decision;
}

}  // namespace citybridge::desk
