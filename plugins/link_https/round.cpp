#include "plugins/link_https/round.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <system_error>

namespace citybridge::link_https {

Finished::Finished() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Finished::~Finished() { ::close(event_); }

void Finished::add(std::uint64_t round) {
    {
        const std::lock_guard lock(mutex_);
        rounds_.push_back(round);
    }
    wake();
}

void Finished::wake() {
    const std::uint64_t one = 1;
    (void)!::write(event_, &one, sizeof one);
}

std::vector<std::uint64_t> Finished::take() {
    std::uint64_t count = 0;
    (void)!::read(event_, &count, sizeof count);
    const std::lock_guard lock(mutex_);
    return std::exchange(rounds_, {});
}

Round::Round(std::uint64_t number, std::vector<Arrival> arrivals, std::shared_ptr<Finished> finished)
    : number_(number), finished_(std::move(finished)) {
    for (Arrival& each : arrivals) {
        if (each.message) messages_.emplace_back(verdicts_.size(), std::move(*each.message));
        verdicts_.push_back(std::move(each.verdict));
    }
    open_ = messages_.size();
}

void Round::begin(const Take& take) {
    if (messages_.empty()) return finished_->add(number_);
    for (auto& [which, message] : std::exchange(messages_, {}))
        take(std::move(message),
             [self = shared_from_this(), index = which](const Result<>& result) { self->answered(index, result); });
}

void Round::answered(std::size_t which, const Result<>& result) {
    const std::lock_guard lock(mutex_);
    CityVerdict& verdict = verdicts_[which];
    verdict.answer = city_answer(result);
    if (!result) {
        verdict.code = result.error().code;
        verdict.detail = result.error().detail;
    }
    if (--open_ == 0) finished_->add(number_);
}

std::vector<CityVerdict> Round::verdicts() const {
    const std::lock_guard lock(mutex_);
    return verdicts_;
}

}  // namespace citybridge::link_https
