// Commands on a live call, each as far as it happens at once. An empty text
// means that it was done; else the reason why not.
#include "adapters/simulator/handover.h"

namespace citybridge::simulator {
namespace {

constexpr Millis kPatience{120'000};  // of a customer who hears music
constexpr Millis kParkTime{45'000};

}  // namespace

void Handover::command(const CallCommand& command, CommandDone done) {
    Call* call = stage_.find_call(command.customer_channel);
    const bool part =
        call != nullptr && (command.agent_channel == call->agent_channel || command.agent_channel == call->customer);
    if (!part || command.agent_channel.empty() || command.agent_channel == command.customer_channel)
        return done({CommandOutcome::failed, "no_such_call", {}});
    if (invites(*call, command)) return invite(*call, command, std::move(done));
    const std::string reason = begin(*call, command);
    if (reason.empty()) return done({CommandOutcome::succeeded, {}, {}});
    done({CommandOutcome::failed, reason, {}});
}

std::string Handover::begin(Call& call, const CallCommand& command) {
    const bool talking = call.phase == Phase::talking;
    const bool consulting = call.phase == Phase::consulting;
    switch (command.action) {
        case CallAction::hold:
        case CallAction::retrieve: return talking ? hold(call, command) : "no_such_call";
        case CallAction::record:
        case CallAction::stop_recording:
        case CallAction::mute_recording:
        case CallAction::unmute_recording: return record(call, command);
        case CallAction::attended_transfer: return consulting ? complete(call) : "no_such_call";
        case CallAction::cancel_consult: return consulting ? cancel(call) : "no_such_call";
        case CallAction::conference: return consulting ? three_way(call) : "no_such_call";
        case CallAction::transfer:
        case CallAction::consult:
        case CallAction::park: break;
        case CallAction::hangup: return "failed";  // has its own way in
    }
    if (!talking || call.held) return "no_such_call";
    // Between colleagues nobody is a customer who could be handed on.
    if (call.truth.direction == Direction::internal || !call.agent_phone) return "not_permitted";
    if (command.action == CallAction::park) return park(call);
    return command.action == CallAction::transfer ? transfer(call, command.to) : consult(call, command.to, false);
}

std::string Handover::hold(Call& call, const CallCommand& command) {
    const bool on = command.action == CallAction::hold;
    if (call.held.has_value() == on) return "failed";
    const HoldBy side = command.agent_channel == call.agent_channel ? HoldBy::agent : HoldBy::customer;
    if (!on && call.held->by != side) return "failed";  // the other side holds
    talk_.change_hold(call, side, on);
    return {};
}

std::string Handover::transfer(Call& call, const std::string& to) {
    if (!stage_.is_dialable(to, call.agent_phone)) return "no_such_number";
    auto& board = stage_.board;
    board.transferred(call.agent_channel, {TransferKind::blind, TransferResult::completed, to, call.customer, {}});
    leave({call.agent_channel, call.customer});
    note_transfer(call, TransferKind::blind, to);
    release_agent(call);
    stage_.enter(call, Phase::transferring);
    call.stop_talk(stage_.now);
    stage_.plan_for(call, kPatience, [this](Call& c) { customer_leaves(c, true); });
    ring(call, call.customer, to, kRingTime);
    return {};
}

std::string Handover::consult(Call& call, const std::string& to, bool by_habit) {
    if (!stage_.is_dialable(to, call.agent_phone)) return "no_such_number";
    leave({call.agent_channel});
    stage_.enter(call, Phase::consulting);
    stage_.plan_for(call, kPatience, [this](Call& c) { customer_leaves(c, true); });
    ring(call, call.agent_channel, to, kRingTime);
    if (call.third) call.third->by_habit = by_habit;
    return {};
}

// The colleague takes the customer; who consulted him leaves.
std::string Handover::complete(Call& call) {
    if (!call.third || !call.third->answered) return "no_such_call";
    const std::string to = call.third->agent.empty() ? call.third->number : call.third->agent;
    leave({call.third->channel, call.agent_channel});
    stage_.board.transferred(call.agent_channel, {TransferKind::attended, TransferResult::completed, call.third->number,
                                                  call.customer, call.third->channel});
    note_transfer(call, TransferKind::attended, to);
    stage_.board.enter_bridge(call.third->channel, call.bridge, BridgeKind::two_party, {});
    release_agent(call);
    third_takes_over(call);
    back_to_talk(call);
    return {};
}

std::string Handover::cancel(Call& call) {
    if (!call.third) return "no_such_call";
    call.truth.in_vain.emplace_back("cancelled");
    if (call.third->answered) {
        leave({call.third->channel, call.agent_channel});
    } else {
        stage_.board.dial_ended(call.agent_channel, call.third->channel, DialResult::cancelled);
    }
    drop_third(call, TruthOffer::End::dropped, 16);
    stage_.board.enter_bridge(call.agent_channel, call.bridge, BridgeKind::two_party, {});
    back_to_talk(call);
    return {};
}

std::string Handover::three_way(Call& call) {
    if (!call.third || !call.third->answered) return "no_such_call";
    leave({call.third->channel, call.agent_channel, call.customer});
    enter_room(call);
    stage_.board.enter_bridge(call.third->channel, call.bridge, BridgeKind::conference, call.room);
    plan_room_end(call);
    return {};
}

bool Handover::invites(const Call& call, const CallCommand& command) const {
    return command.action == CallAction::conference && call.phase == Phase::talking;
}

void Handover::invite(Call& call, const CallCommand& command, CommandDone done) {
    const bool internal = call.truth.direction == Direction::internal;
    if (internal || !call.agent_phone) return done({CommandOutcome::failed, "not_permitted", {}});
    if (call.held || !stage_.is_dialable(command.to, call.agent_phone))
        return done({CommandOutcome::failed, call.held ? "no_such_call" : "no_such_number", {}});
    leave({call.agent_channel, call.customer});
    enter_room(call);
    plan_room_end(call);
    call.done = std::move(done);
    // Nobody calls him: the PBX does it for a command.
    ring(call, {}, command.to, command.ring_timeout * stage_.config.speed);
}

std::string Handover::record(Call& call, const CallCommand& command) {
    using signal::RecordingChanged;
    auto& board = stage_.board;
    const auto tell = [&](RecordingStep step, const std::string& file) {
        board.recording(call.customer, RecordingChanged{step, file});
    };
    if (command.action == CallAction::record) {
        const bool live = call.phase == Phase::talking || call.phase == Phase::consulting ||
                          call.phase == Phase::conference || call.phase == Phase::parked;
        if (!live) return "no_such_call";
        if (!call.recording.empty() || command.recording.empty()) return "failed";
        call.recording = command.recording + ".wav";
        call.muted = false;
        call.truth.recordings.push_back(call.recording);
        tell(RecordingStep::started, call.recording);
        return {};
    }
    if (call.recording.empty()) return "failed";
    if (command.action == CallAction::stop_recording) {
        tell(RecordingStep::stopped, std::exchange(call.recording, {}));
        return {};
    }
    const bool mute = command.action == CallAction::mute_recording;
    if (call.muted == mute) return {};
    call.muted = mute;
    tell(mute ? RecordingStep::muted : RecordingStep::unmuted, call.recording);
    return {};
}

std::string Handover::park(Call& call) {
    auto& board = stage_.board;
    const std::string slot = std::to_string(++last_slot_);
    call.parker = call.agent_phone;
    call.slot = slot;
    leave({call.customer});
    note_transfer(call, TransferKind::park, slot);
    board.parked(call.customer, {slot, call.agent_channel});
    board.enter_bridge(call.customer, board.new_bridge_id(), BridgeKind::parking, {});
    leave({call.agent_channel});
    release_agent(call);
    stage_.enter(call, Phase::parked);
    call.stop_talk(stage_.now);
    const auto chance = call.random.below(100);
    const Millis wait = call.random.between(Millis{3'000}, Millis{20'000});
    if (chance < 60) {
        stage_.plan_for(call, wait, [this](Call& c) { fetch(c); });
    } else if (chance < 70) {
        stage_.plan_for(call, wait, [this](Call& c) { customer_leaves(c, true); });
    }
    stage_.plan_for(call, kParkTime, [this](Call& c) { come_back(c); });
    return {};
}

}  // namespace citybridge::simulator
