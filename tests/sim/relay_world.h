#pragma once
// A node around the relay on virtual time: a model store, a driver like the
// durable strand, a person who decides about what was given up, and crashes
// between any two steps. It notes every broken promise.
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "core/relay/relay.h"
#include "tests/sim/relay_far_side.h"

namespace citybridge::sim {

// Breaks the driver on purpose, so that the simulation can show that it notices.
enum class Mutant { none, skips_commit_wait, ignores_must_find, skips_mark, ignores_far_timeout, forgets_parking };

class RelayWorld {
public:
    RelayWorld(Repeats repeats, Mutant mutant, std::uint64_t seed);

    // Runs until every row has ended; returns what was broken, nothing if all held.
    std::vector<std::string> run();

    std::size_t crashes() const { return generation_ - 1; }
    std::size_t possibly_done_rows() const { return were_possibly_done_.size(); }
    std::size_t sends() const { return sends_; }

private:
    struct Event {
        MonoTime at;
        std::uint64_t order;
        std::function<void()> act;
        bool operator>(const Event& other) const { return std::pair(at, order) > std::pair(other.at, other.order); }
    };

    Now now() const { return {WallTime{wall_offset_ + now_.time_since_epoch()}, now_}; }
    void at(Millis after, std::function<void()> act);
    // Only in this life of the node.
    void soon(Millis after, std::function<void()> act);
    bool crash_here();
    void start_node();

    void produce();
    void pump();
    void pump_wants();
    void carry_out(const relay::Send& send);
    void check_send(const OutboxRecord& message);
    void keep(relay::Outcome outcome);
    void commit(const relay::Outcome& outcome);
    void person_acts();
    void act(OutboxRecord& row, const OutboxProgress& progress);
    bool still_parked(const OutboxRecord& row) const;
    bool all_ended() const;
    void check_end();
    void broken(const std::string& what) { broken_.push_back(what); }

    Dice dice_;
    Repeats repeats_;
    Mutant mutant_;
    DeliveryTraits traits_;
    relay::RelaySettings settings_;
    FarSide far_;

    MonoTime now_{};
    Millis wall_offset_{1'700'000'000'000};
    std::uint64_t next_event_ = 0;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
    std::vector<std::string> broken_;

    std::map<std::int64_t, OutboxRecord> rows_;  // the store
    std::map<std::string, std::int64_t> seq_of_;
    std::size_t to_produce_;
    std::set<std::string> were_possibly_done_;
    std::set<std::string> ever_out_of_turn_;

    std::unique_ptr<relay::Relay> relay_;  // null while the node is down
    bool closing_ = false;
    std::size_t generation_ = 0;
    std::size_t crashes_left_;
    double crash_share_;
    double commit_fails_;
    std::optional<MonoTime> wake_;
    std::set<std::string> under_way_;  // ids, of this life
    std::size_t sends_ = 0;
};

}  // namespace citybridge::sim
