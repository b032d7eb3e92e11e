#pragma once
// Asking the live strand from another thread. Part of live_strand.cpp and
// live_strand_commands.cpp; nobody else includes it.
#include <atomic>
#include <future>

#include "core/node/live_strand.h"

namespace citybridge {

inline constexpr Millis kAskTimeout{1'000};

inline Error strand_busy() {
    return {"node.busy",
            "the live strand did not answer within a second; try again, and look at /metrics if it persists"};
}

// `node.busy` promises that the question was not and will not be carried out:
// whoever asked may ask again without anybody's phone ringing twice.
template <class T>
Result<T> LiveStrand::ask(std::function<Result<T>()> question) {
    struct Asked {
        std::promise<Result<T>> answer;
        std::atomic<bool> taken{false};  // by the strand, or given up: whoever is first
    };
    const auto asked = std::make_shared<Asked>();
    auto future = asked->answer.get_future();
    const bool posted = post([asked, question = std::move(question)] {
        if (!asked->taken.exchange(true)) asked->answer.set_value(question());
    });
    if (!posted) return strand_busy();
    const bool answered = future.wait_for(kAskTimeout) == std::future_status::ready;
    if (!answered && !asked->taken.exchange(true)) return strand_busy();
    return future.get();
}

}  // namespace citybridge
