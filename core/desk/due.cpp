#include "core/desk/due.h"

#include <charconv>

namespace citybridge::desk {
namespace {

using std::chrono::days;

// A calendar closes for days, not for years; the bound is for one whose rules leave no day with hours.
constexpr int kLongestClosed = 3'660;

LocalDay next_working_day(const Calendar& calendar, LocalDay day) {
    for (int i = 0; i < kLongestClosed; ++i)
        if (calendar.works_on(day += days{1})) return day;
    return day;
}

// A day closed by a closing or a switch has hours, too: then the end is looked for where it is open.
WallTime end_of_day(const Calendar& calendar, WallTime from) {
    WallTime open = calendar.next_opening(from);
    const LocalDay day = calendar.local_day(open);
    WallTime end = calendar.open_until(open);
    for (int i = 0; i < kLongestClosed; ++i) {
        open = calendar.next_opening(end);
        if (calendar.local_day(open) != day || open < end) break;
        const WallTime next = calendar.open_until(open);
        if (next <= end) break;
        end = next;
    }
    // Open day and night: the day ends at midnight.
    return calendar.local_day(end) > day + days{1} ? calendar.on_day(day + days{1}, 0) : end;
}

// The next `word=number`; false at the end or if it is none.
bool take(std::string_view& text, std::string_view& word, std::int64_t& number) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return false;
    word = text.substr(0, equals);
    const std::size_t blank = std::min(text.find(' ', equals), text.size());
    const std::string_view digits = text.substr(equals + 1, blank - equals - 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size()) return false;
    text.remove_prefix(std::min(blank + 1, text.size()));
    return true;
}

}  // namespace

std::string to_text(const DueRule& rule) {
    std::string out = rule.at                  ? "at=" + std::to_string(*rule.at)
                      : rule.same_day          ? "same_day=1"
                      : rule.working_days != 0 ? "days=" + std::to_string(rule.working_days)
                                               : "after=" + std::to_string(rule.after.count());
    if (rule.next_day_at) out += " next_day_at=" + std::to_string(*rule.next_day_at);
    return out;
}

std::optional<DueRule> rule_from(std::string_view text) {
    if (text.empty()) return std::nullopt;
    DueRule out;
    std::string_view word;
    std::int64_t number = 0;
    while (!text.empty()) {
        if (!take(text, word, number) || number < 0) return std::nullopt;
        if (word == "after")
            out.after = Millis{number};
        else if (word == "days")
            out.working_days = static_cast<int>(number);
        else if (word == "same_day")
            out.same_day = number != 0;
        else if (word == "at")
            out.at = static_cast<int>(number);
        else if (word == "next_day_at")
            out.next_day_at = static_cast<int>(number);
        else
            return std::nullopt;
    }
    return out;
}

Calendar::Due due_of(const Calendar& calendar, const DueRule& rule, WallTime from) {
    if (rule.at || rule.working_days != 0) {
        LocalDay day = calendar.local_day(from);
        for (int i = 0; i < std::max(1, rule.working_days); ++i) day = next_working_day(calendar, day);
        const WallTime due = rule.at ? calendar.on_day(day, *rule.at) : calendar.on_day_like(day, from);
        return {due, calendar.beyond(due)};
    }
    if (rule.same_day) {
        const WallTime due = end_of_day(calendar, from);
        return {due, calendar.beyond(due)};
    }
    const Calendar::Due due = calendar.add_business_time(from, rule.after);
    if (!rule.next_day_at || calendar.same_local_day(from, due.due)) return due;
    const WallTime moved = calendar.at_local_time(due.due, *rule.next_day_at);
    return {moved, calendar.beyond(moved)};
}

void set_due(DeadlineRecord& row, const Calendars& calendars, const std::string& calendar, const DueRule& rule,
             WallTime from) {
    const Calendar* named = calendars.find(calendar);
    const Calendar::Due due = due_of(named == nullptr ? calendars.city() : *named, rule, from);
    row.due_at = due.due;
    row.provisional = due.provisional;
    row.from_at = from;
    row.rule = to_text(rule);
    row.calendar = named == nullptr ? std::string() : calendar;
}

std::optional<Calendar::Due> due_again(const DeadlineRecord& row, const Calendars& calendars) {
    const auto rule = rule_from(row.rule);
    const Calendar* calendar = calendars.find(row.calendar);
    if (!rule || calendar == nullptr) return std::nullopt;
    return due_of(*calendar, *rule, row.from_at);
}

}  // namespace citybridge::desk
