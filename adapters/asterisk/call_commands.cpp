#include "adapters/asterisk/call_commands.h"

#include <algorithm>
#include <utility>

#include "adapters/asterisk/number.h"
#include "adapters/asterisk/words.h"

namespace citybridge::asterisk {
bool CallCommands::offers(CallAction action) const {
    return std::find(settings_.offered.begin(), settings_.offered.end(), action) != settings_.offered.end();
}

// What cannot be sent at all, before anything is.
std::string CallCommands::refusal(const CallCommand& command) {
    const bool agent = !command.agent_channel.empty();
    const bool customer = !command.customer_channel.empty();
    switch (command.action) {
        case CallAction::transfer:
            if (!agent) return "no_such_call";
            return is_extension(command.to) ? "" : "no_such_number";
        case CallAction::consult:
            if (!agent || !customer) return "no_such_call";
            return has_only_keys(command.to) ? "" : "no_such_number";
        case CallAction::conference:
            if (!agent || !customer) return "no_such_call";
            return by_keys(command) || is_extension(command.to) ? "" : "no_such_number";
        case CallAction::attended_transfer:
        case CallAction::cancel_consult:
        case CallAction::park: return agent && customer ? "" : "no_such_call";
        case CallAction::record:
            if (!customer) return "no_such_call";
            return is_file_name(command.recording) ? "" : "failed";
        case CallAction::stop_recording:
        case CallAction::mute_recording:
        case CallAction::unmute_recording: return customer ? "" : "no_such_call";
        case CallAction::hangup:
        case CallAction::hold:
        case CallAction::retrieve: break;
    }
    return "failed";
}

void CallCommands::start(const CallCommand& command, CommandDone done, Now now) {
    Running running;
    running.command = command;
    running.done = std::move(done);
    if (const std::string reason = refusal(command); !reason.empty())
        return finish(running, CommandOutcome::failed, reason);
    if (!by_keys(command) && command.action == CallAction::conference && settings_.conference_context.empty())
        return finish(running, CommandOutcome::not_supported, "not_supported");
    if (by_keys(command)) {
        look(running, State::looking_before, now);
    } else {
        send(running, now);
    }
    if (running.state != State::done) running_.push_back(std::move(running));
}

void CallCommands::send(Running& running, Now now) {
    running.state = State::sent;
    running.action_id = next_id();
    running.deadline = now.mono + settings_.reply_timeout;
    auto text = action_for(running).text();
    if (!text) return finish(running, CommandOutcome::failed, "failed");
    text_ += *text;
}

void CallCommands::hang_up(const std::string& channel, CommandDone done, Now now) {
    Running running;
    running.command.action = CallAction::hangup;
    running.command.agent_channel = channel;
    running.done = std::move(done);
    send(running, now);
    if (running.state != State::done) running_.push_back(std::move(running));
}

void CallCommands::look(Running& running, State state, Now now) {
    running.state = state;
    running.deadline = now.mono + settings_.reply_timeout;
    ask_for(running, running.agent, running.command.agent_channel);
    if (running.state != State::done) ask_for(running, running.customer, running.command.customer_channel);
}

void CallCommands::ask_for(Running& running, Look& look, const std::string& channel) {
    look = Look{};
    look.finished = channel.empty();
    if (look.finished) return;
    look.id = next_id();
    // Who is parked is in a list of its own.
    const bool slots = running.command.action == CallAction::park && &look == &running.customer;
    auto text =
        slots ? Action("ParkedCalls", look.id).text() : Action("Status", look.id).add("Channel", channel).text();
    if (!text) return finish(running, CommandOutcome::failed, "failed");
    text_ += *text;
}

bool CallCommands::on_response(const Message& response, Now now) {
    const std::string_view id = response.get("ActionID");
    if (running_.empty() || !id.starts_with(id_prefix_)) return false;
    const bool success = equal_ignoring_case(response.name(), "Success");
    const std::string_view message = response.get("Message");
    for (Running& running : running_) {
        for (Look* look : {&running.agent, &running.customer}) {
            if (look->id != id || success) continue;
            look->finished = true;  // not there; otherwise its item is still to come
            if (reason_of_refusal(message) == "no_such_call") {
                look_finished(running, now);
            } else if (running.state == State::looking_before) {
                finish(running, CommandOutcome::failed, reason_of_refusal(message));
            } else {
                finish(running, CommandOutcome::unknown, "timeout");
            }
        }
        if (running.action_id != id || running.state != State::sent) continue;
        if (success) {
            took(running, now);
        } else if (is_unknown_action(message)) {
            finish(running, CommandOutcome::not_supported, "not_supported");
        } else {
            finish(running, CommandOutcome::failed, reason_of_refusal(message));
        }
    }
    sweep();
    return true;
}

bool CallCommands::on_list_item(const Message& item, Now now) {
    const std::string_view id = item.get("ActionID");
    if (running_.empty() || !id.starts_with(id_prefix_)) return false;
    for (Running& running : running_) {
        for (Look* look : {&running.agent, &running.customer}) {
            if (look->id == id) item_of(running, *look, item, now);
        }
    }
    sweep();
    return true;
}

void CallCommands::item_of(Running& running, Look& look, const Message& item, Now now) {
    if (item.name() == "Status") {
        look.there = true;
        look.bridge = known(item.get("BridgeID"));
        look.extension = item.get("Exten");
    } else if (item.name() == "ParkedCall") {
        look.parked = look.parked || item.get("ParkeeUniqueid") == running.command.customer_channel;
    } else if (item.name().ends_with("Complete")) {
        look.finished = true;
        look_finished(running, now);
    }
}

void CallCommands::look_finished(Running& running, Now now) {
    if (!running.agent.finished || !running.customer.finished) return;
    if (running.state == State::looking_after) return judge_after(running);
    if (running.state != State::looking_before) return;
    const bool together = running.agent.bridge == running.customer.bridge;
    const bool begins = running.command.action == CallAction::consult;
    if (!running.agent.there || !running.customer.there || running.agent.bridge.empty())
        return finish(running, CommandOutcome::failed, "no_such_call");
    // He consults somebody already, or the consultation is over.
    if (begins != together) return finish(running, CommandOutcome::failed, begins ? "failed" : "no_such_call");
    running.bridge = running.customer.bridge;
    send(running, now);
}

// The PBX took one action.
void CallCommands::took(Running& running, Now now) {
    if (++running.step < steps_of(running.command)) return send(running, now);
    running.answered = true;
    if (by_keys(running.command)) {
        if (running.shown) return finish(running, CommandOutcome::succeeded, {});
        running.state = State::watching;
        running.deadline = now.mono + patience(running.command);
        return;
    }
    if (running.command.action != CallAction::conference) return finish(running, CommandOutcome::succeeded, {});
    // Customer and agent are in the room; the third is rung like by any click to dial.
    const CallCommand& command = running.command;
    invitations_.push_back({{command.command_id, "Local/" + number(command) + "@" + settings_.context,
                             room_of(command.command_id), command.ring_timeout},
                            settings_.conference_context,
                            room_of(command.command_id),
                            std::move(running.done),
                            now});
    running.state = State::done;
}

void CallCommands::show(Running& running) {
    running.shown = true;
    if (running.state == State::watching) finish(running, CommandOutcome::succeeded, {});
}

void CallCommands::judge_after(Running& running) {
    if (came_true(running)) return finish(running, CommandOutcome::succeeded, {});
    if (!running.answered) return finish(running, CommandOutcome::unknown, running.link_lost ? "link_down" : "timeout");
    const bool both = running.agent.there && running.customer.there;
    std::string reason = both ? "failed" : "no_such_call";
    // The feature code was heard and nobody is at that number, or the call was made without options t and T.
    if (both && running.command.action == CallAction::consult)
        reason = running.began ? "no_such_number" : "not_permitted";
    finish(running, CommandOutcome::failed, reason);
}

bool CallCommands::came_true(const Running& running) const {
    const Look& agent = running.agent;
    const Look& customer = running.customer;
    const bool together = agent.bridge == customer.bridge && !agent.bridge.empty();
    const bool both = agent.there && customer.there;
    switch (running.command.action) {
        case CallAction::consult: return both && !together && !agent.bridge.empty();
        case CallAction::cancel_consult: return both && together;
        case CallAction::attended_transfer: return !agent.there && customer.there;
        case CallAction::conference: return by_keys(running.command) && both && together && !running.consult_ended;
        case CallAction::hangup: return !agent.there;
        case CallAction::transfer: return customer.there && !together && customer.extension == number(running.command);
        case CallAction::park: return customer.parked;
        default: return false;
    }
}

// What was asked for is in some list of the PBX when it has come true.
bool CallCommands::can_be_seen(const CallCommand& command) {
    return by_keys(command) || command.action == CallAction::hangup || command.action == CallAction::transfer ||
           command.action == CallAction::park;
}

// The event by which a PBX tells that it did what it was asked for.
bool CallCommands::is_shown_by(const CallCommand& command, const Message& event) {
    const std::string_view name = event.name();
    const bool customers = event.get("Uniqueid") == command.customer_channel;
    switch (command.action) {
        case CallAction::hangup: return name == "Hangup" && event.get("Uniqueid") == command.agent_channel;
        case CallAction::transfer:
            return name == "BlindTransfer" && event.get("TransfererUniqueid") == command.agent_channel &&
                   equal_ignoring_case(event.get("Result"), "Success");
        case CallAction::park: return name == "ParkedCall" && event.get("ParkeeUniqueid") == command.customer_channel;
        case CallAction::record: return name == "MixMonitorStart" && customers;
        case CallAction::stop_recording: return name == "MixMonitorStop" && customers;
        case CallAction::mute_recording:
        case CallAction::unmute_recording: {
            const bool muted = to_int(event.get("State")) != 0;
            return name == "MixMonitorMute" && customers && muted == (command.action == CallAction::mute_recording);
        }
        default: return false;
    }
}

void CallCommands::observe(const Message& event, Now) {
    const std::string_view name = event.name();
    for (Running& running : running_)
        if (running.state == State::sent && is_shown_by(running.command, event)) running.shown = true;
    if (name != "BridgeEnter" && name != "Hangup" && name != "Hold" && name != "AttendedTransfer") return;
    const bool transfer = name == "AttendedTransfer";
    const std::string_view channel = event.get(transfer ? "OrigTransfererUniqueid" : "Uniqueid");
    for (Running& running : running_) {
        if (running.state != State::sent && running.state != State::watching) continue;
        const CallAction action = running.command.action;
        if (name == "Hangup" && channel == running.command.consult_channel) running.consult_ended = true;
        if (channel != running.command.agent_channel) continue;
        const bool joins = action == CallAction::attended_transfer || action == CallAction::conference;
        if (name == "Hold") {
            running.began = true;
        } else if (transfer && joins && by_keys(running.command)) {
            if (equal_ignoring_case(event.get("Result"), "Success")) show(running);
        } else if (name == "BridgeEnter" && (action == CallAction::consult || action == CallAction::cancel_consult)) {
            const bool back = event.get("BridgeUniqueid") == running.bridge;
            if (back == (action == CallAction::cancel_consult)) show(running);
        } else if (name == "Hangup" && action == CallAction::consult && running.state == State::watching) {
            finish(running, CommandOutcome::failed, "no_such_call");
        }
    }
    sweep();
}

void CallCommands::expire(Running& running, Now now) {
    switch (running.state) {
        case State::sent:
        case State::watching:
            if (running.shown) return finish(running, CommandOutcome::succeeded, {});
            if (!can_be_seen(running.command)) return finish(running, CommandOutcome::unknown, "timeout");
            return look(running, State::looking_after, now);
        case State::looking_before: return finish(running, CommandOutcome::failed, "timeout");  // nothing was sent
        case State::looking_after: return finish(running, CommandOutcome::unknown, "timeout");
        case State::adrift: return finish(running, CommandOutcome::unknown, "link_down");
        case State::done: return;
    }
}

void CallCommands::on_tick(Now now) {
    for (Running& running : running_) {
        if (running.deadline <= now.mono) expire(running, now);
    }
    sweep();
}

void CallCommands::on_link_down(Now now) {
    for (Running& running : running_) {
        const bool keep = running.state == State::adrift ||
                          (running.state != State::looking_before && can_be_seen(running.command) && !running.shown);
        if (!keep) {
            settle(running);
            continue;
        }
        if (running.state != State::adrift) running.deadline = now.mono + kAdriftWait;
        running.state = State::adrift;
        running.link_lost = true;
    }
    sweep();
    drop_invitations();
}

void CallCommands::on_link_up(Now now) {
    for (Running& running : running_)
        if (running.state == State::adrift) look(running, State::looking_after, now);
    sweep();
}

void CallCommands::give_up() {
    for (Running& running : running_) settle(running);
    sweep();
    drop_invitations();
}

// What is certain without another word of the PBX.
void CallCommands::settle(Running& running) {
    if (running.state == State::looking_before) return finish(running, CommandOutcome::failed, "link_down");
    if (running.shown) return finish(running, CommandOutcome::succeeded, {});
    finish(running, CommandOutcome::unknown, "link_down");
}

void CallCommands::drop_invitations() {
    text_.clear();
    for (Invitation& invitation : std::exchange(invitations_, {}))
        completed_.push_back({std::move(invitation.done), {CommandOutcome::unknown, "link_down", {}}});
}

void CallCommands::finish(Running& running, CommandOutcome outcome, std::string reason) {
    if (running.state == State::done) return;
    running.state = State::done;
    completed_.push_back({std::move(running.done), {outcome, std::move(reason), {}}});
}

void CallCommands::sweep() {
    std::erase_if(running_, [](const Running& running) { return running.state == State::done; });
}

std::optional<MonoTime> CallCommands::next_deadline() const {
    std::optional<MonoTime> next;
    for (const Running& running : running_) next = std::min(next.value_or(running.deadline), running.deadline);
    return next;
}

}  // namespace citybridge::asterisk
