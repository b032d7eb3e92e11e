#pragma once
// A recorded PBX played to a node in virtual time: the adapter's session and the
// call book, no sockets. The link may be cut anywhere, messages lost while it
// was down, the node started anew, messages repeated or in another order.
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/events.h"
#include "core/api/signals.h"

namespace citybridge::sim {

struct ClientOutput {
    std::string write;
    std::vector<PbxSignal> signals;
    bool close = false;
};

// The adapter's session, whichever PBX it is for.
class Client {
public:
    virtual ~Client() = default;
    virtual void connected(Now now) = 0;
    virtual void bytes(std::string_view bytes, Now now) = 0;
    virtual void tick(Now now) = 0;
    virtual std::optional<MonoTime> deadline() const = 0;
    // `refused`: the adapter gave the link up because what it said was not taken.
    virtual void closed(Now now, bool refused) = 0;
    virtual ClientOutput take() = 0;
};

// A capture: what the PBX said, and what it would have answered at any moment.
class RecordedPbx {
public:
    virtual ~RecordedPbx() = default;
    virtual std::unique_ptr<Client> client() const = 0;
    // Messages a client sees, in order; each at a moment of its own.
    virtual std::size_t size() const = 0;
    virtual WallTime at(std::size_t message) const = 0;
    virtual const std::string& bytes(std::size_t message) const = 0;
    // One past the last message of the call this message is about; the next one if it is about none.
    virtual std::size_t end_of_call(std::size_t message) const = 0;
    // Two messages whose order the PBX does not promise.
    virtual bool may_swap(std::size_t first, std::size_t second) const = 0;
    // How far the times it tells may lie from the moments of its messages.
    virtual Millis grain() const { return Millis{0}; }
    // A new connection after `happened` messages: what the PBX says first, and answers.
    virtual std::string greeting() const = 0;
    virtual std::string answer(std::string_view asked, std::size_t happened, WallTime now) const = 0;
};

struct Cut {
    std::size_t seen = 0;  // messages that came before it
    std::size_t lost = 0;  // messages that happened while the link was down
    bool restart = false;  // the node was down too, and knows nothing
    // Asterisk's lists are ahead of its stream: they show what these next messages will tell.
    std::size_t ahead = 0;
    // Messages after `seen` that reach the adapter when the live strand takes no more: it gives the link up then.
    std::size_t refused = 0;
};

struct Plan {
    std::vector<Cut> cuts{};           // in order, not overlapping
    std::vector<std::size_t> order{};  // which message comes when; empty: as recorded
    bool look = true;                  // mutant of P4: the snapshot is ignored
    bool pops_again = false;           // mutant of P5: open offers are shown again after a reconnect
};

// What happened between the last message seen and the snapshot.
struct Gap {
    WallTime from;  // exclusive
    WallTime to;
    bool restart = false;
};

// What the world was told.
struct Told {
    std::map<std::string, ContactPtr> contacts;  // latest state by id
    std::map<std::string, std::string> merged;   // contact -> into
    std::map<std::string, WallTime> merged_at;
    std::map<std::string, AgentPtr> agents;        // at the end
    std::map<std::string, WallTime> agent_since;   // first heard of
    std::map<std::string, WallTime> agent_until;   // last heard of
    std::map<std::string, WallTime> reason_since;  // when the agent's state got its reason
    std::set<std::string> open;                    // contacts still open at the end
    std::set<std::string> told_before;             // contacts whose end a node told that was started anew since
    std::map<std::string, int> shown;              // pops by offer
    std::map<std::string, WallTime> shown_at;
    // When a part of a contact was first seen: "contact/leg/channel", "contact/offer/id",
    // "contact/attribute/name/value", "contact/hold/from", "contact/transfer/" and what it said of it.
    std::map<std::string, WallTime> first_seen;
    std::map<std::string, WallTime> role_since;         // when a leg got its latest role, by role_key
    std::map<std::string, std::set<WallTime>> entered;  // bridges, by channel
    std::vector<std::string> violations;                // of what no stream of events may do
    std::vector<Gap> gaps;
};

Told play(const RecordedPbx& pbx, const Plan& plan);

std::string words_of(const Transfer& transfer);
std::string role_key(const Contact& contact, const Leg& leg);

// Differences beyond what the gaps excuse (DESIGN section 8); empty: the cut run told the truth.
std::vector<std::string> differences(const Told& uncut, const Told& cut);

}  // namespace citybridge::sim
