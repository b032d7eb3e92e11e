#pragma once
// Handlers of handlers_flows.cpp.
#include "core/gateway/http_types.h"
#include "core/gateway/services.h"

namespace citybridge::gateway {

HttpResponse get_flows(const Call& call);
HttpResponse get_flow(const Call& call);
// handlers_migration.cpp
HttpResponse get_flow_versions(const Call& call);
HttpResponse post_flow_migration(const Call& call);

// handlers_tellings.cpp
HttpResponse get_tellings(const Call& call);

}  // namespace citybridge::gateway
