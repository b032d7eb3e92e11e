#include "plugins/link_nats/postman.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "core/api/quiet_thread.h"

namespace citybridge::link_nats {
namespace {

constexpr Millis kExpireEvery{500};
constexpr std::size_t kMostReceipts = 256;  // in one message
constexpr std::int64_t kStoredWithinMs = 10'000;
constexpr std::size_t kMostLines = 64;  // in one message of the broker
constexpr std::size_t kEnoughBytes = 256U << 10U;
constexpr std::size_t kRememberedBatches = 1'024;

// So that ids of the life before are not taken for ours.
std::string fresh_nonce() {
    std::random_device random;
    return std::to_string(random()) + '-' + std::to_string(random());
}

// A message's wait, by city and id: "hangzhou/ord_1.2.cities.hangzhou".
std::string wait_id(const std::string& city, const std::string& id) { return city + '/' + id; }

}  // namespace

std::string signed_text(char kind, std::string_view payload) {
    std::string out = "citybridge city message 1 ";
    out += kind;
    out += '\n';
    return out.append(payload);
}

Postman::Postman(std::string city, SigningKey key, std::function<void(std::vector<Answer>)> answered,
                 CityRefusals& refusals)
    : city_(std::move(city)),
      key_(std::move(key)),
      answered_(std::move(answered)),
      refusals_(refusals),
      nonce_(fresh_nonce()) {}

Postman::~Postman() { stop(); }

void Postman::start(Broker& broker) {
    broker_ = &broker;
    thread_ = quiet_thread("city postman", [this] { loop(); });
}

void Postman::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Postman::send(Letter letter, DeliveryDone done, MonoTime until) {
    const std::string id = wait_id(letter.city, letter.message.id);
    if (!pending_.add(id, done, until)) {
        DeliveryReply reply;
        reply.outcome = DeliveryOutcome::delivered;
        return answered_({{std::move(done), std::move(reply)}});
    }
    {
        const std::lock_guard lock(mutex_);
        letters_.push_back(std::move(letter));
    }
    changed_.notify_one();
}

void Postman::judged(Judged judged) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        judged_.push_back(std::move(judged));
    }
    changed_.notify_one();
}

void Postman::receipt(const std::string& from, const CityVerdict& verdict) {
    answer(pending_.settle(wait_id(from, verdict.id), verdict));
}

void Postman::answer(std::optional<Answer> one) {
    if (!one) return;
    std::vector<Answer> answers;
    answers.push_back(std::move(*one));
    answered_(std::move(answers));
}

void Postman::loop() {
    MonoTime expire_at = system_now().mono + kExpireEvery;
    for (;;) {
        std::vector<Letter> letters;
        std::vector<Judged> judged;
        {
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, kExpireEvery,
                              [this] { return stopping_ || !letters_.empty() || !judged_.empty(); });
            if (stopping_) return;
            letters.swap(letters_);
            judged.swap(judged_);
        }
        if (!judged.empty()) post_receipts(judged);
        post(letters);
        if (const MonoTime now = system_now().mono; now >= expire_at) {
            expire_at = now + kExpireEvery;
            if (auto late = pending_.expire(now); !late.empty()) answered_(std::move(late));
        }
    }
}

natsStatus Postman::publish(const std::string& city, char kind, const std::string& payload, const std::string& id) {
    const std::string signature = key_.sign(signed_text(kind, payload));
    if (signature.empty()) return NATS_NO_MEMORY;
    if (!broker_->connected()) return NATS_CONNECTION_DISCONNECTED;
    natsMsg* message = nullptr;
    const std::string subject = "to." + city + '.' + kind;
    natsStatus status =
        natsMsg_Create(&message, subject.c_str(), nullptr, payload.data(), static_cast<int>(payload.size()));
    if (status == NATS_OK) status = natsMsgHeader_Set(message, kSignatureHeader, signature.c_str());
    jsPubOptions options;
    jsPubOptions_Init(&options);
    options.MaxWait = kStoredWithinMs;
    if (!id.empty()) options.MsgId = id.c_str();
    if (status == NATS_OK) status = js_PublishMsgAsync(broker_->leaf(), &message, &options);
    natsMsg_Destroy(message);
    return status;
}

void Postman::post(const std::vector<Letter>& letters) {
    std::map<std::string, Batch> batches;
    for (const Letter& letter : letters) {
        const std::string id = wait_id(letter.city, letter.message.id);
        const auto line = city_line(letter.message, city_, letter.city);
        if (!line) {
            answer(pending_.refused(id, line.error().code, line.error().detail));
            continue;
        }
        Batch& batch = batches[letter.city];
        batch.ids.push_back(id);
        batch.payload.append(*line).push_back('\n');
        if (batch.ids.size() < kMostLines && batch.payload.size() < kEnoughBytes) continue;
        post(letter.city, batch);
        batches.erase(letter.city);
    }
    for (auto& [city, batch] : batches) post(city, batch);
}

// The broker's id is the batch's own: what is sent again on purpose is no duplicate to it. The ids that count are in
// the lines.
void Postman::post(const std::string& city, const Batch& batch) {
    const std::string id = nonce_ + '.' + std::to_string(++last_batch_);
    {
        const std::lock_guard lock(mutex_);
        batches_.emplace_back(id, batch.ids);
        if (batches_.size() > kRememberedBatches) batches_.pop_front();
    }
    if (const natsStatus status = publish(city, 'm', batch.payload, id); status != NATS_OK)
        fail(batch.ids, std::string("this city's nats-server did not take it: ") + natsStatus_GetText(status));
}

void Postman::fail(const std::vector<std::string>& ids, const std::string& why) {
    for (const std::string& id : ids) answer(pending_.failed(id, "link_nats.no_broker", why));
}

std::vector<std::string> Postman::ids_of(const std::string& batch) {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, ids] : batches_)
        if (id == batch) return ids;
    return {};
}

// libnats: the leaf did not say that it stored a message. Of a receipt nothing follows: its message comes again.
void Postman::not_stored(jsCtx*, jsPubAckErr* error, void* self) {
    const char* id = nullptr;
    if (natsMsgHeader_Get(error->Msg, "Nats-Msg-Id", &id) != NATS_OK || id == nullptr) return;
    auto& postman = *static_cast<Postman*>(self);
    postman.fail(postman.ids_of(id), std::string("this city's nats-server did not store it: ") +
                                         (error->ErrText != nullptr ? error->ErrText : ""));
}

void Postman::post_receipts(const std::vector<Judged>& judged) {
    std::map<std::string, std::vector<CityVerdict>> by_city;
    for (const Judged& each : judged)
        for (const CityVerdict& verdict : each.verdicts)
            if (verdict.answer != CityAnswer::not_now) by_city[each.city].push_back(verdict);
    std::map<std::string, bool> sent;
    for (const auto& [city, verdicts] : by_city) sent[city] = post_receipts(city, verdicts);
    for (const Judged& each : judged) {
        const bool later = std::any_of(each.verdicts.begin(), each.verdicts.end(), [](const CityVerdict& verdict) {
            return verdict.answer == CityAnswer::not_now;
        });
        // Without receipts the broker gives the messages again, and the node knows them.
        if (later)
            broker_->acknowledge(each.reply, kLater);
        else if (!by_city.contains(each.city) || sent[each.city])
            broker_->acknowledge(each.reply, kDone);
    }
}

bool Postman::post_receipts(const std::string& city, const std::vector<CityVerdict>& verdicts) {
    bool sent = true;
    for (std::size_t at = 0; at < verdicts.size(); at += kMostReceipts) {
        const auto first = verdicts.begin() + static_cast<std::ptrdiff_t>(at);
        const auto last = verdicts.begin() + static_cast<std::ptrdiff_t>(std::min(verdicts.size(), at + kMostReceipts));
        nlohmann::ordered_json receipt = nlohmann::ordered_json::parse(city_verdicts_text({first, last}));
        receipt["from"] = city_;
        receipt["to"] = city;
        sent = publish(city, 'r', receipt.dump(), {}) == NATS_OK && sent;
    }
    return sent;
}

}  // namespace citybridge::link_nats
