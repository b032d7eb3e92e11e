#pragma once
#include <pthread.h>
#include <signal.h>

namespace citybridge {

// While it lives, this thread and those it starts take no signals: they belong to the
// process's main thread, and a broken connection must be an error code and not a
// SIGPIPE. A plugin that starts threads of its own starts them so.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;
    ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

}  // namespace citybridge
