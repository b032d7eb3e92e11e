#include "adapters/simulator/stage.h"

#include <algorithm>

namespace citybridge::simulator {

Stage::Stage(Config settings)
    : config(std::move(settings)), board(now, config), floor(config, board), lines(config.queues.size()) {}

void Stage::plan_for(Call& call, Millis delay, std::function<void(Call&)> action) {
    // The reference is safe: map entries do not move, and finish() cancels the timer.
    call.timers.push_back(plan(delay, [&call, action = std::move(action)] { action(call); }));
}

Call& Stage::new_call(Direction direction) {
    const std::uint64_t number = ++last_call;
    Call& call = calls.try_emplace(number, config.seed, number).first->second;
    call.truth.direction = direction;
    call.truth.started_at = now;
    return call;
}

void Stage::enter(Call& call, Phase phase) {
    for (const auto& timer : call.timers) timeline.cancel(timer);
    call.timers.clear();
    call.phase = phase;
}

void Stage::finish(Call& call, Outcome outcome, EndedBy by) {
    enter(call, call.phase);
    call.truth.outcome = outcome;
    call.truth.ended_by = by;
    call.truth.ended_at = now;
    const std::uint64_t number = call.truth.number;
    finished.push_back(std::move(call.truth));
    while (finished.size() > config.truth_limit) finished.pop_front();
    calls.erase(number);
}

void Stage::release_phone(std::size_t phone, Millis wrap_up) {
    floor.release(phone, now, now + wrap_up);
    // Not at once: the call that freed him is still being taken down.
    plan_exact(wrap_up + Millis{1}, [this] { phone_freed(); });
}

Call* Stage::find_call(const std::string& channel) {
    for (auto& [number, call] : calls) {
        if (call.customer == channel || call.agent_channel == channel) return &call;
        if (call.third && call.third->channel == channel) return &call;
        const auto rings = [&](const Attempt& attempt) { return attempt.channel == channel; };
        if (std::any_of(call.attempts.begin(), call.attempts.end(), rings)) return &call;
    }
    return nullptr;
}

bool Stage::is_dialable(const std::string& number, std::optional<std::size_t> own) const {
    const auto key = [](char c) { return (c >= '0' && c <= '9') || c == '*' || c == '#'; };
    const std::size_t first = number.starts_with('+') ? 1 : 0;
    if (number.size() <= first + 2) return false;
    if (!std::all_of(number.begin() + static_cast<long>(first), number.end(), key)) return false;
    const auto phone = floor.find_number(number);
    const bool extension = number.size() <= 5 && first == 0;
    if (extension && !phone) return false;
    return !phone || phone != own;  // nobody calls himself
}

}  // namespace citybridge::simulator
