#pragma once
// The simulated PBX's tables of channels, bridges and queue lines. Every change
// goes through here and leaves its signal behind, so the snapshot and the
// stream cannot disagree.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adapters/simulator/config.h"
#include "adapters/simulator/random.h"
#include "core/api/signals.h"

namespace citybridge::simulator {

class Switchboard {
public:
    // `now` is read whenever a signal is made and must outlive this.
    Switchboard(const WallTime& now, const Config& config);

    std::string new_channel_id() { return "sim-" + std::to_string(++last_channel_); }
    std::string new_bridge_id() { return "sim-bridge-" + std::to_string(++last_bridge_); }

    // Empty group: the channel begins a group of its own.
    void start_channel(const std::string& id, const std::string& group, signal::ChannelStarted started);
    void set_state(const std::string& id, ChannelState state);
    void set_party(const std::string& id, signal::ChannelPartyChanged party);
    void hangup_requested(const std::string& id) { about(id, signal::HangupRequested{}); }
    void end_channel(const std::string& id, int cause);

    // `from` empty: for a command.
    void dial_started(const std::string& from, const std::string& target, const std::string& number);
    void dial_ended(const std::string& from, const std::string& target, DialResult result);

    void enter_bridge(const std::string& id, const std::string& bridge, BridgeKind kind = BridgeKind::two_party,
                      const std::string& name = {});
    bool is_bridged(const std::string& id) const { return !channels_.at(id).bridge.empty(); }
    void leave_bridge(const std::string& id);
    void hold(const std::string& id, bool on) { about(id, signal::HoldChanged{on}); }

    void transferred(const std::string& id, signal::Transferred given) { about(id, std::move(given)); }
    void parked(const std::string& id, signal::Parked parked);
    void unparked(const std::string& id, signal::Unparked fetched);
    void recording(const std::string& id, signal::RecordingChanged changed) { about(id, std::move(changed)); }

    void enter_queue(const std::string& id, const std::string& queue);
    void leave_queue(const std::string& id, bool abandoned);
    void agent_called(const std::string& id, signal::AgentCalled called) { about(id, std::move(called)); }
    void agent_missed(const std::string& id, signal::AgentMissed missed) { about(id, std::move(missed)); }
    void agent_connected(const std::string& id, signal::AgentConnected connected) { about(id, std::move(connected)); }
    void member_changed(const signal::MemberChanged& member);

    void enter_application(const std::string& id, Application application);
    void survey_answered(const std::string& id, const std::string& score);
    void set_attribute(const std::string& id, const std::string& name, const std::string& value);

    bool exists(const std::string& id) const { return channels_.contains(id); }
    signal::Snapshot snapshot() const;
    std::vector<PbxSignal> take() { return std::exchange(signals_, {}); }

private:
    void about(const std::string& channel, SignalBody body);
    void emit(const std::string& channel, const std::string& group, SignalBody body);

    const WallTime& now_;
    Faults faults_;
    Random fault_random_;
    std::map<std::string, signal::SnapshotChannel> channels_;
    std::vector<signal::SnapshotQueueCaller> line_;
    std::map<std::pair<std::string, std::string>, signal::MemberChanged> members_;  // by agent, queue
    std::vector<PbxSignal> signals_;
    std::uint64_t last_channel_ = 0;
    std::uint64_t last_bridge_ = 0;
};

}  // namespace citybridge::simulator
