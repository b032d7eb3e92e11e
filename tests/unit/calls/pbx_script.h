#pragma once
// A PBX in a test: says what happens, second by second, and keeps what the call
// book made of it.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/calls/call_book.h"

namespace citybridge::calls {

// Outcome and who ended it: "answered by agent".
inline std::string verdict(const Contact& contact) {
    return std::string(to_string(contact.outcome.value())) + " by " + std::string(to_string(contact.ended_by.value()));
}

class PbxScript {
public:
    explicit PbxScript(CallSettings settings = {.city = "beijing", .pbx = "pbx1"}) : book_(std::move(settings)) {}

    // All of these happen at the script's present moment.
    void at(double seconds) { now_ms_ = static_cast<long long>(seconds * 1000); }
    void say(const std::string& channel, SignalBody body, const std::string& group = {}) {
        std::vector<Event> out;
        book_.apply({wall(), channel, group, std::move(body)}, now(), out);
        take(out);
    }
    void tick() {
        std::vector<Event> out;
        book_.tick(now(), out);
        take(out);
    }

    void connect(const std::string& start = "run-1") {
        say({}, signal::LinkUp{start});
        say({}, signal::Snapshot{});
    }
    void caller(const std::string& id, const std::string& number, const std::string& dialled = "9500") {
        say(id, signal::ChannelStarted{"SIP/trunk", number, {}, dialled, ChannelState::calling, false}, id);
        say(id, signal::ChannelStateChanged{ChannelState::up});
    }
    // A phone that the PBX rings for `from`; its group is the caller's.
    void ring(const std::string& from, const std::string& id, const std::string& device, bool queue = true) {
        const std::string number = device.substr(device.find('/') + 1);
        say(id, signal::ChannelStarted{device, number, {}, {}, ChannelState::down, false}, from);
        if (queue) say(from, signal::AgentCalled{"sales", device, "agent " + number, device, id});
        say(from, signal::DialStarted{id, number});
        say(id, signal::ChannelStateChanged{ChannelState::ringing});
    }
    void pick_up(const std::string& from, const std::string& id) {
        say(id, signal::ChannelStateChanged{ChannelState::up});
        say(from, signal::DialEnded{id, DialResult::answered});
    }
    void bridge(const std::string& room, const std::vector<std::string>& channels) {
        for (const std::string& channel : channels)
            say(channel, signal::BridgeEntered{room, BridgeKind::two_party, {}});
    }
    void hang_up(const std::string& id, int cause = 16) {
        say(id, signal::HangupRequested{});
        end(id, cause);
    }
    void end(const std::string& id, int cause = 16) { say(id, signal::ChannelEnded{cause}); }

    // One inbound contact through the queue `sales` to SIP/1001, talking at second 3.
    void answered_call() {
        at(0);
        caller("c", "13901234567");
        at(1);
        say("c", signal::QueueEntered{"sales"});
        ring("c", "a", "SIP/1001");
        at(3);
        pick_up("c", "a");
        say("c", signal::QueueLeft{"sales", false});
        say("c", signal::AgentConnected{"sales", "SIP/1001", "agent 1001", "a"});
        bridge("b", {"a", "c"});
    }

    // The latest state of the only contact, live or ended.
    const Contact& contact() const {
        EXPECT_EQ(latest_.size(), 1U);
        return *latest_.begin()->second;
    }
    std::size_t contacts() const { return latest_.size(); }
    std::string agent_state(const std::string& id) {
        const AgentPtr agent = book_.agent(id);
        return agent == nullptr ? "none" : std::string(to_string(agent->state));
    }
    AgentPtr agent(const std::string& id) { return book_.agent(id); }
    std::vector<std::string> words() const {
        std::vector<std::string> out;
        for (const Event& event : events_) out.emplace_back(event_type(event));
        return out;
    }
    std::size_t count(std::string_view word) const {
        const auto all = words();
        return static_cast<std::size_t>(std::count(all.begin(), all.end(), word));
    }
    const std::vector<Event>& events() const { return events_; }
    CallBook& book() { return book_; }
    Now now() const { return {wall(), MonoTime{Millis{now_ms_}}}; }
    WallTime wall() const { return WallTime{Millis{1'795'289'700'000 + now_ms_}}; }

private:
    void take(std::vector<Event>& out) {
        for (Event& event : out) {
            if (const auto* change = std::get_if<ContactChanged>(&event))
                latest_[change->contact->id] = change->contact;
            events_.push_back(std::move(event));
        }
    }

    CallBook book_;
    long long now_ms_ = 0;
    std::vector<Event> events_;
    std::map<std::string, ContactPtr> latest_;
};

}  // namespace citybridge::calls
