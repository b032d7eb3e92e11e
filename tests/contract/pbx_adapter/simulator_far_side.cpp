// The simulator has its PBX within: what becomes of a call is a matter of the
// seed, so a seed is looked for that has the wanted fate.
#include <stdexcept>

#include "adapters/simulator/engine.h"
#include "adapters/simulator/settings.h"
#include "tests/contract/pbx_adapter/far_side.h"

namespace citybridge::contract {
namespace {

constexpr const char* kAgent = "SIM/1001";
constexpr const char* kOutside = "13912345678";
constexpr Millis kRing{2'000};

std::vector<std::pair<std::string, std::string>> quiet_day(std::uint64_t seed) {
    return {{"seed", std::to_string(seed)}, {"speed", "20"},
            {"callers_per_minute", "0"},    {"internal_per_hour", "0"},
            {"break_minutes_between", "0"}, {"hold_percent", "0"},
            {"transfer_percent", "0"},      {"consult_percent", "0"},
            {"park_percent", "0"},          {"talk_seconds_mean", "36000"}};
}

simulator::Config config_of(std::uint64_t seed) {
    RawSettings raw;
    for (auto& [name, value] : quiet_day(seed)) raw.settings.push_back({name, value, {}});
    Problems problems;
    return simulator::engine_config(simulator::read_settings(raw, problems));
}

DialCommand first_dial() { return {"c-1", kAgent, kOutside, kRing}; }

// A call as the suite will make it, on virtual time.
struct Trial {
    explicit Trial(std::uint64_t seed) : pbx(config_of(seed)) {
        pbx.start(now);
        pbx.dial(first_dial(), now, [this](CommandReply given) { reply = std::move(given); });
        pass(Millis{5'000});
    }
    void pass(Millis time) {
        now += time;
        for (const PbxSignal& signal : pbx.advance(now)) {
            if (!std::holds_alternative<signal::BridgeEntered>(signal.body)) continue;
            if (signal.channel != reply.channel) other = signal.channel;
            ++entered;
        }
    }
    bool third_answers(CallAction action) {
        CallCommand command;
        command.command_id = "x";
        command.action = action;
        command.agent_channel = reply.channel;
        command.customer_channel = other;
        command.to = "1002";
        command.ring_timeout = kRing;
        const int before = entered;
        pbx.command(command, now, [](const CommandReply&) {});
        pass(Millis{500});
        return entered >= before + (action == CallAction::consult ? 2 : 3);
    }

    WallTime now{Millis{1'780'000'000'000}};
    simulator::SimulatedPbx pbx;
    CommandReply reply;
    std::string other;
    int entered = 0;
};

bool has_fate(std::uint64_t seed, Fate fate) {
    switch (fate) {
        case Fate::no_answer: return Trial(seed).reply.reason == "no_answer";
        case Fate::rejects: return Trial(seed).reply.reason == "rejected";
        case Fate::answers: {
            Trial consults(seed);
            if (consults.entered < 2 || !consults.third_answers(CallAction::consult)) return false;
            return Trial(seed).third_answers(CallAction::conference);
        }
        default: return true;
    }
}

class SimulatorFarSide final : public FarSide {
public:
    std::string library() const override { return "simulator"; }
    bool can(Fate fate) const override { return fate != Fate::lost && fate != Fate::lost_but_there; }
    std::vector<std::pair<std::string, std::string>> settings(Fate fate) override {
        for (std::uint64_t seed = 1; seed < 2'000; ++seed) {
            if (has_fate(seed, fate)) return quiet_day(seed);
        }
        throw std::runtime_error("no seed has this fate");
    }
    DialCommand dial(Fate fate) override {
        DialCommand command = first_dial();
        if (fate == Fate::busy) command.command_id = "c-2";
        if (fate == Fate::unregistered) command.device = "SIM/4711";
        if (fate == Fate::unknown_number) command.number = "5555";
        return command;
    }
    void prepare(Fate fate, PbxAdapter& adapter) override {
        if (fate == Fate::busy) adapter.dial(first_dial(), [](const CommandReply&) {});
    }
    std::string agent() const override { return kAgent; }
    std::string colleague() const override { return "1002"; }
    std::vector<std::string> queues() const override { return {"sales"}; }
};

}  // namespace

std::unique_ptr<FarSide> make_simulator_far_side() { return std::make_unique<SimulatorFarSide>(); }

}  // namespace citybridge::contract
