#include "plugins/sms_http/poll.h"

#include <utility>

namespace citybridge::sms_http {
namespace {

constexpr std::size_t kMostLeft = 10'000;

}  // namespace

void Poll::stop() {
    stopped_ = true;
    host_.lane().cancel(timer_);
}

void Poll::arm() {
    host_.lane().cancel(timer_);
    timer_ = host_.lane().after(config_.poll->every, [this] { turn(); });
}

// What the node did not take comes again, as some gateways tell a report once. A gateway that waits for an
// acknowledgement is not asked meanwhile: it would tell the same; another is, as long as there is room.
void Poll::turn() {
    if (!left_.empty()) offer();
    const bool waits = config_.poll->acknowledge.has_value() && !left_.empty();
    if (!waits && left_.size() < kMostLeft) ask();
    arm();
}

void Poll::ask() {
    const WallTime now = host_.lane().now().wall;
    auto request = make_request(config_.poll->ask, config_.style, common_values(config_.identity, nonce_(), now), now);
    if (!request) return trouble(request.error().code, request.error().detail);
    host_.http().send(std::move(*request), [this](const HttpOutcome& outcome) {
        if (!stopped_) on_answer(outcome);
    });
}

void Poll::on_answer(const HttpOutcome& outcome) {
    if (outcome.progress != HttpProgress::answered) return trouble(outcome.code, outcome.detail);
    if (outcome.status < 200 || outcome.status > 299)
        return trouble("sms_http.bad_reports", "poll_url answered status " + std::to_string(outcome.status));
    auto reports = read_asked(config_.reports, outcome.body, host_.lane().now().wall);
    if (!reports) return trouble(reports.error().code, reports.error().detail);
    in_trouble_ = false;
    if (reports->empty()) return;
    if (left_.empty()) ids_.clear();
    for (InboundMessage& each : *reports) {
        ids_ += (ids_.empty() ? "" : ",") + each.data["external_id"].get<std::string>();
        left_.push_back(std::move(each));
    }
    offer();
}

void Poll::offer() {
    const std::uint64_t mine = ++round_;
    taken_.assign(left_.size(), false);
    waiting_ = left_.size();
    const std::vector<InboundMessage> offered = left_;
    for (std::size_t i = 0; i < offered.size(); ++i)
        host_.take(offered[i], [this, mine, i](const Result<>& answer) {
            if (!stopped_ && mine == round_) on_taken(i, answer);
        });
}

void Poll::on_taken(std::size_t index, const Result<>& answer) {
    const bool for_good =
        !answer && (answer.error().code == "hook.not_understood" || answer.error().code == "hook.too_old");
    taken_[index] = answer || for_good;
    if (--waiting_ > 0) return;
    std::vector<InboundMessage> rest;
    for (std::size_t i = 0; i < left_.size(); ++i)
        if (!taken_[i]) rest.push_back(std::move(left_[i]));
    left_ = std::move(rest);
    if (left_.empty()) acknowledge();
}

void Poll::acknowledge() {
    if (!config_.poll->acknowledge) return;
    const WallTime now = host_.lane().now().wall;
    Values values = common_values(config_.identity, nonce_(), now);
    values["ids"] = ids_;
    auto request = make_request(*config_.poll->acknowledge, config_.style, std::move(values), now);
    if (!request) return trouble(request.error().code, request.error().detail);
    // Not acknowledged: the gateway tells the same reports again, and they have no second effect.
    host_.http().send(std::move(*request), [this](const HttpOutcome& outcome) {
        if (stopped_) return;
        if (outcome.progress != HttpProgress::answered || outcome.status < 200 || outcome.status > 299)
            trouble("sms_http.not_acknowledged", "poll_ack_url did not answer with success");
    });
}

void Poll::trouble(const std::string& code, const std::string& text) {
    if (std::exchange(in_trouble_, true)) return;
    host_.log(LogLevel::warning, code, text);
}

}  // namespace citybridge::sms_http
