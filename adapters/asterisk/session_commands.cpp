// What agents ask of the PBX. A command's outcome is never guessed (P6).
#include <utility>

#include "adapters/asterisk/session.h"

namespace citybridge::asterisk {

void Session::dial(const DialCommand& command, CommandDone done, Now now) {
    if (!ready()) return reply(std::move(done), CommandOutcome::failed, "link_down");
    if (dials_.size() >= kMaxCommands) return reply(std::move(done), CommandOutcome::failed, "failed");
    auto text = dials_.start(command, next_id(), std::move(done), now);
    if (!text) return log(LogLevel::error, text.error().code, text.error().detail);
    out_.write += *text;
}

void Session::hangup(const std::string& channel, CommandDone done, Now now) {
    if (!ready()) return reply(std::move(done), CommandOutcome::failed, "link_down");
    if (channel.empty()) return reply(std::move(done), CommandOutcome::failed, "no_such_call");
    if (requests_.size() >= kMaxCommands) return reply(std::move(done), CommandOutcome::failed, "failed");
    const std::string id = next_id();
    // Takes a channel's name or its Uniqueid. 16: normal clearing, else the far side is told nothing.
    ask(Asked::hangup, Action("Hangup", id).add("Channel", channel).add("Cause", "16"), id, now, std::move(done));
}

void Session::set_agent_state(const AgentStateCommand& command, CommandDone done, Now now) {
    if (!ready()) return reply(std::move(done), CommandOutcome::failed, "link_down");
    if (requests_.size() >= kMaxCommands) return reply(std::move(done), CommandOutcome::failed, "failed");
    const std::string id = next_id();
    Action action("QueuePause", id);
    action.add("Interface", translator_.interface_of(command.agent)).add("Paused", command.ready ? "false" : "true");
    if (!command.ready) action.add_unless_empty("Reason", command.reason);
    ask(Asked::pause, action, id, now, std::move(done));
}

void Session::answer_command(Request& request, const Message& response) {
    if (equal_ignoring_case(response.name(), "Success"))
        return reply(std::move(request.done), CommandOutcome::succeeded, {});
    const std::string_view message = response.get("Message");
    std::string reason = "failed";
    if (message.starts_with("Permission denied")) {
        reason = "not_permitted";
    } else if (request.what == Asked::hangup && message.starts_with("No such channel")) {
        reason = "no_such_call";
    } else if (request.what == Asked::pause && message.starts_with("Interface not found")) {
        reason = "no_such_agent";
    }
    reply(std::move(request.done), CommandOutcome::failed, std::move(reason));
}

void Session::expire(Request& request, Now now) {
    switch (request.what) {
        case Asked::challenge:
        case Asked::login:
        case Asked::core_status:
        case Asked::list: return fail("asterisk.reply_timeout", "the PBX did not answer " + request.name + " in time");
        case Asked::ping:
            return fail("asterisk.ping_timeout", "the PBX no longer answers Ping; the link counts as cut");
        case Asked::filter: return;  // the next Ping will tell whether anybody is there
        case Asked::channels: return looked(false, now);
        case Asked::hangup:
        case Asked::pause: return reply(std::move(request.done), CommandOutcome::unknown, "timeout");
    }
}

// The answer to an Originate is lost: is its channel there?
void Session::look_for_dials(Now now) {
    if (!ready() || looking_) return;
    looking_.emplace(translator_);
    const std::string id = next_id();
    ask(Asked::channels, Action("CoreShowChannels", id), id, now);
}

void Session::looked(bool answered, Now now) {
    if (!looking_) return;
    const signal::Snapshot found = looking_->finish();
    looking_.reset();
    if (answered) {
        dials_.on_channels(found.channels, now);
    } else {
        dials_.on_channels(std::nullopt, now);
    }
}

}  // namespace citybridge::asterisk
