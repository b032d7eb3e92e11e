#include "adapters/simulator/handover.h"

#include <algorithm>

#include "adapters/simulator/causes.h"

namespace citybridge::simulator {
namespace {

constexpr Millis kSureAnswer{2'000};

TruthOffer::End end_of(DialResult result) {
    if (result == DialResult::busy || result == DialResult::rejected) return TruthOffer::End::refused;
    return result == DialResult::cancelled ? TruthOffer::End::dropped : TruthOffer::End::missed;
}

}  // namespace

Handover::Handover(Stage& stage, Talk& talk) : stage_(stage), talk_(talk) {
    talk_.plan_handover = [this](Call& call, Millis talk_time) { plan(call, talk_time); };
}

// What this agent will do with the call by himself, if anything. Without these
// habits nothing is drawn, so that a seed's day is what it was before them.
void Handover::plan(Call& call, Millis talk) {
    const Config& config = stage_.config;
    const int any = config.transfer_percent + config.consult_percent + config.park_percent;
    if (any == 0 || !call.agent_phone || call.truth.direction == Direction::internal) return;
    const auto chance = static_cast<int>(call.random.below(100));
    const Millis at = call.random.between(Millis{1'000}, talk);
    const auto when_free = [](auto act) {
        return [act](Call& c) {
            if (!c.held) act(c);
        };
    };
    if (chance < config.transfer_percent) {
        stage_.plan_for(call, at, when_free([this](Call& c) { transfer(c, colleague_of(c)); }));
    } else if (chance < config.transfer_percent + config.consult_percent) {
        stage_.plan_for(call, at, when_free([this](Call& c) { consult(c, colleague_of(c), true); }));
    } else if (chance < any) {
        stage_.plan_for(call, at, when_free([this](Call& c) { park(c); }));
    }
}

std::string Handover::colleague_of(Call& call) {
    const std::size_t size = stage_.floor.size();
    const std::size_t own = call.agent_phone.value_or(0);
    if (size < 2) return {};
    return stage_.floor.phone((own + 1 + call.random.below(size - 1)) % size).number;
}

void Handover::ring(Call& call, const std::string& from, const std::string& to, Millis ring_time) {
    Party third;
    third.channel = stage_.board.new_channel_id();
    third.number = to;
    third.dialler = from;
    third.phone = stage_.floor.find_number(to);
    call.truth.channels.push_back(third.channel);
    auto& board = stage_.board;
    const std::string& group = call.truth.first_channel;
    if (third.phone) {
        const Phone& phone = stage_.floor.phone(*third.phone);
        third.agent = phone.agent;
        board.start_channel(third.channel, group, {phone.agent, phone.number, phone.name, {}});
        third.offer = call.truth.offers.size();
        call.truth.offers.push_back({phone.agent, third.channel, stage_.now, std::nullopt, TruthOffer::End::dropped});
    } else {
        board.start_channel(third.channel, group, {"SIM/trunk", {}, {}, {}});
        board.set_party(third.channel, {to, {}, {}});
    }
    board.dial_started(from, third.channel, to);
    const bool busy = third.phone && stage_.floor.phone(*third.phone).status != DeviceStatus::idle;
    const bool away = busy && stage_.floor.phone(*third.phone).status == DeviceStatus::unavailable;
    if (third.phone && !busy) stage_.floor.set_status(*third.phone, DeviceStatus::ringing);
    if (busy) third.phone.reset();  // another call has it
    call.third = std::move(third);
    if (away) return failed(call, DialResult::failed, kSubscriberAbsent);
    if (busy) return failed(call, DialResult::busy);
    board.set_state(call.third->channel, ChannelState::ringing);
    decide(call, ring_time);
}

void Handover::decide(Call& call, Millis ring_time) {
    const auto is_one_of = [&](const std::vector<std::string>& numbers) {
        return std::find(numbers.begin(), numbers.end(), call.third->number) != numbers.end();
    };
    if (is_one_of(stage_.config.busy)) return failed(call, DialResult::busy);
    if (is_one_of(stage_.config.answering)) return stage_.plan_for(call, kSureAnswer, [this](Call& c) { answered(c); });
    const auto chance = call.random.below(100);
    const Millis reaction = call.random.between(Millis{1'000}, Millis{8'000});
    if (chance < 75 && reaction < ring_time) return stage_.plan_for(call, reaction, [this](Call& c) { answered(c); });
    if (chance >= 90 && reaction < ring_time)
        return stage_.plan_for(call, reaction, [this](Call& c) { failed(c, DialResult::rejected); });
    stage_.plan_for(call, ring_time, [this](Call& c) { failed(c, DialResult::no_answer); });
}

void Handover::answered(Call& call) {
    auto& board = stage_.board;
    Party& third = *call.third;
    third.answered = true;
    board.set_state(third.channel, ChannelState::up);
    board.dial_ended(third.dialler, third.channel, DialResult::answered);
    if (third.phone) stage_.floor.set_status(*third.phone, DeviceStatus::in_use);
    if (third.offer) {
        call.truth.offers[*third.offer].end = TruthOffer::End::answered;
        call.truth.offers[*third.offer].ended_at = stage_.now;
    }
    if (call.phase == Phase::consulting) {
        join(call, board.new_bridge_id(), BridgeKind::two_party, {third.channel, call.agent_channel});
        if (!third.by_habit) return;
        const Millis talk = call.random.between(Millis{3'000}, Millis{20'000});
        const bool completes = call.random.percent(70);
        stage_.plan_for(call, talk, [this, completes](Call& c) { completes ? complete(c) : cancel(c); });
    } else if (call.phase == Phase::conference) {
        board.enter_bridge(third.channel, call.bridge, BridgeKind::conference, call.room);
        if (const auto done = std::exchange(call.done, nullptr)) done({CommandOutcome::succeeded, {}, {}});
    } else {
        call.bridge = board.new_bridge_id();
        join(call, call.bridge, BridgeKind::two_party, {third.channel, call.customer});
        third_takes_over(call);
        back_to_talk(call);
    }
}

void Handover::failed(Call& call, DialResult result) { failed(call, result, cause_of(result)); }

void Handover::failed(Call& call, DialResult result, int cause) {
    Party& third = *call.third;
    if (call.phase == Phase::consulting)
        call.truth.in_vain.emplace_back(cause == kSubscriberAbsent ? "unreachable" : reason_of(result));
    const bool refused = result == DialResult::busy || result == DialResult::rejected;
    if (refused) stage_.board.hangup_requested(third.channel);
    stage_.board.dial_ended(third.dialler, third.channel, result);
    drop_third(call, end_of(result), cause);
    switch (call.phase) {
        case Phase::consulting:
            stage_.board.enter_bridge(call.agent_channel, call.bridge, BridgeKind::two_party, {});
            return back_to_talk(call);
        case Phase::conference:
            if (const auto done = std::exchange(call.done, nullptr))
                done({CommandOutcome::failed, reason_of(result), {}});
            return;
        default: return end_customer(call, EndedBy::system);
    }
}

void Handover::join(Call&, const std::string& bridge, BridgeKind kind, const std::vector<std::string>& channels) {
    for (const std::string& channel : channels) stage_.board.enter_bridge(channel, bridge, kind, {});
}

void Handover::leave(const std::vector<std::string>& channels) {
    for (const std::string& channel : channels) {
        if (stage_.board.is_bridged(channel)) stage_.board.leave_bridge(channel);
    }
}

void Handover::drop_third(Call& call, TruthOffer::End end, int cause) {
    const Party third = std::move(*call.third);
    call.third.reset();
    stage_.board.end_channel(third.channel, cause);
    if (third.phone) stage_.release_phone(*third.phone, Millis{0});
    if (!third.offer || third.answered) return;
    call.truth.offers[*third.offer].end = end;
    call.truth.offers[*third.offer].ended_at = stage_.now;
}

void Handover::note_transfer(Call& call, TransferKind kind, const std::string& to) {
    const auto phone = stage_.floor.find_number(to);
    const std::string who = call.agent_phone ? stage_.floor.phone(*call.agent_phone).agent : call.truth.agent;
    call.truth.transfers.push_back({kind, who, phone ? stage_.floor.phone(*phone).agent : to, stage_.now});
}

// He has given the customer away; the queue's wrap-up follows if the call was a queue's.
void Handover::release_agent(Call& call) {
    stage_.board.end_channel(call.agent_channel, kNormalClearing);
    const Millis wrap_up = call.truth.queue.empty() ? Millis{0} : Millis{1'000} * wrap_up_seconds(stage_.config);
    if (call.agent_phone) stage_.release_phone(*call.agent_phone, wrap_up);
    call.agent_channel.clear();
    call.agent_phone.reset();
}

void Handover::third_takes_over(Call& call) {
    call.agent_channel = call.third->channel;
    call.agent_phone = call.third->phone;
    call.third.reset();
}

void Handover::back_to_talk(Call& call) {
    stage_.enter(call, Phase::talking);
    if (!call.talk_from) call.talk_from = stage_.now;
    talk_.plan_end(call);
}

// Both leave for a room, in which a third may join them.
void Handover::enter_room(Call& call) {
    auto& board = stage_.board;
    stage_.enter(call, Phase::conference);
    call.room = "600" + std::to_string(call.truth.number);
    call.bridge = board.new_bridge_id();
    note_transfer(call, TransferKind::conference, call.room);
    for (const std::string& channel : {call.customer, call.agent_channel})
        board.enter_bridge(channel, call.bridge, BridgeKind::conference, call.room);
}

void Handover::plan_room_end(Call& call) {
    const Millis length = Millis{5'000} + call.random.exponential(stage_.config.talk_mean);
    const bool by_agent = call.random.percent(stage_.config.agent_hangup_percent);
    stage_.plan_for(call, length,
                    [this, by_agent](Call& c) { leave_room(c, by_agent ? c.agent_channel : c.customer, true); });
}

// The customer's leaving ends the call; of the others the one who stays goes on with him.
void Handover::leave_room(Call& call, const std::string& leaver, bool requested) {
    // The reference may be to a channel of this call, which is taken out of it below.
    // NOLINTNEXTLINE(performance-unnecessary-copy-initialization)
    const std::string channel = leaver;
    if (channel == call.customer) return customer_leaves(call, requested);
    const bool third_there = call.third && call.third->answered;
    const bool third_leaves = call.third && channel == call.third->channel;
    if (!third_leaves && !third_there) {
        if (call.third) {
            stage_.board.dial_ended(call.third->dialler, call.third->channel, DialResult::cancelled);
            drop_third(call, TruthOffer::End::dropped, kNormalClearing);
        }
        if (const auto done = std::exchange(call.done, nullptr)) done({CommandOutcome::failed, "failed", {}});
        stage_.enter(call, Phase::talking);
        return talk_.end(call, HoldBy::agent, requested);
    }
    if (requested) stage_.board.hangup_requested(channel);
    leave({channel});
    if (third_leaves) {
        if (!third_there) return failed(call, DialResult::failed);
        drop_third(call, TruthOffer::End::dropped, kNormalClearing);
    } else {
        release_agent(call);
        third_takes_over(call);
    }
    back_to_talk(call);
}

// A colleague dials the slot.
void Handover::fetch(Call& call) {
    std::optional<std::size_t> idle;
    for (std::size_t phone = 0; phone < stage_.floor.size() && !idle; ++phone) {
        if (stage_.floor.phone(phone).status == DeviceStatus::idle && phone != call.parker) idle = phone;
    }
    if (!idle) return;  // the time-out brings him back
    auto& board = stage_.board;
    const Phone& phone = stage_.floor.phone(*idle);
    call.agent_channel = board.new_channel_id();
    call.agent_phone = idle;
    call.truth.channels.push_back(call.agent_channel);
    call.truth.transfers.back().to = phone.agent;
    board.start_channel(call.agent_channel, call.truth.first_channel,
                        {phone.agent, phone.number, phone.name, call.slot});
    stage_.floor.set_status(*idle, DeviceStatus::in_use);
    board.set_state(call.agent_channel, ChannelState::up);
    board.unparked(call.customer, {call.agent_channel});
    leave({call.customer});
    call.bridge = board.new_bridge_id();
    join(call, call.bridge, BridgeKind::two_party, {call.agent_channel, call.customer});
    back_to_talk(call);
}

// Nobody came for him: he rings who parked him.
void Handover::come_back(Call& call) {
    stage_.board.unparked(call.customer, {});
    leave({call.customer});
    if (!call.parker) return end_customer(call, EndedBy::system);
    stage_.enter(call, Phase::transferring);
    ring(call, call.customer, stage_.floor.phone(*call.parker).number, kRingTime);
}

// While he waits or talks with several.
void Handover::customer_leaves(Call& call, bool requested) {
    if (requested) stage_.board.hangup_requested(call.customer);
    if (call.phase == Phase::parked) stage_.board.unparked(call.customer, {});
    if (call.third) {
        if (call.phase == Phase::consulting) call.truth.in_vain.emplace_back("customer_hung_up");
        if (call.third->answered) {
            leave({call.third->channel});
        } else {
            stage_.board.dial_ended(call.third->dialler, call.third->channel, DialResult::cancelled);
        }
        drop_third(call, TruthOffer::End::dropped, kNormalClearing);
    }
    if (const auto done = std::exchange(call.done, nullptr)) done({CommandOutcome::failed, "failed", {}});
    if (!call.agent_channel.empty()) leave({call.agent_channel});
    leave({call.customer});
    if (!call.agent_channel.empty()) release_agent(call);
    end_customer(call, requested ? EndedBy::customer : EndedBy::system);
}

void Handover::end_customer(Call& call, EndedBy by) {
    call.stop_talk(stage_.now);
    stage_.board.end_channel(call.customer, kNormalClearing);
    stage_.finish(call, Outcome::answered, by);
}

void Handover::end_by_command(Call& call, const std::string& channel) {
    if (channel == call.customer) return customer_leaves(call, false);
    const bool third = call.third && channel == call.third->channel;
    if (call.phase == Phase::conference) return leave_room(call, channel, false);
    if (call.phase == Phase::consulting) {
        if (third && !call.third->answered) return failed(call, DialResult::failed);
        // Who is consulted leaves: back to the customer. The agent leaves: the consulted takes the customer, if he is
        // there.
        if (third) {
            cancel(call);
        } else if (call.third->answered) {
            complete(call);
        } else {
            customer_leaves(call, false);
        }
        return;
    }
    if (third) failed(call, DialResult::failed);
}

}  // namespace citybridge::simulator
