// Kinds of work orders.
#include "core/gateway/handlers_flows.h"
#include "core/gateway/routes.h"

namespace citybridge::gateway {
namespace {

const std::array kFlowRoutes{
    Route{"GET", "/v1/flows", kPeople | only(Role::erp), LaneKind::instant, get_flows, "The kinds of work orders.", 200,
          "flow_page"},
    Route{"GET", "/v1/flows/{kind}", kPeople | only(Role::erp), LaneKind::instant, get_flow,
          "One kind: its fields, states, actions, follow-ups and words to say.", 200, "flow"},
};

}  // namespace

std::span<const Route> flow_routes() { return kFlowRoutes; }

}  // namespace citybridge::gateway
