#include "adapters/freeswitch/session.h"

#include <algorithm>
#include <utility>

namespace citybridge::freeswitch {
Session::Session(SessionSettings settings, std::uint64_t seed)
    : settings_(std::move(settings)),
      backoff_(settings_.reconnect_min, settings_.reconnect_max, seed),
      translator_(settings_.translator),
      writer_(settings_.commands),
      dials_(settings_.reply_timeout) {}

void Session::on_connected(Now now) {
    phase_ = Phase::greeting;
    phase_deadline_ = now.mono + settings_.reply_timeout;
    framer_.reset();
    translator_.forget_channels();
    seen_core_uuid_.clear();
}

void Session::on_bytes(std::string_view bytes, Now now) {
    framer_.feed(bytes);
    while (phase_ != Phase::closed) {
        const auto frame = framer_.next();
        if (!frame) return fail(frame.error().code, frame.error().detail);
        if (*frame == nullptr) return;
        handle(**frame, now);
    }
}

void Session::handle(const Frame& frame, Now now) {
    switch (frame.kind) {
        case Frame::Kind::auth_request:
            if (phase_ == Phase::greeting) greeted(now);
            return;
        case Frame::Kind::command_reply:
        case Frame::Kind::api_response: return handle_reply(frame, now);
        case Frame::Kind::event_plain:
        case Frame::Kind::event_json:
        case Frame::Kind::event_xml: return handle_event(frame, now);
        case Frame::Kind::disconnect_notice:
            if (frame.lingers()) return;
            return fail("freeswitch.disconnected",
                        "the PBX closed the connection: " + std::string(frame.body.substr(0, frame.body.find('\n'))));
        case Frame::Kind::rude_rejection:
            return fail("freeswitch.not_allowed",
                        "the PBX's access list refuses this address; check apply-inbound-acl in event_socket.conf.xml");
        case Frame::Kind::channel_data:
        case Frame::Kind::log_data:
        case Frame::Kind::other: return;  // nothing that was asked for; harmless
    }
}

void Session::handle_event(const Frame& frame, Now now) {
    if (phase_ != Phase::settling && phase_ != Phase::snapshot && phase_ != Phase::ready) return;
    if (const auto read = event_.read(frame); !read)
        return fail(read.error().code, read.error().detail + "; what it said is lost, so the link counts as cut");
    if (seen_core_uuid_.empty()) seen_core_uuid_ = event_.value("Core-UUID");
    if (event_.name() == "SHUTDOWN") {
        phase_ = Phase::stopping;
        if (std::exchange(link_up_said_, false))
            out_.signals.push_back({now.wall, {}, {}, signal::LinkDown{"freeswitch.shutdown", true}});
        return;
    }
    if (!dials_.empty()) dials_.observe(event_);
    if (!consulting_.empty()) watch_consultation(event_, now);
    if (!ending_.empty()) watch_ends(event_);
    translator_.translate(event_, now.wall, phase_ == Phase::ready ? out_.signals : held_);
    if (held_.size() > kMaxHeldSignals)
        fail("freeswitch.overflow", "events came faster than the PBX answered the lists of calls and queues");
}

void Session::on_tick(Now now) {
    if (phase_deadline_ && *phase_deadline_ <= now.mono) {
        phase_deadline_.reset();
        if (phase_ == Phase::greeting) fail("freeswitch.no_greeting", "the PBX said nothing after connecting");
        if (phase_ == Phase::settling) start_snapshot(now);
    }
    for (Request& request : requests_) {
        if (request.deadline <= now.mono) expire(request, now);
    }
    if (ending_until_ && *ending_until_ <= now.mono) {
        ending_until_.reset();
        for (const auto& script : std::exchange(ending_, {})) finish(*script, CommandOutcome::unknown, "link_down");
    }
    for (const std::string& channel : dials_.on_tick(now)) {
        if (ready()) ask({.what = Asked::exists, .about = channel}, "api uuid_exists " + channel, now);
    }
    if (next_ping_ && *next_ping_ <= now.mono && phase_ != Phase::closed) {
        next_ping_ = now.mono + settings_.ping_interval;
        ask({.what = Asked::ping}, "api status", now);
    }
}

std::optional<MonoTime> Session::next_deadline() const {
    std::optional<MonoTime> next = dials_.next_deadline();
    const auto consider = [&](std::optional<MonoTime> at) {
        if (at) next = std::min(next.value_or(*at), *at);
    };
    consider(phase_deadline_);
    consider(next_ping_);
    consider(ending_until_);
    for (const Request& request : requests_) {
        if (request.deadline != MonoTime::max()) consider(request.deadline);
    }
    return next;
}

Millis Session::on_closed(const Error& why, Now now) {
    put_adrift(now);
    if (why.code == kStrandFull) translator_.doubt();
    dials_.on_link_down(now);
    if (std::exchange(link_up_said_, false))
        out_.signals.push_back({now.wall, {}, {}, signal::LinkDown{why.code, false}});
    phase_ = Phase::closed;
    phase_deadline_.reset();
    next_ping_.reset();
    lists_open_ = 0;
    builder_.reset();
    held_.clear();
    out_.write.clear();
    out_.close.reset();
    const bool refused = why.code == "freeswitch.login_refused" || why.code == "freeswitch.not_allowed";
    return refused ? settings_.refused_retry : backoff_.next();
}

// What is to end somebody's part is decided by the next snapshot; of the rest nobody can say what became.
void Session::put_adrift(Now now) {
    for (Request& request : requests_) {
        if (request.script && request.script->ends.empty())
            finish(*request.script, CommandOutcome::unknown, "link_down");
    }
    requests_.clear();
    std::erase_if(ending_, [](const auto& script) { return script->finished; });
    if (!ending_.empty() && !ending_until_) ending_until_ = now.mono + kAdriftWait;
}

void Session::stop() {
    for (const auto& script : std::exchange(ending_, {})) finish(*script, CommandOutcome::unknown, "link_down");
    for (Request& request : requests_) {
        if (request.script) finish(*request.script, CommandOutcome::unknown, "link_down");
    }
    requests_.clear();
    dials_.stop();
    phase_ = Phase::closed;
    phase_deadline_.reset();
    next_ping_.reset();
}

Output Session::take_output() {
    for (Completion& completion : dials_.take_completed()) out_.completed.push_back(std::move(completion));
    return std::exchange(out_, {});
}

// In one piece: while a command is half received the PBX sends no events at all.
void Session::ask(Request request, std::string_view command, Now now) {
    out_.write += sent(command);
    request.deadline = now.mono + settings_.reply_timeout;
    requests_.push_back(std::move(request));
}

void Session::fail(std::string code, std::string detail) {
    if (phase_ == Phase::closed) return;  // the first reason is the reason
    out_.close = Error{std::move(code), std::move(detail)};
    phase_ = Phase::closed;
    phase_deadline_.reset();
    next_ping_.reset();
}

void Session::log(LogLevel level, std::string code, std::string text) {
    out_.log.push_back({level, std::move(code), std::move(text)});
}

void Session::reply(CommandDone done, CommandOutcome outcome, std::string reason) {
    if (done) out_.completed.push_back({std::move(done), {outcome, std::move(reason), {}}});
}

}  // namespace citybridge::freeswitch
