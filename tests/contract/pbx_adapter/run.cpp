#include "tests/contract/pbx_adapter/run.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include <map>

namespace citybridge::contract {
namespace {

constexpr std::chrono::seconds kPatience{60};

HostOptions options(std::function<bool(std::string_view, std::span<PbxSignal>)> sink) {
    HostOptions out;
    out.city = "beijing";
    out.plugin_dir = std::string(CITYBRIDGE_BINARY_DIR) + "/lib/plugins";
    out.signals = std::move(sink);
    out.logger = std::make_shared<spdlog::logger>("contract", std::make_shared<spdlog::sinks::null_sink_mt>());
    return out;
}

}  // namespace

std::string to_string(Fate fate) {
    switch (fate) {
        case Fate::answers: return "answers";
        case Fate::busy: return "busy";
        case Fate::no_answer: return "no_answer";
        case Fate::rejects: return "rejects";
        case Fate::unregistered: return "unregistered";
        case Fate::unknown_number: return "unknown_number";
        case Fate::lost_but_there: return "lost_but_there";
        case Fate::lost: return "lost";
    }
    return {};
}

CommandDone Answer::done() {
    return [state = state_](CommandReply reply) {
        const std::lock_guard lock(state->mutex);
        state->replies.push_back(std::move(reply));
        state->changed.notify_all();
    };
}

CommandReply Answer::wait() {
    std::unique_lock lock(state_->mutex);
    const bool there = state_->changed.wait_for(lock, kPatience, [this] { return !state_->replies.empty(); });
    EXPECT_TRUE(there) << "no answer to a command";
    return there ? state_->replies.front() : CommandReply{};
}

int Answer::times() const {
    const std::lock_guard lock(state_->mutex);
    return static_cast<int>(state_->replies.size());
}

AdapterRun::AdapterRun(FarSide& far, Fate fate) {
    auto host = options([told = told_](std::string_view, std::span<PbxSignal> signals) {
        const std::lock_guard lock(told->mutex);
        for (PbxSignal& signal : signals) told->signals.push_back(std::move(signal));
        told->changed.notify_all();
        return true;
    });
    auto library = PluginLibrary::open(host.plugin_dir, far.library());
    if (!library) throw std::runtime_error(library.error().detail);
    auto instance = Instance::create("pbx", *library, host);
    if (!instance) throw std::runtime_error(instance.error().detail);
    instance_ = *instance;
    RawSettings raw{{"contract", 1, 1}, {}};
    for (auto& [name, value] : far.settings(fate)) raw.settings.push_back({name, value, {"contract", 1, 1}});
    Problems problems;
    if (auto configured = instance_->configure(raw, problems); !configured)
        throw std::runtime_error(configured.error().detail);
    for (const Problem& problem : problems) throw std::runtime_error(to_string(problem));
    adapter_ = instance_->capabilities().pbx;
    if (adapter_ == nullptr) throw std::runtime_error(far.library() + " is no PBX adapter");
    if (auto started = instance_->start(); !started) throw std::runtime_error(started.error().detail);
}

AdapterRun::~AdapterRun() { stop(); }

void AdapterRun::stop() {
    if (instance_) instance_->stop();
}

std::vector<PbxSignal> AdapterRun::signals() const {
    const std::lock_guard lock(told_->mutex);
    return told_->signals;
}

bool AdapterRun::wait_for(const std::function<bool(const std::vector<PbxSignal>&)>& holds) {
    std::unique_lock lock(told_->mutex);
    return told_->changed.wait_for(lock, kPatience, [&] { return holds(told_->signals); });
}

CommandReply AdapterRun::dial(const DialCommand& command) {
    Answer answer;
    adapter_->dial(command, answer.done());
    return answer.wait();
}

CommandReply AdapterRun::hangup(const std::string& channel) {
    Answer answer;
    adapter_->hangup(channel, answer.done());
    return answer.wait();
}

CommandReply AdapterRun::ask(const CallCommand& command) {
    Answer answer;
    adapter_->command(command, answer.done());
    return answer.wait();
}

CommandReply AdapterRun::want(const AgentStateCommand& command) {
    Answer answer;
    adapter_->set_agent_state(command, answer.done());
    return answer.wait();
}

void AdapterRun::clear() {
    for (const std::string& channel : std::exchange(parties_, {})) {
        if (instance_->state() == InstanceState::running) hangup(channel);
    }
}

CallCommand AdapterRun::talk(FarSide& far) {
    CallCommand command;
    EXPECT_TRUE(wait_for_count<signal::Snapshot>(1));
    far.prepare(Fate::answers, adapter());
    const CommandReply reply = dial(far.dial(Fate::answers));
    EXPECT_EQ(reply.outcome, CommandOutcome::succeeded) << reply.reason;
    std::string customer;
    const bool together = wait_for([&](const std::vector<PbxSignal>& signals) {
        std::map<std::string, std::string> bridges;  // by channel
        for (const PbxSignal& signal : signals) {
            if (const auto* entered = std::get_if<signal::BridgeEntered>(&signal.body))
                bridges[signal.channel] = entered->bridge;
        }
        for (const auto& [channel, bridge] : bridges) {
            if (channel != reply.channel && bridges.contains(reply.channel) && bridge == bridges[reply.channel])
                customer = channel;
        }
        return !customer.empty();
    });
    EXPECT_TRUE(together) << "the two were never connected";
    if (!together) return command;
    parties_ = {reply.channel, customer};
    command.agent = far.agent();
    command.agent_channel = reply.channel;
    command.customer_channel = customer;
    return command;
}

}  // namespace citybridge::contract
