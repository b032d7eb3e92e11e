#include "tests/crash/far_side.h"

namespace citybridge::crash {
namespace {

constexpr Millis kOurTimeout{20};
constexpr Millis kFarTimeout{60};

DeliveryReply reply_of(DeliveryOutcome outcome) {
    DeliveryReply reply;
    reply.outcome = outcome;
    if (outcome != DeliveryOutcome::delivered) reply.code = "far.said_so";
    return reply;
}

}  // namespace

FarSide::FarSide(Repeats repeats, std::uint64_t seed, std::optional<Repeats> claims)
    : repeats_(repeats), claims_(claims.value_or(repeats)), random_(seed), thread_([this] { run(); }) {}

FarSide::~FarSide() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

DeliveryTraits FarSide::delivery_traits() const {
    DeliveryTraits traits;
    traits.repeats = claims_;
    traits.far_timeout = kFarTimeout;
    traits.connections = 16;
    traits.schedule.assign(200, Millis{30});
    return traits;
}

void FarSide::at(Millis after, std::function<void()> act) {
    planned_.emplace(system_now().mono + after, std::move(act));
    changed_.notify_all();
}

// Given on this side's thread, to the node that asked and to no later one.
void FarSide::answer_at(Millis after, std::function<void()> answer) {
    at(after, [this, life = life_, answer = std::move(answer)] {
        const std::lock_guard giving(answering_);
        {
            const std::lock_guard lock(mutex_);
            if (!listening_ || life != life_) return;
        }
        answer();
    });
}

void FarSide::deliver(const OutboxRecord& message, DeliveryDone done) {
    const std::lock_guard lock(mutex_);
    const auto roll = random_() % 100;
    const Millis soon{static_cast<Millis::rep>(random_() % 4)};
    DeliveryReply reply = reply_of(DeliveryOutcome::delivered);
    Millis answer = soon;
    std::optional<Millis> effect = soon;
    if (roll < 4) {  // busy
        effect.reset();
        reply = reply_of(DeliveryOutcome::not_done);
    } else if (roll < 8) {  // fails, with or without effect
        if (roll % 2 == 0) effect.reset();
        reply = reply_of(DeliveryOutcome::unclear);
    } else if (roll < 11) {  // done, and the answer is lost
        answer = kOurTimeout;
        reply = reply_of(DeliveryOutcome::unclear);
    } else if (roll < 14) {  // done after we gave up waiting
        answer = kOurTimeout;
        effect = kOurTimeout + Millis{static_cast<Millis::rep>(random_() % 30)};
        reply = reply_of(DeliveryOutcome::unclear);
    }
    if (reply.outcome == DeliveryOutcome::delivered && message.kind == "open_order")
        reply.external_id = "E-" + message.id;
    if (effect)
        at(*effect, [this, id = message.id, order = message.order] {
            const std::lock_guard inner(mutex_);
            take_effect(id, order);
        });
    answer_at(answer, [done = std::move(done), reply] { done(reply); });
}

void FarSide::take_effect(const std::string& id, const std::string& order) {
    const auto [found, fresh] = line_of_.emplace(id, ledger_.size());
    if (fresh)
        ledger_.push_back({id, order, 1});
    else if (repeats_ != Repeats::dedupes)
        ++ledger_[found->second].effects;
}

void FarSide::find(const OutboxRecord& message, FindDone done) {
    const std::lock_guard lock(mutex_);
    answer_at(Millis{1}, [this, done = std::move(done), id = message.id, fails = random_() % 20 == 0] {
        FindReply reply;
        if (!fails) {
            const std::lock_guard inner(mutex_);
            reply.outcome = line_of_.contains(id) ? FindReply::Outcome::found : FindReply::Outcome::absent;
            reply.external_id = "E-" + id;
        }
        done(reply);
    });
}

void FarSide::hang_up() {
    const std::lock_guard giving(answering_);
    const std::lock_guard lock(mutex_);
    listening_ = false;
    ++life_;
}

void FarSide::listen() {
    const std::lock_guard lock(mutex_);
    listening_ = true;
}

std::vector<LedgerLine> FarSide::ledger() const {
    const std::lock_guard lock(mutex_);
    return ledger_;
}

void FarSide::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (planned_.empty()) {
            changed_.wait(lock);
            continue;
        }
        const Millis wait = planned_.begin()->first - system_now().mono;
        if (wait > Millis{0}) {
            changed_.wait_for(lock, wait);
            continue;
        }
        const auto act = std::move(planned_.begin()->second);
        planned_.erase(planned_.begin());
        lock.unlock();
        act();
        lock.lock();
    }
}

}  // namespace citybridge::crash
