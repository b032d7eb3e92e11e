#pragma once
// A thread that takes no signals: they belong to the process's main thread, and
// a broken connection must be an error code and not a SIGPIPE.
#include <pthread.h>
#include <signal.h>

#include <functional>
#include <thread>

namespace citybridge {

// Throws std::system_error: no thread left. The name has at most 15 characters.
inline std::thread quiet_thread(const char* name, std::function<void()> work) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread thread;
    try {
        thread = std::thread([name, work = std::move(work)] {
            ::pthread_setname_np(::pthread_self(), name);
            work();
        });
    } catch (...) {
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw;
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
}

}  // namespace citybridge
