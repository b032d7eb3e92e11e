#include "adapters/simulator/inbound.h"

#include <algorithm>

#include "adapters/simulator/causes.h"
#include "adapters/simulator/people.h"

namespace citybridge::simulator {
namespace {

constexpr std::uint64_t kArrivalStream = UINT64_MAX - 1;  // never a call's number
constexpr std::size_t kMostKnown = 1'000;
constexpr int kCauseUnknown = 0;  // what Asterisk says of a caller who left an application

}  // namespace

Inbound::Inbound(Stage& stage, Talk& talk, Offering& offering)
    : stage_(stage), offering_(offering), arrivals_(seed_of(stage.config.seed, kArrivalStream)) {
    talk.after_agent = [this](Call& call) { return enter_survey(call); };
}

void Inbound::open() {
    if (stage_.config.callers_per_minute > 0) plan_arrival();
}

void Inbound::plan_arrival() {
    const Millis mean{60'000 / stage_.config.callers_per_minute};
    stage_.plan(arrivals_.exponential(mean), [this] {
        arrive();
        plan_arrival();
    });
}

// Of the named callers the next who is not on the phone; none: they all are.
std::optional<std::string> Inbound::next_caller() {
    const auto& callers = stage_.config.callers;
    for (std::size_t tried = 0; tried < callers.size(); ++tried) {
        const std::string& number = callers[next_caller_++ % callers.size()];
        const bool on_the_phone = std::any_of(stage_.calls.begin(), stage_.calls.end(), [&](const auto& other) {
            return other.second.truth.customer_number == number;
        });
        if (!on_the_phone) return number;
    }
    return {};
}

void Inbound::arrive() {
    const bool named = !stage_.config.callers.empty();
    const auto caller = next_caller();
    if (named && !caller) return;
    Call& call = stage_.new_call(Direction::inbound);
    auto& truth = call.truth;
    if (named)
        truth.customer_number = *caller;
    else
        introduce(call);
    truth.called_number = stage_.config.hotline;
    call.customer = stage_.board.new_channel_id();
    truth.first_channel = call.customer;
    truth.channels.push_back(call.customer);

    auto& board = stage_.board;
    board.start_channel(call.customer, {},
                        {"SIM/trunk", truth.customer_number, truth.customer_name, truth.called_number});
    board.set_state(call.customer, ChannelState::calling);
    board.set_state(call.customer, ChannelState::up);
    board.enter_application(call.customer, Application::menu);
    stage_.enter(call, Phase::menu);
    const Millis decision = call.random.between(Millis{800}, stage_.config.menu_max);
    stage_.plan_for(call, decision, [this](Call& c) { leave_menu(c); });
}

// Without regulars nothing is drawn for them, so that a seed's day is what it was before there were any.
void Inbound::introduce(Call& call) {
    auto& truth = call.truth;
    if (stage_.config.regular_percent > 0 && !known_.empty() && call.random.percent(stage_.config.regular_percent)) {
        const Caller& caller = call.random.pick(known_);
        const bool on_the_phone = std::any_of(stage_.calls.begin(), stage_.calls.end(), [&](const auto& other) {
            return other.second.truth.customer_number == caller.number;
        });
        if (!on_the_phone) {
            truth.customer_number = caller.number;
            truth.customer_name = caller.name;
            return;
        }
    }
    truth.customer_number = mobile_number(call.random);
    truth.customer_name = caller_name(call.random);
    if (known_.size() < kMostKnown) known_.push_back({truth.customer_number, truth.customer_name});
}

void Inbound::leave_menu(Call& call) {
    if (!stage_.config.callers.empty()) {
        call.truth.ivr_digit = "1";
        stage_.board.set_attribute(call.customer, "ivr_digit", call.truth.ivr_digit);
        return enter_queue(call, 0);
    }
    if (call.random.percent(stage_.config.menu_hangup_percent)) return end(call, Outcome::ivr_only, true);
    // No key pressed: the menu says goodbye.
    if (call.random.percent(2)) return end(call, Outcome::ivr_only, false);
    const bool leaves_message = call.random.percent(2);
    const std::size_t queue = call.random.below(stage_.config.queues.size());
    call.truth.ivr_digit = leaves_message ? "9" : std::to_string(queue + 1);
    stage_.board.set_attribute(call.customer, "ivr_digit", call.truth.ivr_digit);
    if (leaves_message) return enter_voicemail(call);
    enter_queue(call, queue);
}

void Inbound::enter_queue(Call& call, std::size_t queue) {
    stage_.enter(call, Phase::queued);
    call.queue = queue;
    call.truth.queue = stage_.config.queues[queue].name;
    call.truth.queued_at = stage_.now;
    stage_.lines[queue].push_back(call.truth.number);
    stage_.board.enter_queue(call.customer, call.truth.queue);
    const Millis patience = Millis{1'000} + call.random.exponential(stage_.config.patience_mean);
    stage_.plan_for(call, patience, [this](Call& c) { abandon(c, true); });
    stage_.plan_for(call, stage_.config.queue_timeout, [this](Call& c) { time_out(c); });
    offering_.distribute();
}

void Inbound::abandon(Call& call, bool requested) {
    if (requested) stage_.board.hangup_requested(call.customer);
    offering_.drop_attempts(call);
    std::erase(stage_.lines[call.queue], call.truth.number);
    call.truth.wait = stage_.now - *call.truth.queued_at;
    stage_.board.leave_queue(call.customer, true);
    stage_.board.end_channel(call.customer, kCauseUnknown);
    stage_.finish(call, Outcome::abandoned, requested ? EndedBy::customer : EndedBy::system);
}

void Inbound::time_out(Call& call) {
    offering_.miss_attempts(call);
    std::erase(stage_.lines[call.queue], call.truth.number);
    call.truth.wait = stage_.now - *call.truth.queued_at;
    stage_.board.leave_queue(call.customer, false);
    if (call.random.percent(stage_.config.voicemail_percent)) return enter_voicemail(call);
    end(call, Outcome::no_answer, false);
}

void Inbound::enter_voicemail(Call& call) {
    stage_.enter(call, Phase::voicemail);
    call.truth.voicemail = true;
    stage_.board.enter_application(call.customer, Application::voicemail);
    const bool hangs_up = call.random.percent(85);  // else the recorder's limit ends it
    const Millis length = hangs_up ? call.random.between(Millis{3'000}, Millis{50'000}) : Millis{60'000};
    stage_.plan_for(call, length, [this, hangs_up](Call& c) { end(c, Outcome::voicemail, hangs_up); });
}

bool Inbound::enter_survey(Call& call) {
    if (!call.random.percent(stage_.config.survey_percent)) return false;
    stage_.enter(call, Phase::survey);
    stage_.board.enter_application(call.customer, Application::survey);
    const auto chance = call.random.below(10);
    if (chance == 0) {  // hangs up without a mark
        stage_.plan_for(call, Millis{2'500}, [this](Call& c) { end(c, Outcome::answered, true); });
        return true;
    }
    if (chance == 1) {  // presses nothing
        stage_.plan_for(call, Millis{10'000}, [this](Call& c) { end(c, Outcome::answered, false); });
        return true;
    }
    const Millis mark_after = call.random.between(Millis{1'500}, Millis{6'000});
    stage_.plan_for(call, mark_after, [this](Call& c) {
        // 1 satisfied, 2 fair, 3 dissatisfied
        const auto mood = c.random.below(100);
        c.truth.survey_score = mood < 90 ? "1" : mood < 97 ? "2" : "3";
        stage_.board.survey_answered(c.customer, c.truth.survey_score);
    });
    stage_.plan_for(call, mark_after + Millis{1'000}, [this](Call& c) { end(c, Outcome::answered, false); });
    return true;
}

void Inbound::end(Call& call, Outcome outcome, bool requested) {
    if (requested) stage_.board.hangup_requested(call.customer);
    stage_.board.end_channel(call.customer, requested ? kCauseUnknown : kNormalClearing);
    stage_.finish(call, outcome, requested ? EndedBy::customer : EndedBy::system);
}

void Inbound::end_by_command(Call& call) {
    switch (call.phase) {
        case Phase::menu: return end(call, Outcome::ivr_only, false);
        case Phase::queued: return abandon(call, false);
        case Phase::survey: return end(call, Outcome::answered, false);
        case Phase::voicemail: return end(call, Outcome::voicemail, false);
        case Phase::talking:
        case Phase::consulting:
        case Phase::conference:
        case Phase::transferring:
        case Phase::parked:
        case Phase::calling_agent:
        case Phase::calling_far: return;  // Talk, Handover and Outbound end these
    }
}

}  // namespace citybridge::simulator
