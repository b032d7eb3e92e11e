#pragma once
// One adapter under test, loaded and run as the node does it: its library on
// its lane, with real time and sockets. Waits have a generous bound and end as
// soon as what they wait for is there.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/host/instance.h"
#include "tests/contract/pbx_adapter/far_side.h"

namespace citybridge::contract {

// A completion and how often it was called.
class Answer {
public:
    CommandDone done();
    CommandReply wait();  // the first; the test fails if none comes
    int times() const;

private:
    struct State {
        mutable std::mutex mutex;
        std::condition_variable changed;
        std::vector<CommandReply> replies;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

class AdapterRun {
public:
    AdapterRun(FarSide& far, Fate fate);
    ~AdapterRun();
    AdapterRun(const AdapterRun&) = delete;
    AdapterRun& operator=(const AdapterRun&) = delete;

    PbxAdapter& adapter() { return *adapter_; }
    void stop();
    std::vector<PbxSignal> signals() const;
    bool wait_for(const std::function<bool(const std::vector<PbxSignal>&)>& holds);
    template <class Body>
    bool wait_for_count(std::size_t count) {
        return wait_for([count](const std::vector<PbxSignal>& signals) { return count_of<Body>(signals) >= count; });
    }
    template <class Body>
    static std::size_t count_of(const std::vector<PbxSignal>& signals) {
        std::size_t count = 0;
        for (const PbxSignal& signal : signals) count += std::holds_alternative<Body>(signal.body) ? 1U : 0U;
        return count;
    }

    CommandReply dial(const DialCommand& command);
    CommandReply hangup(const std::string& channel);
    CommandReply ask(const CallCommand& command);
    CommandReply want(const AgentStateCommand& command);

    // The agent talks with a customer he has called. Empty channels: it did not come to that.
    CallCommand talk(FarSide& far);
    // Hangs up whoever is still there since talk().
    void clear();

private:
    struct Told {
        mutable std::mutex mutex;
        std::condition_variable changed;
        std::vector<PbxSignal> signals;
    };
    std::shared_ptr<Told> told_ = std::make_shared<Told>();
    std::shared_ptr<Instance> instance_;
    PbxAdapter* adapter_ = nullptr;
    std::vector<std::string> parties_;  // of talk()
};

}  // namespace citybridge::contract
