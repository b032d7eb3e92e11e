// What people ask of the PBX through the live strand, and what the node asks of
// it by itself.
#include <prometheus/counter.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/node/command_effect.h"
#include "core/node/live_ask.h"

namespace citybridge {
namespace {

// Longer than any adapter's own time-out: this one only catches an adapter
// that breaks its promise to answer exactly once.
constexpr Millis kCommandTimeout{120'000};

bool rings(const CallOrder& order) {
    return order.action == CallAction::consult || (order.action == CallAction::conference && !order.to.empty());
}

}  // namespace

LiveStrand::Side* LiveStrand::side_of_agent(const std::string& agent) {
    for (auto& [name, side] : sides_)
        if (side.book->agent(agent) != nullptr) return &side;
    return nullptr;
}

LiveStrand::Side* LiveStrand::side_of_contact(const std::string& contact) {
    for (auto& [name, side] : sides_)
        if (!side.book->hangup_channel(contact, {}).empty()) return &side;
    return nullptr;
}

// Runs on the adapter's lane; the result is decided on the strand. A strand
// that is too full to take it leaves the command to its deadline: unknown.
void LiveStrand::command_done(const std::string& command_id, const CommandReply& reply) {
    post([this, command_id, reply] {
        if (auto finished = commands_.replied(command_id, reply, system_now().mono))
            finish_commands({std::move(*finished)});
        std::vector<Event> none;
        publish(none, system_now().wall);  // a dial's contact may exist already
    });
}

Result<LiveStrand::Side*> LiveStrand::dialling_side(const std::string& agent) {
    Side* side = side_of_agent(agent);
    if (side == nullptr || side->adapter == nullptr) return Error{"agent.unknown", "no PBX knows the agent " + agent};
    if (!side->book->link_up()) return Error{"pbx.link_down", "the PBX cannot be reached; the call was not made"};
    return side;
}

Result<> LiveStrand::may_dial(const std::string& agent) {
    return ask<std::monostate>([this, agent]() -> Result<> {
        const auto side = dialling_side(agent);
        return side ? ok() : Result<>(side.error());
    });
}

Result<> LiveStrand::dial(const DialOrder& order) {
    return ask<std::monostate>([this, order]() -> Result<> {
        const auto found = dialling_side(order.agent);
        if (!found) return found.error();
        Side* side = *found;
        const AgentPtr agent = side->book->agent(order.agent);
        PendingCommand pending = pending_of(*side, order.command_id, order.user);
        pending.is_dial = true;
        commands_.begin(std::move(pending));
        DialCommand command{order.command_id, agent->device, order.number};
        side->adapter->dial(command,
                            [this, id = order.command_id](const CommandReply& reply) { command_done(id, reply); });
        return ok();
    });
}

Error LiveStrand::no_such_contact(const std::string& id) const {
    const bool ended =
        std::any_of(ended_.begin(), ended_.end(), [&](const ContactPtr& contact) { return contact->id == id; });
    if (ended) return {"contact.ended", "this contact has ended already"};
    return {"contact.unknown", "no contact has this id"};
}

Result<> LiveStrand::hangup(const HangupOrder& order) {
    return ask<std::monostate>([this, order]() -> Result<> {
        Side* side = side_of_contact(order.contact_id);
        if (side == nullptr) return no_such_contact(order.contact_id);
        if (side->adapter == nullptr || !side->book->link_up())
            return Error{"pbx.link_down", "the PBX cannot be reached; nothing was hung up"};
        PendingCommand pending = pending_of(*side, order.command_id, order.user);
        pending.contact = order.contact_id;
        pending.action = CallAction::hangup;
        pending.target = side->book->hangup_channel(order.contact_id, order.agent);
        const std::string channel = pending.target;
        commands_.begin(std::move(pending));
        side->book->hangup_commanded(order.contact_id);
        side->adapter->hangup(channel,
                              [this, id = order.command_id](const CommandReply& reply) { command_done(id, reply); });
        return ok();
    });
}

Result<LiveStrand::Commanded> LiveStrand::commanded(const CallOrder& order) {
    Side* side = side_of_contact(order.contact_id);
    if (side == nullptr) return no_such_contact(order.contact_id);
    if (side->adapter == nullptr || !side->book->link_up())
        return Error{"pbx.link_down", "the PBX cannot be reached; nothing was done"};
    auto parties = side->book->parties_for(order.contact_id, order.agent, order.action);
    if (!parties) return parties.error();
    if (rings(order) && commands_.rings_for(order.contact_id))
        return Error{"command.under_way", "somebody is being called for this contact already; wait for the result"};
    return Commanded{side, std::move(*parties)};
}

Result<> LiveStrand::may_command(const CallOrder& order) {
    return ask<std::monostate>([this, order]() -> Result<> {
        const auto found = commanded(order);
        return found ? ok() : Result<>(found.error());
    });
}

Result<> LiveStrand::command(const CallOrder& order) {
    return ask<std::monostate>([this, order]() -> Result<> {
        auto found = commanded(order);
        if (!found) return found.error();
        Side* side = found->side;
        calls::Parties& parties = found->parties;
        PendingCommand pending = pending_of(*side, order.command_id, order.user);
        pending.contact = order.contact_id;
        pending.action = order.action;
        pending.agent = parties.agent;
        pending.before = side->book->contact(order.contact_id);
        pending.rings = rings(order);
        commands_.begin(std::move(pending));
        CallCommand command;
        command.command_id = order.command_id;
        command.action = order.action;
        command.agent = std::move(parties.agent);
        command.agent_channel = std::move(parties.agent_channel);
        command.customer_channel = std::move(parties.customer_channel);
        command.consult_channel = std::move(parties.consult_channel);
        command.to = order.to;
        command.recording = order.contact_id + "-" + order.command_id;
        side->adapter->command(command,
                               [this, id = order.command_id](const CommandReply& reply) { command_done(id, reply); });
        return ok();
    });
}

// Whom no PBX knows yet may log in where there is but one: his id is his device.
LiveStrand::Side* LiveStrand::side_for_state(const AgentStateOrder& order) {
    if (Side* side = side_of_agent(order.agent)) return side;
    const bool may = order.wish == AgentWish::log_in && sides_.size() == 1;
    return may ? &sides_.begin()->second : nullptr;
}

Result<> LiveStrand::set_agent_state(const AgentStateOrder& order) {
    return ask<std::monostate>([this, order]() -> Result<> {
        Side* side = side_for_state(order);
        if (side == nullptr || side->adapter == nullptr)
            return Error{"agent.unknown", "no PBX knows the agent " + order.agent};
        if (!side->book->link_up())
            return Error{"pbx.link_down", "the PBX cannot be reached; the state was not changed"};
        const AgentPtr agent = side->book->agent(order.agent);
        const Now now = system_now();
        PendingCommand pending = pending_of(*side, order.command_id, order.user);
        pending.wish = order.wish;
        pending.agent = order.agent;
        commands_.begin(std::move(pending));
        side->book->agent_commanded(order.agent, now);
        side->adapter->set_agent_state(
            {order.agent, agent ? agent->device : order.agent, order.wish, order.reason, order.queues},
            [this, id = order.command_id](const CommandReply& reply) { command_done(id, reply); });
        return ok();
    });
}

PendingCommand LiveStrand::pending_of(const Side& side, const std::string& id, const std::string& user) const {
    PendingCommand out;
    out.command_id = id;
    out.user = user;
    out.pbx = side.book->pbx();
    out.deadline = system_now().mono + kCommandTimeout;
    return out;
}

CommandTracker::Fate LiveStrand::fate_of(const PendingCommand& command) {
    calls::CallBook& book = *sides_.find(command.pbx)->second.book;
    CommandTracker::Fate fate;
    fate.link_up = book.link_up();
    if (command.is_dial) {
        const ContactPtr contact = book.contact_of_channel(command.channel);
        fate.alive = book.has_channel(command.channel);
        if (contact) fate.contact = contact->id;
    } else if (command.wish) {
        if (const AgentPtr agent = book.agent(command.agent)) fate.effect = effect_on_agent(*command.wish, *agent);
    } else {
        ContactPtr contact = book.contact(command.contact);
        if (contact == nullptr)
            for (const ContactPtr& each : ended_)
                if (each->id == command.contact) contact = each;
        fate.effect = effect_of(command, book, contact.get());
    }
    return fate;
}

// ---- What the node does by itself -------------------------------------------

void LiveStrand::desktop(const std::string& agent, bool connected) {
    const std::lock_guard lock(desktop_mutex_);
    DesktopNews& news = desktop_news_[agent];
    news.came = news.came || connected;
    news.there = connected;
    desktop_news_come_ = true;
}

void LiveStrand::take_desktop_news(Now now) {
    std::map<std::string, DesktopNews> news;
    {
        const std::lock_guard lock(desktop_mutex_);
        news.swap(desktop_news_);
    }
    for (const auto& [agent, his] : news)
        for (auto& [name, side] : sides_) {
            if (his.came) side.book->desktop(agent, true, now);
            if (!his.there) side.book->desktop(agent, false, now);
        }
}

void LiveStrand::look_after_agents(Side& side, Now now) {
    for (const std::string& agent : side.book->take_swept()) {
        metrics_.agents_swept.Increment();
        spdlog::warn("agent.swept {} was shown busy although the PBX {} has no call for him", agent, side.book->pbx());
    }
    if (side.adapter == nullptr) return;
    for (const calls::DesktopWish& wish : side.book->desktop_wishes(now)) {
        metrics_.desktops_gone.Increment();
        spdlog::info("agent.desktop_gone {} is set {}", wish.agent, to_string(wish.wish));
        side.adapter->set_agent_state({wish.agent, wish.device, wish.wish, wish.reason},
                                      [this, &side, agent = wish.agent](const CommandReply& reply) {
                                          post([this, &side, agent, reply] { desktop_answered(side, agent, reply); });
                                      });
    }
}

// What was refused for good is not asked again; what was lost does no harm when it is.
void LiveStrand::desktop_answered(Side& side, const std::string& agent, const CommandReply& reply) {
    if (reply.outcome == CommandOutcome::succeeded) return;
    const bool for_good = reply.outcome == CommandOutcome::not_supported || reply.reason == "no_such_agent" ||
                          reply.reason == "not_permitted";
    spdlog::warn("agent.desktop_gone {} could not be set: {}", agent, reply.reason);
    side.book->desktop_answered(agent, !for_good, system_now());
}

}  // namespace citybridge
