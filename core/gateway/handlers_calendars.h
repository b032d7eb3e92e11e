#pragma once
// Handlers of handlers_calendars.cpp.
#include "core/gateway/http_types.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

HttpResponse get_calendars(const Call& call);
HttpResponse get_calendar(const Call& call);
HttpResponse get_calendar_override(const Call& call);
HttpResponse put_calendar_override(const Call& call);

// Error "agent.cover_short": without this agent fewer people were at their desks than the calendar wants.
Result<> leaves_cover(const Call& call, const std::string& agent, bool confirmed);

}  // namespace citybridge::gateway
