#include "adapters/simulator/talk.h"

#include "adapters/simulator/causes.h"

namespace citybridge::simulator {
namespace {

constexpr Millis kShortestTalk{3'000};

}  // namespace

void Talk::connect(Call& call) {
    stage_.enter(call, Phase::talking);
    call.truth.answered_at = stage_.now;
    call.talk_from = stage_.now;
    call.bridge = stage_.board.new_bridge_id();
    // The called side enters first, as in a real PBX.
    const bool inbound = call.truth.direction == Direction::inbound;
    stage_.board.enter_bridge(inbound ? call.agent_channel : call.customer, call.bridge);
    stage_.board.enter_bridge(inbound ? call.customer : call.agent_channel, call.bridge);
    plan_end(call);
}

void Talk::plan_end(Call& call) {
    const Millis talk = kShortestTalk + call.random.exponential(stage_.config.talk_mean - kShortestTalk);
    if (call.random.percent(stage_.config.hold_percent)) plan_hold(call, talk);
    const bool by_agent = call.random.percent(stage_.config.agent_hangup_percent);
    stage_.plan_for(call, talk,
                    [this, by_agent](Call& c) { end(c, by_agent ? HoldBy::agent : HoldBy::customer, true); });
    if (plan_handover) plan_handover(call, talk);
}

void Talk::plan_hold(Call& call, Millis talk) {
    const HoldBy side = call.random.percent(90) ? HoldBy::agent : HoldBy::customer;
    const Millis from = call.random.between(Millis{500}, talk);
    const Millis length = Millis{1'000} + call.random.exponential(Millis{20'000});
    stage_.plan_for(call, from, [this, side](Call& c) { change_hold(c, side, true); });
    // Past the end of the talk: the call ends on hold, and this is never reached.
    stage_.plan_for(call, from + length, [this, side](Call& c) { change_hold(c, side, false); });
}

void Talk::change_hold(Call& call, HoldBy side, bool on) {
    // A command may have been quicker than the habit that was planned.
    if (call.held.has_value() == on || (!on && call.held->by != side)) return;
    stage_.board.hold(side == HoldBy::agent ? call.agent_channel : call.customer, on);
    if (on) {
        call.held = TruthHold{side, stage_.now, stage_.now};
        return;
    }
    call.held->to = stage_.now;
    call.truth.holds.push_back(*call.held);
    call.held.reset();
}

void Talk::end_phone(Call& call, const std::string& channel, std::optional<std::size_t> phone) {
    stage_.board.end_channel(channel, kNormalClearing);
    if (!phone) return;
    const bool served_queue = phone == call.agent_phone && !call.truth.queue.empty();
    stage_.release_phone(*phone, served_queue ? Millis{1'000} * wrap_up_seconds(stage_.config) : Millis{0});
}

void Talk::end(Call& call, HoldBy side, bool requested) {
    if (call.held) {
        call.held->to = stage_.now;
        call.truth.holds.push_back(*call.held);
        call.held.reset();
    }
    call.stop_talk(stage_.now);
    const bool agent_left = side == HoldBy::agent;
    const std::string& leaver = agent_left ? call.agent_channel : call.customer;
    const std::string& other = agent_left ? call.customer : call.agent_channel;
    if (requested) stage_.board.hangup_requested(leaver);
    stage_.board.leave_bridge(leaver);
    stage_.board.leave_bridge(other);

    EndedBy by = EndedBy::system;
    if (requested) by = agent_left ? EndedBy::agent : EndedBy::customer;
    // Between colleagues there is no customer.
    if (requested && call.truth.direction == Direction::internal) by = EndedBy::agent;
    if (agent_left && call.truth.direction == Direction::inbound) {
        end_phone(call, call.agent_channel, call.agent_phone);
        call.agent_channel.clear();
        call.agent_phone.reset();
        if (after_agent(call)) return;
        stage_.board.end_channel(call.customer, kNormalClearing);
        return stage_.finish(call, Outcome::answered, by);
    }
    // Which of the two ends first is not fixed in a real PBX.
    if (call.random.percent(50)) {
        end_phone(call, call.customer, call.far_phone);
        end_phone(call, call.agent_channel, call.agent_phone);
    } else {
        end_phone(call, call.agent_channel, call.agent_phone);
        end_phone(call, call.customer, call.far_phone);
    }
    stage_.finish(call, Outcome::answered, by);
}

}  // namespace citybridge::simulator
