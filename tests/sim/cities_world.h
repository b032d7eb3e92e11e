#pragma once
// Five cities in one process on virtual time: the real desk, relay, callback
// protocol and SQLite store of each, people and telephones by dice, and lines
// between them that lose, double, delay, reorder and break. One seed decides
// everything. What is promised is checked while it runs and when all has healed.
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "core/api/callbacks.h"
#include "tests/sim/relay_far_side.h"

namespace citybridge::sim {

// Breaks one promise on purpose, in the simulation only.
enum class Planted {
    none,
    short_dedupe,
    epoch_reset,
    ack_before_commit,
    take_back_by_timer,
    forgets_generation,
    untold_lives,  // messages do not tell which life of the receiver was heard of
};
std::string_view to_string(Planted value);
std::optional<Planted> planted_from(std::string_view word);

struct CitiesOutcome {
    std::uint64_t seed = 0;
    std::uint64_t hash = 0;           // of everything that happened, in its order
    std::vector<std::string> broken;  // with virtual time and both histories; empty: all held
    std::size_t tasks = 0;
    std::size_t messages = 0;
    std::size_t duplicates = 0;
    std::size_t crashes = 0;
    std::size_t restores = 0;
    std::size_t outlived = 0;  // restores to a generation that had been used, or was passed
    std::size_t dials = 0;
    std::size_t confirmed = 0;
    std::size_t taken_back = 0;
    std::size_t escalated = 0;
    std::size_t refused = 0;  // people were told no
};

// Stores are made in `folder`, which must exist, and removed again.
CitiesOutcome run_cities(std::uint64_t seed, Planted planted, const std::string& folder);

class CityNode;

class CitiesWorld {
public:
    static constexpr std::size_t kCities = 5;
    static constexpr Millis kChaos{3LL * 3'600'000};     // tasks come and things break
    static constexpr Millis kTooLong{36LL * 3'600'000};  // then everything must have ended

    CitiesWorld(std::uint64_t seed, Planted planted, const std::string& folder);
    ~CitiesWorld();
    CitiesOutcome run();

    // For the nodes.
    Dice& dice() { return dice_; }
    Planted planted() const { return planted_; }
    MonoTime now() const { return now_; }
    bool chaos() const { return now_.time_since_epoch() < kChaos; }
    const std::string& folder() const { return folder_; }
    const std::string& template_store() const { return template_; }
    static const std::array<std::string, kCities>& names();
    void at(Millis after, std::function<void()> act);
    // Hands a message to the far city; `answer` may never come, and `deliver` may happen more than once.
    void send(std::size_t from, const OutboxRecord& message, const std::function<void(DeliveryReply)>& answer);
    void rang(std::size_t city, const std::string& task, bool confirmed);
    void broken(const std::string& what);
    std::string histories(const std::string& id) const;  // of a task, in all cities
    void happened(const std::string& what);              // into the hash
    void crashed(std::size_t city, bool disk = false);   // disk: it is lost, too
    CitiesOutcome& outcome() { return outcome_; }
    std::string next_id(const char* prefix);

private:
    struct Event {
        MonoTime at;
        std::uint64_t order;
        std::function<void()> act;
        bool operator>(const Event& other) const { return std::pair(at, order) > std::pair(other.at, other.order); }
    };
    struct Partition {
        std::size_t a, b;
        MonoTime from, to;
    };

    void plan();
    void arrive(std::size_t from, std::size_t to, const OutboxRecord& message,
                const std::function<void(DeliveryReply)>& answer);
    bool cut(std::size_t a, std::size_t b) const;
    bool healed() const;
    void offer();
    void check_end();
    void check_task(const std::string& id);
    void check_promise(const CityNode& origin, const CallbackRecord& row);
    void check_ledger();

    Dice dice_;
    const Planted planted_;
    const std::string folder_;
    std::string template_;
    CitiesOutcome outcome_;
    MonoTime now_{};
    std::uint64_t next_event_ = 0;
    std::uint64_t next_id_ = 0;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
    std::vector<std::unique_ptr<CityNode>> nodes_;
    std::vector<Partition> partitions_;
    double lost_ = 0, doubled_ = 0;
    Millis slowest_{};
    std::map<std::string, int> rings_;  // telephones that rang without confirmed_by, by task
    std::map<std::string, std::pair<std::size_t, std::size_t>> tasks_;  // offered and acknowledged: origin, target
};

}  // namespace citybridge::sim
