#pragma once
// A model of a far side: it keeps a ledger and answers badly now and then. It
// lives longer than the node: what a dead node had sent still takes effect.
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <unordered_map>

#include "core/api/capabilities.h"
#include "core/api/time.h"
#include "tests/crash/judge.h"

namespace citybridge::crash {

class FarSide final : public OutboundConnector {
public:
    // `claims`: what it says of itself, if that is not the truth.
    FarSide(Repeats repeats, std::uint64_t seed, std::optional<Repeats> claims = {});
    ~FarSide();

    DeliveryTraits delivery_traits() const override;
    void deliver(const OutboxRecord& message, DeliveryDone done) override;
    void find(const OutboxRecord& message, FindDone done) override;

    // The node goes: no answer reaches it any more. Effects on their way come.
    void hang_up();
    // A node is there again.
    void listen();
    std::vector<LedgerLine> ledger() const;

private:
    void at(Millis after, std::function<void()> act);  // mutex_ held
    void answer_at(Millis after, std::function<void()> answer);
    void take_effect(const std::string& id, const std::string& order);
    void run();

    const Repeats repeats_;
    const Repeats claims_;
    mutable std::mutex mutex_;
    std::mutex answering_;  // held while an answer is given: hang_up() waits for it
    std::condition_variable changed_;
    std::mt19937_64 random_;
    std::multimap<MonoTime, std::function<void()>> planned_;
    std::vector<LedgerLine> ledger_;
    std::unordered_map<std::string, std::size_t> line_of_;
    std::uint64_t life_ = 0;  // of the node
    bool listening_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace citybridge::crash
