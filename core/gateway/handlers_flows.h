#pragma once
// Handlers of handlers_flows.cpp.
#include "core/gateway/http_types.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

HttpResponse get_flows(const Call& call);
HttpResponse get_flow(const Call& call);

}  // namespace citybridge::gateway
