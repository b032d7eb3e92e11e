#include "core/node/reload.h"

#include <spdlog/spdlog.h>

#include <mutex>

#include "core/node/centre_settings.h"
#include "core/node/city_flows.h"
#include "core/node/city_reports.h"
#include "core/node/node.h"

namespace citybridge {
namespace {

Reloaded read_and_take(Node& node, const std::string& config_path) {
    Reloaded out;
    const NodeConfig config = load_config(config_path, out.problems);
    CityFlows city;
    if (out.problems.empty()) city = load_city_flows(config, out.problems);
    // Reports are as they were at the start, but who gets them by mail must be in the directory that is taken over.
    if (out.problems.empty()) load_city_reports(config, read_reports(config, out.problems), city.book, out.problems);
    desk::Centre centre;
    if (out.problems.empty()) centre = read_centre(config, out.problems);
    if (!out.problems.empty()) return out;
    // Flows first: they alone may still be refused, for open orders that are on a version that was changed.
    out.done = node.set_book(std::move(city.book));
    if (out.done) out.done = node.set_users(config);
    if (out.done) out.done = node.set_calendars(city.calendars);
    if (out.done) node.set_centre(std::move(centre));
    return out;
}

}  // namespace

Reloaded reload(Node& node, const std::string& config_path) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    Reloaded out = read_and_take(node, config_path);
    for (const Problem& problem : out.problems) spdlog::error("node.reload_problem {}", to_string(problem));
    if (!out.problems.empty())
        spdlog::error("node.reload_refused the configuration has {} problems; nothing was changed",
                      out.problems.size());
    else if (!out.done)
        spdlog::error("{} {}", out.done.error().code, out.done.error().detail);
    else
        spdlog::info(
            "node.reloaded flows, directory, users, calendars and the centre's settings are taken over; every other "
            "change "
            "needs a restart");
    return out;
}

}  // namespace citybridge
