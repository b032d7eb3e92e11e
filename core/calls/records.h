#pragma once
// What the call book remembers about one channel, bridge and contact. Private
// to core/calls.
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/api/model.h"
#include "core/api/signals.h"

namespace citybridge::calls {

struct ContactRecord;

struct Channel {
    std::string id;
    std::string group;
    std::string device;
    std::string number;
    std::string name;
    std::string dialled;
    std::string agent;  // agent id if the device is an agent's
    ChannelState state = ChannelState::down;
    bool internal_helper = false;
    std::string pair;        // of a helper
    std::string stands_for;  // of a helper the queue rang: the agent behind it, whose phone may never be seen
    WallTime started_at{};
    std::string bridge;      // empty: in none
    std::string dialled_by;  // channel that rang it; empty: nobody, or the PBX for a command
    int contacts_begun = 0;  // a channel may call one customer after the other
    bool rung_by_pbx = false;
    bool dial_ended = false;  // the PBX repeats DialEnd; the first counts
    bool hung_up = false;     // its own party asked for the end
    ContactRecord* contact = nullptr;
    std::size_t leg = 0;  // index into contact->view.legs; meaningful if has_leg
    bool has_leg = false;
    bool with_customer = false;  // an agent's channel whose talk time is running
    std::string talked_in;       // contact in which it was ever with the customer; wrap-up follows
    std::string dialled_number;  // that was dialled to reach this party
    std::string consulted_by;    // agent who called this party about the contact; empty once the customer met it
    std::string recorded_early;  // file of a recording that began before there was a contact
    std::string sent_to;         // number he is sent to, told while he is still in a bridge
    // He may have been put on hold in an outage that ended then, and nothing has told since.
    std::optional<WallTime> hold_unheard_until;
};

struct Bridge {
    BridgeKind kind = BridgeKind::two_party;
    std::string name;  // of a conference
    std::vector<Channel*> members;
};

// An open offer and the channels that ring for it: the phone's own, and the
// helper pair in between if the PBX uses one.
struct OpenOffer {
    std::size_t index = 0;  // into view.offers
    std::vector<std::string> channels;
    bool answered = false;  // the phone was picked up; not accepted until it is connected to the customer
    bool from_queue = false;
};

struct OpenHold {
    std::size_t index = 0;  // into view.holds
    std::string channel;
    std::optional<WallTime> again_at;  // told a second time: the PBX's own, before a consultation
    // An outage lasted until then, and nothing has told since: he may have been taken back in it.
    std::optional<WallTime> unheard_until;
};

// The customer left an agent who had not hung up, and nobody has said why yet.
struct Departure {
    std::string agent;
    std::string channel;
    WallTime at{};
    bool agent_left_first = false;  // then it is a transfer only if they meet again in a conference
    std::string place{};            // number he was sent to, if told
};

// The last transfer, until the customer has met whom it was to.
struct OpenTransfer {
    std::size_t index = 0;        // into view.transfers
    bool to_is_final = false;     // a queue or a room, whoever answers there
    bool somebody_tried = false;  // a phone or a queue; if nobody answers it has failed
    bool not_fetched = false;     // from its parking slot; if it goes to anybody now, parking has failed
    TransferReason in_vain = TransferReason::none;  // what became of the last who was tried
};

struct OpenRecording {
    std::size_t index = 0;  // into view.recordings
    std::string channel;
};

// The number an agent called could not be reached on this line; the PBX may try the next one at once.
struct Retry {
    std::string from;  // channel that dials
    WallTime failed_at{};
    MonoTime until{};
};

struct ContactRecord {
    Contact view;
    std::string root_channel;           // first channel: the id is made of it
    std::string anchor_channel;         // the customer's; of an internal contact the caller's. Its end is the contact's
    std::vector<std::string> channels;  // alive, the anchor included
    std::vector<std::string> groups;    // of the PBX, whose new channels belong to this contact
    std::vector<OpenOffer> open_offers;
    std::vector<OpenHold> open_holds;
    std::vector<OpenRecording> open_recordings;
    std::optional<Departure> departure;
    std::optional<OpenTransfer> open_transfer;
    std::optional<Retry> retry;
    std::optional<WallTime> inferred_hold_until;   // of a hold that only its end has told
    std::optional<WallTime> inferred_transfer_at;  // of the last one, if the PBX has not told it itself
    std::string last_agent;                        // who was with the customer last
    std::optional<WallTime> talk_since;
    std::optional<WallTime> ring_since;
    bool in_queue = false;
    bool tried = false;  // somebody was dialled for it, in or outside a queue
    bool parked = false;
    bool spoke_with_agent = false;
    bool voicemail = false;
    bool hangup_by_command = false;
    bool ended_unheard = false;                   // in an outage: what became of its consultations is not known
    std::optional<Outcome> last_try;              // how the last attempt to reach somebody went
    std::optional<WallTime> agent_hung_up_at;     // an agent ended his side while he was with the customer
    std::optional<WallTime> customer_hung_up_at;  // the customer's own wish
    bool touched = false;
};

}  // namespace citybridge::calls
