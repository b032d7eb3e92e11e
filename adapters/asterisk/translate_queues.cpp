#include "adapters/asterisk/translate_table.h"
#include "adapters/asterisk/words.h"

namespace citybridge::asterisk {

void Handlers::caller_join(Translator&, const EventContext& context) {
    context.out.push_back(about_channel(context, signal::QueueEntered{std::string(context.event.get("Queue"))}));
}

// An abandoned caller is reported twice, as abandoned and then as leaving: one
// QueueLeft is made of it, the first.
void Handlers::caller_abandon(Translator& self, const EventContext& context) {
    PbxSignal left = about_channel(context, signal::QueueLeft{std::string(context.event.get("Queue")), true});
    self.remember(left.channel).abandoned = true;
    context.out.push_back(std::move(left));
}

void Handlers::caller_leave(Translator& self, const EventContext& context) {
    PbxSignal left = about_channel(context, signal::QueueLeft{std::string(context.event.get("Queue")), false});
    if (const auto* before = self.remembered(left.channel); before != nullptr && before->abandoned) {
        self.remember(left.channel).abandoned = false;
        return;
    }
    context.out.push_back(std::move(left));
}

void Handlers::agent_called(Translator& self, const EventContext& context) {
    const Message& event = context.event;
    signal::AgentCalled body;
    body.queue = event.get("Queue");
    body.agent = self.agent_of(event.get("Interface"));
    body.name = self.text(event.get("MemberName"));
    body.device = body.agent;
    body.agent_channel = known(event.get("DestUniqueid"));
    context.out.push_back(about_channel(context, std::move(body)));
}

void Handlers::agent_ring_no_answer(Translator& self, const EventContext& context) {
    const Message& event = context.event;
    signal::AgentMissed body;
    body.queue = event.get("Queue");
    body.agent = self.agent_of(event.get("Interface"));
    const auto* phone = self.remembered(known(event.get("DestUniqueid")));
    if (phone != nullptr && phone->dial_end) {
        body.refused = *phone->dial_end == DialResult::busy || *phone->dial_end == DialResult::rejected;
    } else {
        // Nothing said how ringing ended: no phone rings out in no time.
        body.refused = to_int(event.get("RingTime")) == 0;
    }
    context.out.push_back(about_channel(context, std::move(body)));
}

void Handlers::agent_connect(Translator& self, const EventContext& context) {
    const Message& event = context.event;
    signal::AgentConnected body;
    body.queue = event.get("Queue");
    body.agent = self.agent_of(event.get("Interface"));
    body.name = self.text(event.get("MemberName"));
    body.agent_channel = known(event.get("DestUniqueid"));
    context.out.push_back(about_channel(context, std::move(body)));
}

signal::MemberChanged Translator::queue_member(const Message& item) {
    // A list item writes Name and Location where an event writes MemberName and Interface.
    const std::string_view interface_key = item.get("Interface").empty() ? "Location" : "Interface";
    learn_interface(item, interface_key);
    signal::MemberChanged out;
    out.queue = item.get("Queue");
    out.agent = agent_of(item.get(interface_key));
    const std::string_view name = item.get("MemberName");
    out.name = text(name.empty() ? item.get("Name") : name);
    out.device = out.agent;
    out.status = member_status(item.get("Status"));
    const std::string_view paused = item.get("Paused");
    using Pause = signal::MemberChanged::Pause;
    if (!paused.empty()) out.pause = to_int(paused) != 0 ? Pause::paused : Pause::unpaused;
    const std::string_view reason = item.get("PausedReason");
    out.reason = text(reason.empty() ? item.get("Reason") : reason);
    out.wrap_up_seconds = to_int(item.get("Wrapuptime"));
    return out;
}

std::optional<signal::MemberChanged> Translator::device(const Message& item) const {
    const std::string_view device = item.get("Device");
    const DeviceStatus status = device_status(item.get("State"));
    if (!is_phone_device(device) || status == DeviceStatus::unknown) return std::nullopt;
    signal::MemberChanged out;
    out.agent = device;
    out.device = device;
    out.status = status;
    // chan_pjsip says it of who is held, chan_sip of who holds.
    if (status == DeviceStatus::on_hold && device.starts_with("PJSIP/")) out.status = DeviceStatus::in_use;
    return out;
}

void Handlers::member_changed(Translator& self, const EventContext& context) {
    context.out.push_back({context.at, {}, {}, self.queue_member(context.event)});
}

void Handlers::member_removed(Translator& self, const EventContext& context) {
    signal::MemberChanged body = self.queue_member(context.event);
    body.removed = true;
    context.out.push_back({context.at, {}, {}, std::move(body)});
}

void Handlers::device_state(Translator& self, const EventContext& context) {
    if (auto body = self.device(context.event)) context.out.push_back({context.at, {}, {}, std::move(*body)});
}

}  // namespace citybridge::asterisk
