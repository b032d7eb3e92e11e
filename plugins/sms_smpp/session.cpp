// The connection: bind, silence, requests of the centre, and the end.
#include "plugins/sms_smpp/session.h"

#include <algorithm>
#include <utility>

namespace citybridge::sms_smpp {
namespace {

constexpr std::uint32_t kLastSequence = 0x7FFFFFFF;
// A connection that held this long was a good one: the next attempt comes soon again.
constexpr Millis kSettled{10'000};

bool is_refusal(std::uint32_t status) {
    return status == status::kWrongPassword || status == status::kWrongSystemId || status == status::kBindFailed;
}

}  // namespace

Session::Session(SessionSettings settings, std::uint64_t seed)
    : settings_(std::move(settings)),
      reconnect_(settings_.backoff_min, settings_.backoff_max, seed),
      throttle_(settings_.throttle_min, settings_.throttle_max, seed + 1),
      // The references of one run do not begin where the last run's began: a phone may still hold parts of those.
      reference_(static_cast<std::uint8_t>(seed >> 16U)) {}

std::uint32_t Session::next_sequence() {
    sequence_ = sequence_ == kLastSequence ? 1 : sequence_ + 1;
    return sequence_;
}

std::uint32_t Session::request(std::uint32_t command, std::string_view body) {
    const std::uint32_t sequence = next_sequence();
    output_.write += encode(command, status::kOk, sequence, body);
    return sequence;
}

void Session::close(Error why) {
    if (output_.close) return;
    state_ = State::down;
    output_.close = std::move(why);
}

void Session::tell_once(LogLevel level, const std::string& code, const std::string& text) {
    if (told_ == code) return;
    told_ = code;
    output_.log.push_back({level, code, text});
}

void Session::on_connected(Now now) {
    framer_ = {};
    enquired_.reset();
    paused_until_.reset();
    refused_ = false;
    heard_ = now.mono;
    state_ = State::binding;
    bind_by_ = now.mono + settings_.answer_within;
    bind_sequence_ = request(settings_.transceiver ? command::kBindTransceiver : command::kBindTransmitter,
                             bind_body(settings_.bind));
}

void Session::on_bytes(std::string_view bytes, Now now) {
    if (state_ == State::down) return;
    framer_.feed(bytes);
    while (state_ != State::down) {
        const auto pdu = framer_.next();
        if (!pdu) {
            output_.write += encode(command::kGenericNack, status::kInvalidCommandLength, framer_.sequence());
            return close(pdu.error());
        }
        if (!*pdu) break;
        on_pdu(**pdu, now);
    }
    pump(now);
}

void Session::on_pdu(const Pdu& pdu, Now now) {
    heard_ = now.mono;
    enquired_.reset();
    if ((pdu.command & command::kResponse) != 0)
        on_response(pdu, now);
    else
        on_request(pdu, now);
}

void Session::on_request(const Pdu& pdu, Now now) {
    switch (pdu.command) {
        case command::kEnquireLink:
            output_.write += encode(command::kEnquireLink | command::kResponse, status::kOk, pdu.sequence);
            return;
        case command::kUnbind:
            output_.write += encode(command::kUnbind | command::kResponse, status::kOk, pdu.sequence);
            return close({"smpp.unbound", "the centre ended the session"});
        case command::kDeliverSm:
        case command::kDataSm: return on_delivered(pdu, now);
        case command::kOutbind:
        case command::kAlertNotification: return;  // neither has an answer
        default: output_.write += encode(command::kGenericNack, status::kInvalidCommand, pdu.sequence);
    }
}

void Session::on_response(const Pdu& pdu, Now now) {
    const bool nack = pdu.command == command::kGenericNack;
    // A rejection without a reason is one all the same.
    const std::uint32_t status = nack && pdu.status == status::kOk ? status::kSystemError : pdu.status;
    if (state_ == State::binding) {
        if (pdu.sequence == bind_sequence_) on_bind_answer(status, now);
        return;
    }
    const auto found = on_the_way_.find(pdu.sequence);
    if (found == on_the_way_.end() || (!nack && pdu.command != (command::kSubmitSm | command::kResponse))) {
        if (nack && status == status::kInvalidCommandLength)
            close({"smpp.bad_length", "the centre could not read what was sent"});
        return;
    }
    const OnTheWay way = found->second;
    on_the_way_.erase(found);
    on_submit_answer(way, status, pdu.body, now);
}

void Session::on_bind_answer(std::uint32_t status, Now now) {
    if (status == status::kOk) {
        state_ = State::bound;
        bound_since_ = now.mono;
        told_.clear();
        refusal_.clear();
        output_.log.push_back({LogLevel::info, "smpp.bound", "the centre accepted the session"});
        return;
    }
    refused_ = is_refusal(status);
    refusal_ = "the centre refused the bind: " + status_text(status) +
               (refused_ ? "; check system_id, password and system_type, and with the operator that this address may "
                           "connect"
                         : "");
    close({"smpp.bind_refused", refusal_});
}

void Session::check_silence(Now now) {
    if (state_ == State::binding && now.mono >= bind_by_)
        return close({"smpp.silent", "the centre did not answer the bind in time"});
    if (state_ != State::bound) return;
    if (enquired_ && now.mono >= *enquired_ + settings_.answer_within)
        return close({"smpp.silent", "the centre did not answer an enquire_link in time"});
    if (!enquired_ && now.mono >= heard_ + settings_.enquire_every) {
        enquired_ = now.mono;
        request(command::kEnquireLink, {});
    }
}

void Session::on_tick(Now now) {
    expire_owed(now);
    expire_submits(now);
    check_silence(now);
    if (paused_until_ && now.mono >= *paused_until_) paused_until_.reset();
    pump(now);
}

Millis Session::on_closed(const Error& why, Now now) {
    const bool was_good = bound_since_ != MonoTime{} && now.mono - bound_since_ >= kSettled;
    state_ = State::down;
    bound_since_ = {};
    output_.close.reset();
    tell_once(refused_ ? LogLevel::error : LogLevel::warning, why.code, why.detail);
    lose_all(why);
    if (was_good) reconnect_.reset();
    return refused_ ? reconnect_.jittered(settings_.refused_wait) : reconnect_.next();
}

void Session::stop() {
    if (state_ == State::bound) request(command::kUnbind, {});
    state_ = State::down;
    messages_.clear();
    ready_.clear();
    on_the_way_.clear();
    answers_by_.clear();
    owed_.clear();
}

Output Session::take_output() { return std::exchange(output_, {}); }

std::optional<MonoTime> Session::next_deadline() const {
    std::optional<MonoTime> out;
    const auto also = [&out](MonoTime at) { out = out ? std::min(*out, at) : at; };
    if (state_ == State::binding) also(bind_by_);
    if (state_ == State::bound)
        also(enquired_ ? *enquired_ + settings_.answer_within : heard_ + settings_.enquire_every);
    if (paused_until_) also(*paused_until_);
    if (!answers_by_.empty()) also(answers_by_.front().first);
    if (!owed_.empty()) also(owed_.begin()->second.until);
    return out;
}

}  // namespace citybridge::sms_smpp
