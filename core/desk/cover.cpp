#include "core/desk/cover.h"

#include <algorithm>

namespace citybridge::desk {
namespace {

bool holds_now(const Calendar& calendar, const Cover& cover, LocalDay day, WallTime now) {
    return calendar.is_open(now) && now >= calendar.on_day(day, cover.hours.from) &&
           now < calendar.on_day(day, cover.hours.to);
}

}  // namespace

bool is_at_desk(AgentPresence state) { return state != AgentPresence::logged_out && state != AgentPresence::not_ready; }

std::vector<CoverNow> cover_now(const Calendar& calendar, WallTime now, std::span<const AgentPtr> agents,
                                const GroupsOf& groups_of, const std::string& without) {
    const LocalDay day = calendar.local_day(now);
    const Period* period = calendar.period_on(day);
    std::vector<CoverNow> out;
    if (period == nullptr) return out;
    for (const Cover& cover : period->cover) {
        if (!holds_now(calendar, cover, day, now)) continue;
        const auto same =
            std::find_if(out.begin(), out.end(), [&](const CoverNow& each) { return each.group == cover.group; });
        if (same == out.end())
            out.push_back({cover.group, period->name, cover.people, 0});
        else
            same->wanted = std::max(same->wanted, cover.people);
    }
    for (const AgentPtr& agent : agents) {
        if (out.empty() || agent->id == without || !is_at_desk(agent->state)) continue;
        const std::vector<std::string> groups = groups_of(agent->id);
        for (CoverNow& each : out)
            if (each.group.empty() || std::find(groups.begin(), groups.end(), each.group) != groups.end()) ++each.there;
    }
    return out;
}

}  // namespace citybridge::desk
