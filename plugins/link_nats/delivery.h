#pragma once
// The lines of one message of the broker, until the node has said a word of
// each. Answers come on the node's threads.
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "plugins/link_nats/postman.h"

namespace citybridge::link_nats {

class Delivery {
public:
    // `finished` is called once, when every line is answered.
    Delivery(std::string city, std::string reply, std::function<void(Judged)> finished)
        : judged_{std::move(city), {}, std::move(reply)}, finished_(std::move(finished)) {}

    // One more line; its place for answer().
    std::size_t expect(std::string id) {
        const std::lock_guard lock(mutex_);
        judged_.verdicts.push_back({std::move(id), CityAnswer::not_now, {}, {}});
        ++open_;
        return judged_.verdicts.size() - 1;
    }
    void answer(std::size_t which, const Result<>& result, CityAnswer answer) {
        const std::lock_guard lock(mutex_);
        CityVerdict& verdict = judged_.verdicts[which];
        verdict.answer = answer;
        if (!result) {
            verdict.code = result.error().code;
            verdict.detail = result.error().detail;
        }
        --open_;
        finish_maybe();
    }
    void all_expected() {
        const std::lock_guard lock(mutex_);
        complete_ = true;
        finish_maybe();
    }

private:
    void finish_maybe() {
        if (complete_ && open_ == 0) finished_(std::exchange(judged_, {}));
    }

    std::mutex mutex_;
    Judged judged_;
    const std::function<void(Judged)> finished_;
    std::size_t open_ = 0;
    bool complete_ = false;
};

}  // namespace citybridge::link_nats
