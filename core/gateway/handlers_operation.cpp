#include <prometheus/text_serializer.h>

#include "core/api/model_json.h"
#include "core/gateway/handlers.h"
#include "core/gateway/openapi.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {

HttpResponse get_health(const Call&) { return json_response(200, {{"status", "ok"}}); }

HttpResponse get_ready(const Call& call) {
    const auto reasons = call.services.hooks.not_ready ? call.services.hooks.not_ready() : std::vector<std::string>();
    if (reasons.empty()) return json_response(200, {{"status", "ok"}});
    std::string detail;
    for (const std::string& reason : reasons) detail += (detail.empty() ? "" : "; ") + reason;
    return problem("node.not_ready", detail);
}

HttpResponse get_metrics(const Call& call) {
    HttpResponse response;
    response.body = prometheus::TextSerializer().Serialize(call.services.metrics.Collect());
    return response.with("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
}

HttpResponse get_openapi(const Call&) { return json_response(200, openapi()); }

HttpResponse get_plugins(const Call& call) {
    auto list = call.services.hooks.plugins ? call.services.hooks.plugins() : nlohmann::ordered_json::array();
    return json_response(200, {{"items", std::move(list)}});
}

HttpResponse get_users(const Call& call) {
    auto list = nlohmann::ordered_json::array();
    for (const User& user : call.services.sessions.users()) list.push_back(user_json(user));
    return json_response(200, {{"items", std::move(list)}});
}

HttpResponse post_reload(const Call& call) {
    if (!call.services.hooks.reload)
        return problem("config.no_file", "This node has no configuration file that could be read again.");
    const Reloaded reloaded = call.services.hooks.reload();
    if (!reloaded.problems.empty()) {
        auto list = nlohmann::ordered_json::array();
        for (const Problem& each : reloaded.problems)
            list.push_back({{"file", each.where.file},
                            {"line", each.where.line},
                            {"column", each.where.column},
                            {"message", each.message}});
        return problem("config.invalid", to_string(reloaded.problems.front()) + "; nothing was changed",
                       {{"problems", std::move(list)}});
    }
    if (!reloaded.done) return problem(reloaded.done.error());
    return json_response(200, {{"status", "reloaded"}});
}

}  // namespace citybridge::gateway
