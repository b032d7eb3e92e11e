#include "plugins/link_nats/mailbox.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/api/quiet_thread.h"
#include "plugins/link_nats/delivery.h"

namespace citybridge::link_nats {
namespace {

constexpr int kPullMessages = 256;
constexpr std::int64_t kPullMs = 500;
constexpr Millis kTryAgain{500};

struct Origin {
    std::string city;
    char kind = 0;
};

// "from.<city>.m" or "from.<city>.r", as the hub made it of the account it came from.
std::optional<Origin> origin_of(std::string_view subject) {
    if (!subject.starts_with("from.") || subject.size() < 8) return std::nullopt;
    const char kind = subject.back();
    if (subject[subject.size() - 2] != '.' || (kind != 'm' && kind != 'r')) return std::nullopt;
    const std::string_view city = subject.substr(5, subject.size() - 7);
    if (!is_city_name(city)) return std::nullopt;
    return Origin{std::string(city), kind};
}

// So that its sender can tell which message was refused.
std::string id_of(std::string_view line) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object()) return {};
    const auto id = json.find("id");
    return id != json.end() && id->is_string() ? id->get<std::string>().substr(0, 256) : std::string();
}

}  // namespace

Mailbox::Mailbox(std::string city, const std::vector<Peer>& peers, Take take, std::shared_ptr<Postman> postman,
                 CityRefusals& refusals)
    : city_(std::move(city)),
      peers_(peers),
      take_(std::move(take)),
      postman_(std::move(postman)),
      refusals_(refusals) {}

Mailbox::~Mailbox() { stop(); }

void Mailbox::start(Broker& broker) {
    broker_ = &broker;
    thread_ = quiet_thread("city mailbox", [this] { loop(); });
}

void Mailbox::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

// Before the next try.
void Mailbox::pause() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kTryAgain, [this] { return stopping_.load(); });
}

void Mailbox::subscribe() {
    jsSubOptions options;
    jsSubOptions_Init(&options);
    options.Stream = kIn;
    options.Consumer = kConsumer;
    options.ManualAck = true;
    natsSubscription* subscription = nullptr;
    jsErrCode code{};
    if (broker_->connected() &&
        js_PullSubscribe(&subscription, broker_->leaf(), nullptr, nullptr, nullptr, &options, &code) == NATS_OK)
        subscription_.reset(subscription);
}

void Mailbox::loop() {
    while (!stopping_) {
        if (!subscription_) subscribe();
        if (!subscription_) {
            pause();
            continue;
        }
        natsMsgList list{};
        jsErrCode code{};
        const natsStatus status = natsSubscription_Fetch(&list, subscription_.get(), kPullMessages, kPullMs, &code);
        for (int i = 0; i < list.Count; ++i) {
            const Nats<natsMsg> message(std::exchange(list.Msgs[i], nullptr));
            if (!stopping_) received(message.get());
        }
        natsMsgList_Destroy(&list);
        // The consumer may be gone with its stream: then there is another one to find.
        if (status != NATS_OK && status != NATS_TIMEOUT) {
            subscription_ = nullptr;
            pause();
        }
    }
    subscription_ = nullptr;
}

// Of no use now or later: the broker is not to give it again.
void Mailbox::refuse(natsMsg* message, std::string_view city, std::string_view code, const std::string& text) {
    refusals_.count_of(city, code, text);
    broker_->acknowledge(natsMsg_GetReply(message), kNever);
}

void Mailbox::received(natsMsg* message) {
    const auto origin = origin_of(natsMsg_GetSubject(message));
    if (!origin) return refuse(message, "", "link_nats.wrong_subject", "a message came on a subject of no city");
    const auto peer =
        std::find_if(peers_.begin(), peers_.end(), [&](const Peer& each) { return each.city == origin->city; });
    if (peer == peers_.end())
        return refuse(message, "", "link_nats.unknown_city", origin->city + " is not among the peers");
    const std::string_view payload(natsMsg_GetData(message),
                                   static_cast<std::size_t>(std::max(0, natsMsg_GetDataLength(message))));
    const char* signature = nullptr;
    const bool has_signature = natsMsgHeader_Get(message, kSignatureHeader, &signature) == NATS_OK &&
                               signature != nullptr && payload.size() <= 2 * kMostCityMessageBytes;
    const std::string text = signed_text(origin->kind, payload);
    if (!has_signature || std::none_of(peer->keys.begin(), peer->keys.end(),
                                       [&](const PublicKey& key) { return key.verifies(text, signature); }))
        return refuse(message, origin->city, "link_nats.wrong_signature",
                      "a message that came as " + origin->city + " was not signed by it, or was altered on the way");
    if (origin->kind == 'm') return letters(*peer, message, payload);
    receipt(*peer, payload);
    broker_->acknowledge(natsMsg_GetReply(message), kDone);
}

void Mailbox::letters(const Peer& from, natsMsg* message, std::string_view payload) {
    const auto delivery =
        std::make_shared<Delivery>(from.city, natsMsg_GetReply(message),
                                   [postman = postman_](Judged judged) { postman->judged(std::move(judged)); });
    std::vector<std::pair<std::size_t, InboundMessage>> good;
    while (!payload.empty()) {
        const std::string_view line = payload.substr(0, payload.find('\n'));
        payload.remove_prefix(std::min(line.size() + 1, payload.size()));
        auto inbound = read_city_line(line, from.city, city_);
        if (inbound) {
            good.emplace_back(delivery->expect(inbound->id), std::move(*inbound));
            continue;
        }
        const bool other = inbound.error().code == "city.wrong_city";
        refusals_.count_of(from.city, other ? "link_nats.wrong_city" : "link_nats.bad_message",
                           "from " + from.city + ": " + inbound.error().detail);
        delivery->answer(delivery->expect(id_of(line)), inbound.error(), CityAnswer::refused);
    }
    for (auto& [which, inbound] : good)
        take_(std::move(inbound),
              [delivery, at = which](const Result<>& taken) { delivery->answer(at, taken, city_answer(taken)); });
    delivery->all_expected();
}

void Mailbox::receipt(const Peer& from, std::string_view payload) {
    const auto json = nlohmann::json::parse(payload, nullptr, false);
    const auto verdicts = read_city_verdicts(payload);
    if (!verdicts || json.value("from", "") != from.city || json.value("to", "") != city_)
        return refusals_.count_of(from.city, "link_nats.wrong_city",
                                  "a receipt of " + from.city + " was not for this city");
    for (const CityVerdict& each : *verdicts) postman_->receipt(from.city, each);
}

}  // namespace citybridge::link_nats
