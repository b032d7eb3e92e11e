// What agents ask of the PBX. A command's outcome is never guessed (P6).
#include <utility>

#include "adapters/asterisk/session.h"

namespace citybridge::asterisk {

void Session::dial(const DialCommand& command, CommandDone done, Now now) {
    if (!ready()) return reply(std::move(done), CommandOutcome::failed, "link_down");
    if (dials_.size() >= kMaxCommands) return reply(std::move(done), CommandOutcome::failed, "failed");
    // Known from the stream: nothing rings and nothing is asked.
    if (members_.is_unreachable(command.device)) return reply(std::move(done), CommandOutcome::failed, "unreachable");
    auto text = dials_.start(command, next_id(), std::move(done), now);
    if (!text) return log(LogLevel::error, text.error().code, text.error().detail);
    out_.write += *text;
}

void Session::hangup(const std::string& channel, CommandDone done, Now now) {
    if (!ready()) return reply(std::move(done), CommandOutcome::failed, "link_down");
    if (channel.empty()) return reply(std::move(done), CommandOutcome::failed, "no_such_call");
    if (calls_.size() >= kMaxCommands) return reply(std::move(done), CommandOutcome::failed, "failed");
    calls_.hang_up(channel, std::move(done), now);
    collect();
}

void Session::command(const CallCommand& command, CommandDone done, Now now) {
    if (!calls_.offers(command.action)) return reply(std::move(done), CommandOutcome::not_supported, "not_supported");
    if (!ready()) return reply(std::move(done), CommandOutcome::failed, "link_down");
    if (calls_.size() >= kMaxCommands) return reply(std::move(done), CommandOutcome::failed, "failed");
    // Into a context that is not there a call would be sent to its end.
    const bool invites = command.action == CallAction::conference && command.consult_channel.empty();
    if (invites && !rooms_there_) return reply(std::move(done), CommandOutcome::not_supported, "not_supported");
    calls_.start(command, std::move(done), now);
    collect();
}

// Sends what the commands on calls have to send, and rings whom they invite.
void Session::collect() {
    out_.write += calls_.take_text();
    for (Invitation& invitation : calls_.take_invitations()) {
        auto text = dials_.start_into(invitation.dial, invitation.context, invitation.room, next_id(),
                                      std::move(invitation.done), invitation.now);
        if (text) {
            out_.write += *text;
        } else {
            log(LogLevel::error, text.error().code, text.error().detail);
        }
    }
}

void Session::answer_command(Request& request, const Message& response) {
    if (equal_ignoring_case(response.name(), "Success"))
        return reply(std::move(request.done), CommandOutcome::succeeded, {});
    const std::string_view message = response.get("Message");
    // What was wished for is so already.
    if (request.what == Asked::member && (message.ends_with("Already there") || message.ends_with("Not there")))
        return reply(std::move(request.done), CommandOutcome::succeeded, {});
    reply(std::move(request.done), CommandOutcome::failed, reason_of_refusal(message));
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
        case Asked::rooms: return check_rooms(false, "no answer");
        case Asked::member: return reply(std::move(request.done), CommandOutcome::unknown, "timeout");
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
