#pragma once
// A store whose node dies at one chosen step: from there on nothing reaches the
// database any more. The step itself is either not carried out, or carried out
// with its answer lost: the two sides of every crash.
#include <atomic>
#include <functional>

#include "core/store/store.h"

namespace citybridge::test {

class DyingStore final : public store::Store {
public:
    enum class Last { not_done, done_unheard, lied };  // lied: the mutant, "committed" without doing it

    DyingStore(std::unique_ptr<store::Store> real, std::atomic<int>& steps_left, Last last)
        : real_(std::move(real)), steps_left_(steps_left), last_(last) {}

    Result<Loaded> load(const Wanted& wanted) override {
        return step<Loaded>([&] { return real_->load(wanted); });
    }
    store::CommitOutcome commit(const std::string& batch, const Changes& changes, WallTime now) override {
        const int left = steps_left_.fetch_sub(1);
        if (left > 0) return real_->commit(batch, changes, now);
        if (left == 0 && last_ == Last::lied) return {store::Commit::done, {}};
        if (left == 0 && last_ == Last::done_unheard) real_->commit(batch, changes, now);
        return {left == 0 ? store::Commit::unknown : store::Commit::failed, dead()};
    }
    Result<bool> has_batch(const std::string& batch) override {
        return step<bool>([&] { return real_->has_batch(batch); });
    }
    Result<> reconnect() override {
        return step<std::monostate>([&] { return real_->reconnect(); });
    }
    Result<std::int64_t> last_outbox_seq() override {
        return step<std::int64_t>([&] { return real_->last_outbox_seq(); });
    }
    Result<std::vector<OutboxRecord>> pending_outbox(const std::string& destination, std::int64_t after,
                                                     std::size_t limit) override {
        return step<std::vector<OutboxRecord>>([&] { return real_->pending_outbox(destination, after, limit); });
    }
    Result<std::vector<OutboxRecord>> pending_outbox_of_key(const std::string& destination,
                                                            const std::string& key) override {
        return step<std::vector<OutboxRecord>>([&] { return real_->pending_outbox_of_key(destination, key); });
    }
    Result<std::vector<std::string>> parked_keys(const std::string& destination) override {
        return step<std::vector<std::string>>([&] { return real_->parked_keys(destination); });
    }
    Result<std::vector<DeadlineRecord>> open_deadlines(WallTime until, std::size_t limit) override {
        return step<std::vector<DeadlineRecord>>([&] { return real_->open_deadlines(until, limit); });
    }
    Result<std::vector<CommandRecord>> unfinished_commands() override {
        return step<std::vector<CommandRecord>>([&] { return real_->unfinished_commands(); });
    }
    Result<std::string> meta(const std::string& name) override {
        return step<std::string>([&] { return real_->meta(name); });
    }
    Result<> set_meta(const std::string& name, const std::string& value) override {
        return step<std::monostate>([&] { return real_->set_meta(name, value); });
    }
    Result<std::size_t> forget(const Retention& retention, WallTime now, std::size_t limit) override {
        return step<std::size_t>([&] { return real_->forget(retention, now, limit); });
    }

private:
    static Error dead() { return {"store.unavailable", "the node is dead in this test"}; }

    template <class T>
    Result<T> step(const std::function<Result<T>()>& work) {
        const int left = steps_left_.fetch_sub(1);
        if (left > 0) return work();
        if (left == 0 && last_ == Last::done_unheard) static_cast<void>(work());
        return dead();
    }

    std::unique_ptr<store::Store> real_;
    std::atomic<int>& steps_left_;
    const Last last_;
};

}  // namespace citybridge::test
