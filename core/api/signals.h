#pragma once
// What a PBX adapter tells the live strand: facts about channels, bridges,
// queues and their members, in the PBX's order, stripped of its protocol.
// An adapter translates, it does not interpret: what the facts mean for a
// contact is decided once, in core/calls, for every PBX.
//
// A *channel* is one party's connection to the PBX (Asterisk channel,
// FreeSWITCH session). Channel ids are the PBX's own and are unique within one
// run of the PBX (`LinkUp::pbx_start`).
#include <string>
#include <variant>
#include <vector>

#include "core/api/model.h"
#include "core/api/time.h"

namespace citybridge {

enum class ChannelState {
    down,     // exists, nothing happens yet
    calling,  // its party is calling the PBX and was not answered yet
    ringing,  // its party's phone is being rung
    up,       // answered
};
enum class DialResult { answered, no_answer, busy, rejected, cancelled, failed };
enum class BridgeKind { two_party, conference, parking };
enum class RecordingStep { started, stopped, muted, unmuted };
enum class DeviceStatus { unknown, idle, ringing, in_use, on_hold, unavailable };
enum class Application { other, menu, voicemail, conference, survey, park };

namespace signal {

// The link works and the PBX is ready. A Snapshot follows before anything else.
struct LinkUp {
    std::string pbx_start;  // names this run of the PBX; a new one means every channel of the old is gone
};

// The link is gone. `pbx_stopped`: the PBX said so itself, its calls are gone too.
struct LinkDown {
    std::string reason;
    bool pbx_stopped = false;
};

struct ChannelStarted {
    std::string device;   // "SIP/1001": what the channel belongs to
    std::string number;   // the party's own number: a caller's number, a phone's extension
    std::string name;     // the party's name, UTF-8
    std::string dialled;  // what the party asked for, if it is calling the PBX
    ChannelState state = ChannelState::down;
    bool internal_helper = false;  // made by the PBX for itself (Local/...)
    std::string helper_pair{};     // both halves of a pair carry the same name; who is with one hears the other
};
struct ChannelStateChanged {
    ChannelState state = ChannelState::down;
};
// The PBX changed who the party is, or what it is dialling. Empty: unchanged.
struct ChannelPartyChanged {
    std::string number;
    std::string name;
    std::string dialled;
};
// `cause`: Q.850; 0 unknown. Nothing with this channel's id follows.
struct ChannelEnded {
    int cause = 0;
};
// This channel's own party asked for the end (BYE, DTMF), not the PBX.
struct HangupRequested {};

// The envelope's channel began to ring `target`. An empty envelope channel:
// the PBX does it for a command (click to dial), nobody is calling yet.
struct DialStarted {
    std::string target;
    std::string number;  // as dialled, if the PBX says it
};
// May be repeated for one target; the first counts.
struct DialEnded {
    std::string target;
    DialResult result = DialResult::failed;
    int cause = 0;  // Q.850, of what was not answered; 0: not told
};

// `replaces`: a channel that leaves the bridge in the same instant, if any.
struct BridgeEntered {
    std::string bridge;
    BridgeKind kind = BridgeKind::two_party;
    std::string replaces;
    std::string name{};  // a conference's room as people dial it
};
struct BridgeLeft {
    std::string bridge;
};

// The envelope's channel put the other side on hold or took it back.
struct HoldChanged {
    bool on = false;
};

// The PBX says that the envelope's channel, a party of the contact, gave it to
// somebody else or tried to. Who has it now follows from dials and bridges; a
// PBX that tells nothing of the kind leaves it to them altogether.
struct Transferred {
    TransferKind kind = TransferKind::blind;
    TransferResult result = TransferResult::completed;
    std::string to;        // number or extension it was given to, if told
    std::string moved{};   // channel of the party that was given away, if told
    std::string target{};  // channel of the party that has it now, if told
};
// The envelope's channel waits in a parking slot; `by`: channel that parked it, `by_device`: its phone, if told.
struct Parked {
    std::string slot;
    std::string by{};
    std::string by_device{};
};
// It was fetched by channel `by` (empty: gave up, or came back by time-out).
struct Unparked {
    std::string by{};
};
// The envelope's channel listens to `target` without being heard by the other side.
struct ListeningStarted {
    std::string target;
};
struct ListeningStopped {};
// The envelope's channel is recorded to `file`. A step without `file` speaks of all its recordings.
struct RecordingChanged {
    RecordingStep step = RecordingStep::started;
    std::string file;
};
// The same connection goes on under another id: whatever the PBX says of `id`
// from now on is about the envelope's channel.
struct ChannelRenamed {
    std::string id;
};
// A call of the PBX's own records that began and ended while the link was down.
// The envelope's channel is the caller's; `at` is when it ended.
struct PastCall {
    std::string number;  // the caller's
    std::string name;
    std::string dialled;
    std::string caller_device{};  // of a call made by one of our phones
    std::string queue{};
    std::string agent{};  // who answered, or the last who was tried
    std::string device{};
    std::string agent_channel{};
    WallTime started_at{};
    std::optional<WallTime> queued_at{};
    std::optional<WallTime> answered_at{};     // by the agent
    DialResult result = DialResult::answered;  // of the last attempt to reach somebody
    bool abandoned = false;
};

struct QueueEntered {
    std::string queue;
};
// `abandoned`: the caller gave up. Otherwise served or timed out: AgentConnected tells.
struct QueueLeft {
    std::string queue;
    bool abandoned = false;
};
// The queue offers the envelope's channel to a member whose phone is `agent_channel`.
struct AgentCalled {
    std::string queue;
    std::string agent;  // agent id
    std::string name;
    std::string device;
    std::string agent_channel;
};
// The member's phone rang out (`refused` false) or he rejected the call.
struct AgentMissed {
    std::string queue;
    std::string agent;
    bool refused = false;
};
struct AgentConnected {
    std::string queue;
    std::string agent;
    std::string name;
    std::string agent_channel;
};

// State of a queue member or of a device that is not in any queue (queue empty).
struct MemberChanged {
    std::string agent;
    std::string name;  // empty: unchanged
    std::string device;
    std::string queue;
    DeviceStatus status = DeviceStatus::unknown;  // unknown: unchanged
    enum class Pause { unchanged, paused, unpaused } pause = Pause::unchanged;
    std::string reason;       // of the pause
    int wrap_up_seconds = 0;  // the queue's own wrap-up time
    bool removed = false;     // no longer in `queue`
};

struct ApplicationEntered {
    Application application = Application::other;
};
struct SurveyAnswered {
    std::string score;
};
struct AttributeSet {
    std::string name;
    std::string value;
};

// All that exists on the PBX at one moment. What is not in it does not exist.
// Times are the PBX's own as well as it gives them.
struct SnapshotChannel {
    std::string id;
    std::string group;
    ChannelStarted started;
    WallTime started_at{};
    std::string bridge;  // empty: in none
    BridgeKind bridge_kind = BridgeKind::two_party;
    Application application = Application::other;
    std::string bridge_name{};     // of a conference
    std::string dialled_by{};      // channel that rang it, if the PBX tells
    std::string slot{};            // parking slot it waits in
    std::string parked_by{};       // device that parked it there, if the PBX tells
    std::string reached_by{};      // number that `dialled_by` dialled to reach it, if the PBX tells
    bool rung_by_command = false;  // the PBX rang it for a command: nobody was calling
};
struct SnapshotQueueCaller {
    std::string queue;
    std::string channel;
    WallTime entered_at{};
};
struct Snapshot {
    std::vector<SnapshotChannel> channels;
    std::vector<SnapshotQueueCaller> queue_callers;
    std::vector<MemberChanged> members;
};

}  // namespace signal

using SignalBody =
    std::variant<signal::LinkUp, signal::LinkDown, signal::Snapshot, signal::ChannelStarted,
                 signal::ChannelStateChanged, signal::ChannelPartyChanged, signal::ChannelEnded,
                 signal::HangupRequested, signal::DialStarted, signal::DialEnded, signal::BridgeEntered,
                 signal::BridgeLeft, signal::HoldChanged, signal::QueueEntered, signal::QueueLeft, signal::AgentCalled,
                 signal::AgentMissed, signal::AgentConnected, signal::MemberChanged, signal::ApplicationEntered,
                 signal::SurveyAnswered, signal::AttributeSet, signal::Transferred, signal::Parked, signal::Unparked,
                 signal::ListeningStarted, signal::ListeningStopped, signal::RecordingChanged, signal::ChannelRenamed,
                 signal::PastCall>;

struct PbxSignal {
    WallTime at{};        // the PBX's own time where it gives one, else arrival
    std::string channel;  // whom it is about; empty for link, snapshot and member facts
    std::string group;    // what the PBX holds to belong together now (Linkedid); may change; empty: not said
    SignalBody body;
};

}  // namespace citybridge
