#include "tests/unit/simulator/run.h"

#include <sstream>

namespace citybridge::simulator::test {
namespace {

using namespace signal;

// One overload per signal: a new one that is forgotten does not compile.
struct Writer {
    std::ostringstream& out;

    void operator()(const LinkUp& s) { out << "LinkUp " << s.pbx_start; }
    void operator()(const LinkDown& s) { out << "LinkDown " << s.reason << s.pbx_stopped; }
    void operator()(const Snapshot& s) { out << "Snapshot " << s.channels.size() << ' ' << s.members.size(); }
    void operator()(const ChannelStarted& s) {
        out << "ChannelStarted " << s.device << '|' << s.number << '|' << s.name << '|' << s.dialled << '|'
            << static_cast<int>(s.state) << s.internal_helper;
    }
    void operator()(const ChannelStateChanged& s) { out << "State " << static_cast<int>(s.state); }
    void operator()(const ChannelPartyChanged& s) { out << "Party " << s.number << '|' << s.name << '|' << s.dialled; }
    void operator()(const ChannelEnded& s) { out << "Ended " << s.cause; }
    void operator()(const HangupRequested&) { out << "HangupRequested"; }
    void operator()(const DialStarted& s) { out << "DialStarted " << s.target << ' ' << s.number; }
    void operator()(const DialEnded& s) { out << "DialEnded " << s.target << ' ' << static_cast<int>(s.result); }
    void operator()(const BridgeEntered& s) {
        out << "BridgeEntered " << s.bridge << static_cast<int>(s.kind) << s.replaces << s.name;
    }
    void operator()(const BridgeLeft& s) { out << "BridgeLeft " << s.bridge; }
    void operator()(const HoldChanged& s) { out << "Hold " << s.on; }
    void operator()(const QueueEntered& s) { out << "QueueEntered " << s.queue; }
    void operator()(const QueueLeft& s) { out << "QueueLeft " << s.queue << s.abandoned; }
    void operator()(const AgentCalled& s) {
        out << "AgentCalled " << s.queue << '|' << s.agent << '|' << s.name << '|' << s.device << '|'
            << s.agent_channel;
    }
    void operator()(const AgentMissed& s) { out << "AgentMissed " << s.queue << '|' << s.agent << s.refused; }
    void operator()(const AgentConnected& s) {
        out << "AgentConnected " << s.queue << '|' << s.agent << '|' << s.name << '|' << s.agent_channel;
    }
    void operator()(const MemberChanged& s) {
        out << "Member " << s.agent << '|' << s.name << '|' << s.device << '|' << s.queue << '|'
            << static_cast<int>(s.status) << static_cast<int>(s.pause) << s.reason << s.wrap_up_seconds << s.removed;
    }
    void operator()(const ApplicationEntered& s) { out << "Application " << static_cast<int>(s.application); }
    void operator()(const SurveyAnswered& s) { out << "Survey " << s.score; }
    void operator()(const AttributeSet& s) { out << "Attribute " << s.name << '=' << s.value; }
    void operator()(const Transferred& s) {
        out << "Transferred " << static_cast<int>(s.kind) << static_cast<int>(s.result) << '|' << s.to << '|' << s.moved
            << '|' << s.target;
    }
    void operator()(const Parked& s) { out << "Parked " << s.slot << '|' << s.by; }
    void operator()(const Unparked& s) { out << "Unparked " << s.by; }
    void operator()(const RecordingChanged& s) { out << "Recording " << static_cast<int>(s.step) << '|' << s.file; }
    void operator()(const auto&) { out << "never sent by the simulator"; }
};

}  // namespace

Config busy_config(std::uint64_t seed) {
    Config config;
    config.seed = seed;
    config.callers_per_minute = 20;
    config.agents = 7;
    config.patience_mean = Millis{40'000};
    config.talk_mean = Millis{30'000};
    config.answer_percent = 65;
    config.refuse_percent = 12;
    config.race_percent = 40;
    config.break_every = Millis{600'000};
    config.break_mean = Millis{60'000};
    config.internal_per_hour = 120;
    return config;
}

std::vector<PbxSignal> signals_of(SimulatedPbx& pbx, Millis length, Millis step) {
    pbx.start(kStart);
    std::vector<PbxSignal> all;
    for (Millis at{0}; at < length;) {
        at = std::min(at + step, length);
        auto some = pbx.advance(kStart + at);
        all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    return all;
}

std::string describe(const PbxSignal& signal) {
    std::ostringstream out;
    out << to_rfc3339(signal.at) << ' ' << signal.channel << ' ' << signal.group << ' ';
    std::visit(Writer{out}, signal.body);
    return out.str();
}

std::string describe(const std::vector<PbxSignal>& signals) {
    std::string all;
    for (const auto& signal : signals) all += describe(signal) + '\n';
    return all;
}

}  // namespace citybridge::simulator::test
