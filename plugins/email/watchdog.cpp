#include "plugins/email/watchdog.h"

#include "core/api/quiet_thread.h"

namespace citybridge::email {

Watchdog::Watchdog(std::function<void()> bite) : bite_(std::move(bite)) {
    thread_ = quiet_thread("mail watchdog", [this] { watch(); });
}

Watchdog::~Watchdog() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        changed_.notify_all();
    }
    thread_.join();
}

void Watchdog::arm(Millis most) {
    const std::lock_guard lock(mutex_);
    due_ = system_now().mono + most;
    changed_.notify_all();
}

void Watchdog::disarm() {
    const std::lock_guard lock(mutex_);
    due_.reset();
}

void Watchdog::watch() {
    std::unique_lock lock(mutex_);
    while (!ending_) {
        if (!due_) {
            changed_.wait(lock);
            continue;
        }
        const Millis left = *due_ - system_now().mono;
        if (left > Millis(0)) {
            changed_.wait_for(lock, left);
            continue;
        }
        due_.reset();
        // Under the lock, so that who disarms in time is not bitten afterwards.
        bite_();
    }
}

}  // namespace citybridge::email
