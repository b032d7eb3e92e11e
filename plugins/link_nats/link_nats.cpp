#include "plugins/link_nats/link_nats.h"

#include <system_error>

#include "core/api/quiet_thread.h"

namespace citybridge::link_nats {
namespace {

constexpr Millis kLookAgain{30'000};  // a server may have lost its disk meanwhile
constexpr Millis kTryStreams{1'000};

}  // namespace

LinkNats::~LinkNats() {
    stop(Millis(0));
    broker_ = nullptr;  // its threads call the postman
}

void LinkNats::configure(const RawSettings& settings, Problems& problems) {
    const std::size_t before = problems.size();
    config_ = read_config(settings, problems);
    if (problems.size() != before) return;
    for (const Peer& each : config_.peers) {
        if (each.city == host_.city())
            problems.push_back(
                {place_of(settings, "peers"), "peers names " + each.city + ", which is this city itself"});
        destinations_.emplace_back(CityDestination::Link{host_, refusals_, config_.traits, "link_nats.not_findable"},
                                   each.city, destinations_.empty(),
                                   [this, peer = destinations_.size()](const OutboxRecord& message, DeliveryDone done) {
                                       deliver(peer, message, std::move(done));
                                   });
    }
}

Result<> LinkNats::start() {
    auto key = SigningKey::load(config_.key);
    if (!key) return key.error();
    host_.log(LogLevel::info, "link_nats.public_key",
              "other cities know this one as " + std::string(host_.city()) + '=' + key->public_hex());
    try {
        postman_ = std::make_shared<Postman>(
            std::string(host_.city()), std::move(*key),
            [this](std::vector<Answer> answers) { answer(std::move(answers)); }, refusals_);
        auto broker = Broker::open(config_.broker, "citybridge " + std::string(host_.city()), &Postman::not_stored,
                                   postman_.get());
        if (!broker) return broker.error();
        broker_ = std::move(*broker);
        const auto take = [this](InboundMessage message, std::function<void(Result<>)> done) {
            host_.take(std::move(message), std::move(done));
        };
        mailbox_ = std::make_unique<Mailbox>(std::string(host_.city()), config_.peers, take, postman_, refusals_);
        running_ = true;
        postman_->start(*broker_);
        mailbox_->start(*broker_);
        keeper_ = quiet_thread("city streams", [this] { keep_streams(); });
    } catch (const std::system_error& failure) {
        stop(Millis(0));
        return Error{"link_nats.no_broker", std::string("no thread is left: ") + failure.what()};
    }
    return ok();
}

void LinkNats::stop(Millis) {
    {
        const std::lock_guard lock(mutex_);
        running_ = false;
    }
    changed_.notify_all();
    if (broker_) broker_->close();  // ends what waits for a server
    if (mailbox_) mailbox_->stop();
    if (postman_) postman_->stop();
    if (keeper_.joinable()) keeper_.join();
}

Capabilities LinkNats::offers() {
    Capabilities offered;
    for (CityDestination& each : destinations_) offered.destinations.push_back({each.city(), &each});
    return offered;
}

void LinkNats::deliver(std::size_t peer, const OutboxRecord& message, DeliveryDone done) {
    const std::lock_guard lock(mutex_);
    // After stop() the message stays pending without an answer.
    if (running_)
        postman_->send({config_.peers[peer].city, message}, std::move(done),
                       host_.lane().now().mono + config_.receipt_timeout);
}

// On the lane, unless that is full: the relay must hear of it.
void LinkNats::answer(std::vector<Answer> answers) {
    const auto shared = std::make_shared<std::vector<Answer>>(std::move(answers));
    const auto tell = [this, shared] {
        for (auto& [done, reply] : *shared)
            if (running_) done(std::move(reply));
    };
    if (!host_.lane().post(tell) && running_) tell();
}

bool LinkNats::wait(Millis time) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, time, [this] { return !running_; });
}

void LinkNats::keep_streams() {
    Streams streams(*broker_, config_.broker, std::string(host_.city()));
    bool told = false;
    do {
        Result<> kept = streams.keep_leaf();
        if (kept && running_) kept = streams.keep_hub();
        if (!kept && running_ && !std::exchange(told, true))
            host_.log(LogLevel::warning, kept.error().code,
                      kept.error().detail + "; messages wait, and it is tried again every second");
        if (kept && std::exchange(told, false))
            host_.log(LogLevel::info, "link_nats.streams_kept", "the streams at leaf and hub are there");
        if (!wait(kept ? kLookAgain : kTryStreams)) return;
    } while (running_);
}

}  // namespace citybridge::link_nats
