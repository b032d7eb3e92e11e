#include "adapters/simulator/breaks.h"

#include "adapters/simulator/people.h"

namespace citybridge::simulator {
namespace {

constexpr std::uint64_t kBreakStream = UINT64_MAX - 3;  // never a call's number
constexpr Millis kOutageEvery{28'800'000};
constexpr Millis kOutageMean{120'000};

}  // namespace

Breaks::Breaks(Stage& stage) : stage_(stage), random_(seed_of(stage.config.seed, kBreakStream)) {}

void Breaks::open() {
    if (stage_.config.break_every <= Millis{0}) return;
    for (std::size_t phone = 0; phone < stage_.floor.size(); ++phone) {
        if (stage_.floor.phone(phone).queues.empty()) continue;
        plan_break(phone);
        plan_outage(phone);
    }
}

void Breaks::plan_break(std::size_t phone) {
    stage_.plan(random_.exponential(stage_.config.break_every), [this, phone] { go(phone); });
}

void Breaks::go(std::size_t phone) {
    const std::string reason = break_reason(random_);
    const Millis length = Millis{30'000} + random_.exponential(stage_.config.break_mean);
    if (!stage_.floor.phone(phone).paused) stage_.floor.set_pause(phone, true, reason);
    stage_.plan(length, [this, phone] { come_back(phone); });
}

void Breaks::come_back(std::size_t phone) {
    const Phone& member = stage_.floor.phone(phone);
    if (member.paused && !member.paused_by_command) {
        stage_.floor.set_pause(phone, false, {});
        stage_.phone_freed();
    }
    plan_break(phone);
}

void Breaks::plan_outage(std::size_t phone) {
    stage_.plan(random_.exponential(kOutageEvery), [this, phone] { lose_network(phone); });
}

void Breaks::lose_network(std::size_t phone) {
    // A phone in a call keeps it; the simulation looks again later.
    if (stage_.floor.phone(phone).status != DeviceStatus::idle) return plan_outage(phone);
    stage_.floor.set_status(phone, DeviceStatus::unavailable);
    stage_.plan(Millis{5'000} + random_.exponential(kOutageMean), [this, phone] {
        stage_.floor.set_status(phone, DeviceStatus::idle);
        stage_.phone_freed();
        plan_outage(phone);
    });
}

CommandReply Breaks::set_state(const AgentStateCommand& command) {
    const auto phone = stage_.floor.find(command.agent);
    if (!phone) return {CommandOutcome::failed, "no_such_agent", {}};
    if (command.wish == AgentWish::log_in || command.wish == AgentWish::log_out) return change_queues(*phone, command);
    if (stage_.floor.phone(*phone).queues.empty()) return {CommandOutcome::failed, "no_such_agent", {}};
    const bool ready = command.wish == AgentWish::ready;
    stage_.floor.phone(*phone).paused_by_command = !ready;
    stage_.floor.set_pause(*phone, !ready, command.reason);
    if (ready) stage_.plan_exact(Millis{1}, [this] { stage_.phone_freed(); });
    return {CommandOutcome::succeeded, {}, {}};
}

CommandReply Breaks::change_queues(std::size_t phone, const AgentStateCommand& command) {
    const bool in = command.wish == AgentWish::log_in;
    const Phone& member = stage_.floor.phone(phone);
    std::vector<std::size_t> queues = in ? member.own_queues : member.queues;
    if (!command.queues.empty()) queues.clear();
    for (const std::string& name : command.queues) {
        const auto queue = stage_.floor.find_queue(name);
        if (!queue) return {CommandOutcome::failed, "failed", {}};
        queues.push_back(*queue);
    }
    if (in && queues.empty()) return {CommandOutcome::failed, "failed", {}};
    // Who is where he wants to be already is content.
    for (const std::size_t queue : queues) {
        if (in) {
            stage_.floor.log_in(phone, queue);
        } else {
            stage_.floor.log_out(phone, queue);
        }
    }
    if (in) stage_.plan_exact(Millis{1}, [this] { stage_.phone_freed(); });
    return {CommandOutcome::succeeded, {}, {}};
}

}  // namespace citybridge::simulator
