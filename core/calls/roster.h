#pragma once
// The agents: who they are, and which state the PBX's facts put them in.
// A call outranks being logged out, that outranks a pause, a pause outranks
// wrap-up, wrap-up outranks idle. Device states of the PBX are used only for
// "there is no phone" and by the sweeper: they come in no fixed order with the
// call's own events, so they may not contradict them at once.
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/events.h"
#include "core/calls/call_settings.h"
#include "core/calls/records.h"

namespace citybridge::calls {

struct AgentRecord {
    Agent view;
    AgentPtr published;
    std::map<std::string, bool> paused_in;       // by queue
    std::map<std::string, int> wrap_seconds_of;  // by queue
    bool paused_everywhere = false;              // told without naming a queue
    bool logged_out = false;                     // left his last queue, or all at once
    DeviceStatus device_status = DeviceStatus::unknown;
    std::optional<MonoTime> idle_since;  // his phone was busy, then not, and no channel of it began since
    std::string pause_reason;
    std::string last_contact;  // shown while he wraps up
    std::optional<MonoTime> wrap_until;
    std::vector<const Channel*> channels;   // of his phone
    std::optional<MonoTime> suspect_since;  // shown busy, and the sweeper sees no reason
    std::string commanded_cause;            // of the change that was asked for
    MonoTime commanded_until{};
    bool named_by_member = false;
    bool touched = false;
    std::string touch_cause;
};

// What the node asks of the PBX by itself.
struct DesktopWish {
    std::string agent;
    std::string device;
    AgentWish wish = AgentWish::not_ready;
    std::string reason;
};

// Talking, holding, ringing or reserved.
bool is_busy(AgentPresence state);

class Roster {
public:
    explicit Roster(const CallSettings& settings) : settings_(settings) {}

    // The agent this device is, made known if its number says so; empty if it is none.
    std::string agent_of_device(const std::string& device, const std::string& name);
    AgentRecord& ensure(const std::string& id, const std::string& device);
    AgentRecord* find(const std::string& id);
    std::map<std::string, AgentRecord>& records() { return agents_; }

    void update(const signal::MemberChanged& member, Now now);
    // Around the facts taken from a snapshot, which are the cause of what they change. Who is not
    // in the queues it lists is in none of them.
    void begin_snapshot() { in_snapshot_ = true; }
    void end_snapshot(const std::vector<signal::MemberChanged>& members, Now now);
    void add_channel(const std::string& agent, const Channel& channel);
    // If he was with the customer on it, wrap-up begins.
    void remove_channel(const std::string& agent, const Channel& channel, Now now);
    void name_agent(const std::string& id, const std::string& name);
    void touch(const std::string& agent, std::string_view cause);
    // For half a minute what the PBX says of his pauses and queues is due to `cause`.
    void commanded(const std::string& agent, std::string_view cause, Now now);

    // His desktop is there, is gone.
    void desktop(const std::string& agent, bool connected, Now now);
    std::vector<DesktopWish> desktop_wishes(Now now);
    void desktop_answered(const std::string& agent, bool again, Now now);

    void tick(Now now);
    std::optional<MonoTime> next_deadline() const;
    // He is published as something else than his channels say.
    bool is_stale(const AgentRecord& record, Now now) const;
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
    void update_queue(AgentRecord& record, const signal::MemberChanged& member);
    void leave_queue(AgentRecord& record, const std::string& queue);
    void set_device_status(AgentRecord& record, DeviceStatus status, Now now);
    std::string_view cause_of(const AgentRecord& record, std::string_view cause, Now now) const;

    const CallSettings& settings_;
    std::map<std::string, AgentRecord> agents_;  // ordered: lists are stable
    std::unordered_map<std::string, std::string> agent_by_device_;
    std::set<std::string> desktops_;                 // agents whose desktop is there
    std::map<std::string, MonoTime> desktops_gone_;  // by agent: when something is done about it
    bool in_snapshot_ = false;
    std::vector<AgentRecord*> wrapping_;  // with `wrap_until`
    std::vector<AgentRecord*> touched_;
};

}  // namespace citybridge::calls
