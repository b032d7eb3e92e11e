#pragma once
// A PBX with its callers and agents, invented from a seed. Pure: no clock,
// thread or socket; whoever holds it says what time it is. The same
// configuration, start, commands and command times give the same signals, byte
// for byte, however often advance() is called.
//
// Not thread-safe. Time never goes back: an earlier `now` than the last counts
// as the last.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/simulator/config.h"
#include "adapters/simulator/truth.h"
#include "core/api/capabilities.h"
#include "core/api/signals.h"

namespace citybridge::simulator {

class SimulatedPbx {
public:
    // Precondition: at least one agent, one queue, and speed >= 1.
    explicit SimulatedPbx(Config config);
    ~SimulatedPbx();
    SimulatedPbx(const SimulatedPbx&) = delete;
    SimulatedPbx& operator=(const SimulatedPbx&) = delete;

    // Once, before anything else.
    void start(WallTime now);
    const std::string& pbx_start() const;  // for LinkUp

    // When the next thing happens by itself; unset: nothing will.
    std::optional<WallTime> next_deadline() const;
    // What happened up to and including `now`, in order, each with its own time.
    std::vector<PbxSignal> advance(WallTime now);
    // The state after every signal up to `now`. Signals not taken yet stay for advance().
    signal::Snapshot snapshot(WallTime now);

    // Commands take effect at `now`; their signals come with the next advance().
    // `done` is called exactly once: at once, or inside a later call of this
    // object. It must not call back into it.
    void dial(const DialCommand& command, WallTime now, CommandDone done);
    void command(const CallCommand& command, WallTime now, CommandDone done);
    CommandReply hangup(const std::string& channel, WallTime now);
    CommandReply set_agent_state(const AgentStateCommand& command, WallTime now);
    // Answers every waiting command with `reply`; the calls go on.
    void answer_waiting(const CommandReply& reply);

    // Finished calls in the order of their ends, at most Config::truth_limit.
    std::vector<TruthCall> truth() const;
    std::vector<TruthCall> take_truth();  // the same, and forgets them
    // Calls in progress, as far as they have come.
    std::vector<TruthCall> open_calls() const;

private:
    struct World;
    void run_until(WallTime now);
    std::unique_ptr<World> world_;
};

}  // namespace citybridge::simulator
