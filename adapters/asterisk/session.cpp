#include "adapters/asterisk/session.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace citybridge::asterisk {
namespace {

std::string hex(std::uint64_t value) {
    std::array<char, 16> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return {digits.data(), end};
}

}  // namespace

Session::Session(SessionSettings settings, std::uint64_t seed)
    : settings_(std::move(settings)),
      id_prefix_("citybridge-" + hex(seed) + "-"),
      backoff_(settings_.reconnect_min, settings_.reconnect_max, seed),
      translator_(settings_.translator),
      dials_(settings_.dial),
      calls_(settings_.calls, id_prefix_ + "c") {}

void Session::on_connected(Now now) {
    phase_ = Phase::banner;
    phase_deadline_ = now.mono + settings_.reply_timeout;
    framer_.reset();
    translator_.forget_channels();
}

void Session::on_bytes(std::string_view bytes, Now now) {
    framer_.feed(bytes);
    while (phase_ != Phase::closed) {
        auto message = framer_.next();
        if (!message) {
            fail(message.error().code, message.error().detail);
            return;
        }
        if (*message == nullptr) return;
        handle(**message, now);
    }
}

void Session::handle(const Message& message, Now now) {
    switch (message.kind()) {
        case Message::Kind::event: handle_event(message, now); return;
        case Message::Kind::response: handle_response(message, now); return;
        case Message::Kind::banner: handle_banner(message, now); return;
        case Message::Kind::other: return;  // nothing a manager port says; harmless
    }
}

void Session::handle_event(const Message& message, Now now) {
    const std::string_view name = message.name();
    if (!calls_.empty() && name != "UserEvent" && calls_.on_list_item(message, now)) return collect();
    if (lists_open_ > 0 || looking_) {
        // A list item carries our ActionID; a UserEvent may echo any.
        const auto request =
            name == "UserEvent" ? requests_.end() : requests_.find(std::string(message.get("ActionID")));
        if (request != requests_.end()) {
            const std::string id = request->first;
            handle_list_item(request->second, id, message, now);
            return;
        }
    }
    if (name == "FullyBooted") {
        if (phase_ == Phase::booting) start_snapshot(now);
        return;
    }
    if (phase_ != Phase::ready && phase_ != Phase::snapshot) return;  // the snapshot will tell
    if (name == "Shutdown") return shut_down(now);
    if (!dials_.empty()) {
        if (name == "OriginateResponse") dials_.on_originate_response(message, now);
        dials_.observe(message, now);
    }
    if (!calls_.empty()) calls_.observe(message, now);
    members_.learn(message);
    auto& signals = phase_ == Phase::snapshot ? held_ : out_.signals;
    translator_.translate(message, now.wall, signals);
    if (held_.size() > kMaxHeldSignals)
        fail("asterisk.overflow", "events came faster than the PBX answered the lists of calls and queues");
}

void Session::on_tick(Now now) {
    if (phase_deadline_ && *phase_deadline_ <= now.mono) {
        phase_deadline_.reset();
        if (phase_ == Phase::banner) fail("asterisk.no_banner", "the PBX said nothing after connecting");
        if (phase_ == Phase::booting)
            fail("asterisk.not_booted",
                 "no FullyBooted from the PBX; it is still starting, or the user lacks read class `system`");
    }
    std::vector<std::string> expired;
    for (const auto& [id, request] : requests_) {
        if (request.deadline <= now.mono) expired.push_back(id);
    }
    for (const std::string& id : expired) {
        auto node = requests_.extract(id);
        if (!node.empty()) expire(node.mapped(), now);
    }
    if (dials_.on_tick(now)) look_for_dials(now);
    calls_.on_tick(now);
    collect();
    if (next_ping_ && *next_ping_ <= now.mono && phase_ != Phase::closed) {
        next_ping_ = now.mono + settings_.ping_interval;
        const std::string id = next_id();
        ask(Asked::ping, Action("Ping", id), id, now);
    }
}

std::optional<MonoTime> Session::next_deadline() const {
    std::optional<MonoTime> next = dials_.next_deadline();
    const auto consider = [&](std::optional<MonoTime> at) {
        if (at) next = std::min(next.value_or(*at), *at);
    };
    consider(phase_deadline_);
    consider(next_ping_);
    consider(calls_.next_deadline());
    for (const auto& [id, request] : requests_) consider(request.deadline);
    return next;
}

void Session::shut_down(Now now) {
    phase_ = Phase::stopping;
    if (!std::exchange(link_up_said_, false)) return;
    out_.signals.push_back({now.wall, {}, {}, signal::LinkDown{"asterisk.shutdown", true}});
}

Millis Session::on_closed(const Error& why, Now now) {
    for (auto& [id, request] : requests_) reply(std::move(request.done), CommandOutcome::unknown, "link_down");
    requests_.clear();
    dials_.on_link_down(now);
    calls_.on_link_down(now);
    if (std::exchange(link_up_said_, false))
        out_.signals.push_back({now.wall, {}, {}, signal::LinkDown{why.code, false}});
    phase_ = Phase::closed;
    phase_deadline_.reset();
    next_ping_.reset();
    lists_open_ = 0;
    builder_.reset();
    looking_.reset();
    held_.clear();
    out_.write.clear();
    out_.close.reset();
    return why.code == "asterisk.login_refused" ? settings_.refused_retry : backoff_.next();
}

void Session::stop() {
    for (auto& [id, request] : requests_) reply(std::move(request.done), CommandOutcome::unknown, "link_down");
    requests_.clear();
    dials_.stop();
    calls_.give_up();
    phase_ = Phase::closed;
    phase_deadline_.reset();
    next_ping_.reset();
}

Output Session::take_output() {
    for (Completion& completion : dials_.take_completed()) out_.completed.push_back(std::move(completion));
    for (Completion& completion : calls_.take_completed()) out_.completed.push_back(std::move(completion));
    return std::exchange(out_, {});
}

void Session::ask(Asked what, const Action& action, const std::string& id, Now now, CommandDone done) {
    auto text = action.text();
    if (!text) {
        log(LogLevel::error, text.error().code, text.error().detail);
        if (done) return reply(std::move(done), CommandOutcome::failed, "failed");
        return fail(text.error().code, text.error().detail);
    }
    out_.write += *text;
    const std::size_t name_at = std::string_view("Action: ").size();
    const std::string name = text->substr(name_at, text->find('\r') - name_at);
    requests_.insert_or_assign(id, Request{what, now.mono + settings_.reply_timeout, name, std::move(done)});
}

std::string Session::next_id() { return id_prefix_ + std::to_string(++last_id_); }

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

}  // namespace citybridge::asterisk
