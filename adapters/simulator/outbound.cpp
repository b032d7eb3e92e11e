#include "adapters/simulator/outbound.h"

#include "adapters/simulator/causes.h"

namespace citybridge::simulator {
namespace {

constexpr std::uint64_t kInternalStream = UINT64_MAX - 2;  // never a call's number
constexpr Millis kFarRingTime{30'000};
constexpr const char* kTrunk = "SIM/trunk";

Outcome outcome_of(DialResult result) {
    switch (result) {
        case DialResult::answered: return Outcome::answered;
        case DialResult::busy: return Outcome::busy;
        case DialResult::no_answer: return Outcome::no_answer;
        case DialResult::rejected: return Outcome::rejected;
        case DialResult::cancelled: return Outcome::abandoned;
        case DialResult::failed: break;
    }
    return Outcome::failed;
}

bool by_far_party(DialResult result) { return result == DialResult::busy || result == DialResult::rejected; }

void answer_command(Call& call, CommandReply reply) {
    if (const auto done = std::exchange(call.done, nullptr)) done(std::move(reply));
}

}  // namespace

Outbound::Outbound(Stage& stage, Talk& talk)
    : stage_(stage), talk_(talk), chance_(seed_of(stage.config.seed, kInternalStream)) {}

void Outbound::open() {
    if (stage_.config.internal_per_hour > 0 && stage_.floor.size() > 1) plan_internal();
}

void Outbound::plan_internal() {
    stage_.plan(chance_.exponential(Millis{3'600'000 / stage_.config.internal_per_hour}), [this] {
        call_colleague();
        plan_internal();
    });
}

void Outbound::call_colleague() {
    const std::size_t from = chance_.below(stage_.floor.size());
    const std::size_t to = (from + 1 + chance_.below(stage_.floor.size() - 1)) % stage_.floor.size();
    if (stage_.floor.phone(from).status != DeviceStatus::idle) return;
    Call& call = stage_.new_call(Direction::internal);
    const Phone& phone = stage_.floor.phone(from);
    call.truth.caller = phone.agent;
    call.truth.called_number = stage_.floor.phone(to).number;
    call.far_phone = to;
    call.agent_phone = from;
    call.agent_channel = stage_.board.new_channel_id();
    call.truth.first_channel = call.agent_channel;
    call.truth.channels.push_back(call.agent_channel);
    stage_.board.start_channel(call.agent_channel, {},
                               {phone.agent, phone.number, phone.name, call.truth.called_number});
    stage_.board.set_state(call.agent_channel, ChannelState::calling);
    stage_.floor.set_status(from, DeviceStatus::in_use);
    ring_far(call);
}

std::string Outbound::refusal(const DialCommand& command, std::optional<std::size_t> phone) const {
    if (!phone || stage_.floor.phone(*phone).status == DeviceStatus::unavailable) return "unreachable";
    if (!stage_.is_dialable(command.number, phone)) return "no_such_number";
    return {};
}

void Outbound::dial(const DialCommand& command, CommandDone done) {
    const auto phone = stage_.floor.find(command.device);
    if (const std::string reason = refusal(command, phone); !reason.empty())
        return done({CommandOutcome::failed, reason, {}});
    const std::string channel = "sim-cmd-" + command.command_id;
    if (stage_.board.exists(channel)) return done({CommandOutcome::failed, "failed", {}});  // never dials twice
    const auto colleague = stage_.floor.find_number(command.number);
    Call& call = stage_.new_call(colleague ? Direction::internal : Direction::outbound);
    call.done = std::move(done);
    call.far_phone = colleague;
    call.agent_channel = channel;
    call.truth.contact = false;
    call.truth.command_id = command.command_id;
    call.truth.first_channel = channel;
    call.truth.channels.push_back(channel);
    call.truth.called_number = command.number;
    call.truth.caller = command.device;
    if (!colleague) call.truth.customer_number = command.number;
    ring_agent(call, *phone, command);
}

void Outbound::ring_agent(Call& call, std::size_t phone, const DialCommand& command) {
    const Phone& own = stage_.floor.phone(phone);
    const bool on_another_call = own.status != DeviceStatus::idle;
    auto& board = stage_.board;
    stage_.enter(call, Phase::calling_agent);
    board.start_channel(call.agent_channel, {}, {own.agent, own.number, own.name, {}});
    if (!on_another_call) {
        // His phone's state is this call's only while no other call has it.
        call.agent_phone = phone;
        stage_.floor.set_status(phone, DeviceStatus::ringing);
    }
    board.dial_started({}, call.agent_channel, {});
    board.set_state(call.agent_channel, ChannelState::ringing);
    if (on_another_call) return agent_fails(call, DialResult::busy);

    const auto chance = call.random.below(100);
    const Millis reaction = stage_.scaled(call.random.between(Millis{800}, Millis{3'000}));
    if (chance < 3 && reaction < command.ring_timeout) {
        call.timers.push_back(stage_.plan_exact(reaction, [this, &call] { agent_fails(call, DialResult::rejected); }));
    } else if (chance >= 8 && reaction < command.ring_timeout) {
        call.timers.push_back(stage_.plan_exact(reaction, [this, &call] { agent_answers(call); }));
    } else {
        // The command's own time-out is real time.
        call.timers.push_back(
            stage_.plan_exact(command.ring_timeout, [this, &call] { agent_fails(call, DialResult::no_answer); }));
    }
}

void Outbound::agent_fails(Call& call, DialResult result) {
    // Asterisk ends a command's leg that rang out without an end of the dial.
    if (by_far_party(result)) stage_.board.dial_ended({}, call.agent_channel, result);
    end_agent(call, cause_of(result));
    answer_command(call, {CommandOutcome::failed, reason_of(result), call.truth.first_channel});
    stage_.finish(call, outcome_of(result), EndedBy::unknown);
}

void Outbound::agent_answers(Call& call) {
    stage_.board.set_state(call.agent_channel, ChannelState::up);
    stage_.board.dial_ended({}, call.agent_channel, DialResult::answered);
    stage_.floor.set_status(*call.agent_phone, DeviceStatus::in_use);
    answer_command(call, {CommandOutcome::succeeded, {}, call.agent_channel});
    ring_far(call);
}

void Outbound::start_far_channel(Call& call) {
    call.customer = stage_.board.new_channel_id();
    call.truth.channels.push_back(call.customer);
    if (!call.far_phone) {
        // The trunk's leg is made first and learns its number a moment later.
        stage_.board.start_channel(call.customer, call.agent_channel, {kTrunk, {}, {}, {}});
        stage_.board.set_party(call.customer, {call.truth.called_number, {}, {}});
        return;
    }
    const Phone& far = stage_.floor.phone(*call.far_phone);
    stage_.board.start_channel(call.customer, call.agent_channel, {far.agent, far.number, far.name, {}});
    call.truth.offers.push_back({far.agent, call.customer, stage_.now, std::nullopt, TruthOffer::End::dropped});
}

void Outbound::ring_far(Call& call) {
    stage_.enter(call, Phase::calling_far);
    call.truth.contact = true;
    call.truth.dialled_at = stage_.now;
    start_far_channel(call);
    auto& board = stage_.board;
    board.dial_started(call.agent_channel, call.customer, call.truth.called_number);
    if (call.far_phone) {
        const DeviceStatus status = stage_.floor.phone(*call.far_phone).status;
        if (status != DeviceStatus::idle) {
            call.far_phone.reset();  // another call has it
            return far_fails(call, status == DeviceStatus::unavailable ? DialResult::failed : DialResult::busy);
        }
        stage_.floor.set_status(*call.far_phone, DeviceStatus::ringing);
    }
    board.set_state(call.customer, ChannelState::ringing);
    decide_far(call);
}

void Outbound::decide_far(Call& call) {
    const auto chance = call.random.below(100);
    const Millis reaction = call.random.between(Millis{1'500}, Millis{15'000});
    if (chance < 70) return stage_.plan_for(call, reaction, [this](Call& c) { far_answers(c); });
    if (chance < 80) return stage_.plan_for(call, reaction / 8, [this](Call& c) { far_fails(c, DialResult::busy); });
    if (chance < 85) return stage_.plan_for(call, reaction, [this](Call& c) { far_fails(c, DialResult::rejected); });
    if (chance < 89) return stage_.plan_for(call, reaction / 8, [this](Call& c) { far_fails(c, DialResult::failed); });
    if (chance < 94) return stage_.plan_for(call, reaction, [this](Call& c) { give_up(c, true); });
    stage_.plan_for(call, kFarRingTime, [this](Call& c) { far_fails(c, DialResult::no_answer); });
}

void Outbound::far_answers(Call& call) {
    auto& board = stage_.board;
    board.set_state(call.customer, ChannelState::up);
    board.dial_ended(call.agent_channel, call.customer, DialResult::answered);
    if (call.far_phone) {
        stage_.floor.set_status(*call.far_phone, DeviceStatus::in_use);
        call.truth.offers.back().end = TruthOffer::End::answered;
        call.truth.offers.back().ended_at = stage_.now;
        call.truth.agent = stage_.floor.phone(*call.far_phone).agent;
    } else {
        call.truth.agent = call.truth.caller;
    }
    // A phone that dialled by itself is answered only now; a click's was before.
    if (call.truth.command_id.empty()) board.set_state(call.agent_channel, ChannelState::up);
    talk_.connect(call);
}

void Outbound::far_fails(Call& call, DialResult result) {
    if (by_far_party(result)) stage_.board.hangup_requested(call.customer);
    stage_.board.dial_ended(call.agent_channel, call.customer, result);
    end_far(call, cause_of(result), by_far_party(result) ? TruthOffer::End::refused : TruthOffer::End::missed);
    end_agent(call, cause_of(result));
    // Between colleagues there is no customer; the last leg is the caller's, and the PBX ends it.
    const bool customer = by_far_party(result) && call.truth.direction == Direction::outbound;
    stage_.finish(call, outcome_of(result), customer ? EndedBy::customer : EndedBy::system);
}

void Outbound::give_up(Call& call, bool requested) {
    if (requested) stage_.board.hangup_requested(call.agent_channel);
    stage_.board.dial_ended(call.agent_channel, call.customer, DialResult::cancelled);
    end_far(call, kNormalClearing, TruthOffer::End::dropped);
    end_agent(call, kNormalClearing);
    stage_.finish(call, Outcome::abandoned, requested ? EndedBy::agent : EndedBy::system);
}

void Outbound::end_far(Call& call, int cause, TruthOffer::End end) {
    stage_.board.end_channel(call.customer, cause);
    if (call.far_phone) stage_.release_phone(*call.far_phone, Millis{0});
    if (call.truth.offers.empty()) return;
    call.truth.offers.back().end = end;
    call.truth.offers.back().ended_at = stage_.now;
}

void Outbound::end_agent(Call& call, int cause) {
    stage_.board.end_channel(call.agent_channel, cause);
    if (call.agent_phone) stage_.release_phone(*call.agent_phone, Millis{0});
}

void Outbound::end_by_command(Call& call, const std::string& channel) {
    if (call.phase == Phase::calling_agent) return agent_fails(call, DialResult::failed);
    if (channel == call.agent_channel) return give_up(call, false);
    far_fails(call, DialResult::failed);
}

}  // namespace citybridge::simulator
