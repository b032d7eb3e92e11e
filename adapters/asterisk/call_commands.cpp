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

void CallCommands::look(Running& running, State state, Now now) {
    running.state = state;
    running.deadline = now.mono + settings_.reply_timeout;
    for (auto [look, channel] : {std::pair(&running.agent, &running.command.agent_channel),
                                 std::pair(&running.customer, &running.command.customer_channel)}) {
        *look = Look{};
        look->id = next_id();
        auto text = Action("Status", look->id).add("Channel", *channel).text();
        if (!text) return finish(running, CommandOutcome::failed, "failed");
        text_ += *text;
    }
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
            if (look->id != id) continue;
            if (item.name() == "Status") {
                look->there = true;
                look->bridge = known(item.get("BridgeID"));
            } else if (item.name() == "StatusComplete") {
                look->finished = true;
                look_finished(running, now);
            }
        }
    }
    sweep();
    return true;
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
    const bool together = running.agent.bridge == running.customer.bridge && !running.agent.bridge.empty();
    const bool both = running.agent.there && running.customer.there;
    bool came_true = false;
    std::string reason = both ? "failed" : "no_such_call";
    switch (running.command.action) {
        case CallAction::consult:
            came_true = both && !together && !running.agent.bridge.empty();
            // The feature code was heard and nobody is at that number, or the call was made without options t and T.
            if (both) reason = running.began ? "no_such_number" : "not_permitted";
            break;
        case CallAction::cancel_consult: came_true = both && together; break;
        case CallAction::attended_transfer: came_true = !running.agent.there && running.customer.there; break;
        case CallAction::conference: came_true = both && together && !running.consult_ended; break;
        default: break;
    }
    if (came_true) return finish(running, CommandOutcome::succeeded, {});
    if (!running.answered) return finish(running, CommandOutcome::unknown, "timeout");
    finish(running, CommandOutcome::failed, reason);
}

void CallCommands::observe(const Message& event, Now) {
    const std::string_view name = event.name();
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
            if (!by_keys(running.command)) return finish(running, CommandOutcome::unknown, "timeout");
            return look(running, State::looking_after, now);
        case State::looking_before: return finish(running, CommandOutcome::failed, "timeout");  // nothing was sent
        case State::looking_after: return finish(running, CommandOutcome::unknown, "timeout");
        case State::done: return;
    }
}

void CallCommands::on_tick(Now now) {
    for (Running& running : running_) {
        if (running.deadline <= now.mono) expire(running, now);
    }
    sweep();
}

void CallCommands::give_up() {
    for (Running& running : running_) {
        const bool nothing_sent = running.state == State::looking_before;
        finish(running, nothing_sent ? CommandOutcome::failed : CommandOutcome::unknown, "link_down");
    }
    sweep();
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
