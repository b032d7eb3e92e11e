#include "tests/unit/simulator/invariants.h"

#include <map>
#include <optional>
#include <set>

namespace citybridge::simulator::test {
namespace {

using namespace signal;

struct ChannelFacts {
    bool ended = false;
    std::string group;
    ChannelState state = ChannelState::down;
    std::string bridge;
    std::optional<bool> hold;
    std::string queue;  // waits in
    bool left_queue = false;
    bool talked = false;  // was in a bridge
    bool parked = false;
    bool recorded = false;
    bool muted = false;
    bool agent_connected = false;
    bool agent_called = false;  // as the phone of an AgentCalled
    bool rung = false;          // as the target of a DialStarted
    std::string dialler;
    std::set<DialResult> results;
};

class Judge {
public:
    void judge(const PbxSignal& signal) {
        now_ = &signal;
        rule(signal.at >= last_, "time goes back");
        last_ = signal.at;
        std::visit([&](const auto& body) { on(body); }, signal.body);
    }
    std::string broken;

private:
    void rule(bool holds, const std::string& what) {
        if (!holds && broken.empty()) broken = what + " (channel " + now_->channel + ')';
    }

    // The channel must exist: nothing comes before its start or after its end.
    ChannelFacts& living(const std::string& id) {
        auto& facts = channels_[id];
        rule(!facts.group.empty(), "channel " + id + " is spoken of before it started");
        rule(!facts.ended, "channel " + id + " is spoken of after it ended");
        return facts;
    }
    ChannelFacts& own() {
        auto& facts = living(now_->channel);
        rule(facts.group == now_->group, "another group than at the start");
        return facts;
    }

    void on(const LinkUp&) { rule(false, "the engine speaks of the link"); }
    void on(const LinkDown&) { rule(false, "the engine speaks of the link"); }
    void on(const Snapshot&) { rule(false, "the engine sends a snapshot"); }
    void on(const ChannelStarted& s) {
        auto& facts = channels_[now_->channel];
        rule(facts.group.empty(), "started twice");
        rule(!now_->group.empty(), "started without a group");
        rule(!s.device.empty(), "started without a device");
        // A group outlives its first channel, who may have given the call away.
        rule(now_->group == now_->channel || channels_.contains(now_->group), "joins a group that nobody began");
        facts.group = now_->group;
        facts.state = s.state;
    }
    void on(const ChannelStateChanged& s) {
        rule(own().state < s.state, "state does not go forward");
        own().state = s.state;
    }
    void on(const ChannelPartyChanged&) { own(); }
    void on(const ChannelEnded&) {
        rule(own().bridge.empty(), "ended inside a bridge");
        rule(own().queue.empty(), "ended inside a queue");
        own().ended = true;
    }
    void on(const HangupRequested&) { own(); }
    void on(const DialStarted& s) {
        auto& target = living(s.target);
        rule(!target.rung, "rung twice");
        target.rung = true;
        target.dialler = now_->channel;
        if (now_->channel.empty()) return;
        rule(own().queue.empty() || target.agent_called, "DialStarted before AgentCalled");
        rule(target.state == ChannelState::down, "DialStarted after the phone rings");
    }
    void on(const DialEnded& s) {
        auto& target = living(s.target);
        rule(target.rung, "DialEnded before DialStarted");
        rule(target.dialler == now_->channel, "DialEnded from another channel than DialStarted");
        if (s.result == DialResult::answered) rule(target.state == ChannelState::up, "answered but not up");
        target.results.insert(s.result);
    }
    void on(const BridgeEntered& s) {
        auto& facts = own();
        rule(facts.bridge.empty(), "in two bridges");
        rule(facts.state == ChannelState::up, "bridged before it is up");
        rule(!facts.left_queue || facts.agent_connected, "BridgeEntered before AgentConnected");
        rule(facts.parked == (s.kind == BridgeKind::parking),
             "parked outside a parking place, or in one without being");
        facts.bridge = s.bridge;
        facts.talked = true;
        const int most = s.kind == BridgeKind::conference ? 3 : s.kind == BridgeKind::parking ? 1 : 2;
        rule(++bridges_[s.bridge] <= most, "more in a bridge than fit");
        const auto [kind, first] = kinds_.try_emplace(s.bridge, s.kind);
        rule(kind->second == s.kind, "a bridge of two kinds");
        rule((s.kind == BridgeKind::conference) == !s.name.empty(), "a room without a name, or a name without a room");
    }
    void on(const BridgeLeft& s) {
        auto& facts = own();
        rule(facts.bridge == s.bridge, "leaves a bridge it is not in");
        facts.bridge.clear();
        facts.hold.reset();
        --bridges_[s.bridge];
    }
    void on(const HoldChanged& s) {
        rule(!own().bridge.empty(), "hold outside a bridge");
        rule(own().hold.value_or(false) != s.on, "hold repeated");
        own().hold = s.on;
    }
    void on(const QueueEntered& s) {
        rule(own().queue.empty(), "in two queues");
        rule(own().state == ChannelState::up, "queued before it is up");
        own().queue = s.queue;
    }
    void on(const QueueLeft& s) {
        rule(own().queue == s.queue, "leaves a queue it is not in");
        own().queue.clear();
        own().left_queue = !s.abandoned;
    }
    void on(const Transferred& s) {
        rule(own().talked, "gives away a call he never had");
        rule(!s.to.empty(), "transferred to nobody");
        rule(living(s.moved).talked, "gives away who was never talked to");
        if (s.kind != TransferKind::attended) return;
        rule(living(s.target).state == ChannelState::up && living(s.target).bridge.empty(),
             "takes over before he is free");
        rule(own().bridge.empty(), "completes from within a bridge");
    }
    void on(const Parked& s) {
        rule(own().bridge.empty() && !own().parked, "parked in the middle of a talk, or twice");
        rule(!s.slot.empty() && living(s.by).talked, "parked nowhere or by nobody");
        own().parked = true;
    }
    void on(const Unparked& s) {
        rule(own().parked, "fetched and was not parked");
        own().parked = false;
        if (!s.by.empty()) rule(living(s.by).state == ChannelState::up, "fetched by a phone that is not up");
    }
    void on(const RecordingChanged& s) {
        auto& facts = own();
        rule(!s.file.empty(), "a recording without a file");
        rule(facts.recorded != (s.step == RecordingStep::started),
             "a step of a recording that is not, or a second one");
        if (s.step == RecordingStep::muted || s.step == RecordingStep::unmuted)
            rule(facts.muted != (s.step == RecordingStep::muted), "muted or unmuted twice");
        facts.recorded = s.step != RecordingStep::stopped;
        facts.muted = s.step == RecordingStep::muted;
    }
    void on(const AgentCalled& s) {
        rule(own().queue == s.queue, "AgentCalled before QueueEntered");
        auto& phone = living(s.agent_channel);
        rule(phone.group == now_->group, "agent's channel in another group");
        phone.agent_called = true;
    }
    void on(const AgentMissed& s) { rule(own().queue == s.queue, "AgentMissed outside the queue"); }
    void on(const AgentConnected& s) {
        rule(own().left_queue, "AgentConnected before QueueLeft");
        auto& phone = living(s.agent_channel);
        rule(phone.results.contains(DialResult::answered), "AgentConnected before DialEnded");
        rule(phone.bridge.empty() && own().bridge.empty(), "AgentConnected after BridgeEntered");
        own().agent_connected = true;
    }
    void on(const MemberChanged& s) {
        rule(now_->channel.empty(), "a member's fact with a channel");
        rule(!s.agent.empty() && !s.device.empty(), "a member without id or device");
    }
    void on(const ApplicationEntered&) {
        rule(own().queue.empty() && own().bridge.empty(), "an application while waiting or talking");
    }
    void on(const SurveyAnswered&) { own(); }
    void on(const AttributeSet&) { own(); }
    void on(const auto&) { rule(false, "a fact the simulator never tells"); }

    const PbxSignal* now_ = nullptr;
    WallTime last_{};
    std::map<std::string, ChannelFacts> channels_;
    std::map<std::string, int> bridges_;
    std::map<std::string, BridgeKind> kinds_;
};

}  // namespace

std::string broken_invariant(const std::vector<PbxSignal>& signals) {
    Judge judge;
    for (std::size_t index = 0; index < signals.size(); ++index) {
        judge.judge(signals[index]);
        if (!judge.broken.empty()) return "signal " + std::to_string(index) + ": " + judge.broken;
    }
    return {};
}

}  // namespace citybridge::simulator::test
