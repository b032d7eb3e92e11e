#pragma once
// Events of the event socket to signals. One function per event in a table
// looked up by the event's name. Not thread-safe; one per PBX.
//
// What a later event can only be understood by is remembered per channel: whom
// it is bridged with (a bridge has no id here and its end is told once, on one
// leg), who rang it, which queue entry is open. Order across channels is not
// guaranteed, so a fact about a channel that was not seen yet is said at once
// and again when it comes.
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "adapters/freeswitch/event.h"
#include "core/api/signals.h"

namespace citybridge::freeswitch {

struct TranslatorSettings {
    std::vector<std::string> trunk_profiles{"external"};  // SIP profiles behind which no agent sits
    std::string charset = "GB18030";                      // of names that are not UTF-8
};

// A callcenter agent as its list and its events tell.
struct CallcenterAgent {
    std::string name;    // in full: "1001@beijing"
    std::string device;  // "1001"
    std::string status;  // "Available", "On Break", ...
    std::string state;   // "Waiting", "Idle", ...
    std::string reason;  // of a break that was asked for by a command
    int wrap_up_seconds = 0;
    std::vector<std::string> queues;
};

// The channel variable that tells for whom a leg was originated by a command.
inline constexpr std::string_view kDialledForVariable = "citybridge_dialled_by";

class Translator {
public:
    explicit Translator(TranslatorSettings settings) : settings_(std::move(settings)) {}

    // Appends what the event says. `arrival` is used where the PBX gives no time.
    void translate(const Event& event, WallTime arrival, std::vector<PbxSignal>& out);

    // What a snapshot showed of a channel that began before this connection; what an earlier connection told of it
    // and still holds is remembered too.
    void know_channel(const signal::SnapshotChannel& channel);
    // It waits in a queue; `entry` is the queue's own id for it.
    void know_queue_entry(const std::string& channel, const std::string& queue, const std::string& entry);
    // After all channels: agents and customers who wait apart from each other, each in a park of his own.
    void know_apart(WallTime at);
    // Two of those that are in one call.
    void know_call(const std::string& one, const std::string& other);
    // The first is bridged with the second by early media and has not answered.
    void know_early(const std::string& rung, const std::string& other);
    // Of those, the ones on hold: what of it was not said before the link broke, or is no more.
    std::vector<PbxSignal> know_holds(const std::vector<std::string>& held, WallTime at);
    // Agents of the callcenter, replacing what was known of the same ones.
    void know_agent(CallcenterAgent agent);
    std::vector<signal::MemberChanged> members_of(std::string_view agent) const;

    // "1001" to "1001@beijing"; unknown ones with `domain` appended if there is one.
    std::string full_agent_name(std::string_view agent, std::string_view domain) const;
    // Why he will be on break: said with the event that follows.
    void expect_break(std::string_view agent, std::string reason);

    // The device and the name behind a channel, as every signal names them.
    std::string device_of(std::string_view channel_name, std::string_view gateway) const;
    std::string text(std::string_view bytes) const;

    // Files being written for this channel, the latest last.
    std::vector<std::string> recordings_of(std::string_view channel) const;

    // The link is new: channels that were remembered may have ended unseen.
    void forget_channels();
    // What was said last was not taken: of holds everything is said again after the next lists.
    void doubt() { in_doubt_ = true; }

private:
    friend struct Handlers;

    struct Remembered {
        bool seen = false;   // its CHANNEL_CREATE, or a snapshot
        bool local = false;  // a phone of ours
        bool outbound = false;
        bool up = false;
        bool bound = false;  // its conversation is known: it calls, is called, waits in a queue
        bool hung_up = false;
        bool hangup_told = false;  // HangupRequested was said
        bool listening = false;
        bool bridged = false;  // with somebody once, or known since a snapshot only
        bool valet = false;    // waits on a slot
        WallTime created_at{};
        std::string number;
        std::string dialled_by;
        bool dial_open = false;  // DialEnded was not said yet
        std::string bridge;
        std::string peer;       // in a bridge of two
        std::string set_aside;  // bridge of two he left for a consultation, without a word of its end
        std::string set_aside_peer;
        bool early_media = false;  // it sends sound and was not answered yet
        std::string early_with;    // put together with him by early media: nobody speaks before the answer
        std::string early_room;    // likewise in a conference
        std::string apart_from;    // both were taken out of their bridge by one command
        WallTime apart_at{};
        std::string transfer_source;  // Caller-Transfer-Source when it was bridged last
        std::string holder;           // channel said to hold
        std::string queue;
        std::string queue_entry;
        std::vector<std::string> recordings;
        std::vector<PbxSignal> again;  // said too early: to be said again when the channel comes
    };

    void recall(Remembered& known, const std::string& id);
    Remembered& remember(std::string_view channel);
    Remembered* find(std::string_view channel);
    // Who counts as holding when a command put this channel on hold.
    std::string holder_by_command(const std::string& channel, const std::string& peer);
    CallcenterAgent& agent(std::string_view full_name);

    TranslatorSettings settings_;
    std::unordered_map<std::string, Remembered> channels_;
    std::unordered_map<std::string, Remembered> channels_before_;      // of the connection before, until the snapshot
    std::unordered_map<std::string, std::vector<std::string>> rooms_;  // conferences: channels in them
    std::unordered_map<std::string, CallcenterAgent> agents_;          // by bare name
    bool in_doubt_ = false;
    std::unordered_set<std::string> held_before_;  // said to hold before the link broke
};

}  // namespace citybridge::freeswitch
