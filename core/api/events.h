#pragma once
// What the live strand tells the world: the node's facts, in the order they
// happened. Closed on purpose: a consumer that forgets one does not compile.
// Immutable once published; adding one bumps kAbiVersion.
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/api/model.h"

namespace citybridge {

// contact.started / offered / answered / transferred / merged / ended.
struct ContactChanged {
    enum class What { started, changed, offered, answered, transferred, merged, ended };
    What what = What::changed;  // `changed`: state, queue or hold moved; no named event of its own
    ContactPtr contact;
    std::string merged_into;  // only for merged
};

// offer.shown / offer.details / offer.revoked. `offer` is also in `contact`.
struct OfferChanged {
    enum class What { shown, details, revoked };
    What what = What::shown;
    Offer offer;
    ContactPtr contact;
    // Only of `details`: {"customer": ... or null, "contacts": [...], "orders": [...]} as JSON text.
    std::string details = {};
};

struct AgentChanged {
    AgentPtr agent;
};

enum class CommandOutcome { accepted, succeeded, failed, not_supported, unknown };
std::string_view to_string(CommandOutcome value);

// command.result: exactly one final result per accepted command.
struct CommandFinished {
    std::string command_id;
    std::string user;  // who asked; the result goes to him
    CommandOutcome outcome = CommandOutcome::unknown;
    std::string reason;      // stable word, "busy", "no_answer", ...; empty on success
    std::string contact_id;  // if the command made or concerned one
};

// order.opened / changed / noted / overdue / escalated / told / closed: the order as committed. `escalated` and `told`:
// somebody is to look at it now.
struct OrderChanged {
    enum class What { opened, changed, noted, overdue, escalated, told, closed };
    What what = What::changed;
    std::string id;
    std::string owner;
    std::string group;
    std::string json;                           // the order's JSON of DESIGN section 6; holds no secret field
    std::vector<std::string> told = {};         // users who are to know, besides the owner
    std::vector<std::string> told_groups = {};  // and everybody of these groups
};

// Something became of a paper of the centre or of a contact's disposition: "question.overdue", "notice.published",
// "help.opened", "disposition.missing". For the users and groups named; for team leads and above in any case.
struct PaperChanged {
    std::string type;
    std::string id;  // of the paper or the contact
    std::vector<std::string> users = {};
    std::vector<std::string> groups = {};
    bool everybody = false;
    std::string json;  // of the paper; on the stream it stands under the first word of the type
};

// The link to a PBX came up or went down.
struct PbxLinkChanged {
    std::string pbx;
    bool up = false;
    std::string reason;  // when down
};

using Event = std::variant<ContactChanged, OfferChanged, AgentChanged, CommandFinished, PbxLinkChanged, OrderChanged,
                           PaperChanged>;

struct EventEnvelope {
    std::uint64_t sequence = 0;  // grows by one per event of this process
    WallTime at{};
    Event event;
};
using EventPtr = std::shared_ptr<const EventEnvelope>;

// The stable type word of the outside contract: "contact.started", "agent.state", ...
// `contact.changed` and `pbx.link` are this node's additions to DESIGN section 6.
// Of a paper it is valid as long as the event.
std::string_view event_type(const Event& event);

}  // namespace citybridge
