// Escalation (升级): who is told next, by which channel, after how long, until somebody acknowledges.
#include <date/tz.h>

#include <algorithm>

#include "core/desk/engine.h"

namespace citybridge::desk {
namespace {

bool is_quiet(const QuietHours& quiet, int minute) {
    return quiet.from < quiet.to ? quiet.from <= minute && minute < quiet.to
                                 : minute >= quiet.from || minute < quiet.to;
}

int local_minute(const Calendar& calendar, WallTime time) {
    const auto local =
        date::locate_zone(calendar.doc().zone)->to_local(date::sys_time<Millis>{time.time_since_epoch()});
    return static_cast<int>(date::floor<std::chrono::minutes>(local - date::floor<date::days>(local)).count());
}

}  // namespace

void Engine::start_escalation(const std::string& name, bool undelivered) {
    const EscalationDef* def = flow_.escalation(name);
    OrderRecord& order = step_.order();
    if (def == nullptr || (flow_.is_closed(order.state) && !undelivered)) return;
    Json& state = engine_part(order, "escalations", name);
    if (text_in(state, "state") == "running") return;
    state = Json{{"state", "running"}, {"step", 0}, {"started_at", to_rfc3339(context_.now.wall)}};
    if (undelivered) state["undelivered"] = true;
    step_.history().detail["escalation"] = name;
    happened({Trigger::Kind::escalation, name});
    schedule_escalation(*def, 0, def->steps.front().after);
}

void Engine::schedule_escalation(const EscalationDef& def, std::size_t index, Millis wait) {
    engine_part(step_.order(), "escalations", def.name)["step"] = index;
    if (wait.count() == 0) return run_escalation(def, index);
    Term term;
    term.rule.after = wait;
    term.by_clock = def.by_clock;
    const std::string name = "escalation:" + def.name;
    step_.settle(name, DeadlineState::cancelled);
    step_.set_deadline(name, "escalation", term);
}

// By the city's clock: people sleep by it, whatever the calendar says.
std::optional<WallTime> Engine::quiet_until(const EscalationStep& step) const {
    if (!step.quiet || step.quiet->ignore) return std::nullopt;
    const WallTime now = context_.now.wall;
    const int minute = local_minute(context_.calendar, now);
    if (!is_quiet(*step.quiet, minute)) return std::nullopt;
    const int left = (step.quiet->to - minute + 24 * 60) % (24 * 60);
    return now + std::chrono::minutes{left};
}

void Engine::run_escalation(const EscalationDef& def, std::size_t index) {
    const std::string deadline = "escalation:" + def.name;
    for (;; ++index) {
        engine_part(step_.order(), "escalations", def.name)["step"] = index;
        if (index >= def.steps.size()) return end_escalation(def, "ended");
        const EscalationStep& step = def.steps[index];
        if (const auto until = quiet_until(step)) {
            step_.settle(deadline, DeadlineState::cancelled);
            step_.set_fixed(deadline, "escalation", *until);
            return;
        }
        escalated_ = true;
        if (step.raise) set(*step.raise);
        settle_tellings("escalation", def.name, "");
        TellingRecord row;
        row.kind = "escalation";
        row.name = def.name;
        row.step = static_cast<std::int64_t>(index);
        row.message = step.message;
        row.to_acknowledge = step.ack_within.has_value();
        const std::size_t told = tell_targets(targets(step.to), step.channels, row);
        Fields& detail = step_.history().detail;
        detail["escalation"] = def.name;
        detail["step"] = index;
        if (told == 0) detail["told_nobody"] = true;
        // Who was not told cannot acknowledge: the next in turn without waiting for him.
        Millis wait = told == 0 ? Millis{0} : step.ack_within.value_or(Millis{0});
        if (index + 1 < def.steps.size()) wait += def.steps[index + 1].after;
        if (wait.count() > 0) return schedule_escalation(def, index + 1, wait);
    }
}

void Engine::escalation_due(const std::string& name) {
    const EscalationDef* def = flow_.escalation(name);
    if (def == nullptr) return;
    const Json* state = find_part(step_.order(), "escalations", name);
    if (state == nullptr || text_in(*state, "state") != "running") return;
    run_escalation(*def, static_cast<std::size_t>(number_in(*state, "step")));
}

void Engine::end_escalation(const EscalationDef& def, const std::string& word) {
    Json& state = engine_part(step_.order(), "escalations", def.name);
    const bool undelivered = state.contains("undelivered");
    state["state"] = word;
    if (word == "acknowledged") state["by"] = context_.actor().user;
    step_.settle("escalation:" + def.name, DeadlineState::done);
    // Its last step without `ack_within` leaves its tellings to be read.
    if (word != "ended") settle_tellings("escalation", def.name, word == "acknowledged" ? context_.actor().user : "");
    if (word != "ended") return;
    settle_tellings("escalation", def.name, "");
    for (const EscalationDef& next : flow_.escalations)
        for (const Trigger& start : next.start)
            if (start.kind == Trigger::Kind::escalation && start.name == def.name)
                start_escalation(next.name, undelivered);
}

void Engine::undelivered(const std::string& connector) {
    for (const ErpDef& erp : flow_.erps) {
        if (erp.connector != connector) continue;
        for (const SendDef& send : erp.sends)
            if (!send.escalation.empty()) start_escalation(send.escalation, true);
        for (const EscalationDef& def : flow_.escalations)
            for (const Trigger& start : def.start)
                if (start.kind == Trigger::Kind::undelivered) start_escalation(def.name, true);
        for (std::size_t i = 0; i < flow_.tells.size(); ++i)
            if (flow_.tells[i].on.kind == Trigger::Kind::undelivered) tell(flow_.tells[i], i);
    }
}

void Engine::stop_escalations(const std::string& action) {
    for (const EscalationDef& def : flow_.escalations) {
        const Json* state = find_part(step_.order(), "escalations", def.name);
        if (state != nullptr && text_in(*state, "state") == "running" && listed(def.stop, action))
            end_escalation(def, "stopped");
    }
}

}  // namespace citybridge::desk
