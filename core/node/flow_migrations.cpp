#include "core/node/flow_migrations.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/desk/migration.h"
#include "core/store/keeping_reader.h"

namespace citybridge {
namespace {

DurableInput migration_of(const std::string& user, const store::OtherVersion& row, std::int64_t version) {
    desk::Request request;
    request.id = row.order.id + ".migrated";
    request.actor = {user, "system", {}};
    request.what = desk::MigrateOrder{row.order.id, version, row.opener};
    return OwnStep{std::move(request)};
}

}  // namespace

Result<> FlowMigrations::start() {
    for (const desk::Flow* flow : desk_.flows().all()) {
        const auto kept = store_.meta(desk::migration_setting(flow->kind));
        if (!kept) return kept.error();
        if (kept->empty()) continue;
        const auto json = nlohmann::json::parse(*kept, nullptr, false);
        if (!json.is_object()) continue;
        jobs_.push_back({flow->kind, json.value("version", std::int64_t{0}), json.value("user", std::string())});
    }
    return ok();
}

Result<> FlowMigrations::begin(const std::string& kind, std::int64_t version, const std::string& user) {
    const desk::Flow* flow = desk_.flows().find(kind);
    if (flow == nullptr || flow->version != version)
        return Error{"flow.unknown", "version " + std::to_string(version) + " of " + kind +
                                         " is not the newest any more; look again and ask for the newest"};
    const nlohmann::json job{{"version", version}, {"user", user}};
    if (auto kept = store_.set_meta(desk::migration_setting(kind), job.dump()); !kept) return kept;
    std::erase_if(jobs_, [&](const Job& other) { return other.kind == kind; });
    jobs_.push_back({kind, version, user});
    spdlog::info("flow.migration open orders of {} go over to version {} by {}", kind, version, user);
    return ok();
}

bool FlowMigrations::superseded(const Job& job) const {
    const desk::Flow* flow = desk_.flows().find(job.kind);
    return flow == nullptr || flow->version != job.version;
}

void FlowMigrations::end(const char* how) {
    const Job& job = jobs_.front();
    spdlog::info("flow.migration {} to version {}: {}, {} orders stay on their version", job.kind, job.version, how,
                 job.refused);
    if (const auto kept = store_.set_meta(desk::migration_setting(job.kind), ""); !kept)
        spdlog::warn("{} {}", kept.error().code, kept.error().detail);
    jobs_.pop_front();
}

// One page at a time, whatever it holds: other steps come between.
std::vector<DurableInput> FlowMigrations::take(Now now) {
    std::vector<DurableInput> out;
    if (jobs_.empty() || now.mono < not_before_) return out;
    Job& job = jobs_.front();
    if (superseded(job)) {
        end("a newer version has come");
        return out;
    }
    const auto rows = store::on_other_version(readers_, job.kind, job.version, job.after, kAtOnce);
    if (!rows) {
        not_before_ = now.mono + kRetry;
        return out;
    }
    const desk::Flow& to = *desk_.flows().find(job.kind);
    for (const store::OtherVersion& row : *rows) {
        const desk::Flow* from = desk_.flows().find(job.kind, row.order.flow_version);
        if (from->version != row.order.flow_version) from = nullptr;
        if (desk::migration_obstacles(from, to, row.order).empty())
            out.push_back(migration_of(job.user, row, job.version));
        else
            ++job.refused;
    }
    job.found_any = job.found_any || !out.empty();
    if (!rows->empty()) job.after = rows->back().order.id;
    if (rows->size() < kAtOnce) pass_ended(job);
    return out;
}

// What a pass asked for may have been refused, or the store was away: that shows in the next one.
void FlowMigrations::pass_ended(Job& job) {
    if (!job.found_any) return end("done");
    if (++job.passes >= kPasses) return end("some could not go over");
    job.after.clear();
    job.found_any = false;
    job.refused = 0;
}

std::optional<Millis> FlowMigrations::wait(Now now) const {
    if (jobs_.empty()) return std::nullopt;
    return std::max(Millis{0}, not_before_ - now.mono);
}

}  // namespace citybridge
