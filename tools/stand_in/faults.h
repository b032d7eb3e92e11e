#pragma once
// What goes wrong at the stand-in, how often, and what did.
#include <atomic>
#include <cstdint>
#include <mutex>
#include <random>

#include "core/api/time.h"

namespace citybridge::stand_in {

enum class Fault {
    none,
    slam,              // closes before it has read
    fail_500,          // 500, nothing done
    busy_503,          // 503 with Retry-After, nothing done
    late_answer,       // done at once, answered after `late_by`
    late_effect,       // done and answered after `late_by`
    commit_then_500,   // done, and answered 500
    commit_then_drop,  // done, and the connection closed without an answer
};
constexpr std::size_t kFaultKinds = 8;

// Share of requests each fault meets, 0 to 1; together at most 1.
struct Faults {
    double slam = 0;
    double fail_500 = 0;
    double busy_503 = 0;
    double late_answer = 0;
    double late_effect = 0;
    double commit_then_500 = 0;
    double commit_then_drop = 0;
    Millis late_by{1'000};
    int retry_after_s = 1;
};

// Thread-safe. The same seed gives the same sequence of draws.
class FaultDice {
public:
    FaultDice(Faults faults, std::uint64_t seed) : faults_(faults), random_(seed) { set(faults); }
    void set(Faults faults);
    Faults faults() const;

    // `slam` is drawn before a request is read, the others when it is.
    bool draw_slam();
    Fault draw();
    std::uint64_t met(Fault fault) const { return met_[static_cast<std::size_t>(fault)]; }
    std::uint64_t met_all() const;

private:
    double roll();

    mutable std::mutex mutex_;
    Faults faults_;  // guarded by mutex_
    std::mt19937_64 random_;
    std::atomic<bool> quiet_{true};  // nothing to draw: spares the lock where speed is measured
    std::atomic<std::uint64_t> met_[kFaultKinds]{};
};

}  // namespace citybridge::stand_in
