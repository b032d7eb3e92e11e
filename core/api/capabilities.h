#pragma once
// What a plugin may offer to the core. A caller holds one of these references
// and never the plugin. Null pointer: not offered.
//
// Threads: every method may be called from any thread and returns at once; the
// implementation hands over to its own lane. A completion is called exactly
// once, on the plugin's lane, also when the link is down or the plugin stops.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/events.h"
#include "core/api/records.h"
#include "core/api/result.h"
#include "core/api/time.h"
#include "core/api/verifications.h"

namespace citybridge {

struct CommandReply {
    CommandOutcome outcome = CommandOutcome::unknown;
    std::string reason;   // stable word on failure: busy, no_answer, rejected, unreachable,
                          // no_such_number, no_such_call, no_such_agent, not_permitted, link_down, timeout, failed
    std::string channel;  // the channel a dial command made, if any
};
using CommandDone = std::function<void(CommandReply)>;

struct DialCommand {
    std::string command_id;  // becomes part of the new channel's id, so that a lost answer can be looked up
    std::string device;      // whose phone rings first
    std::string number;      // who is dialled when he answers
    Millis ring_timeout{30'000};
};

// Something asked of a live contact (P6): sent at once, never repeated. The node
// names the channels that take part now; empty: there is none.
struct CallCommand {
    std::string command_id;
    CallAction action = CallAction::hold;
    std::string agent;             // who asks, agent id
    std::string agent_channel;     // his phone in this contact
    std::string customer_channel;  // the customer's; of an internal contact the other party's
    std::string consult_channel;   // whom he consults
    std::string to;                // number: transfer, consult, conference with a third
    std::string recording;         // record: name for the file, without folder and ending
    Millis ring_timeout{30'000};   // of a consultation
};

enum class AgentWish { ready, not_ready, log_in, log_out };
std::string_view to_string(AgentWish value);

struct AgentStateCommand {
    std::string agent;  // agent id
    std::string device;
    AgentWish wish = AgentWish::ready;
    std::string reason;  // of not ready
    std::vector<std::string>
        queues{};  // to log in to or out of; empty: those of the adapter's settings, or all he is in
};

class PbxAdapter {
public:
    // What this PBX can do with a contact; Contact::allowed holds those that are possible at the moment.
    virtual std::vector<CallAction> call_actions() const = 0;

    // Rings `device`, then connects it to `number`. Succeeds when the agent's
    // phone was answered. After a time-out the adapter looks for the channel
    // before it says `unknown`; it never dials twice. A phone that is not
    // registered fails with reason `unreachable` before anything rings.
    virtual void dial(const DialCommand& command, CommandDone done) = 0;
    virtual void hangup(const std::string& channel, CommandDone done) = 0;
    // Every action of call_actions() but `hangup`; others end as not_supported.
    // Succeeded means the PBX did it, or for `consult` and `transfer` that it
    // began to; what becomes of it is told by signals.
    virtual void command(const CallCommand& command, CommandDone done) = 0;
    virtual void set_agent_state(const AgentStateCommand& command, CommandDone done) = 0;

protected:
    ~PbxAdapter() = default;
};

// ---- Deliveries outward (P2) ------------------------------------------------

// What the far side does when the same message comes twice.
enum class Repeats {
    dedupes,   // knows our key: a repetition has no second effect
    findable,  // stores our key in a field: look before repeating
    neither,   // a repetition would be a second record: after an unclear answer a person decides
};
std::string_view to_string(Repeats value);

enum class DeliveryOutcome {
    delivered,  // the far side has it, durably
    not_done,   // certainly without effect now, and may succeed later: no connection, 429, 503
    refused,    // certainly without effect, and repeating does not help: a person must look
    unclear,    // may have taken effect: time-out, closed early, 500
    gone,       // the far side wants nothing more at all (410): the destination is disabled
};
std::string_view to_string(DeliveryOutcome value);

struct DeliveryReply {
    DeliveryOutcome outcome = DeliveryOutcome::unclear;
    std::string code;         // stable word when not delivered
    std::string detail;       // for people; no secret
    std::string external_id;  // the far side's number, if it told one
    std::optional<Millis> retry_after;
};
using DeliveryDone = std::function<void(DeliveryReply)>;

struct FindReply {
    enum class Outcome { found, absent, failed };
    Outcome outcome = Outcome::failed;
    std::string code;
    std::string detail;
    std::string external_id;  // if found
};
using FindDone = std::function<void(FindReply)>;

// How the node is to treat this destination; constant after configure().
struct DeliveryTraits {
    Repeats repeats = Repeats::dedupes;
    Millis far_timeout{30'000};      // after an unclear answer: how long the far side may still be at it
    std::size_t connections = 4;     // messages on their way at once
    std::vector<Millis> schedule{};  // waits between attempts; after the last the message is dead; never empty
    double jitter = 0.2;             // each wait is lengthened by up to this share
    // Events it wants as messages of kind "event": "order.*", "contact.ended", "*"; empty: none.
    std::vector<std::string> events{};
};

// Carries outbox messages to one destination: webhook, erp_rest, ...
class OutboundConnector {
public:
    virtual DeliveryTraits delivery_traits() const = 0;
    // Any thread; hands over to the lane. Each `done` is called exactly once, on
    // the lane; after stop() not at all (the message stays pending).
    virtual void deliver(const OutboxRecord& message, DeliveryDone done) = 0;
    // Only asked of a connector whose far side is `findable`: is this message's effect there?
    virtual void find(const OutboxRecord& message, FindDone done) = 0;

protected:
    ~OutboundConnector() = default;
};

// ---- Messages inward (P3) ---------------------------------------------------

using HeaderList = std::vector<std::pair<std::string, std::string>>;  // names in lower case

// A message whose sender was authenticated.
struct InboundMessage {
    std::string source;  // connector instance
    std::string id;      // the sender's, constant over its retries
    WallTime sent_at{};
    std::string type;                                                // "order.contacted"
    nlohmann::ordered_json data = nlohmann::ordered_json::object();  // the message's content
};

// Turns a request at POST /v1/hooks/{instance} into a message. Any thread, many
// at once, and pure: `now` is given. Error codes: "hook.bad_signature" (401),
// "hook.too_old" (400), "hook.bad_message" (400).
// Besides those of the request `headers` holds ":method" and ":query" (as it came, without "?"); GET is for senders
// that know nothing else, such as an SMS gateway's delivery reports.
class InboundConnector {
public:
    virtual Result<InboundMessage> accept(const HeaderList& headers, std::string_view body, WallTime now) const = 0;

protected:
    ~InboundConnector() = default;
};

// ---- Rules ------------------------------------------------------------------

// What an inbound message means for an order.
struct InboundVerdict {
    std::string order;        // our order id; empty: found by external_system and external_id
    std::string external_id;  // the ERP's number for it
    std::string action;       // action of the flow to carry out; empty: none
    Fields fields = Fields::object();
    std::string note;
};

// The rules of a kind of order that its flow cannot say: what the ERP needs and
// what it tells. Called on the durable strand: rows in, decision out; no socket,
// thread, clock or wait. An exception refuses that one input.
class WorkOrderRules {
public:
    // Kinds of orders these rules are for: "sales_lead".
    virtual std::vector<std::string> kinds() const = 0;
    // Before an order is opened or its fields change. Error: why not, code "order.bad_fields".
    virtual Result<> judge(const OrderRecord& order, const CustomerRecord* customer) const = 0;
    // Content of the message for the ERP: `action` is "open_order", "append_note", ...; `text` the note, if any.
    virtual Result<nlohmann::ordered_json> erp_payload(std::string_view action, const OrderRecord& order,
                                                       const CustomerRecord* customer, std::string_view text) const = 0;
    // Error code "hook.not_understood": answered 422 and not kept.
    virtual Result<InboundVerdict> inbound(const InboundMessage& message) const = 0;

protected:
    ~WorkOrderRules() = default;
};

// One of several destinations of a plugin instance: its messages' destination is "<instance>.<name>".
struct NamedOutbound {
    std::string name;
    OutboundConnector* connector = nullptr;
};

// ---- Verification (B4) -------------------------------------------------------

struct VerificationAsk {
    enum class What { start, resend, check, unlock };
    What what = What::start;
    std::string code;   // of `check`: what the caller read out
    std::string actor;  // user
    std::string role;
};

struct VerificationVerdict {
    VerificationRecord verification;
    std::vector<VerificationBudgetRecord> budgets;  // those that changed
    bool send = false;                              // a message with the code goes out in the same commit
    // Stable words for who asked: what came of it, and what to say next ("resend_possible", "go_to_a_shop", ...).
    std::string answer;
    std::string next;
    std::string history;  // action word for the order's history: "verification_sent", "verification_passed", ...
};

// How a caller proves who he is. Called on the durable strand: rows in, decision
// out; no socket, thread, clock or wait. An exception refuses that one input.
class VerificationRules {
public:
    // Budgets that a decision about this number and purpose needs, by purpose; "" is the number's own.
    virtual std::vector<std::string> budgets(const std::string& purpose) const = 0;
    // `verification`: of `start` a new one with id, customer, number, purpose, order, contact and opened_by; else as
    // it is in the store. Error codes: "verification.exhausted", "verification.not_pending",
    // "verification.bad_purpose", "verification.forbidden": nothing changes.
    virtual Result<VerificationVerdict> decide(const VerificationAsk& ask, const VerificationRecord& verification,
                                               const std::vector<VerificationBudgetRecord>& budgets,
                                               WallTime now) const = 0;
    // The code, for the message that carries it, rendered when it is sent; the same for every send of a verification.
    // Error: it has expired or ended, and nothing is sent any more.
    virtual Result<std::string> code(const VerificationRecord& verification, WallTime now) const = 0;

protected:
    ~VerificationRules() = default;
};

struct Capabilities {
    PbxAdapter* pbx = nullptr;
    OutboundConnector* outbound = nullptr;
    std::vector<NamedOutbound> destinations{};  // besides `outbound`
    InboundConnector* inbound = nullptr;
    WorkOrderRules* rules = nullptr;
    VerificationRules* verification = nullptr;
};

}  // namespace citybridge
