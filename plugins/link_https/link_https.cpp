#include "plugins/link_https/link_https.h"

#include <system_error>

namespace citybridge::link_https {
namespace {

constexpr Millis kWatchEvery = std::chrono::hours(12);
constexpr Millis kWarnBefore = std::chrono::days(30);

}  // namespace

LinkHttps::~LinkHttps() { stop(Millis(0)); }

void LinkHttps::configure(const RawSettings& settings, Problems& problems) {
    const std::size_t before = problems.size();
    config_ = read_config(settings, problems);
    if (problems.size() != before) return;
    for (const Peer& each : config_.peers) {
        if (each.city == host_.city())
            problems.push_back(
                {place_of(settings, "peers"), "peers names " + each.city + ", which is this city itself"});
        if (!host_.http().allow(each.url))
            problems.push_back({place_of(settings, "peers"),
                                "peers: " + each.url + " must be on the node's list of hosts that may be sent to"});
        for (const Fingerprint& print : each.pins) pins_.add(print, each.city);
        destinations_.emplace_back(CityDestination::Link{host_, refusals_, config_.traits, "link_https.not_findable"},
                                   each.city, destinations_.empty(),
                                   [this, peer = destinations_.size()](const OutboxRecord& message, DeliveryDone done) {
                                       deliver(peer, message, std::move(done));
                                   });
    }
}

Result<> LinkHttps::start() {
    auto identity = Identity::load(config_.certificate, config_.key);
    if (!identity) return identity.error();
    identity_ = std::make_unique<Identity>(std::move(*identity));
    Context context = identity_->door(pins_);
    if (!context)
        return Error{"link_https.bad_certificate", "OpenSSL refuses the key; make an EC or RSA key of usual size"};
    const auto take = [this](InboundMessage message, std::function<void(Result<>)> done) {
        host_.take(std::move(message), std::move(done));
    };
    try {
        door_ =
            std::make_unique<Door>(std::string(host_.city()), config_.door, std::move(context), pins_, take, refusals_);
        courier_ = std::make_unique<Courier>(std::string(host_.city()), config_.peers, config_.courier, *identity_,
                                             [this](std::shared_ptr<Answers> answers) {
                                                 return host_.lane().post([this, answers = std::move(answers)] {
                                                     for (auto& [done, reply] : *answers)
                                                         if (running_) done(std::move(reply));
                                                 });
                                             });
        if (auto open = door_->open(config_.address, config_.port); !open) {
            courier_->stop();
            return open;
        }
    } catch (const std::system_error& failure) {
        return Error{"link_https.no_listener", std::string("no thread or descriptor is left: ") + failure.what()};
    }
    watch_certificate();
    const std::lock_guard lock(mutex_);
    running_ = true;
    return ok();
}

void LinkHttps::stop(Millis) {
    {
        const std::lock_guard lock(mutex_);
        running_ = false;
    }
    // The lane that waits here runs none of the answers that were posted: their messages stay pending.
    if (door_) door_->close();
    if (courier_) courier_->stop();
}

Capabilities LinkHttps::offers() {
    Capabilities offered;
    for (CityDestination& each : destinations_) offered.destinations.push_back({each.city(), &each});
    return offered;
}

void LinkHttps::deliver(std::size_t peer, const OutboxRecord& message, DeliveryDone done) {
    const std::lock_guard lock(mutex_);
    // After stop() the message stays pending without an answer.
    if (running_) courier_->submit(peer, {message, {}, std::move(done)});
}

// Lane thread. The other cities must know a new one before this one ends.
void LinkHttps::watch_certificate() {
    const WallTime until = identity_->valid_until();
    if (host_.lane().now().wall + kWarnBefore > until)
        host_.log(LogLevel::warning, "link_https.certificate_ends",
                  "this city's certificate is valid until " + to_rfc3339(until) +
                      "; make a new one, give its fingerprint to the other cities, then use it");
    host_.lane().after(kWatchEvery, [this] { watch_certificate(); });
}

}  // namespace citybridge::link_https
