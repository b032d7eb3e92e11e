#include "plugins/sms_http/sms_http.h"

#include <openssl/rand.h>

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

#include "plugins/sms_http/digest.h"

namespace citybridge::sms_http {
namespace {

// Shorter than a gateway waits for its answer.
constexpr Millis kTakenWithin{4'000};
// Kind of the outbox messages whose text has a code in it.
constexpr std::string_view kVerificationCode = "verification_code";

std::string random_nonce() {
    std::string bytes(16, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("OpenSSL has no random numbers");
    return to_hex(bytes);
}

// Answers of the node to the reports of one request. Any thread.
class Taking {
public:
    explicit Taking(std::size_t count) : left_(count) {}

    void note(std::size_t index, const Result<>& answer) {
        const std::scoped_lock lock(mutex_);
        const bool for_good =
            !answer && (answer.error().code == "hook.not_understood" || answer.error().code == "hook.too_old");
        if (!answer && !for_good) put_off_ = true;
        if (answer) standing_ = index;
        if (--left_ == 0) all_.notify_all();
    }
    // The index of one that the node took, else of the first; nothing: not all were answered for good.
    std::optional<std::size_t> wait(Millis most) {
        std::unique_lock lock(mutex_);
        const bool answered = all_.wait_for(lock, most, [this] { return left_ == 0; });
        return answered && !put_off_ ? std::optional(standing_) : std::nullopt;
    }

private:
    std::mutex mutex_;
    std::condition_variable all_;
    std::size_t left_;          // guarded by mutex_
    std::size_t standing_ = 0;  // guarded by mutex_
    bool put_off_ = false;      // guarded by mutex_
};

// The origin of a template: places may stand behind it, not in it.
std::string origin_part(const std::string& url) {
    const std::size_t begin = url.find("://");
    return begin == std::string::npos ? url : url.substr(0, url.find_first_of("/?", begin + 3)) + '/';
}

}  // namespace

void SmsHttpPlugin::configure(const RawSettings& settings, Problems& problems) {
    const std::size_t before = problems.size();
    config_ = read_config(settings, problems);
    if (problems.size() != before) return;
    config_.reports.source = std::string(host_.instance());
    const auto allow = [&](const char* name, const std::string& url) {
        const std::string origin = origin_part(url);
        if (origin.find('{') == std::string::npos && host_.http().allow(origin)) return;
        problems.push_back({place_of(settings, name),
                            std::string(name) +
                                " must be http:// or https:// without user or password and without places in its host, "
                                "and its host must be on the node's list of hosts that may be sent to"});
    };
    allow("url", config_.send.url);
    if (!config_.poll) return;
    allow("poll_url", config_.poll->ask.url);
    if (config_.poll->acknowledge) allow("poll_ack_url", config_.poll->acknowledge->url);
}

Result<> SmsHttpPlugin::start() {
    if (config_.poll) poll_.emplace(host_, config_, random_nonce);
    if (poll_) poll_->start();
    return ok();
}

void SmsHttpPlugin::stop(Millis) {
    stopped_ = true;
    if (poll_) poll_->stop();
}

Capabilities SmsHttpPlugin::offers() {
    Capabilities offered;
    offered.outbound = this;
    if (config_.takes_reports) offered.inbound = this;
    return offered;
}

void SmsHttpPlugin::deliver(const OutboxRecord& message, DeliveryDone done) {
    const bool posted = host_.lane().post([this, message, done] {
        if (!stopped_) send(message, done);
    });
    // Nothing was sent, so the outcome is certain. After stop() the message stays pending without an answer.
    if (!posted && !stopped_)
        done({DeliveryOutcome::not_done, "http.busy", "the plugin's lane is full", {}, std::nullopt});
}

Result<HttpOutgoing> SmsHttpPlugin::request_for(const OutboxRecord& message, WallTime now) const {
    auto values = message_values(message, config_.identity, random_nonce(), now);
    if (!values) return values.error();
    return make_request(config_.send, config_.style, std::move(*values), now);
}

void SmsHttpPlugin::send(const OutboxRecord& message, const DeliveryDone& done) {
    const auto request = [&]() -> Result<HttpOutgoing> {
        try {
            return request_for(message, host_.lane().now().wall);
        } catch (const std::exception& failure) {
            return Error{"sms_http.cannot_sign", failure.what()};
        }
    }();
    if (!request) {
        const bool later = request.error().code == "sms_http.cannot_sign";
        return done({later ? DeliveryOutcome::not_done : DeliveryOutcome::refused,
                     request.error().code,
                     request.error().detail,
                     {},
                     std::nullopt});
    }
    const Hush hush{message.kind == kVerificationCode, {config_.identity.password, config_.identity.key_secret}};
    host_.http().send(*request, [this, done, hush, id = message.id](const HttpOutcome& outcome) {
        if (!stopped_) done(read_answer(outcome, config_.answer, id, hush, host_.lane().now().wall));
    });
}

void SmsHttpPlugin::find(const OutboxRecord&, FindDone done) {
    const FindReply reply{
        FindReply::Outcome::failed, "sms_http.not_findable", "the gateway cannot be asked for a message by our id", {}};
    const bool posted = host_.lane().post([this, done, reply] {
        if (!stopped_) done(reply);
    });
    if (!posted && !stopped_) done(reply);
}

Result<InboundMessage> SmsHttpPlugin::accept(const HeaderList& headers, std::string_view body, WallTime now) const {
    auto reports = read_reports(config_.reports, headers, body, now);
    if (!reports) return reports.error();
    if (reports->size() == 1) return std::move(reports->front());
    return take_all(std::move(*reports));
}

// A request becomes one message, and is answered 2xx when that is committed. Of several reports in one request all are
// given to the node here, and only when it has them one of them stands for the request: it is known by then.
Result<InboundMessage> SmsHttpPlugin::take_all(std::vector<InboundMessage> reports) const {
    const auto taking = std::make_shared<Taking>(reports.size());
    for (std::size_t i = 0; i < reports.size(); ++i)
        host_.take(reports[i], [taking, i](const Result<>& answer) { taking->note(i, answer); });
    const auto standing = taking->wait(kTakenWithin);
    if (!standing)
        return Error{"hook.not_yet", "not all of these reports could be kept at the moment; send them again"};
    return std::move(reports[*standing]);
}

}  // namespace citybridge::sms_http
