#pragma once
// A far side for the relay's simulation: it keeps a ledger of every effect, and
// answers as badly as its dice say.
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/api/capabilities.h"

namespace citybridge::sim {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}
    bool chance(double share) { return static_cast<double>(random_() >> 11U) * 0x1.0p-53 < share; }
    // From low to high, both included.
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1));
    }
    Millis time(std::int64_t low_ms, std::int64_t high_ms) { return Millis{between(low_ms, high_ms)}; }

private:
    std::mt19937_64 random_;
};

inline constexpr Millis kOurTimeout{10'000};
inline constexpr Millis kFarTimeout{30'000};

// What one request will come to: an effect and an answer, each at its own time.
struct Fate {
    std::optional<Millis> effect_after;
    Millis answer_after{};
    DeliveryReply reply;
};

struct Faults {
    double lost = 0, late = 0, error = 0, busy = 0, refuse = 0, find_fails = 0;
    MonoTime down_from{}, down_to{};
    bool down_with_500 = false;  // and not without an answer
};

class FarSide {
public:
    FarSide(Repeats repeats, Faults faults, Dice& dice) : repeats_(repeats), faults_(faults), dice_(dice) {}

    Fate request(const OutboxRecord& message, MonoTime now) {
        if (down(now))
            return {std::nullopt, dice_.time(1, 50),
                    reply(faults_.down_with_500 ? DeliveryOutcome::unclear : DeliveryOutcome::not_done)};
        if (dice_.chance(faults_.refuse) && refused_.insert(message.id).second)
            return {std::nullopt, dice_.time(1, 200), reply(DeliveryOutcome::refused)};
        if (dice_.chance(faults_.busy)) {
            DeliveryReply busy = reply(DeliveryOutcome::not_done);
            if (dice_.chance(0.5)) busy.retry_after = dice_.time(0, 60'000);
            return {std::nullopt, dice_.time(1, 200), busy};
        }
        const Millis soon = dice_.time(1, 500);
        if (dice_.chance(faults_.error)) {
            const bool works = dice_.chance(0.5);
            return {works ? std::optional(soon) : std::nullopt, soon, reply(DeliveryOutcome::unclear)};
        }
        if (dice_.chance(faults_.lost)) return {soon, kOurTimeout, reply(DeliveryOutcome::unclear)};
        if (dice_.chance(faults_.late))
            return {dice_.time(kOurTimeout.count(), kFarTimeout.count()), kOurTimeout, reply(DeliveryOutcome::unclear)};
        return {soon, soon + dice_.time(0, 100), reply(DeliveryOutcome::delivered)};
    }

    void take_effect(const OutboxRecord& message) {
        if (repeats_ == Repeats::dedupes && counts_.contains(message.id)) return;
        ++counts_[message.id];
        ledger_.push_back(message);
    }

    FindReply look(const OutboxRecord& message, MonoTime now) {
        FindReply reply;
        reply.external_id = "far-" + message.id;
        if (down(now) || dice_.chance(faults_.find_fails)) return reply;
        reply.outcome = has(message.id) ? FindReply::Outcome::found : FindReply::Outcome::absent;
        return reply;
    }

    bool has(const std::string& id) const { return counts_.contains(id); }
    int count(const std::string& id) const { return has(id) ? counts_.at(id) : 0; }
    const std::vector<OutboxRecord>& ledger() const { return ledger_; }

private:
    bool down(MonoTime now) const { return now >= faults_.down_from && now < faults_.down_to; }
    static DeliveryReply reply(DeliveryOutcome outcome) {
        DeliveryReply reply;
        reply.outcome = outcome;
        if (outcome != DeliveryOutcome::delivered) reply.code = "far.said_so";
        return reply;
    }

    Repeats repeats_;
    Faults faults_;
    Dice& dice_;
    std::map<std::string, int> counts_;
    std::set<std::string> refused_;
    std::vector<OutboxRecord> ledger_;
};

}  // namespace citybridge::sim
