#pragma once
// A live strand for the gateway's tests: holds a state, publishes events in
// order, remembers commands. Any thread; publish() stands for the strand.
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "core/gateway/live_port.h"

namespace citybridge::test {

inline WallTime at_ms(std::int64_t ms) { return WallTime(Millis(1'790'000'000'000 + ms)); }

inline Contact make_contact(const std::string& id, const std::string& agent = {}) {
    Contact contact;
    contact.id = id;
    contact.customer_number = "13800138000";
    contact.queue = "sales";
    contact.started_at = at_ms(0);
    if (!agent.empty()) {
        Leg leg;
        leg.role = LegRole::agent;
        leg.agent = agent;
        leg.device = agent;
        contact.legs.push_back(leg);
        contact.state = ContactState::talking;
    }
    return contact;
}

inline Agent make_agent(const std::string& id) {
    Agent agent;
    agent.id = id;
    agent.device = id;
    agent.state = AgentPresence::ready;
    agent.since = at_ms(0);
    return agent;
}

class FakeLive final : public LivePort {
public:
    Result<LiveSnapshot> snapshot() override {
        const std::lock_guard lock(mutex_);
        if (busy) return Error{"node.busy", "The live strand does not answer."};
        LiveSnapshot out;
        out.sequence = sequence_;
        for (const auto& [id, contact] : contacts_) out.contacts.push_back(contact);
        for (const auto& [id, agent] : agents_) out.agents.push_back(agent);
        out.ended = ended_;
        return out;
    }
    Result<> may_dial(const std::string&) override {
        const std::lock_guard lock(mutex_);
        return refuse.code.empty() ? ok() : Result<>(refuse);
    }
    void give_up(CommandFinished result) override { publish(std::move(result)); }
    Result<> dial(const DialOrder& order) override {
        const std::lock_guard lock(mutex_);
        if (!refuse.code.empty()) return refuse;
        if (!refuse_dial.code.empty()) return refuse_dial;
        dials.push_back(order);
        return ok();
    }
    Result<> hangup(const HangupOrder& order) override {
        const std::lock_guard lock(mutex_);
        if (!refuse.code.empty()) return refuse;
        hangups.push_back(order);
        return ok();
    }
    Result<> command(const CallOrder& order) override {
        const std::lock_guard lock(mutex_);
        if (!refuse.code.empty()) return refuse;
        if (!refuse_action.code.empty()) return refuse_action;
        actions.push_back(order);
        return ok();
    }
    Result<> may_command(const CallOrder&) override {
        const std::lock_guard lock(mutex_);
        return refuse.code.empty() ? ok() : Result<>(refuse);
    }
    void desktop(const std::string& agent, bool connected) override {
        const std::lock_guard lock(mutex_);
        desktops.emplace_back(agent, connected);
    }
    // What was told of desktops, in order.
    std::vector<std::pair<std::string, bool>> told_desktops() {
        const std::lock_guard lock(mutex_);
        return desktops;
    }
    Result<> set_agent_state(const AgentStateOrder& order) override {
        const std::lock_guard lock(mutex_);
        if (!refuse.code.empty()) return refuse;
        states.push_back(order);
        return ok();
    }
    void subscribe(std::function<void(const EventPtr&)> listener) override {
        listeners_.push_back(std::move(listener));
    }

    // Changes the state and tells it, as one step of the strand: a snapshot has both or neither.
    // The listener runs outside the state's lock but before the next event, as on a strand.
    std::uint64_t publish(Event event) {
        const std::lock_guard strand(strand_);
        EventPtr envelope;
        {
            const std::lock_guard lock(mutex_);
            apply(event);
            envelope = std::make_shared<const EventEnvelope>(EventEnvelope{++sequence_, at_ms(1), std::move(event)});
        }
        for (const auto& listener : listeners_) listener(envelope);
        return envelope->sequence;
    }
    std::uint64_t publish_contact(const Contact& contact, ContactChanged::What what = ContactChanged::What::changed) {
        return publish(ContactChanged{what, std::make_shared<const Contact>(contact), {}});
    }
    std::uint64_t publish_agent(const Agent& agent) {
        return publish(AgentChanged{std::make_shared<const Agent>(agent)});
    }
    void add_ended(const Contact& contact) { ended_.push_back(std::make_shared<const Contact>(contact)); }

    std::atomic<bool> busy{false};
    Error refuse;
    Error refuse_dial;    // what may_dial() did not foresee
    Error refuse_action;  // what may_command() did not foresee
    std::vector<DialOrder> dials;
    std::vector<HangupOrder> hangups;
    std::vector<CallOrder> actions;
    std::vector<AgentStateOrder> states;
    std::vector<std::pair<std::string, bool>> desktops;

private:
    void apply(const Event& event) {
        if (const auto* e = std::get_if<ContactChanged>(&event)) contacts_[e->contact->id] = e->contact;
        if (const auto* e = std::get_if<OfferChanged>(&event)) contacts_[e->contact->id] = e->contact;
        if (const auto* e = std::get_if<AgentChanged>(&event)) agents_[e->agent->id] = e->agent;
    }

    std::mutex strand_;  // one event after the other
    std::mutex mutex_;
    std::uint64_t sequence_ = 0;
    std::map<std::string, ContactPtr> contacts_;
    std::map<std::string, AgentPtr> agents_;
    std::vector<ContactPtr> ended_;
    std::vector<std::function<void(const EventPtr&)>> listeners_;
};

}  // namespace citybridge::test
