#pragma once
// The agents: who they are, and which state the PBX's facts put them in.
// A call outranks a pause, a pause outranks wrap-up, wrap-up outranks idle.
// Device states of the PBX are used only for "there is no phone": they come in
// no fixed order with the call's own events, so they may not contradict them.
#include <map>
#include <unordered_map>

#include "core/api/events.h"
#include "core/calls/call_settings.h"
#include "core/calls/records.h"

namespace citybridge::calls {

struct AgentRecord {
    Agent view;
    AgentPtr published;
    std::map<std::string, bool> paused_in;       // by queue
    std::map<std::string, int> wrap_seconds_of;  // by queue
    DeviceStatus device_status = DeviceStatus::unknown;
    std::string pause_reason;
    std::string last_contact;  // shown while he wraps up
    std::optional<MonoTime> wrap_until;
    std::vector<const Channel*> channels;  // of his phone
    bool named_by_member = false;
    bool touched = false;
    std::string touch_cause;
};

class Roster {
public:
    explicit Roster(const CallSettings& settings) : settings_(settings) {}

    // The agent this device is, made known if its number says so; empty if it is none.
    std::string agent_of_device(const std::string& device, const std::string& name);
    AgentRecord& ensure(const std::string& id, const std::string& device);
    AgentRecord* find(const std::string& id);

    void update(const signal::MemberChanged& member);
    void add_channel(const std::string& agent, const Channel& channel);
    // If he was with the customer on it, wrap-up begins.
    void remove_channel(const std::string& agent, const Channel& channel, Now now);
    void name_agent(const std::string& id, const std::string& name);
    void touch(const std::string& agent, std::string_view cause);

    void tick(Now now);
    std::optional<MonoTime> next_deadline() const;
    // Publishes who changed since the last call.
    void flush(WallTime at, Now now, std::vector<Event>& out);
    std::vector<AgentPtr> all() const;

private:
    struct Derived {
        AgentPresence state;
        std::string contact;
    };
    Derived derive(const AgentRecord& record, Now now) const;
    bool number_is_agents(std::string_view device) const;

    const CallSettings& settings_;
    std::map<std::string, AgentRecord> agents_;  // ordered: lists are stable
    std::unordered_map<std::string, std::string> agent_by_device_;
    std::vector<AgentRecord*> touched_;
};

}  // namespace citybridge::calls
