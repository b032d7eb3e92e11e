// Open orders go over to a newer version of their flow: asked for here, done by and by.
#include "core/desk/access.h"
#include "core/desk/migration.h"
#include "core/gateway/fields_flows.h"
#include "core/gateway/handlers.h"
#include "core/gateway/handlers_flows.h"
#include "core/gateway/problem.h"
#include "core/store/flow_uses.h"
#include "core/store/keeping_reader.h"

namespace citybridge::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kOrdersAtOnce = 500;
constexpr std::size_t kShown = 100;  // of those that cannot, with their reasons

struct Outlook {
    std::size_t can = 0;
    std::size_t cannot = 0;
    Json reasons = Json::array();
};

Result<Outlook> outlook(store::Readers& readers, const desk::FlowSet& flows, const desk::Flow& to) {
    Outlook out;
    std::string after;
    for (;;) {
        const auto rows = store::on_other_version(readers, to.kind, to.version, after, kOrdersAtOnce);
        if (!rows) return rows.error();
        for (const store::OtherVersion& row : *rows) {
            after = row.order.id;
            const desk::Flow* from = flows.find(to.kind, row.order.flow_version);
            if (from->version != row.order.flow_version) from = nullptr;
            const auto why = desk::migration_obstacles(from, to, row.order);
            ++(why.empty() ? out.can : out.cannot);
            if (!why.empty() && out.reasons.size() < kShown)
                out.reasons.push_back({{"id", row.order.id}, {"version", row.order.flow_version}, {"why", why}});
        }
        if (rows->size() < kOrdersAtOnce) return out;
    }
}

HttpResponse not_found(const desk::FlowSet& flows, const std::string& kind) {
    return problem("flow.not_found", "There is no kind of order " + kind + "; use one of: " + flows.kinds());
}

Json answer_json(const desk::Flow& flow, const char* state, const Outlook& found) {
    return {{"kind", flow.kind},   {"version", flow.version}, {"state", state},
            {"orders", found.can}, {"staying", found.cannot}, {"reasons", found.reasons}};
}

}  // namespace

HttpResponse get_flow_versions(const Call& call) {
    const desk::FlowSet& flows = call.services.durable.desk().flows();
    const desk::Flow* flow = flows.find(call.params[0]);
    if (flow == nullptr) return not_found(flows, call.params[0]);
    store::Readers& readers = call.services.durable.readers();
    const auto uses = store::flows_in_use(readers);
    if (!uses) return problem(uses.error());
    const auto job = store::meta_of(readers, desk::migration_setting(flow->kind));
    if (!job) return problem(job.error());
    Json versions = Json::array();
    for (const store::FlowUse& use : *uses)
        if (use.kind == flow->kind) versions.push_back({{"version", use.version}, {"orders", use.orders}});
    const Json under_way = Json::parse(*job, nullptr, false);
    return json_response(200, {{"kind", flow->kind},
                               {"version", flow->version},
                               {"in_use", std::move(versions)},
                               {"migration", under_way.is_object() ? under_way : Json(nullptr)}});
}

HttpResponse post_flow_migration(const Call& call) {
    const auto body = read_object(call.request.body.empty() ? "{}" : call.request.body, kMigrationFields);
    if (!body) return problem(body.error());
    const desk::FlowSet flows = call.services.durable.desk().flows();
    const desk::Flow* flow = flows.find(call.params[0]);
    if (flow == nullptr) return not_found(flows, call.params[0]);
    if (body->value("version", flow->version) != flow->version)
        return problem("flow.unknown", "The newest version of " + flow->kind + " is " + std::to_string(flow->version) +
                                           "; orders go over to that one only.");
    const auto found = outlook(call.services.durable.readers(), flows, *flow);
    if (!found) return problem(found.error());
    if (body->value("check", false)) return json_response(200, answer_json(*flow, "checked", *found));
    if (found->cannot > 0 && !body->value("only_possible", false))
        return problem("flow.migration_refused",
                       std::to_string(found->cannot) + " open orders cannot go over to version " +
                           std::to_string(flow->version) +
                           "; nothing was changed. Mend them or the flow, or ask with only_possible.",
                       {{"orders", found->reasons}});
    if (found->can == 0) return json_response(200, answer_json(*flow, "nothing_to_do", *found));
    const std::string user = call.user().user.name;
    if (auto begun = call.services.durable.migrate(flow->kind, flow->version, user); !begun)
        return problem(begun.error());
    return json_response(200, answer_json(*flow, "started", *found));
}

}  // namespace citybridge::gateway
