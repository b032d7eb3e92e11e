#pragma once
// What leaves this city: messages and receipts, signed and handed to the leaf by
// one thread. Receipts of one city that are ready together go in one message.
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/api/refusals.h"
#include "plugins/link_nats/broker.h"
#include "plugins/link_nats/pending.h"

namespace citybridge::link_nats {

// What is signed: the kind is a part of it, so that a receipt is never read as a message.
std::string signed_text(char kind, std::string_view payload);

struct Letter {
    std::string city;
    OutboxRecord message;
};

// A message that came in, and what the node said of it.
struct Judged {
    std::string city;
    CityVerdict verdict;
    std::string reply;  // where the broker hears of it, when the receipt is on its way
};

class Postman {
public:
    // `answered` is called on the postman's and libnats's threads and must not block.
    Postman(std::string city, SigningKey key, std::function<void(std::vector<Answer>)> answered, Refusals& refusals);
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
    void post(const Letter& letter);
    void post_receipts(std::vector<Judged> judged);
    natsStatus publish(const std::string& city, char kind, const std::string& payload, const std::string& id);
    void answer(std::optional<Answer> one);

    const std::string city_;
    const SigningKey key_;
    const std::function<void(std::vector<Answer>)> answered_;
    Refusals& refusals_;
    Broker* broker_ = nullptr;
    Pending pending_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Letter> letters_;  // guarded by mutex_
    std::vector<Judged> judged_;   // guarded by mutex_
    bool stopping_ = false;        // guarded by mutex_

    std::thread thread_;
};

}  // namespace citybridge::link_nats
