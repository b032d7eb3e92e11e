#include "tests/unit/simulator/retelling.h"

#include <algorithm>
#include <optional>
#include <set>

namespace citybridge::simulator::test {
namespace {

using namespace signal;

constexpr int kAnsweredElsewhere = 26;

struct Told {
    TruthCall call;
    std::set<std::string> living;
    std::map<std::string, std::string> devices;  // by channel
    std::string caller_channel;
    std::string far_channel;
    std::optional<WallTime> hold_from;
    std::optional<HoldBy> hold_by;
    std::optional<DialResult> far_result;
    std::map<std::string, WallTime> dial_ends;  // by the phone's channel
    std::string first_leaver;                   // whose party hung up last while the customer was still there
    bool queue_left = false;
    bool abandoned = false;
    int in_bridge = 0;
};

class Teller {
public:
    std::map<std::string, TruthCall> finished;

    void hear(const PbxSignal& signal) {
        if (signal.group.empty()) return;
        now_ = &signal;
        told_ = &calls_[signal.group];
        std::visit([this](const auto& body) { on(body); }, signal.body);
    }

private:
    TruthCall& call() { return told_->call; }
    bool by_caller() const { return now_->channel == told_->caller_channel; }
    bool inbound() { return call().direction == Direction::inbound; }

    template <class Body>
    void on(const Body&) {}

    void on(const ChannelStarted& s) {
        told_->living.insert(now_->channel);
        told_->devices[now_->channel] = s.device;
        call().channels.push_back(now_->channel);
        if (call().channels.size() == 1) {
            told_->caller_channel = now_->channel;
            call().first_channel = now_->channel;
            call().started_at = now_->at;
            call().direction = s.device == "SIM/trunk" ? Direction::inbound : Direction::outbound;
            call().called_number = s.dialled;
            if (inbound()) {
                call().customer_number = s.number;
                call().customer_name = s.name;
            } else {
                call().caller = s.device;
            }
        }
    }
    void on(const DialStarted& s) {
        if (inbound() || now_->channel.empty()) return;
        told_->far_channel = s.target;
        call().dialled_at = now_->at;
        call().called_number = s.number;
        const std::string& device = told_->devices[s.target];
        if (device == "SIM/trunk") {
            call().customer_number = s.number;
            return;
        }
        call().direction = Direction::internal;
        call().offers.push_back({device, s.target, now_->at, std::nullopt, TruthOffer::End::dropped});
    }
    void on(const DialEnded& s) {
        told_->dial_ends.try_emplace(s.target, now_->at);
        if (s.target != told_->far_channel || told_->far_result) return;
        told_->far_result = s.result;
        if (call().offers.empty()) return;
        auto& offer = call().offers.back();
        offer.ended_at = now_->at;
        if (s.result == DialResult::answered) offer.end = TruthOffer::End::answered;
        if (s.result == DialResult::busy || s.result == DialResult::rejected) offer.end = TruthOffer::End::refused;
        if (s.result == DialResult::no_answer || s.result == DialResult::failed) offer.end = TruthOffer::End::missed;
    }
    void on(const QueueEntered& s) {
        call().queue = s.queue;
        call().queued_at = now_->at;
    }
    void on(const QueueLeft& s) {
        call().wait = now_->at - *call().queued_at;
        told_->queue_left = true;
        told_->abandoned = s.abandoned;
    }
    void on(const AgentCalled& s) {
        call().offers.push_back({s.agent, s.agent_channel, now_->at, std::nullopt, TruthOffer::End::dropped});
    }
    void on(const AgentMissed& s) {
        auto& offer = open_offer(s.agent);
        offer.end = s.refused ? TruthOffer::End::refused : TruthOffer::End::missed;
        offer.ended_at = now_->at;
    }
    void on(const AgentConnected& s) {
        auto& offer = open_offer(s.agent);
        offer.end = TruthOffer::End::answered;
        offer.ended_at = now_->at;
        call().agent = s.agent;
    }
    TruthOffer& open_offer(const std::string& agent) {
        const auto found = std::find_if(call().offers.rbegin(), call().offers.rend(),
                                        [&](const auto& offer) { return offer.agent == agent && !offer.ended_at; });
        return *found;
    }
    void on(const BridgeEntered&) {
        if (++told_->in_bridge < 2) return;
        call().answered_at = now_->at;
        if (!inbound()) call().agent = call().offers.empty() ? call().caller : call().offers.back().agent;
    }
    void on(const BridgeLeft&) {
        if (--told_->in_bridge != 1) return;
        call().talk = now_->at - *call().answered_at;
        if (told_->hold_from) end_hold();
    }
    void on(const HoldChanged& s) {
        if (!s.on) return end_hold();
        told_->hold_from = now_->at;
        told_->hold_by = by_caller() == inbound() ? HoldBy::customer : HoldBy::agent;
    }
    void end_hold() {
        call().holds.push_back({*told_->hold_by, *told_->hold_from, now_->at});
        told_->hold_from.reset();
    }
    void on(const HangupRequested&) { told_->first_leaver = now_->channel; }
    void on(const ApplicationEntered& s) {
        if (s.application == Application::voicemail) call().voicemail = true;
        // The survey takes over; how the agent left says nothing any more.
        if (s.application == Application::survey) told_->first_leaver.clear();
    }
    void on(const SurveyAnswered& s) { call().survey_score = s.score; }
    void on(const AttributeSet& s) { call().ivr_digit = s.value; }
    void on(const ChannelEnded& s) {
        told_->living.erase(now_->channel);
        for (auto& offer : call().offers) {
            if (offer.channel != now_->channel || offer.ended_at) continue;
            offer.end = s.cause == kAnsweredElsewhere ? TruthOffer::End::lost : TruthOffer::End::dropped;
            const auto dial_end = told_->dial_ends.find(offer.channel);
            offer.ended_at = dial_end == told_->dial_ends.end() ? now_->at : dial_end->second;
        }
        const bool last = inbound() ? by_caller() : told_->living.empty();
        if (!last) return;
        call().ended_at = now_->at;
        call().contact = inbound() || call().dialled_at.has_value();
        call().outcome = outcome();
        call().ended_by = ended_by();
        // A race's loser may still be up for some milliseconds.
        finished[call().first_channel] = call();
    }
    Outcome outcome() {
        if (call().answered_at) return Outcome::answered;
        if (call().voicemail) return Outcome::voicemail;
        if (told_->abandoned) return Outcome::abandoned;
        if (told_->queue_left) return Outcome::no_answer;
        if (inbound()) return Outcome::ivr_only;
        switch (told_->far_result.value_or(DialResult::failed)) {
            case DialResult::busy: return Outcome::busy;
            case DialResult::rejected: return Outcome::rejected;
            case DialResult::no_answer: return Outcome::no_answer;
            case DialResult::cancelled: return Outcome::abandoned;
            case DialResult::answered:
            case DialResult::failed: break;
        }
        return Outcome::failed;
    }
    EndedBy ended_by() {
        if (told_->first_leaver.empty()) return EndedBy::system;
        if (call().direction == Direction::internal) {
            // The last leg is the caller's: a colleague who refuses does not end it, the PBX does.
            const bool refused = !call().answered_at && told_->first_leaver == told_->far_channel;
            return refused ? EndedBy::system : EndedBy::agent;
        }
        const bool customer = inbound() == (told_->first_leaver == told_->caller_channel);
        return customer ? EndedBy::customer : EndedBy::agent;
    }

    std::map<std::string, Told> calls_;
    const PbxSignal* now_ = nullptr;
    Told* told_ = nullptr;
};

}  // namespace

std::map<std::string, TruthCall> retell(const std::vector<PbxSignal>& signals) {
    Teller teller;
    for (const auto& signal : signals) teller.hear(signal);
    return teller.finished;
}

}  // namespace citybridge::simulator::test
