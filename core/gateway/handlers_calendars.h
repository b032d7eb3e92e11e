#pragma once
// Handlers of handlers_calendars.cpp.
#include "core/gateway/http_types.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

HttpResponse get_calendars(const Call& call);
HttpResponse get_calendar(const Call& call);
HttpResponse get_calendar_override(const Call& call);
HttpResponse put_calendar_override(const Call& call);

}  // namespace citybridge::gateway
