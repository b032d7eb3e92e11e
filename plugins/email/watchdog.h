#pragma once
// Bites when something takes too long: for libraries whose time-outs begin anew
// with every byte. Its thread lives as long as it does.
//
// Threads: any; `bite` runs on its own, never after the destructor.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "core/api/time.h"

namespace citybridge::email {

class Watchdog {
public:
    explicit Watchdog(std::function<void()> bite);
    ~Watchdog();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    void arm(Millis most);
    void disarm();

private:
    void watch();

    const std::function<void()> bite_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<MonoTime> due_;  // guarded by mutex_
    bool ending_ = false;          // guarded by mutex_
    std::thread thread_;
};

}  // namespace citybridge::email
