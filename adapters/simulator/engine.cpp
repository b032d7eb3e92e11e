#include "adapters/simulator/engine.h"

#include <algorithm>

#include "adapters/simulator/breaks.h"
#include "adapters/simulator/handover.h"
#include "adapters/simulator/inbound.h"
#include "adapters/simulator/outbound.h"

namespace citybridge::simulator {

struct SimulatedPbx::World {
    explicit World(Config config) : stage(std::move(config)) {}

    Stage stage;
    Talk talk{stage};
    Offering offering{stage, talk};
    Inbound inbound{stage, talk, offering};
    Outbound outbound{stage, talk};
    Handover handover{stage, talk};
    Breaks breaks{stage};
    std::string pbx_start;
};

SimulatedPbx::SimulatedPbx(Config config) : world_(std::make_unique<World>(std::move(config))) {}
SimulatedPbx::~SimulatedPbx() = default;

void SimulatedPbx::start(WallTime now) {
    auto& stage = world_->stage;
    stage.now = now;
    world_->pbx_start = "simulator-" + std::to_string(stage.config.seed) + '-' + to_rfc3339(now);
    stage.floor.open();
    world_->inbound.open();
    world_->outbound.open();
    world_->breaks.open();
}

const std::string& SimulatedPbx::pbx_start() const { return world_->pbx_start; }

std::optional<WallTime> SimulatedPbx::next_deadline() const { return world_->stage.timeline.next(); }

void SimulatedPbx::run_until(WallTime now) {
    auto& stage = world_->stage;
    for (auto next = stage.timeline.next(); next && *next <= now; next = stage.timeline.next()) {
        stage.now = *next;
        stage.timeline.take()();
    }
    stage.now = std::max(stage.now, now);
}

std::vector<PbxSignal> SimulatedPbx::advance(WallTime now) {
    run_until(now);
    return world_->stage.board.take();
}

signal::Snapshot SimulatedPbx::snapshot(WallTime now) {
    run_until(now);
    return world_->stage.board.snapshot();
}

void SimulatedPbx::dial(const DialCommand& command, WallTime now, CommandDone done) {
    run_until(now);
    world_->outbound.dial(command, std::move(done));
}

CommandReply SimulatedPbx::hangup(const std::string& channel, WallTime now) {
    run_until(now);
    Call* call = world_->stage.find_call(channel);
    if (call == nullptr) return {CommandOutcome::failed, "no_such_call", {}};
    switch (call->phase) {
        case Phase::talking:
            world_->talk.end(*call, channel == call->agent_channel ? HoldBy::agent : HoldBy::customer, false);
            break;
        case Phase::consulting:
        case Phase::conference:
        case Phase::transferring:
        case Phase::parked: world_->handover.end_by_command(*call, channel); break;
        case Phase::calling_agent:
        case Phase::calling_far: world_->outbound.end_by_command(*call, channel); break;
        case Phase::queued:
            if (channel != call->customer) {
                world_->offering.end_attempt(*call, channel);
                break;
            }
            [[fallthrough]];
        case Phase::menu:
        case Phase::survey:
        case Phase::voicemail: world_->inbound.end_by_command(*call); break;
    }
    return {CommandOutcome::succeeded, {}, channel};
}

void SimulatedPbx::command(const CallCommand& command, WallTime now, CommandDone done) {
    run_until(now);
    world_->handover.command(command, std::move(done));
}

CommandReply SimulatedPbx::set_agent_state(const AgentStateCommand& command, WallTime now) {
    run_until(now);
    return world_->breaks.set_state(command);
}

void SimulatedPbx::answer_waiting(const CommandReply& reply) {
    for (auto& [number, call] : world_->stage.calls)
        if (const auto done = std::exchange(call.done, nullptr)) done(reply);
}

std::vector<TruthCall> SimulatedPbx::truth() const {
    const auto& finished = world_->stage.finished;
    return {finished.begin(), finished.end()};
}

std::vector<TruthCall> SimulatedPbx::take_truth() {
    auto& finished = world_->stage.finished;
    std::vector<TruthCall> taken(std::make_move_iterator(finished.begin()), std::make_move_iterator(finished.end()));
    finished.clear();
    return taken;
}

std::vector<TruthCall> SimulatedPbx::open_calls() const {
    std::vector<TruthCall> open;
    for (const auto& [number, call] : world_->stage.calls) open.push_back(call.truth);
    return open;
}

}  // namespace citybridge::simulator
