// Whether somebody may leave his desk now (C2).
#include "core/desk/cover.h"
#include "core/gateway/handlers.h"
#include "core/gateway/handlers_calendars.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {

Result<> leaves_cover(const Call& call, const std::string& agent, bool confirmed) {
    const desk::Desk& desk = call.services.durable.desk();
    const desk::CoverBreaks rule = desk.centre()->cover_breaks;
    if (rule == desk::CoverBreaks::tell || (rule == desk::CoverBreaks::confirm && confirmed)) return ok();
    const auto calendars = desk.calendars();
    const WallTime now = system_now().wall;
    // Most of the time nothing is wanted, and nobody is asked.
    if (desk::cover_now(calendars->city(), now, {}, {}).empty()) return ok();
    const auto snapshot = call.services.live.snapshot();
    if (!snapshot) return snapshot.error();
    const auto there = std::find_if(snapshot->agents.begin(), snapshot->agents.end(),
                                    [&](const AgentPtr& each) { return each->id == agent; });
    // Who is away already takes nobody away.
    if (there == snapshot->agents.end() || !desk::is_at_desk((*there)->state)) return ok();
    const auto users = call.services.sessions.users();
    const auto groups_of = [&](const std::string& id) {
        for (const User& user : users)
            if (user.agent == id) return user.groups;
        return std::vector<std::string>();
    };
    const auto before = desk::cover_now(calendars->city(), now, snapshot->agents, groups_of);
    const auto after = desk::cover_now(calendars->city(), now, snapshot->agents, groups_of, agent);
    for (std::size_t i = 0; i < after.size(); ++i) {
        if (after[i].missing() == 0 || after[i].there == before[i].there) continue;
        return Error{"agent.cover_short",
                     after[i].period + " wants " + std::to_string(after[i].wanted) + " people " +
                         (after[i].group.empty() ? "" : "of group " + after[i].group + " ") +
                         "at their desks now; without you there were " + std::to_string(after[i].there) +
                         (rule == desk::CoverBreaks::confirm ? "; repeat it with \"confirm\": true, or ask a team lead"
                                                             : "; ask a team lead")};
    }
    return ok();
}

}  // namespace citybridge::gateway
