#pragma once
// A refused login is told once and tried again after a long wait: servers lock
// accounts, and addresses, that knock with a wrong password. Until a login has
// worked only one session tries.
//
// Any thread; its lock is held for moments only.
#include <condition_variable>
#include <mutex>
#include <optional>

#include "core/api/time.h"

namespace citybridge::email {

class LoginGate {
public:
    explicit LoginGate(Millis wait) : wait_(wait) {}

    // Waits while another session makes the first login. Nothing: go ahead, and say passed() or refused() or left()
    // afterwards. Else how long to stay away.
    std::optional<Millis> enter();
    void passed();
    // True: it is news and to be told.
    bool refused();
    void left();   // nothing was learned: no connection, or it ended before
    void close();  // nobody waits any more

private:
    enum class State { unknown, trying, good, refused };

    const Millis wait_;
    std::mutex mutex_;
    std::condition_variable changed_;
    State state_ = State::unknown;  // guarded by mutex_
    MonoTime until_{};              // guarded by mutex_
    bool told_ = false;             // guarded by mutex_
    bool closed_ = false;           // guarded by mutex_
};

}  // namespace citybridge::email
