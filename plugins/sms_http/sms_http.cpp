#include "plugins/sms_http/sms_http.h"

#include <openssl/rand.h>

#include <exception>
#include <stdexcept>
#include <utility>

#include "core/api/several_messages.h"
#include "plugins/sms_http/digest.h"

namespace citybridge::sms_http {
namespace {

// Kind of the outbox messages whose text has a code in it.
constexpr std::string_view kVerificationCode = "verification_code";

std::string random_nonce() {
    std::string bytes(16, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("OpenSSL has no random numbers");
    return to_hex(bytes);
}

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
    return pack_messages(std::move(*reports));
}

}  // namespace citybridge::sms_http
