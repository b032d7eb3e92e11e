#include "plugins/email/login_gate.h"

#include <chrono>
#include <utility>

namespace citybridge::email {

std::optional<Millis> LoginGate::enter() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || state_ != State::trying; });
    if (closed_ || state_ == State::good) return std::nullopt;
    const MonoTime now = system_now().mono;
    if (state_ == State::refused && now < until_) return until_ - now;
    state_ = State::trying;
    return std::nullopt;
}

void LoginGate::passed() {
    const std::lock_guard lock(mutex_);
    state_ = State::good;
    told_ = false;
    changed_.notify_all();
}

bool LoginGate::refused() {
    const std::lock_guard lock(mutex_);
    state_ = State::refused;
    until_ = system_now().mono + wait_;
    changed_.notify_all();
    return !std::exchange(told_, true);
}

void LoginGate::left() {
    const std::lock_guard lock(mutex_);
    // Another session may have learned something meanwhile, when this one came in by an earlier login.
    if (state_ == State::trying) state_ = State::unknown;
    changed_.notify_all();
}

void LoginGate::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

}  // namespace citybridge::email
