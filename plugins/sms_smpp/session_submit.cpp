// What is submitted: parts, the window, the centre's answers, and what they say of a message.
#include <algorithm>
#include <utility>

#include "plugins/sms_smpp/session.h"

namespace citybridge::sms_smpp {
namespace {

// Times that the parts of one message are put off before a person must look.
constexpr std::size_t kMostAgain = 20;
// Messages held while the centre wants a pause; the rest is better off in the outbox.
constexpr std::size_t kMostHeld = 2'000;

bool slows_down(std::uint32_t status) { return status == status::kThrottled || status == status::kQueueFull; }

}  // namespace

bool Session::is_temporary(std::uint32_t status) const {
    switch (status) {
        case status::kWrongBindState:
        case status::kSystemError:
        case status::kQueueFull:
        case status::kSubmitFailed:
        case status::kThrottled:
        case status::kReceiverTemporary: return true;
        default: break;
    }
    const auto& more = settings_.temporary;
    return std::find(more.begin(), more.end(), status) != more.end();
}

void Session::submit(Prepared message, DeliveryDone done, Now now) {
    const auto refuse = [&](std::string code, std::string detail) {
        output_.completed.push_back(
            {std::move(done), {DeliveryOutcome::not_done, std::move(code), std::move(detail), {}, std::nullopt}});
    };
    if (state_ != State::bound && !refusal_.empty()) return refuse("smpp.bind_refused", refusal_);
    if (state_ != State::bound) return refuse("smpp.not_bound", "there is no session with the centre at the moment");
    if (messages_.size() >= kMostHeld) return refuse("smpp.busy", "too many messages wait for the centre");
    Message held;
    held.prepared = std::move(message);
    held.done = std::move(done);
    held.reference = held.prepared.parts.size() > 1 ? ++reference_ : reference_;
    held.ids.resize(held.prepared.parts.size());
    messages_.emplace(++number_, std::move(held));
    ready_.push_back({number_, 0});
    pump(now);
}

void Session::pump(Now now) {
    while (state_ == State::bound && !paused_until_ && !ready_.empty() && on_the_way_.size() < settings_.window) {
        const Part part = ready_.front();
        ready_.pop_front();
        send_part(part, now);
    }
}

void Session::send_part(const Part& part, Now now) {
    const auto found = messages_.find(part.message);
    if (found == messages_.end() || found->second.failed) return;
    Message& message = found->second;
    Submit submit = message.prepared.head;
    const std::size_t parts = message.prepared.parts.size();
    if (parts > 1) submit.short_message = sms_concatenation_header(message.reference, part.index + 1, parts);
    submit.short_message += message.prepared.parts[part.index];
    const std::uint32_t sequence = request(command::kSubmitSm, submit_body(submit));
    const MonoTime answer_by = now.mono + settings_.answer_within;
    on_the_way_[sequence] = {part, answer_by};
    answers_by_.emplace_back(answer_by, sequence);
    ++message.on_the_way;
}

void Session::on_submit_answer(OnTheWay way, std::uint32_t status, std::string_view body, Now now) {
    while (!answers_by_.empty() && !on_the_way_.contains(answers_by_.front().second)) answers_by_.pop_front();
    const auto found = messages_.find(way.part.message);
    if (found == messages_.end()) return;
    Message& message = found->second;
    --message.on_the_way;
    if (status == status::kOk) {
        throttle_.reset();
        on_accepted(message, way.part, body);
    } else if (is_temporary(status)) {
        on_put_off(message, way.part, status, now);
    } else {
        fail(message, DeliveryOutcome::refused, "smpp.refused", "the centre refused it: " + status_text(status));
    }
    settle(way.part.message);
}

void Session::on_accepted(Message& message, const Part& part, std::string_view body) {
    ++message.accepted;
    message.ids[part.index] = submitted_id(read_message_id(body), settings_.receipt_ids);
    // The first part goes alone: what is wrong with a message shows there, before anything of it is accepted.
    if (part.index != 0) return;
    for (std::size_t next = message.prepared.parts.size(); next > 1; --next)
        ready_.push_front({part.message, next - 1});
}

void Session::on_put_off(Message& message, const Part& part, std::uint32_t status, Now now) {
    const bool untouched = message.accepted == 0;
    const Millis pause = throttle_.next();
    if (slows_down(status) || !untouched) paused_until_ = now.mono + pause;
    const std::string code = slows_down(status) ? "smpp.throttled" : "smpp.temporary";
    const std::string detail = "the centre put it off: " + status_text(status);
    if (!untouched && ++message.again <= kMostAgain) return ready_.push_front(part);
    fail(message, DeliveryOutcome::not_done, code, detail);
    if (message.failed && message.failed->outcome == DeliveryOutcome::not_done) message.failed->retry_after = pause;
}

void Session::fail(Message& message, DeliveryOutcome outcome, std::string code, std::string detail) {
    if (message.failed) return;
    DeliveryReply reply{outcome, std::move(code), std::move(detail), {}, std::nullopt};
    if (message.accepted > 0) {
        const std::string parts = std::to_string(message.prepared.parts.size());
        reply.outcome = DeliveryOutcome::unclear;
        reply.code = "smpp.partly_accepted";
        reply.detail =
            std::to_string(message.accepted) + " of " + parts + " parts were accepted, then: " + reply.detail;
    }
    message.failed = std::move(reply);
}

// A message is answered when nothing of it is on its way any more.
void Session::settle(std::uint64_t number) {
    Message& message = messages_.at(number);
    if (message.on_the_way > 0) return;
    if (message.failed) return finish(number, *message.failed);
    if (message.accepted < message.prepared.parts.size()) return;
    book_.note(message.prepared.message, message.ids);
    finish(number, {DeliveryOutcome::delivered, {}, {}, message.ids.back(), std::nullopt});
}

void Session::finish(std::uint64_t number, DeliveryReply reply) {
    const auto found = messages_.find(number);
    output_.completed.push_back({std::move(found->second.done), std::move(reply)});
    messages_.erase(found);
}

void Session::expire_submits(Now now) {
    for (; !answers_by_.empty() && answers_by_.front().first <= now.mono; answers_by_.pop_front()) {
        const auto found = on_the_way_.find(answers_by_.front().second);
        if (found == on_the_way_.end()) continue;
        const std::uint64_t number = found->second.part.message;
        on_the_way_.erase(found);
        Message& message = messages_.at(number);
        --message.on_the_way;
        fail(message, DeliveryOutcome::unclear, "smpp.no_answer", "the centre did not answer a submit in time");
        settle(number);
        if (state_ != State::bound || enquired_) continue;
        enquired_ = now.mono;
        request(command::kEnquireLink, {});
    }
}

void Session::lose_all(const Error& why) {
    for (auto& [number, message] : messages_) {
        if (message.on_the_way > 0)
            fail(message, DeliveryOutcome::unclear, "smpp.link_lost", "the answer was lost: " + why.detail);
        else
            fail(message, DeliveryOutcome::not_done, "smpp.not_bound", why.detail);
        output_.completed.push_back({std::move(message.done), std::move(*message.failed)});
    }
    messages_.clear();
    ready_.clear();
    on_the_way_.clear();
    answers_by_.clear();
    owed_.clear();
}

}  // namespace citybridge::sms_smpp
