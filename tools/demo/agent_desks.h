#pragma once
// The agents' desktops of one city: when an agent has answered, some open a
// sales lead over the API, as that agent, and add a note, or hand the customer
// to another city; whom another city has handed over they call back. Their
// network is bad: some requests are sent twice, some lose their answer and are
// repeated.
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "core/api/time.h"
#include "tools/demo/api.h"

namespace citybridge::demo {

struct Lead {
    std::string key;  // Idempotency-Key
    std::string contact;
    std::string order;  // the node's id; empty: never acknowledged
    int notes = 0;      // acknowledged
};

// A customer handed to another city.
struct HandedOver {
    std::string city;
    std::string callback;  // the node's id
};

class AgentDesks {
public:
    using Json = nlohmann::ordered_json;
    struct Counts {
        std::size_t leads = 0;
        std::size_t notes = 0;
        std::size_t repeated = 0;  // requests sent more than once under one key
    };

    // `cities`: where customers may want to be called from.
    AgentDesks(std::uint16_t port, std::string password, std::uint64_t seed, std::vector<std::string> cities = {});
    ~AgentDesks() { stop(); }

    // From the stream's thread.
    void see(const Json& frame);
    // Nothing new: no lead, nobody handed over. Customers of other cities are still called back.
    void finish();
    // What has begun is brought to its end, the rest is forgotten.
    void stop();

    Counts counts() const;
    std::vector<Lead> leads() const;
    std::vector<HandedOver> handed_over() const;
    std::vector<std::string> mistakes() const;

    // The API's user behind an agent: "SIM/1001" -> "agent-1001".
    static std::string user_of(const std::string& agent);

private:
    enum class Kind { lead, note, hand_over, act };  // act: on a callback
    struct Task {
        Kind kind = Kind::note;
        std::string user;
        std::string path;
        std::string key;
        std::string body;
        std::string contact;
        std::string city;  // hand_over
        int tries = 0;     // act
    };
    void run();
    void carry_out(const Task& task);
    std::string sent(const Task& task);
    std::string acknowledged(const Task& task);
    Api* api_of(const std::string& user);
    static std::string customer_name(const Json& contact);
    Task lead_task(const Json& contact, const std::string& agent);
    void lead_opened(const Task& task, const std::string& order);  // mutex_ held
    // agent_desks_callbacks.cpp
    void see_callback(const Json& callback);
    Task hand_over_task(const Json& contact, const std::string& agent);
    Task next_act(const Json& callback);
    void act(Task task);
    void plan(Task task, Millis wait);  // mutex_ held
    bool chance(double share);
    void mistake(const std::string& what);

    const std::uint16_t port_;
    const std::string password_;
    const std::vector<std::string> cities_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    bool finishing_ = false;
    std::mt19937_64 random_;
    std::multimap<MonoTime, Task> planned_;
    std::vector<Lead> leads_;
    std::vector<HandedOver> handed_over_;
    std::size_t notes_ = 0;
    std::size_t repeated_ = 0;
    std::vector<std::string> mistakes_;
    std::map<std::string, std::unique_ptr<Api>> apis_;  // by user; the thread's own
    std::thread thread_;
};

}  // namespace citybridge::demo
