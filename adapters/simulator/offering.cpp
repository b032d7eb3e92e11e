#include "adapters/simulator/offering.h"

#include <algorithm>

#include "adapters/simulator/causes.h"

namespace citybridge::simulator {
namespace {

constexpr int kAnsweredElsewhere = 26;  // Q.850

}  // namespace

Offering::Offering(Stage& stage, Talk& talk) : stage_(stage), talk_(talk) {
    stage_.phone_freed = [this] { distribute(); };
}

void Offering::distribute() {
    for (std::size_t queue = 0; queue < stage_.lines.size(); ++queue) distribute(queue);
}

void Offering::distribute(std::size_t queue) {
    for (const std::uint64_t number : stage_.lines[queue]) {
        Call& call = stage_.calls.at(number);
        if (!call.attempts.empty() || call.retry_at > stage_.now) continue;
        const auto phones = stage_.floor.choose(queue, stage_.now);
        if (phones.empty()) return;
        for (const std::size_t phone : phones) ring(call, phone);
        call.ring_timer = stage_.plan(stage_.config.ring_timeout, [this, &call] {
            miss_attempts(call);
            retry_later(call);
        });
    }
}

void Offering::ring(Call& call, std::size_t phone) {
    const Phone& member = stage_.floor.phone(phone);
    Attempt attempt;
    attempt.phone = phone;
    attempt.channel = stage_.board.new_channel_id();
    attempt.offer = call.truth.offers.size();
    call.truth.offers.push_back({member.agent, attempt.channel, stage_.now, std::nullopt, TruthOffer::End::dropped});
    call.truth.channels.push_back(attempt.channel);

    auto& board = stage_.board;
    const std::string& queue = call.truth.queue;
    board.start_channel(attempt.channel, call.customer, {member.agent, member.number, member.name, {}});
    stage_.floor.set_status(phone, DeviceStatus::ringing);
    board.agent_called(call.customer, {queue, member.agent, member.name, member.agent, attempt.channel});
    board.dial_started(call.customer, attempt.channel, {});
    board.set_state(attempt.channel, ChannelState::ringing);
    call.attempts.push_back(std::move(attempt));
    decide(call, call.attempts.back());
}

void Offering::decide(Call& call, Attempt& attempt) {
    const auto chance = static_cast<int>(call.random.below(100));
    const Millis answer_after = Millis{700} + call.random.exponential(stage_.config.answer_mean);
    const Millis refuse_after = call.random.between(Millis{500}, Millis{4'000});
    const std::size_t phone = attempt.phone;
    if (chance < stage_.config.answer_percent) {
        attempt.decision = stage_.plan(answer_after, [this, &call, phone] { answer(call, phone); });
    } else if (chance < stage_.config.answer_percent + stage_.config.refuse_percent) {
        attempt.decision = stage_.plan(refuse_after, [this, &call, phone] { refuse(call, phone); });
    }
}

void Offering::note_end(Call& call, const Attempt& attempt, TruthOffer::End end) {
    if (attempt.decision) stage_.timeline.cancel(*attempt.decision);
    call.truth.offers[attempt.offer].end = end;
    call.truth.offers[attempt.offer].ended_at = stage_.now;
}

void Offering::end_phone(const Attempt& attempt, int cause) {
    stage_.board.end_channel(attempt.channel, cause);
    stage_.release_phone(attempt.phone, Millis{0});
}

void Offering::answer(Call& call, std::size_t phone) {
    std::vector<Attempt> all = std::exchange(call.attempts, {});
    const auto winner = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.phone == phone; });
    const Phone& member = stage_.floor.phone(winner->phone);
    stage_.timeline.cancel(*call.ring_timer);
    auto& board = stage_.board;

    board.set_state(winner->channel, ChannelState::up);
    board.dial_ended(call.customer, winner->channel, DialResult::answered);
    stage_.floor.set_status(winner->phone, DeviceStatus::in_use);
    note_end(call, *winner, TruthOffer::End::answered);
    bool race = call.random.percent(stage_.config.race_percent);
    for (const auto& attempt : all) {
        if (attempt.phone == phone) continue;
        lose(call, attempt, race);
        race = false;
    }

    const std::string& queue = call.truth.queue;
    std::erase(stage_.lines[call.queue], call.truth.number);
    call.truth.wait = stage_.now - *call.truth.queued_at;
    call.truth.agent = member.agent;
    call.agent_channel = winner->channel;
    call.agent_phone = winner->phone;
    board.leave_queue(call.customer, false);
    board.agent_connected(call.customer, {queue, member.agent, member.name, winner->channel});
    talk_.connect(call);
}

void Offering::lose(Call& call, const Attempt& attempt, bool answered_too) {
    auto& board = stage_.board;
    // Lifted in the same moment: his call is up until the PBX notices.
    if (answered_too) board.set_state(attempt.channel, ChannelState::up);
    board.dial_ended(call.customer, attempt.channel, DialResult::cancelled);
    board.dial_ended(call.customer, attempt.channel, DialResult::cancelled);
    note_end(call, attempt, TruthOffer::End::lost);
    if (!answered_too) return end_phone(attempt, kAnsweredElsewhere);
    // Speaks of the loser's own channel only: the call itself may be over by then.
    stage_.plan_exact(call.random.between(Millis{1}, Millis{6}),
                      [this, attempt] { end_phone(attempt, kAnsweredElsewhere); });
}

void Offering::refuse(Call& call, std::size_t phone) {
    const auto place =
        std::find_if(call.attempts.begin(), call.attempts.end(), [&](const auto& each) { return each.phone == phone; });
    const Attempt attempt = *place;
    call.attempts.erase(place);
    const bool busy = call.random.percent(60);  // 486, else 603
    auto& board = stage_.board;
    board.dial_ended(call.customer, attempt.channel, busy ? DialResult::busy : DialResult::rejected);
    board.agent_missed(call.customer, {call.truth.queue, stage_.floor.phone(phone).agent, true});
    note_end(call, attempt, TruthOffer::End::refused);
    end_phone(attempt, busy ? kUserBusy : kCallRejected);
    if (call.attempts.empty()) retry_later(call);
}

void Offering::miss_attempts(Call& call) {
    for (const auto& attempt : std::exchange(call.attempts, {})) {
        auto& board = stage_.board;
        board.agent_missed(call.customer, {call.truth.queue, stage_.floor.phone(attempt.phone).agent, false});
        board.dial_ended(call.customer, attempt.channel, DialResult::no_answer);
        board.dial_ended(call.customer, attempt.channel, DialResult::cancelled);
        note_end(call, attempt, TruthOffer::End::missed);
        end_phone(attempt, kNormalClearing);
    }
    if (call.ring_timer) stage_.timeline.cancel(*call.ring_timer);
}

void Offering::drop_attempts(Call& call) {
    for (const auto& attempt : std::exchange(call.attempts, {})) {
        stage_.board.dial_ended(call.customer, attempt.channel, DialResult::cancelled);
        stage_.board.dial_ended(call.customer, attempt.channel, DialResult::cancelled);
        note_end(call, attempt, TruthOffer::End::dropped);
        end_phone(attempt, kNormalClearing);
    }
    if (call.ring_timer) stage_.timeline.cancel(*call.ring_timer);
}

void Offering::end_attempt(Call& call, const std::string& channel) {
    const auto place = std::find_if(call.attempts.begin(), call.attempts.end(),
                                    [&](const auto& each) { return each.channel == channel; });
    const Attempt attempt = *place;
    call.attempts.erase(place);
    stage_.board.agent_missed(call.customer, {call.truth.queue, stage_.floor.phone(attempt.phone).agent, false});
    stage_.board.dial_ended(call.customer, channel, DialResult::failed);
    note_end(call, attempt, TruthOffer::End::dropped);
    end_phone(attempt, kNormalClearing);
    if (call.attempts.empty()) retry_later(call);
}

void Offering::retry_later(Call& call) {
    if (call.ring_timer) stage_.timeline.cancel(*call.ring_timer);
    const Millis delay = stage_.scaled(stage_.config.retry_delay);
    call.retry_at = stage_.now + delay;
    stage_.plan_exact(delay, [this] { distribute(); });
}

}  // namespace citybridge::simulator
