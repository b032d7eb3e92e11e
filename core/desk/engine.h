#pragma once
// What the parts of a flow do while one step of an order is made: whatever
// happens to it sets off assignment, chains, escalations, approvals, tellings.
// All of it becomes part of the same step, so that it is committed with it.
#include "core/desk/engine_state.h"
#include "core/desk/judge.h"
#include "core/desk/step.h"

namespace citybridge::desk {

// Somebody who is told, with what is known of how to reach him.
struct Target {
    std::string user, role, group, person;  // user, or everybody of role or group, or a person outside
    std::string phone, email;
    Json reference;  // what an outbox row says of him instead of an address (P10)
};

class Engine {
public:
    // `note`: whether the request brings one.
    Engine(const Context& context, const Flow& flow, Step& step, bool note)
        : context_(context), flow_(flow), step_(step), note_(note) {}

    // engine.cpp. The action's effects, then what it sets off. Precondition: it is possible and its fields are filled.
    void take(const ActionDef& action);
    // The same by the engine itself: left out, and written down, when the state or a guard does not allow it.
    void take_if_possible(const std::string& action, const std::string& why);
    void opened();
    void fell_due(const FollowUpDef& follow_up);
    void noted() { happened({Trigger::Kind::note, {}}); }
    bool allowed(const ActionDef& action, const OrderRecord* related = nullptr) const;
    Judged judged(const OrderRecord* related = nullptr) const;
    // Everything the flow wants done on this.
    void happened(const Trigger& trigger);
    // Actions the engine took in this step, for the ERP's messages.
    const std::vector<std::string>& taken() const { return taken_; }
    bool escalated() const { return escalated_; }

    // engine_escalate.cpp
    void start_escalation(const std::string& name, bool undelivered = false);
    void escalation_due(const std::string& name);
    // A message to this connector did not arrive in time, or will not at all.
    void undelivered(const std::string& connector);
    void stop_escalations(const std::string& action);
    // engine_tell.cpp. Whoever got this message has answered it; false: it waits for no answer.
    bool message_confirmed(const std::string& outbox, const std::string& by);
    // What waits for this person; false: nothing does.
    bool acknowledge();

    // engine_tell.cpp
    void remind(const FollowUpDef& follow_up);
    void confirmation_due(const std::string& deadline);
    // Nothing is due, and nobody has touched it: its owner hears of it; nobody owns it: the group and its team lead.
    void idle_due();
    // engine_next_channel.cpp. A message to a person will not arrive, whoever says so: he is told by the next channel of
    // the list that reaches him; is there none, nobody waits for his answer any more, and who is told next is told now.
    // Once for each message. False: nobody is told anything.
    bool message_lost(const OutboxRecord& message);

    // engine_approve.cpp. Codes "order.not_yours_to_approve", "order.action_not_possible".
    Result<> approve(bool yes);
    void approval_due(const std::string& name);
    static bool may_approve(const Context& context, const Flow& flow, const OrderRecord& order, const Actor& actor);

    // engine_assign.cpp
    bool assign(const AssignDef& def);

    // engine_people.cpp
    std::vector<Target> targets(const Recipient& to) const;
    const DirectoryEntry* deputies_of(const ApprovalStep& step) const;
    std::vector<Target> asked(const ApprovalStep& step) const;

private:
    void set(const SetDef& def);
    void advance(const std::string& chain);
    void decide(const Trigger& trigger);
    void begin_follow_up(const FollowUpDef& follow_up);
    void close();
    void entered_state();

    void run_escalation(const EscalationDef& def, std::size_t index);
    void schedule_escalation(const EscalationDef& def, std::size_t index, Millis wait);
    void end_escalation(const EscalationDef& def, const std::string& state);
    std::optional<WallTime> quiet_until(const EscalationStep& step) const;

    void tell(const TellDef& def, std::size_t index);
    // One telling by the first channel that reaches them; number of people told.
    std::size_t tell_targets(const std::vector<Target>& targets, const std::vector<std::string>& channels,
                             const TellingRecord& like);
    bool put_telling(const Target& target, const std::string& channel, TellingRecord row);
    // Why this person gets no message; empty: he does.
    std::string why_not_written_to(const Target& target, const std::string& channel, const std::string& address) const;
    std::optional<WallTime> quiet_for(const Target& target) const;
    void acknowledged(const TellingRecord& row, const std::string& by);
    void settle_tellings(const std::string& kind, const std::string& name, const std::string& by);

    void start_approval(const ApprovalDef& def);
    void open_approval_step(const ApprovalDef& def, std::size_t index);
    bool approves(const ApprovalStep& step, const Actor& actor) const;

    bool next_channel(const OutboxRecord& message);
    bool message_undelivered(const std::string& outbox);
    const std::vector<std::string>* channels_of(const Json& part) const;
    bool answer_is_waited_for(const Json& part) const;
    std::optional<Target> target_of(const Json& reference) const;
    std::vector<Target> with_role(const Recipient& to) const;
    std::vector<Target> in_field(const std::string& name) const;
    std::vector<Target> the_customer() const;
    bool serving(const Person& person) const;
    Target of_user(const std::string& user) const;
    Target of_person(const DirectoryEntry& entry, const Person& person) const;

    const Context& context_;
    const Flow& flow_;
    Step& step_;
    bool note_;
    int depth_ = 0;  // of actions that set off actions
    int tellings_ = 0;
    bool escalated_ = false;
    std::vector<std::string> taken_;
};

// The newest order that the table looks for, without `order` itself; null: there is none.
const OrderRecord* find_related(const Context& context, const Flow& flow, const DecisionDef& table,
                                const OrderRecord& order);
// The person whose turn it is in a chain; null: nobody is left, or there is no such entry.
const Person* chain_person(const FlowBook& book, const std::string& city, const Flow& flow, const OrderRecord& order,
                           const std::string& chain, LocalDay today);
const DirectoryEntry* chain_entry(const FlowBook& book, const std::string& city, const ChainDef& chain,
                                  const OrderRecord& order);

}  // namespace citybridge::desk
