// Business time: how calendars stand, and an operator's switch of one.
#include "core/gateway/handlers_calendars.h"

#include "core/desk/calendar_json.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields_calendars.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

constexpr std::size_t kOverridesShown = 50;

// The parameter `at`; default: now.
Result<WallTime> asked_moment(const Call& call) {
    const std::string at = param(call.request, "at");
    if (at.empty()) return system_now().wall;
    if (const auto time = from_rfc3339(at)) return *time;
    return Error{"request.bad_parameter", "at must be a time such as 2026-10-01T09:00:00.000Z, not \"" + at + "\""};
}

HttpResponse no_calendar(const desk::Calendars& calendars, const std::string& name) {
    std::string names;
    for (const std::string& each : calendars.names()) names += (names.empty() ? "" : ", ") + each;
    return problem("calendar.unknown", "There is no calendar " + name + " here; use one of: " + names);
}

}  // namespace

HttpResponse get_calendars(const Call& call) {
    const auto at = asked_moment(call);
    if (!at) return problem(at.error());
    const auto calendars = call.services.durable.desk().calendars();
    auto items = nlohmann::ordered_json::array();
    for (const std::string& name : calendars->names()) items.push_back(desk::calendar_json(*calendars, name, *at));
    return page_response(std::move(items), {});
}

HttpResponse get_calendar(const Call& call) {
    const auto at = asked_moment(call);
    if (!at) return problem(at.error());
    const auto calendars = call.services.durable.desk().calendars();
    if (calendars->find(call.params[0]) == nullptr) return no_calendar(*calendars, call.params[0]);
    return json_response(200, desk::calendar_json(*calendars, call.params[0], *at));
}

HttpResponse get_calendar_override(const Call& call) {
    const auto calendars = call.services.durable.desk().calendars();
    const std::string& name = call.params[0];
    if (calendars->find(name) == nullptr) return no_calendar(*calendars, name);
    const CalendarOverrideRecord* now = calendars->switch_at(name, system_now().wall);
    auto items = nlohmann::ordered_json::array();
    const auto& rows = calendars->switches();
    for (auto it = rows.rbegin(); it != rows.rend() && items.size() < kOverridesShown; ++it)
        if (it->calendar == name) items.push_back(desk::override_json(*it));
    return json_response(200,
                         {{"in_force", now == nullptr ? nlohmann::ordered_json(nullptr) : desk::override_json(*now)},
                          {"items", std::move(items)}});
}

HttpResponse put_calendar_override(const Call& call) {
    const auto body = read_object(call.request.body, kOverrideFields);
    if (!body) return problem(body.error());
    desk::OverrideCalendar what;
    what.calendar = call.params[0];
    what.mode = text_field(*body, "mode");
    what.reason = text_field(*body, "reason");
    if (const std::string until = text_field(*body, "until"); !until.empty()) {
        what.until = from_rfc3339(until);
        if (!what.until)
            return problem("request.bad_field",
                           "until must be a time such as 2026-11-23T10:00:00.000Z, not \"" + until + "\"");
    }
    return submit(call, std::move(what));
}

}  // namespace citybridge::gateway
