#include "plugins/email/email.h"

#include <curl/curl.h>

#include <exception>
#include <utility>

#include "plugins/email/outgoing.h"

namespace citybridge::email {

void EmailPlugin::configure(const RawSettings& settings, Problems& problems) {
    config_ = read_config(settings, problems);
    keys_.emplace(std::string(host_.instance()), config_.confirm_keys);
}

Result<> EmailPlugin::start() {
    try {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        pool_ = std::make_unique<SmtpPool>(
            config_.pool, SmtpPool::Callbacks{[this] { return tell(); },
                                              [this](LogLevel level, const std::string& code,
                                                     const std::string& detail) { host_.log(level, code, detail); }});
        if (config_.reader) {
            reader_ = std::make_unique<MailReader>(
                *config_.reader, *keys_, std::string(host_.instance()),
                MailReader::Callbacks{[this](InboundMessage message, std::function<void(Result<>)> done) {
                                          host_.take(std::move(message), std::move(done));
                                      },
                                      [this](LogLevel level, std::string_view code, std::string_view text) {
                                          host_.log(level, code, without_tokens(text));
                                      }});
            reader_->start();
        }
    } catch (const std::exception& failure) {
        reader_.reset();
        pool_.reset();
        return Error{"email.failed", failure.what()};
    }
    return ok();
}

void EmailPlugin::stop(Millis grace) {
    if (reader_) reader_->stop();
    // A part of the grace for mails under way, and time to break them off.
    if (pool_) pool_->stop(grace / 2);
    hand_over();
    stopped_ = true;
}

Capabilities EmailPlugin::offers() {
    Capabilities offered;
    offered.outbound = this;
    return offered;
}

DeliveryTraits EmailPlugin::delivery_traits() const { return config_.traits; }

// A pool's thread: results wait until the lane takes them.
bool EmailPlugin::tell() {
    return host_.lane().post([this] {
        if (!stopped_) hand_over();
    });
}

void EmailPlugin::hand_over() {
    if (!pool_) return;
    for (const SmtpPool::Finished& finished : pool_->take()) finished.done(finished.reply);
}

void EmailPlugin::deliver(const OutboxRecord& message, DeliveryDone done) {
    const auto busy = [](const DeliveryDone& to) {
        to({DeliveryOutcome::not_done, "email.busy", "more mails wait than sessions can carry", {}, std::nullopt});
    };
    const bool posted = host_.lane().post([this, message, done, busy] {
        if (stopped_ || !pool_) return;
        const bool taken =
            pool_->submit({[this, message] { return prepare_mail(message, config_.writer, *keys_); }, done});
        if (!taken) busy(done);
    });
    // Nothing was sent, so the outcome is certain. After stop() the message stays pending without an answer.
    if (!posted && !stopped_) busy(done);
}

void EmailPlugin::find(const OutboxRecord&, FindDone done) {
    const FindReply reply{FindReply::Outcome::failed,
                          "email.not_findable",
                          "a mail server cannot be asked whether a mail went through it",
                          {}};
    const bool posted = host_.lane().post([this, done, reply] {
        if (!stopped_) done(reply);
    });
    if (!posted && !stopped_) done(reply);
}

}  // namespace citybridge::email
