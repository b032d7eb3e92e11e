#include "plugins/link_nats/postman.h"

#include <cstring>
#include <nlohmann/json.hpp>

#include "core/api/quiet_thread.h"

namespace citybridge::link_nats {
namespace {

constexpr Millis kExpireEvery{500};
constexpr std::size_t kMostReceipts = 256;  // in one message
constexpr std::int64_t kStoredWithinMs = 10'000;

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
                 Refusals& refusals)
    : city_(std::move(city)), key_(std::move(key)), answered_(std::move(answered)), refusals_(refusals) {}

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
        if (!judged.empty()) post_receipts(std::move(judged));
        for (const Letter& each : letters) post(each);
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

// The city is a part of the id: one stream holds what goes to all of them. So is the attempt: what is sent again on
// purpose is not the broker's duplicate.
void Postman::post(const Letter& letter) {
    const std::string id = wait_id(letter.city, letter.message.id);
    const auto line = city_line(letter.message, city_, letter.city);
    if (!line) return answer(pending_.refused(id, line.error().code, line.error().detail));
    const natsStatus status = publish(letter.city, 'm', *line, id + '#' + std::to_string(letter.message.attempts));
    if (status != NATS_OK)
        answer(pending_.failed(id, "link_nats.no_broker",
                               std::string("this city's nats-server did not take it: ") + natsStatus_GetText(status)));
}

// libnats: the leaf did not say that it stored a message. Of a receipt nothing follows: its message comes again.
void Postman::not_stored(jsCtx*, jsPubAckErr* error, void* self) {
    const char* id = nullptr;
    if (natsMsgHeader_Get(error->Msg, "Nats-Msg-Id", &id) != NATS_OK || id == nullptr) return;
    const char* const end = std::strrchr(id, '#');
    if (end == nullptr) return;
    auto& postman = *static_cast<Postman*>(self);
    postman.answer(postman.pending_.failed(
        std::string(id, end), "link_nats.no_broker",
        std::string("this city's nats-server did not store it: ") + (error->ErrText != nullptr ? error->ErrText : "")));
}

void Postman::post_receipts(std::vector<Judged> judged) {
    std::map<std::string, std::vector<const Judged*>> by_city;
    for (const Judged& each : judged) {
        if (each.verdict.answer == CityAnswer::not_now)
            broker_->acknowledge(each.reply, kLater);
        else
            by_city[each.city].push_back(&each);
    }
    for (const auto& [city, of_city] : by_city)
        for (std::size_t at = 0; at < of_city.size(); at += kMostReceipts) {
            const std::size_t end = std::min(of_city.size(), at + kMostReceipts);
            std::vector<CityVerdict> verdicts;
            for (std::size_t i = at; i < end; ++i) verdicts.push_back(of_city[i]->verdict);
            nlohmann::ordered_json receipt = nlohmann::ordered_json::parse(city_verdicts_text(verdicts));
            receipt["from"] = city_;
            receipt["to"] = city;
            // Without a receipt the broker gives the messages again, and the node knows them.
            if (publish(city, 'r', receipt.dump(), {}) != NATS_OK) continue;
            for (std::size_t i = at; i < end; ++i) broker_->acknowledge(of_city[i]->reply, kDone);
        }
}

}  // namespace citybridge::link_nats
