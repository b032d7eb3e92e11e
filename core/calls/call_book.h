#pragma once
// The live model of one PBX: its signals in, contacts, offers and agents out
// (DESIGN section 3, "A call"). Pure: no thread, socket or clock. Signals are
// applied in the PBX's order by one caller at a time; nothing here throws for
// any order or content of signals.
//
// Durations use the signals' own times; `now` is only for time-outs.
#include <deque>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>

#include "core/api/events.h"
#include "core/api/result.h"
#include "core/calls/call_settings.h"
#include "core/calls/records.h"
#include "core/calls/roster.h"

namespace citybridge::calls {

struct Parties {
    std::string agent_channel;
    std::string customer_channel;
    std::string consult_channel;
    std::string agent{};  // whose part it is
};

class CallBook {
public:
    explicit CallBook(CallSettings settings);
    CallBook(const CallBook&) = delete;
    CallBook& operator=(const CallBook&) = delete;

    // Appends what happened, in order. One contact appears in its state after
    // the whole signal, also if the signal caused several events.
    void apply(const PbxSignal& signal, Now now, std::vector<Event>& out);
    void tick(Now now, std::vector<Event>& out);
    std::optional<MonoTime> next_deadline() const { return roster_.next_deadline(); }

    // The agent's desktop: a stream of his. Who never had one is left alone.
    void desktop(const std::string& agent, bool connected, Now now) { roster_.desktop(agent, connected, now); }
    // What is to be asked of the PBX for agents whose desktop stayed away; desktop_answered() must follow each.
    std::vector<DesktopWish> desktop_wishes(Now now);
    // `again`: it may succeed later, if he is still away then.
    void desktop_answered(const std::string& agent, bool again, Now now) {
        roster_.desktop_answered(agent, again, now);
    }
    // A command is about to change this agent's state: what the PBX says next is due to it.
    void agent_commanded(const std::string& agent, Now now) { roster_.commanded(agent, "api", now); }
    // Agents the sweeper freed since the last call.
    std::vector<std::string> take_swept() { return std::exchange(swept_, {}); }

    bool link_up() const { return link_up_; }
    const std::string& pbx() const { return settings_.pbx; }
    std::vector<ContactPtr> contacts() const;  // those that have not ended
    std::vector<AgentPtr> agents() const { return roster_.all(); }
    AgentPtr agent(const std::string& id);

    bool has_channel(const std::string& channel) const { return channels_.contains(channel); }
    ContactPtr contact_of_channel(const std::string& channel) const;
    // Which channel to hang up so that `agent`'s part in the contact ends: his
    // own, else the customer's. Empty: no such contact.
    std::string hangup_channel(const std::string& contact_id, const std::string& agent) const;
    // The channels an action of `agent` on this contact is about. Errors:
    // "contact.unknown", "contact.not_part", "command.not_possible".
    // An empty agent: whoever is with the customer.
    Result<Parties> parties_for(const std::string& contact_id, const std::string& agent, CallAction action) const;
    // He consults somebody while this contact waits.
    bool is_consulting(const std::string& contact_id, const std::string& agent) const;
    // The latest state of one that has not ended; null: no such contact.
    ContactPtr contact(const std::string& id) const;
    // An agent ended this contact by command: remembered for `ended_by`.
    void hangup_commanded(const std::string& contact_id);

private:
    friend class Reconciler;
    struct Visitor;
    struct Happened {  // a named event, completed with the contact's final state
        ContactRecord* contact;
        std::variant<ContactChanged::What, OfferChanged::What> what;
        std::size_t offer = 0;
        std::string merged_into;
    };
    struct Context {
        const PbxSignal& signal;
        Now now;
    };

    void dispatch(const Context& in);
    void on(const Context& in, const signal::LinkUp& e);
    void on(const Context& in, const signal::LinkDown& e);
    void on(const Context& in, const signal::Snapshot& e);
    void on(const Context& in, const signal::ChannelStarted& e);
    void on(const Context& in, const signal::ChannelStateChanged& e);
    void on(const Context& in, const signal::ChannelPartyChanged& e);
    void on(const Context& in, const signal::ChannelEnded& e);
    void on(const Context& in, const signal::HangupRequested& e);
    void on(const Context& in, const signal::DialStarted& e);
    void on(const Context& in, const signal::DialEnded& e);
    void on(const Context& in, const signal::BridgeEntered& e);
    void on(const Context& in, const signal::BridgeLeft& e);
    void on(const Context& in, const signal::HoldChanged& e);
    void on(const Context& in, const signal::QueueEntered& e);
    void on(const Context& in, const signal::QueueLeft& e);
    void on(const Context& in, const signal::AgentCalled& e);
    void on(const Context& in, const signal::AgentMissed& e);
    void on(const Context& in, const signal::AgentConnected& e);
    void on(const Context& in, const signal::MemberChanged& e);
    void on(const Context& in, const signal::ApplicationEntered& e);
    void on(const Context& in, const signal::SurveyAnswered& e);
    void on(const Context& in, const signal::AttributeSet& e);
    void on(const Context& in, const signal::Transferred& e);
    void on(const Context& in, const signal::Parked& e);
    void on(const Context& in, const signal::Unparked& e);
    void on(const Context& in, const signal::ListeningStarted& e);
    void on(const Context& in, const signal::ListeningStopped& e);
    void on(const Context& in, const signal::RecordingChanged& e);
    void on(const Context& in, const signal::ChannelRenamed& e);
    void on(const Context& in, const signal::PastCall& e);

    // Commands: who is meant.
    const Channel* asking_channel(const ContactRecord& record, const std::string& agent) const;
    const Channel* other_party(const ContactRecord& record, const Channel& asking) const;
    const Channel* consulted_party(const ContactRecord& record, const Channel& asking, const Channel* customer) const;
    bool is_person(const ContactRecord& record, const Channel& channel) const;

    // Agents shown busy for no reason.
    void sweep(Now now);
    bool is_ghost(const AgentRecord& agent, const Channel& channel);
    bool rings_somebody(const Channel& channel) const;

    Channel* find_channel(const std::string& id);
    const Channel* find_channel(const std::string& id) const;
    bool is_anchor(const Channel& channel) const;
    void regroup(Channel& channel, const std::string& group);

    // Contacts: start, parties, end.
    ContactRecord& start_contact(Channel& root, Direction direction, WallTime at);
    void start_inbound(Channel& caller, WallTime at);
    ContactRecord* start_from_dial(Channel& from, Channel& target, const std::string& number, WallTime at);
    void attach(ContactRecord& record, Channel& channel, std::optional<LegRole> role = {});
    void add_leg(ContactRecord& record, Channel& channel, LegRole role);
    void end_contact(ContactRecord& record, WallTime at, bool linked);
    void end_all(WallTime at, bool linked, bool inferred, Now now);
    void merge(ContactRecord& from, ContactRecord& into, WallTime at);
    void merge_by_weight(ContactRecord& a, ContactRecord& b, WallTime at);
    void touch(ContactRecord& record);
    void happened(ContactRecord& record, ContactChanged::What what);

    // Offers.
    void offer_to(ContactRecord& record, const Channel& phone, const std::string& agent, bool from_queue, WallTime at);
    OpenOffer* open_offer_of(ContactRecord& record, const std::string& channel);
    OpenOffer* open_offer_for(ContactRecord& record, const std::string& agent);
    void show_offer(ContactRecord& record, const OpenOffer& offer);
    void close_offer(ContactRecord& record, std::size_t index, OfferState state, WallTime at);
    void close_channel_offer(Channel& channel, int cause, WallTime at);
    void accept_offer(ContactRecord& record, const Channel& phone, WallTime at);

    // Who is with whom.
    void enter_bridge(Channel& channel, const std::string& bridge, BridgeKind kind, WallTime at);
    void leave_bridge(Channel& channel, WallTime at);
    std::vector<Channel*> heard_by(const Channel& channel);
    std::vector<Channel*> heard_by_customer(ContactRecord& record);
    bool is_agents_voice(const ContactRecord& record, const Channel& channel) const;
    void join_contacts(Channel& channel, const std::vector<Channel*>& members, WallTime at);
    void take_in(ContactRecord& record, Channel& stranger, Channel& member);
    bool is_lent(const Channel& agent, const ContactRecord& to) const;
    void give_away(Channel& agent, WallTime at);
    void take_place(Channel& channel, Channel& former, WallTime at);
    void rename(Channel& channel, const std::string& id);
    void resume_for_consultation(ContactRecord& record, const Bridge& room);
    void reach_target(ContactRecord& record, const std::string& name, bool conference, const std::string& room);
    void join_consulted(ContactRecord& record, const std::string& by, const std::string& name, bool three,
                        const std::string& room, WallTime at);
    bool pass_anchor(ContactRecord& record);
    bool pass_to_other_line(ContactRecord& record, const Channel& former);
    void make_customer(ContactRecord& record, Channel& line);
    bool await_retry(ContactRecord& record, const Channel& line, WallTime at, Now now);
    ContactRecord* retried(ContactRecord& record, const std::string& number);
    void expire_retries(Now now);
    bool met_unseen(ContactRecord& record, const Channel& agent);
    void meet(ContactRecord& record, Channel& agent, WallTime at);
    void part(ContactRecord& record);
    void update_talk(ContactRecord& record, WallTime at);
    bool begin_hold(ContactRecord& record, const Channel& channel, WallTime at);
    void after_outage(WallTime at);

    // Transfers: told by the PBX, or inferred from who leaves whom (call_book_transfers.cpp).
    void add_transfer(ContactRecord& record, Transfer transfer, bool told);
    bool retell_transfer(ContactRecord& record, const Transfer& told);
    void customer_leaves(ContactRecord& record, const Channel& customer, WallTime at);
    void customer_rings(ContactRecord& record, const Channel& target, const std::string& number, WallTime at);
    void customer_reaches(ContactRecord& record, const std::string& place);
    bool return_from_parking(ContactRecord& record);
    void customer_queues(ContactRecord& record, const std::string& queue, WallTime at);
    void customer_meets(ContactRecord& record, const std::vector<Channel*>& heard, bool conference, WallTime at);
    void agent_hangs_up(ContactRecord& record, const Channel& agent, WallTime at);
    void agent_leaves_customer(ContactRecord& record, const Channel& agent, WallTime at);
    void begin_consultation(ContactRecord& record, Channel& from, Channel& target);
    void end_consultation(ContactRecord& record, Channel& target, TransferReason why, WallTime at);
    void close_transfers(ContactRecord& record, WallTime at);
    void stop_recordings(ContactRecord& record, const std::string& channel, const std::string& file, WallTime at);
    void record_to(ContactRecord& record, const std::string& channel, const std::string& file, WallTime at);
    void remember_known(const std::string& contact_id);
    void finish(WallTime at, Now now, std::vector<Event>& out);
    void publish(ContactRecord& record);
    void forget(ContactRecord& record);

    CallSettings settings_;
    Roster roster_;
    std::string pbx_start_;
    bool link_up_ = false;
    std::optional<WallTime> link_down_at_;
    bool inferring_ = false;      // applying what a snapshot shows, not what was seen
    bool first_snapshot_ = true;  // pops were shown by an earlier run of the node

    std::unordered_map<std::string, Channel> channels_;
    std::unordered_map<std::string, Bridge> bridges_;
    std::unordered_map<std::string, std::vector<Channel*>> pairs_;  // halves of helper pairs
    std::unordered_map<std::string, std::unique_ptr<ContactRecord>> contacts_;
    std::unordered_map<std::string, ContactRecord*> contact_by_group_;
    std::unordered_map<const ContactRecord*, ContactPtr> published_;

    std::size_t retries_ = 0;  // contacts that wait for the next line
    MonoTime next_sweep_{};
    std::vector<std::string> swept_;

    // Ids of contacts that have ended, for facts that come late. Bounded; the oldest go first.
    std::unordered_set<std::string> known_;
    std::deque<std::string> known_order_;

    std::vector<Event> link_events_;
    std::vector<Happened> happened_;
    std::vector<ContactRecord*> touched_;
};

}  // namespace citybridge::calls
