#include "core/node/cover_watch.h"

#include <prometheus/gauge.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace citybridge {
namespace {

std::string whom(const std::string& group) { return group.empty() ? "the centre" : "group " + group; }

Event cover_event(const std::string& what, const desk::CoverNow& cover) {
    const nlohmann::ordered_json json{
        {"group", cover.group.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(cover.group)},
        {"period", cover.period},
        {"wanted", cover.wanted},
        {"there", cover.there}};
    return PaperChanged{"cover." + what, cover.group, {}, {}, false, json.dump()};
}

}  // namespace

void CoverWatch::heard(const EventPtr& event) {
    const auto* changed = std::get_if<AgentChanged>(&event->event);
    if (changed == nullptr) return;
    const std::lock_guard lock(mutex_);
    agents_[changed->agent->id] = changed->agent;
}

std::vector<Event> CoverWatch::take(Now now) {
    std::vector<Event> out;
    if (now.mono < next_look_) return out;
    next_look_ = now.mono + kLook;
    const auto calendars = desk_.calendars();
    // Most of the time nothing is wanted, and nothing was.
    if (states_.empty() && desk::cover_now(calendars->city(), now.wall, {}, {}).empty()) return out;
    std::vector<AgentPtr> agents;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, agent] : agents_) agents.push_back(agent);
    }
    // The PBX has not said yet who is there.
    if (agents.empty()) return out;
    const auto wanted = desk::cover_now(calendars->city(), now.wall, agents, groups_of_);
    for (auto it = states_.begin(); it != states_.end();) {
        const bool still = std::any_of(wanted.begin(), wanted.end(),
                                       [&](const desk::CoverNow& each) { return each.group == it->first; });
        if (still) {
            ++it;
            continue;
        }
        // Its hours are over: nothing is wanted any more.
        it->second.last.wanted = 0;
        look(it->second, it->second.last, now, out);
        it = states_.erase(it);
    }
    for (const desk::CoverNow& each : wanted) look(states_[each.group], each, now, out);
    return out;
}

void CoverWatch::look(State& state, const desk::CoverNow& cover, Now now, std::vector<Event>& out) {
    const bool is_short = cover.missing() > 0;
    if (is_short != state.is_short) state.since = now.mono;
    state.is_short = is_short;
    state.last = cover;
    figure(cover.group, cover.missing());
    if (is_short == state.told) return;
    // Coming back, and the end of the hours, are told at once.
    if (is_short && now.mono - state.since < desk_.centre()->cover_after) return;
    state.told = is_short;
    out.push_back(cover_event(is_short ? "short" : "met", cover));
    if (is_short)
        spdlog::warn("cover.short {} has {} people at their desks; {} wants {}", whom(cover.group), cover.there,
                     cover.period, cover.wanted);
    else
        spdlog::info("cover.met {} has the people that are wanted", whom(cover.group));
}

void CoverWatch::figure(const std::string& group, int missing) {
    prometheus::BuildGauge()
        .Name("citybridge_cover_missing")
        .Help("People who should be at their desks by the calendar's period and are not; group empty: of the centre")
        .Register(metrics_)
        .Add({{"group", group}})
        .Set(missing);
}

}  // namespace citybridge
