// The kinds of work orders, and what one of them is: for desktops that build their forms from it.
#include "core/gateway/handlers_flows.h"

#include "core/desk/flow_json.h"
#include "core/gateway/handlers.h"
#include "core/gateway/paging.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {

HttpResponse get_flows(const Call& call) {
    auto items = nlohmann::ordered_json::array();
    for (const desk::Flow* flow : call.services.durable.desk().flows().all())
        items.push_back(desk::flow_summary(*flow));
    return page_response(std::move(items), {});
}

HttpResponse get_flow(const Call& call) {
    const desk::Desk& desk = call.services.durable.desk();
    const desk::FlowSet& flows = desk.flows();
    const desk::Flow* flow = flows.find(call.params[0]);
    if (flow == nullptr)
        return problem("flow.not_found",
                       "There is no kind of order " + call.params[0] + "; use one of: " + flows.kinds());
    return json_response(200, desk::flow_definition(*flow, *desk.scripts()));
}

}  // namespace citybridge::gateway
