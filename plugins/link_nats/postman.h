#pragma once
// What leaves this city: messages and receipts, signed and handed to the leaf by
// one thread. What waits for one city goes together, one line each, in one
// message of the broker, under one signature.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/api/link_figures.h"
#include "plugins/link_nats/broker.h"
#include "plugins/link_nats/pending.h"

namespace citybridge::link_nats {

// What is signed: the kind is a part of it, so that a receipt is never read as a message.
std::string signed_text(char kind, std::string_view payload);

struct Letter {
    std::string city;
    OutboxRecord message;
};

// What came in one message of the broker, and what the node said of each line of it.
struct Judged {
    std::string city;
    std::vector<CityVerdict> verdicts;
    std::string reply;  // where the broker hears of it, when the receipts are on their way
};

class Postman {
public:
    // `answered` is called on the postman's and libnats's threads and must not block.
    Postman(std::string city, SigningKey key, std::function<void(std::vector<Answer>)> answered,
            CityRefusals& refusals);
    ~Postman();
    Postman(const Postman&) = delete;
    Postman& operator=(const Postman&) = delete;

    // Throws std::system_error: no thread left.
    void start(Broker& broker);
    // Afterwards nothing is sent or answered.
    void stop();

    // Any thread.
    void send(Letter letter, DeliveryDone done, MonoTime until);
    void judged(Judged judged);
    void receipt(const std::string& from, const CityVerdict& verdict);
    static void not_stored(jsCtx* js, jsPubAckErr* error, void* self);

private:
    void loop();
    struct Batch {
        std::vector<std::string> ids;
        std::string payload;
    };
    void post(const std::vector<Letter>& letters);
    void post(const std::string& city, const Batch& batch);
    void post_receipts(const std::vector<Judged>& judged);
    bool post_receipts(const std::string& city, const std::vector<CityVerdict>& verdicts);
    void fail(const std::vector<std::string>& ids, const std::string& why);
    std::vector<std::string> ids_of(const std::string& batch);
    natsStatus publish(const std::string& city, char kind, const std::string& payload, const std::string& id);
    void answer(std::optional<Answer> one);

    const std::string city_;
    const SigningKey key_;
    const std::function<void(std::vector<Answer>)> answered_;
    CityRefusals& refusals_;
    const std::string nonce_;       // of this life
    std::uint64_t last_batch_ = 0;  // postman thread only
    Broker* broker_ = nullptr;
    Pending pending_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Letter> letters_;  // guarded by mutex_
    std::vector<Judged> judged_;   // guarded by mutex_
    bool stopping_ = false;        // guarded by mutex_
    // What was handed to the leaf lately, by the broker's message id: it may say that it could not store it.
    std::deque<std::pair<std::string, std::vector<std::string>>> batches_;  // guarded by mutex_

    std::thread thread_;
};

}  // namespace citybridge::link_nats
