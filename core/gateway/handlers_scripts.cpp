// Which words to say there are, and whose approval they wait for.
#include "core/desk/scripts.h"
#include "core/gateway/handlers_papers.h"
#include "core/gateway/paper_fields.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {

HttpResponse get_scripts(const Call& call) {
    auto rows = store::all_of_kind(papers_of(call), "script");
    if (!rows) return problem(rows.error());
    const auto centre = call.services.durable.desk().centre();
    const desk::Actor asker = actor_of(call.user().user);
    const std::string flow = param(call.request, "flow"), waiting = param(call.request, "waiting");
    auto items = nlohmann::ordered_json::array();
    // By kind and occasion.
    for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
        if (!may_see_paper(call, *row)) continue;
        if (!flow.empty() && row->body.value("flow", std::string()) != flow) continue;
        const auto missing = desk::missing_approvals(*centre, *row);
        if (waiting == "anybody" && missing.empty()) continue;
        if (waiting == "me" && !desk::waits_for(*centre, *row, asker)) continue;
        nlohmann::ordered_json item = desk::paper_json(*row);
        item["waits_for"] = missing;
        items.push_back(std::move(item));
    }
    return page_response(std::move(items), {});
}

}  // namespace citybridge::gateway
