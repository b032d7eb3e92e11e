#pragma once
// The live model as everyone outside core/calls sees it: one contact, its legs
// and offers, one agent. The JSON of DESIGN section 6 is made from these and
// from nothing else (model_json.h). Instances are immutable once published.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/time.h"

namespace citybridge {

enum class Direction { inbound, outbound, internal };
enum class ContactState { ringing, ivr, queued, offered, talking, holding, parked, ended };
enum class Outcome { answered, abandoned, no_answer, busy, rejected, failed, voicemail, ivr_only, unknown };
enum class EndedBy { customer, agent, system, unknown };
enum class LegRole { customer, agent, consult, trunk, ivr, supervisor };
enum class OfferState { offered, shown, accepted, revoked, expired, refused };
enum class HoldBy { customer, agent };
enum class TransferKind { blind, attended, redirect, conference, park, city };
enum class TransferResult { completed, cancelled, failed };
// Why a transfer was not completed, as far as the PBX tells.
enum class TransferReason {
    none,  // completed, or nothing told why
    busy,
    no_answer,
    rejected,
    no_such_number,
    unreachable,       // no line to it, or its phone is not there
    cancelled,         // taken back: by the agent, or by the PBX's own limit before anybody answered
    hung_up,           // whoever was called left before he had the customer
    customer_hung_up,  // he did not wait for it
};
// What may be asked of a live contact. The words (to_string) are those of Contact::allowed.
enum class CallAction {
    hangup,
    hold,
    retrieve,
    transfer,           // blind
    consult,            // calls a colleague while the customer waits
    attended_transfer,  // ends a consultation: the colleague takes the customer
    cancel_consult,     // ends a consultation: back to the customer
    conference,         // ends a consultation: all three talk; without one, invites a third
    record,
    stop_recording,
    mute_recording,
    unmute_recording,
    park,
};
enum class AgentPresence { logged_out, ready, reserved, ringing, talking, holding, wrap_up, not_ready };

// One party's connection inside a contact.
struct Leg {
    LegRole role = LegRole::customer;
    std::string number;
    std::string name;    // bytes as the PBX gave them; made valid UTF-8 only in JSON
    std::string agent;   // agent id, empty if this party is none
    std::string device;  // "SIP/1001"
    std::vector<std::string> pbx_ids;
    std::optional<WallTime> joined_at;  // first bridge; unset for a phone that only rang
    std::optional<WallTime> left_at;
};

// A contact presented to one agent. `id` is stable over a restart of the node.
struct Offer {
    std::string id;
    std::string agent;
    std::string device;
    OfferState state = OfferState::offered;
    WallTime offered_at{};
    std::optional<WallTime> ended_at;
};

struct Hold {
    HoldBy by = HoldBy::agent;
    WallTime from{};
    std::optional<WallTime> to;
};

struct Transfer {
    TransferKind kind = TransferKind::blind;
    std::string from_agent;
    std::string to;
    TransferResult result = TransferResult::completed;
    WallTime at{};
    TransferReason reason = TransferReason::none;
};

struct Survey {
    std::string score;
    WallTime at{};
};

// A recording the PBX makes of this contact. The bytes stay where the PBX puts them.
struct Recording {
    enum class State { recording, muted, finished };
    std::string id;    // stable over a restart of the node
    std::string file;  // as the PBX named it: a path on its disk, absolute or below its recording folder
    State state = State::recording;
    WallTime started_at{};
    std::optional<WallTime> ended_at;
};

struct Contact {
    std::string id;
    Direction direction = Direction::inbound;
    std::string customer_number;
    std::string customer_number_e164;
    std::string called_number;
    std::string queue;
    ContactState state = ContactState::ringing;
    std::optional<Outcome> outcome;  // set when the contact has ended
    WallTime started_at{};
    std::optional<WallTime> queued_at;
    std::optional<WallTime> answered_at;
    std::optional<WallTime> ended_at;
    std::optional<EndedBy> ended_by;
    std::optional<Millis> wait;  // known once answered or out of the queue
    Millis talk{0};              // finished intervals only, like hold
    Millis hold{0};
    bool inferred = false;
    std::vector<Leg> legs;
    std::vector<Offer> offers;
    std::vector<Hold> holds;
    std::vector<Transfer> transfers;
    std::optional<Survey> survey;
    std::vector<Recording> recordings;
    std::string disposition;
    std::map<std::string, std::string> attributes;
    std::vector<std::string> allowed;  // commands possible now
};
using ContactPtr = std::shared_ptr<const Contact>;

struct Agent {
    std::string id;  // "SIP/1001" on Asterisk, "1001" on FreeSWITCH
    std::string name;
    std::string device;
    std::vector<std::string> queues;
    AgentPresence state = AgentPresence::logged_out;
    std::string reason;  // of not_ready
    WallTime since{};
    std::string cause;    // what made this state: "call", "pause", "device", "snapshot", "api", ...
    std::string contact;  // id of the contact he is offered or talking to
};
using AgentPtr = std::shared_ptr<const Agent>;

std::string_view to_string(Direction value);
std::string_view to_string(ContactState value);
std::string_view to_string(Outcome value);
std::string_view to_string(EndedBy value);
std::string_view to_string(LegRole value);
std::string_view to_string(OfferState value);
std::string_view to_string(HoldBy value);
std::string_view to_string(TransferKind value);
std::string_view to_string(TransferResult value);
std::string_view to_string(TransferReason value);  // none: empty
std::string_view to_string(CallAction value);
std::string_view to_string(Recording::State value);
std::string_view to_string(AgentPresence value);

}  // namespace citybridge
