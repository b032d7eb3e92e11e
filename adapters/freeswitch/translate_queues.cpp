// mod_callcenter: who waits, to whom he is offered, which state the agents are in.
#include <algorithm>
#include <utility>

#include "adapters/freeswitch/translate_table.h"
#include "adapters/freeswitch/words.h"

namespace citybridge::freeswitch {

void Handlers::custom(Translator& self, const EventContext& context) {
    const std::string_view subclass = context.event.subclass();
    if (subclass == "callcenter::info") return callcenter(self, context);
    if (subclass == "conference::maintenance") return conference(self, context);
    if (subclass == "valet_parking::info") return valet(self, context);
    // Raised by the dialplan with the application `event` (docs/plugins/freeswitch.md).
    if (subclass == "citybridge::survey") {
        context.say(context.channel(), signal::SurveyAnswered{self.text(context.event.value("Score"))});
    } else if (subclass == "citybridge::digit") {
        context.say(context.channel(), signal::AttributeSet{"ivr_digit", self.text(context.event.value("Digit"))});
    }
}

// The agent's leg names its queue, its agent and the waiting channel from the
// first event on; the queue's own offering event names no channel.
void Handlers::called_by_queue(Translator& self, const EventContext& context, const std::string& phone) {
    const Event& event = context.event;
    signal::AgentCalled body;
    body.queue = event.value("variable_cc_queue");
    CallcenterAgent& agent = self.agent(event.value("variable_cc_agent"));
    body.agent = bare_user(agent.name);
    body.name = self.text(agent.name);
    body.device = self.device_of(event.value("Channel-Name"), {});
    agent.device = body.device;
    body.agent_channel = phone;
    Remembered& known = self.remember(phone);
    known.local = true;
    known.bound = true;
    const std::string caller = context.text("variable_cc_member_session_uuid");
    PbxSignal called{context.at, caller, {}, std::move(body)};
    Remembered& waiting = self.remember(caller);
    waiting.bound = true;
    if (!waiting.seen) waiting.again.push_back(called);
    context.out.push_back(std::move(called));
}

void Handlers::queue_left(Translator& self, const EventContext& context, const std::string& channel, bool abandoned) {
    Remembered* known = self.find(channel);
    if (known == nullptr || known->queue_entry.empty()) return;
    known->queue_entry.clear();
    context.say(channel, signal::QueueLeft{std::exchange(known->queue, {}), abandoned});
}

void Handlers::tell_members(Translator& self, const EventContext& context, std::string_view agent) {
    for (signal::MemberChanged& member : self.members_of(agent)) context.say({}, std::move(member));
}

namespace {

// True: it was not known.
bool learn_queue(CallcenterAgent& agent, std::string_view queue) {
    const bool known = std::find(agent.queues.begin(), agent.queues.end(), queue) != agent.queues.end();
    if (queue.empty() || known) return false;
    agent.queues.emplace_back(queue);
    return true;
}

}  // namespace

void Handlers::member_event(Translator& self, const EventContext& context, std::string_view action) {
    const Event& event = context.event;
    const std::string caller = context.text("CC-Member-Session-UUID");
    const std::string entry = context.text("CC-Member-UUID");
    if (action == "member-queue-start") {
        Remembered& known = self.remember(caller);
        known.queue = event.value("CC-Queue");
        known.queue_entry = entry;
        known.bound = true;
        PbxSignal entered{context.at, caller, {}, signal::QueueEntered{known.queue}};
        if (!known.seen) known.again.push_back(entered);
        context.out.push_back(std::move(entered));
        return;
    }
    // The end of an entry comes late: the caller may wait in another queue by then, or be gone.
    const Remembered* known = self.find(caller);
    if (known == nullptr || (!known->queue_entry.empty() && known->queue_entry != entry)) return;
    const bool gave_up = event.value("CC-Cancel-Reason") == "BREAK_OUT" && event.value("Answer-State") == "hangup";
    queue_left(self, context, caller, event.value("CC-Cause") == "Cancel" && gave_up);
}

void Handlers::callcenter(Translator& self, const EventContext& context) {
    const Event& event = context.event;
    const std::string action = context.text("CC-Action");
    if (action == "member-queue-start" || action == "member-queue-end") return member_event(self, context, action);
    const std::string_view name = event.value("CC-Agent");
    if (name.empty()) return;
    const std::string bare(bare_user(name));
    if (action == "agent-offering") {
        if (learn_queue(self.agent(name), event.value("CC-Queue"))) tell_members(self, context, bare);
    } else if (action == "agent-max-no-answer") {
        // FreeSWITCH puts him on break by itself; the event that says so follows.
        self.agent(name).reason = "no_answer";
    } else if (action == "agent-status-change") {
        CallcenterAgent& agent = self.agent(name);
        agent.status = event.value("CC-Agent-Status");
        tell_members(self, context, bare);
        // The reason was for this break; the next one has its own.
        if (agent.status != "On Break") agent.reason.clear();
    } else if (action == "agent-state-change") {
        CallcenterAgent& agent = self.agent(name);
        const bool was_idle = agent.state == "Idle";
        agent.state = event.value("CC-Agent-State");
        if (was_idle != (agent.state == "Idle")) tell_members(self, context, bare);
    }
}

}  // namespace citybridge::freeswitch
