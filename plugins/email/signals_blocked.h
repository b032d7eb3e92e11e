#pragma once
// While it lives, threads that are started take no signals: those belong to the
// process's main thread, and a broken connection must be an error and not a SIGPIPE.
#include <pthread.h>
#include <signal.h>

namespace citybridge::email {

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

}  // namespace citybridge::email
