// What agents ask of the PBX. A command's outcome is never guessed (P6).
#include <algorithm>
#include <array>
#include <utility>

#include "adapters/freeswitch/session.h"
#include "adapters/freeswitch/words.h"

namespace citybridge::freeswitch {

namespace {

// FreeSWITCH's ways to say that it does not know the channel or agent.
bool is_missing(std::string_view command, std::string_view answer) {
    constexpr std::array<std::string_view, 4> kWords{"No such channel", "Cannot locate session", "Invalid uuid",
                                                     "not found!"};
    // uuid_hold fails for no other reason.
    if (command.starts_with("uuid_hold ") && answer.starts_with("-ERR Operation failed")) return true;
    return std::any_of(kWords.begin(), kWords.end(),
                       [&](std::string_view word) { return answer.find(word) != std::string_view::npos; });
}

}  // namespace

bool Session::accepts(const CommandDone& done) {
    if (!ready()) {
        reply(done, CommandOutcome::failed, "link_down");
        return false;
    }
    if (requests_.size() + dials_.size() < kMaxCommands) return true;
    reply(done, CommandOutcome::failed, "failed");
    return false;
}

void Session::refuse(CommandDone done, const Error& why) {
    log(LogLevel::warning, why.code, why.detail);
    const bool unsupported = why.code == "freeswitch.not_supported";
    reply(std::move(done), unsupported ? CommandOutcome::not_supported : CommandOutcome::failed,
          unsupported ? "not_supported" : "failed");
}

void Session::dial(const DialCommand& command, CommandDone done, Now now) {
    if (!accepts(done)) return;
    const std::string channel = uuid_of(command.command_id);
    // The job's id is made of the command's too, so that its end is known before its beginning is confirmed.
    const std::string job = uuid_of("job " + command.command_id);
    const auto text = writer_.dial(command, channel);
    if (!text) return refuse(std::move(done), text.error());
    dials_.start(channel, job, command.ring_timeout, std::move(done), now);
    ask({.what = Asked::job, .about = job}, "bgapi " + *text + "\nJob-UUID: " + job, now);
}

void Session::hangup(const std::string& channel, CommandDone done, Now now) {
    if (!accepts(done)) return;
    if (!is_plain_word(channel)) return reply(std::move(done), CommandOutcome::failed, "no_such_call");
    std::erase_if(ending_, [](const auto& script) { return script->finished; });
    auto script = std::make_shared<Script>();
    script->commands = {"uuid_kill " + channel};
    script->missing_reason = "no_such_call";
    script->ends = channel;
    script->done = std::move(done);
    ending_.push_back(script);
    next_step(script, now);
}

void Session::watch_ends(const Event& event) {
    if (event.name() != "CHANNEL_HANGUP" && event.name() != "CHANNEL_HANGUP_COMPLETE") return;
    const std::string_view channel = event.value("Unique-ID");
    for (const auto& script : ending_) script->ended = script->ended || script->ends == channel;
}

// The first lists after a lost link: whoever is not in them has ended.
void Session::settle_ends(const signal::Snapshot& snapshot) {
    ending_until_.reset();
    for (const auto& script : std::exchange(ending_, {})) {
        const bool there = std::any_of(snapshot.channels.begin(), snapshot.channels.end(),
                                       [&](const auto& channel) { return channel.id == script->ends; });
        if (there && !script->ended)
            finish(*script, CommandOutcome::unknown, "link_down");
        else
            finish(*script, CommandOutcome::succeeded, {});
    }
}

void Session::command(const CallCommand& command, CommandDone done, Now now) {
    if (!accepts(done)) return;
    auto commands = writer_.call(command, translator_.recordings_of(command.customer_channel));
    if (!commands) return refuse(std::move(done), commands.error());
    // Taken further by a command, his consultation does not end by itself.
    consulting_.erase(command.agent_channel);
    if (command.action == CallAction::consult) consulting_[command.agent_channel] = command.customer_channel;
    start(std::move(*commands), "no_such_call", std::move(done), now);
}

void Session::set_agent_state(const AgentStateCommand& command, CommandDone done, Now now) {
    if (!accepts(done)) return;
    auto commands = writer_.agent_state(command, translator_.full_agent_name(command.agent, settings_.commands.domain));
    if (!commands) return refuse(std::move(done), commands.error());
    if (command.wish == AgentWish::not_ready) translator_.expect_break(command.agent, command.reason);
    start(std::move(*commands), "no_such_agent", std::move(done), now);
}

void Session::start(std::vector<std::string> commands, std::string missing_reason, CommandDone done, Now now) {
    auto script = std::make_shared<Script>();
    script->commands = std::move(commands);
    script->missing_reason = std::move(missing_reason);
    script->done = std::move(done);
    next_step(script, now);
}

void Session::next_step(const std::shared_ptr<Script>& script, Now now) {
    if (script->finished) return;
    if (script->next == script->commands.size()) return finish(*script, CommandOutcome::succeeded, {});
    const std::string& command = script->commands[script->next++];
    const bool background = command.starts_with("bgapi ");
    ask({.what = background ? Asked::background_step : Asked::step, .script = script},
        background ? command : "api " + command, now);
}

void Session::stepped(const Request& request, std::string_view answer, Now now) {
    Script& script = *request.script;
    // Some commands answer neither +OK nor -ERR; what fails says so.
    if (!answer.starts_with("-")) return next_step(request.script, now);
    const std::string& command = script.commands[script.next - 1];
    // Music for who waits is a courtesy; an agent who is in the queue already stays in it; and whoever is to be
    // released after the rest was done may be gone by himself.
    const bool release = script.next > 1 && command.starts_with("uuid_kill ");
    const bool optional =
        release || command.starts_with("uuid_broadcast ") || command.starts_with("callcenter_config tier ");
    if (optional) return next_step(request.script, now);
    finish(script, CommandOutcome::failed, is_missing(command, answer) ? script.missing_reason : "failed");
}

void Session::finish(Script& script, CommandOutcome outcome, std::string reason) {
    if (!std::exchange(script.finished, true)) reply(std::move(script.done), outcome, std::move(reason));
}

void Session::expire(Request& request, Now now) {
    request.deadline = MonoTime::max();  // its answer may still come, in its place
    const bool step = request.what == Asked::step || request.what == Asked::background_step;
    if (step && request.script->ended) return finish(*request.script, CommandOutcome::succeeded, {});
    if (step && !request.script->ends.empty() && !std::exchange(request.script->waited, true)) {
        request.deadline = now.mono + settings_.reply_timeout;
        return;
    }
    switch (request.what) {
        case Asked::login:
        case Asked::subscribe:
        case Asked::core_uuid:
        case Asked::list:
            return fail("freeswitch.reply_timeout", "the PBX did not answer while the connection was set up");
        case Asked::ping: return fail("freeswitch.ping_timeout", "the PBX no longer answers; the link counts as cut");
        case Asked::step:
        case Asked::background_step: return finish(*request.script, CommandOutcome::unknown, "timeout");
        case Asked::job:     // its channel is looked for when its time is up
        case Asked::exists:  // the dial has a time of its own
        case Asked::aside: return;
    }
}

// An agent whose consultation came to nothing is parked and says so: he gets the customer back.
void Session::watch_consultation(const Event& event, Now now) {
    const std::string_view name = event.name();
    const bool parked = name == "CHANNEL_PARK" && event.value("variable_" + std::string(kConsultVariable)) == "over";
    if (!parked && name != "CHANNEL_HANGUP_COMPLETE") return;
    const auto found = consulting_.find(std::string(event.value("Unique-ID")));
    if (found == consulting_.end()) return;
    if (parked && ready()) ask({.what = Asked::aside}, "api uuid_bridge " + found->second + " " + found->first, now);
    consulting_.erase(found);
}

// Consultations that came to nothing while the link was lost: both wait, each alone.
void Session::resume_consultations(const signal::Snapshot& snapshot, Now now) {
    const auto channel_of = [&](const std::string& id) {
        return std::find_if(snapshot.channels.begin(), snapshot.channels.end(),
                            [&](const auto& channel) { return channel.id == id; });
    };
    const auto waits = [](const auto& channel) {
        return !channel.bridge.empty() && channel.bridge_kind == BridgeKind::parking;
    };
    std::erase_if(consulting_, [&](const auto& each) {
        const auto agent = channel_of(each.first);
        const auto customer = channel_of(each.second);
        if (agent == snapshot.channels.end() || customer == snapshot.channels.end()) return true;
        if (!waits(*agent) || !waits(*customer)) return false;
        ask({.what = Asked::aside}, "api uuid_bridge " + each.second + " " + each.first, now);
        return true;
    });
}

}  // namespace citybridge::freeswitch
