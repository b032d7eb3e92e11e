#pragma once
#include <pthread.h>
#include <signal.h>

#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace citybridge {

// While it lives, threads that this one starts take no signals: those belong to the process's main thread, and a broken
// connection must be an error code and not a SIGPIPE. For libraries that start threads of their own.
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

// A thread that takes no signals. Of the name the system keeps 15 characters. Throws std::system_error: no thread is
// left.
inline std::thread quiet_thread(const std::string& name, std::function<void()> work) {
    const SignalsBlocked inherited;
    return std::thread([name = name.substr(0, 15), work = std::move(work)] {
        ::pthread_setname_np(::pthread_self(), name.c_str());
        work();
    });
}

}  // namespace citybridge
