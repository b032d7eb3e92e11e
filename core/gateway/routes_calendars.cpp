// Business time.
#include "core/gateway/fields_calendars.h"
#include "core/gateway/handlers_calendars.h"
#include "core/gateway/routes.h"

namespace citybridge::gateway {
namespace {

using enum LaneKind;

constexpr RoleSet kCalendarReaders = kPeople | only(Role::erp);
constexpr RoleSet kCalendarOperators = only(Role::admin) | only(Role::supervisor);

const std::array kCalendarRoutes{
    Route{"GET",
          "/v1/calendars",
          kCalendarReaders,
          instant,
          get_calendars,
          "The city's calendars of business time, and whether it is open.",
          200,
          "calendar_page",
          "application/json",
          {},
          kCalendarQuery},
    Route{"GET",
          "/v1/calendars/{name}",
          kCalendarReaders,
          instant,
          get_calendar,
          "One calendar: open or closed, until when, the day's hours, period and cover.",
          200,
          "calendar",
          "application/json",
          {},
          kCalendarQuery},
    Route{"GET", "/v1/admin/calendars/{name}/override", kCalendarOperators, instant, get_calendar_override,
          "Where its switch stands, and stood: the newest 50.", 200, "calendar_overrides"},
    Route{"PUT", "/v1/admin/calendars/{name}/override", kCalendarOperators, durable, put_calendar_override,
          "Open or closed until a time, or by the clock again; open deadlines follow.", 200, "calendar_override",
          "application/json", kOverrideFields},
};

}  // namespace

std::span<const Route> calendar_routes() { return kCalendarRoutes; }

}  // namespace citybridge::gateway
