#include "core/desk/judge.h"

#include <date/date.h>

#include <algorithm>

#include "core/desk/engine_state.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

using About = Condition::About;
using Test = Condition::Test;

std::string local_date(const Judged& judged) {
    if (judged.calendars == nullptr) return {};
    const LocalDay day = judged.calendars->city().local_day(judged.now);
    return date::format("%F", date::local_days{date::days{day.time_since_epoch().count()}});
}

bool field_holds(const Condition& condition, const Judged& judged, const OrderRecord& order) {
    const std::string value = value_text(order, condition.name);
    const auto field = order.fields.find(condition.name);
    const bool number = field != order.fields.end() && field->is_number_integer();
    switch (condition.test) {
        case Test::present: return value.empty() != condition.yes;
        case Test::is_one_of: return !value.empty() && listed(condition.words, value);
        case Test::is_not: return !listed(condition.words, value);
        case Test::at_least:
            if (value.empty()) return false;
            return number ? field->get<std::int64_t>() >= condition.number : value >= condition.words.front();
        case Test::at_most:
            if (value.empty()) return false;
            return number ? field->get<std::int64_t>() <= condition.number : value <= condition.words.front();
        case Test::before:
        case Test::after: {
            const std::string today = local_date(judged);
            if (today.empty()) return true;
            return !value.empty() && (condition.test == Test::before ? value < today : value > today);
        }
    }
    return false;
}

bool asker_holds(const std::string& word, const Judged& judged) {
    const Actor& actor = judged.actor;
    const bool in_group = !judged.order.group.empty() && listed(actor.groups, judged.order.group);
    if (word == "owner") return !judged.order.owner.empty() && actor.user == judged.order.owner;
    if (word == "not_owner") return actor.user != judged.order.owner;
    if (word == "in_group") return in_group;
    return in_group && actor.role == "team_lead";
}

// Bound to this order: a proof for one matter is none for another.
bool verified_since(const OrderRecord& order, const Condition& condition, WallTime now) {
    const auto verified = order.engine.find("verified");
    if (verified == order.engine.end() || !verified->contains(condition.name)) return false;
    const Millis age = now - WallTime{Millis{number_in(*verified, condition.name)}};
    return age >= Millis{0} && age <= Millis{condition.number};
}

// The day that a field of type date names.
std::optional<LocalDay> day_in(const OrderRecord& order, const std::string& field) {
    return field.empty() ? std::nullopt : day_of(value_text(order, field));
}

bool leave_is_barred(const Condition& condition, const Judged& judged, const Calendar& calendar) {
    const auto from = day_in(judged.order, condition.name);
    if (!from) return false;
    const auto days = judged.order.fields.find(condition.words[1]);
    LocalDay until = *from;
    if (const auto named = day_in(judged.order, condition.words[0]))
        until = *named;
    else if (days != judged.order.fields.end() && days->is_number_integer())
        until += date::days{std::max<std::int64_t>(days->get<std::int64_t>(), 1) - 1};
    const auto& periods = calendar.doc().periods;
    return std::any_of(periods.begin(), periods.end(), [&](const Period& period) {
        return period.no_leave && period.from <= until && *from <= period.to;
    });
}

const Calendar& calendar_of(const Judged& judged) {
    const Calendar* calendar = judged.calendars->find(judged.flow.calendar);
    return calendar == nullptr ? judged.calendars->city() : *calendar;
}

bool count_holds(const Condition& condition, const OrderRecord& order) {
    const std::int64_t times = times_taken(order, condition.name);
    return condition.test == Test::at_least ? times >= condition.number : times <= condition.number;
}

}  // namespace

std::string value_text(const OrderRecord& order, const std::string& field) {
    const auto it = order.fields.find(field);
    if (it == order.fields.end() || it->is_null()) return {};
    return it->is_string() ? it->get<std::string>() : it->dump();
}

bool holds(const Condition& condition, const Judged& judged) {
    if (condition.of_related && judged.related == nullptr) return false;
    const OrderRecord& order = condition.of_related ? *judged.related : judged.order;
    switch (condition.about) {
        case About::all: return hold(condition.parts, judged);
        case About::none: return !hold(condition.parts, judged);
        case About::any:
            return std::any_of(condition.parts.begin(), condition.parts.end(),
                               [&](const Condition& part) { return holds(part, judged); });
        case About::field: return field_holds(condition, judged, order);
        case About::state: return listed(condition.words, order.state);
        case About::note: return !judged.note || *judged.note == condition.yes;
        case About::overdue: return is_overdue(order, condition.name);
        case About::count: return count_holds(condition, order);
        case About::asker: return asker_holds(condition.words.front(), judged);
        case About::calendar:
            return judged.calendars == nullptr || calendar_of(judged).is_open(judged.now) == condition.yes;
        case About::no_leave:
            return judged.calendars != nullptr && leave_is_barred(condition, judged, calendar_of(judged));
        case About::related: return (judged.related != nullptr) == condition.yes;
        case About::verified: return judged.calendars == nullptr || verified_since(order, condition, judged.now);
    }
    return false;
}

bool hold(const Conditions& conditions, const Judged& judged) {
    return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& one) { return holds(one, judged); });
}

}  // namespace citybridge::desk
