#pragma once
// What all parts of the simulation share: time, tables, the calls in progress
// and their truth. The parts (inbound, offering, talk, outbound, breaks) are
// the rules by which calls move.
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/simulator/floor.h"
#include "adapters/simulator/timeline.h"
#include "adapters/simulator/truth.h"
#include "core/api/capabilities.h"

namespace citybridge::simulator {

enum class Phase {
    menu,
    queued,  // waiting, with or without phones ringing
    talking,
    consulting,    // the agent calls or talks to a colleague, the customer waits
    conference,    // in a room, with or without a third
    transferring,  // the customer rings whom he was given to
    parked,
    survey,
    voicemail,
    calling_agent,  // click to dial: the agent's own phone rings
    calling_far,    // an agent's phone waits for the party it dialled
};

// One phone that a queue rings for a call.
struct Attempt {
    std::size_t phone = 0;
    std::string channel;
    std::size_t offer = 0;  // its place in TruthCall::offers
    std::optional<Timeline::Key> decision;
};

// A colleague or somebody outside who is rung for a call that an agent has.
struct Party {
    std::string channel;
    std::string number;
    std::string agent;    // empty: outside
    std::string dialler;  // the channel that rings him; empty: a command
    std::optional<std::size_t> phone;
    std::optional<std::size_t> offer;  // its place in TruthCall::offers
    bool answered = false;
    bool by_habit = false;  // the agent asked him of his own accord and decides himself what follows
};

struct Call {
    Call(std::uint64_t seed, std::uint64_t number) : random(seed_of(seed, number)) { truth.number = number; }

    Random random;
    TruthCall truth;
    Phase phase = Phase::menu;
    std::string customer;  // the customer's channel; internal: the called phone's
    std::string agent_channel;
    std::optional<std::size_t> agent_phone;
    std::optional<std::size_t> far_phone;  // internal: the called phone
    std::size_t queue = 0;
    WallTime retry_at{};
    std::vector<Attempt> attempts;
    std::vector<Timeline::Key> timers;
    std::optional<Timeline::Key> ring_timer;
    std::optional<TruthHold> held;
    std::string bridge;  // in which the customer talks, or waits for his agent
    std::optional<WallTime> talk_from;
    std::optional<Party> third;
    std::string room;       // of a conference
    std::string slot;       // in which he is parked
    std::string recording;  // file; empty: none
    bool muted = false;
    std::optional<std::size_t> parker;
    CommandDone done;  // of a click to dial or an invitation, until it is answered

    void stop_talk(WallTime now) {
        if (talk_from) truth.talk += now - *talk_from;
        talk_from.reset();
    }
};

struct Stage {
    explicit Stage(Config settings);
    Stage(const Stage&) = delete;  // the tables refer to `now` and `config`
    Stage& operator=(const Stage&) = delete;

    Millis scaled(Millis real) const { return std::max(Millis{1}, real / config.speed); }
    // After a duration of the simulated world, divided by the speed.
    Timeline::Key plan(Millis delay, Timeline::Action action) { return plan_exact(scaled(delay), std::move(action)); }
    Timeline::Key plan_exact(Millis delay, Timeline::Action action) {
        return timeline.plan(now + delay, std::move(action));
    }
    // For this call's present phase: dies with enter() and finish().
    void plan_for(Call& call, Millis delay, std::function<void(Call&)> action);

    Call& new_call(Direction direction);
    void enter(Call& call, Phase phase);
    // Moves the truth to `finished`. `call` is gone afterwards.
    void finish(Call& call, Outcome outcome, EndedBy by);
    void release_phone(std::size_t phone, Millis wrap_up);
    Call* find_call(const std::string& channel);
    // Somebody could be at this number; `own`: the phone that dials.
    bool is_dialable(const std::string& number, std::optional<std::size_t> own) const;

    const Config config;
    WallTime now{};
    Timeline timeline;
    Switchboard board;
    Floor floor;
    std::map<std::uint64_t, Call> calls;
    std::vector<std::deque<std::uint64_t>> lines;  // callers of each queue, first come first
    std::deque<TruthCall> finished;
    std::uint64_t last_call = 0;
    std::function<void()> phone_freed;  // set by Offering
};

}  // namespace citybridge::simulator
