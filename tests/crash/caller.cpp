#include "tests/crash/caller.h"

#include <algorithm>
#include <iterator>

namespace citybridge::crash {
namespace {

constexpr double kGiveUp = 0.3;     // of those told that nothing was done
constexpr double kAskAgain = 0.05;  // of answered requests
constexpr std::size_t kKnown = 64;
constexpr Millis kPause{4};

}  // namespace

void Told::add(Told&& other) {
    std::move(other.done.begin(), other.done.end(), std::back_inserter(done));
    std::move(other.never.begin(), other.never.end(), std::back_inserter(never));
    std::move(other.mistakes.begin(), other.mistakes.end(), std::back_inserter(mistakes));
    orders += other.orders;
    unanswered += other.unanswered;
    unavailable += other.unavailable;
    unknown += other.unknown;
    for (const auto& [code, times] : other.codes) codes[code] += times;
    repeated += other.repeated;
}

Wish Caller::next_wish() {
    Wish wish;
    wish.user = user_;
    wish.key = user_ + "-" + std::to_string(++count_);
    if (dials_ && chance(0.05)) {
        wish.what = Wish::What::dial;
        return wish;
    }
    if (orders_.empty() || chance(0.5)) return wish;
    wish.order = orders_[pick(orders_.size())];
    wish.what = chance(0.7) ? Wish::What::note : Wish::What::act;
    if (wish.what == Wish::What::act) {
        // Not every one is possible in the state the order is in; then the answer says so.
        constexpr const char* kActions[] = {"broker_not_called", "responsible_not_reached", "change", "cancel"};
        wish.action = kActions[pick(std::size(kActions))];
    }
    return wish;
}

bool Caller::step(Door& door) {
    if (!owed_) {
        if (!known_.empty() && chance(kAskAgain)) ask_again(door);
        owed_.emplace(Owed{next_wish()});
    }
    const Answer answer = door.ask(owed_->wish);
    if (judge(*owed_, answer)) owed_.reset();
    return answer.status != 0 && answer.status != 503;
}

// Every key has one answer, whatever happened since.
void Caller::ask_again(Door& door) {
    const auto& [wish, first] = known_[pick(known_.size())];
    const Answer again = door.ask(wish);
    if (again.status == 0 || again.status >= 500) return;
    ++told_.repeated;
    if (!again.replayed || again.status != first.status || again.body != first.body)
        told_.mistakes.push_back("key " + wish.key + " was answered " + std::to_string(first.status) + " " +
                                 first.body + ", and later " + std::to_string(again.status) + " " + again.body);
}

bool Caller::judge(Owed& owed, const Answer& answer) {
    const Wish& wish = owed.wish;
    if (answer.status >= 500) ++told_.codes[answer.code];
    if (answer.status >= 200 && answer.status < 300) {
        if (wish.what == Wish::What::open) {
            orders_.push_back(answer.order);
            ++told_.orders;
        }
        if (known_.size() < kKnown)
            known_.emplace_back(wish, answer);
        else
            known_[pick(kKnown)] = {wish, answer};
        told_.done.emplace_back(wish, answer);
        return true;
    }
    if (answer.status == 503) {
        ++told_.unavailable;
        if (owed.may_be_done || !chance(kGiveUp)) return false;
        told_.never.push_back(wish);
        return true;
    }
    if (answer.status == 0 || answer.status == 504) {
        ++(answer.status == 0 ? told_.unanswered : told_.unknown);
        owed.may_be_done = true;
        return false;
    }
    // A repetition finds its first answer before anything else is looked at.
    told_.never.push_back(wish);
    // A phone may be unknown or busy.
    if (answer.code != "order.action_not_possible" && wish.what != Wish::What::dial)
        told_.mistakes.push_back("key " + wish.key + " was answered " + std::to_string(answer.status) + " " +
                                 answer.body);
    return true;
}

Crowd::Crowd(std::size_t callers, std::uint64_t seed, bool dials, MakeDoor make_door)
    : make_door_(std::move(make_door)) {
    for (std::size_t i = 0; i < callers; ++i)
        callers_.push_back(std::make_unique<Caller>(name_of(i), seed * 1'000 + i, dials));
}

void Crowd::start() {
    stopping_ = false;
    for (std::size_t i = 0; i < callers_.size(); ++i)
        threads_.emplace_back([this, i] { run(*callers_[i], name_of(i), false, MonoTime::max()); });
}

void Crowd::stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

void Crowd::run(Caller& caller, const std::string& user, bool only_owed, MonoTime until) {
    const auto door = make_door_(user);
    while (!stopping_ && (!only_owed || caller.owes()) && system_now().mono < until) {
        if (caller.step(*door))
            ++answered_;
        else
            std::this_thread::sleep_for(kPause);
    }
}

bool Crowd::settle(Millis longest) {
    stop();
    stopping_ = false;
    const MonoTime until = system_now().mono + longest;
    for (std::size_t i = 0; i < callers_.size(); ++i)
        threads_.emplace_back([this, i, until] { run(*callers_[i], name_of(i), true, until); });
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    return std::none_of(callers_.begin(), callers_.end(), [](const auto& caller) { return caller->owes(); });
}

Told Crowd::take_told() {
    Told all;
    for (const auto& caller : callers_) all.add(caller->take_told());
    return all;
}

}  // namespace citybridge::crash
