#pragma once
// Callers as they are: each opens orders, adds notes, acts, now and then dials,
// one request after the other, and repeats with the same key what got no
// answer. A crowd is a thread per caller.
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <thread>

#include "core/api/time.h"
#include "tests/crash/told.h"

namespace citybridge::crash {

// One thread at a time.
class Caller {
public:
    Caller(std::string user, std::uint64_t seed, bool dials) : user_(std::move(user)), random_(seed), dials_(dials) {}

    // A new request, or the one that is still without an answer once more. False: no answer came.
    bool step(Door& door);
    bool owes() const { return owed_.has_value(); }
    Told take_told() { return std::exchange(told_, {}); }

private:
    struct Owed {
        Wish wish;
        bool may_be_done = false;  // an attempt ended without an answer
    };
    Wish next_wish();
    void ask_again(Door& door);
    // True: that was the last word on it.
    bool judge(Owed& owed, const Answer& answer);
    bool chance(double share) { return std::uniform_real_distribution<double>(0, 1)(random_) < share; }
    std::size_t pick(std::size_t size) { return static_cast<std::size_t>(random_() % size); }

    const std::string user_;
    std::mt19937_64 random_;
    const bool dials_;
    std::optional<Owed> owed_;
    std::size_t count_ = 0;
    std::vector<std::string> orders_;
    std::vector<std::pair<Wish, Answer>> known_;  // some that were answered, to be asked again
    Told told_;
};

class Crowd {
public:
    // A door for the caller of this name; called on his thread, each time the crowd starts.
    using MakeDoor = std::function<std::unique_ptr<Door>(const std::string& user)>;

    Crowd(std::size_t callers, std::uint64_t seed, bool dials, MakeDoor make_door);
    ~Crowd() { stop(); }
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    static std::string name_of(std::size_t caller) { return "caller" + std::to_string(caller); }
    void start();
    void ask_to_stop() { stopping_ = true; }
    void stop();  // each ends the attempt he is in
    // Repeats until nobody waits for an answer any more; false: somebody still does after `longest`.
    bool settle(Millis longest);
    // Of all, since the last time. Precondition: stopped.
    Told take_told();
    std::size_t answered() const { return answered_; }

private:
    void run(Caller& caller, const std::string& user, bool only_owed, MonoTime until);

    std::vector<std::unique_ptr<Caller>> callers_;
    const MakeDoor make_door_;
    std::vector<std::thread> threads_;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::size_t> answered_ = 0;
};

}  // namespace citybridge::crash
