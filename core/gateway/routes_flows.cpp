// Kinds of work orders.
#include "core/gateway/fields_flows.h"
#include "core/gateway/handlers_flows.h"
#include "core/gateway/routes.h"

namespace citybridge::gateway {
namespace {

const std::array kFlowRoutes{
    Route{"GET", "/v1/flows", kPeople | only(Role::erp), LaneKind::instant, get_flows, "The kinds of work orders.", 200,
          "flow_page"},
    Route{"GET", "/v1/flows/{kind}", kPeople | only(Role::erp), LaneKind::instant, get_flow,
          "One kind: its fields, states, actions, follow-ups and words to say.", 200, "flow"},
    Route{"GET", "/v1/flows/{kind}/versions", kLeaders, LaneKind::durable, get_flow_versions,
          "Versions that open orders are on, and whether they are on their way to the newest.", 200, "flow_versions"},
    Route{"GET",
          "/v1/tellings",
          kPeople,
          LaneKind::durable,
          get_tellings,
          "What the asker was told of orders, and what of it waits for him; the newest first.",
          200,
          "telling_page",
          "application/json",
          {},
          kTellingsQuery},
    Route{"POST",
          "/v1/flows/{kind}/migration",
          only(Role::supervisor) | only(Role::admin),
          LaneKind::durable,
          post_flow_migration,
          "Open orders go over to the newest version; refused with reasons if one cannot.",
          200,
          "flow_migration",
          "application/json",
          kMigrationFields,
          {},
          KeyKind::memory},
};

}  // namespace

std::span<const Route> flow_routes() { return kFlowRoutes; }

}  // namespace citybridge::gateway
