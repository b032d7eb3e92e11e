#pragma once
// The stand-in's own messages to nodes: signed, repeated under one id until taken.
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "core/api/time.h"

namespace citybridge::stand_in {

// Where and how a node takes messages in.
struct NodeDoor {
    std::uint16_t port = 0;
    std::string connector;  // POST /v1/hooks/<connector>
    std::string secret;     // whsec_...
};

struct SentMessage {
    std::string system;
    std::string id;  // webhook-id
    std::string type;
    std::string order;
    std::string body;
    std::uint32_t attempts = 0;
    std::uint32_t acknowledged = 0;  // answers 200
    std::uint32_t effective = 0;     // of these "applied" or "noted", not "duplicate"
    int last_status = 0;             // 0: no answer
    std::string last_answer;
    bool given_up = false;
};

struct MessengerSettings {
    Millis assigned_after{600};
    Millis contacted_after{900};  // after the former was taken
    Millis again_after{300};      // between attempts
    std::uint32_t most_attempts = 400;
    double repeat_share = 0.1;  // of messages that are sent once more although they were taken
    std::uint64_t seed = 1;
};

class Messenger {
public:
    explicit Messenger(MessengerSettings settings) : settings_(settings), random_(settings.seed) {}
    ~Messenger() { stop(); }

    void start();
    void stop();  // what has not been sent stays unsent
    // From now on messages of `system` go there; before the first call there are none.
    void set_node(const std::string& system, NodeDoor door);
    // An order was taken: a broker will be found, and will call the customer.
    void order_taken(const std::string& system, const std::string& order, const std::string& number);

    // Somebody asked how an order stands: `note` says it.
    void order_asked(const std::string& system, const std::string& order, const std::string& number,
                     const std::string& note);

    std::vector<SentMessage> sent() const;
    bool idle() const;  // nothing waits to be sent

private:
    struct Step {
        SentMessage message;
        bool repetition = false;
    };
    void run();
    void plan(Step step, Millis wait);  // mutex_ held
    void attempt(Step step);
    Step make_step(const std::string& system, const std::string& type, const std::string& order,
                   const std::string& number);

    const MessengerSettings settings_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    bool busy_ = false;  // one attempt is on its way
    std::uint64_t answers_ = 0;
    std::mt19937_64 random_;
    std::map<std::string, NodeDoor> doors_;
    std::multimap<MonoTime, Step> planned_;
    std::map<std::string, SentMessage> sent_;  // by id
    std::thread thread_;
};

}  // namespace citybridge::stand_in
