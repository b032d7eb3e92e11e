#pragma once
#include <pthread.h>
#include <signal.h>

#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace citybridge {

// A thread that takes no signals: they belong to the process's main thread, and
// a broken connection must be an error code and not a SIGPIPE. Of the name the
// system keeps 15 characters. Throws std::system_error: no thread is left.
inline std::thread quiet_thread(const std::string& name, std::function<void()> work) {
    // A new thread inherits what its maker has blocked.
    class AllBlocked {
    public:
        AllBlocked() {
            sigset_t all;
            sigfillset(&all);
            ::pthread_sigmask(SIG_SETMASK, &all, &before_);
        }
        AllBlocked(const AllBlocked&) = delete;
        AllBlocked& operator=(const AllBlocked&) = delete;
        ~AllBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    private:
        sigset_t before_{};
    };
    const AllBlocked inherited;
    return std::thread([name = name.substr(0, 15), work = std::move(work)] {
        ::pthread_setname_np(::pthread_self(), name.c_str());
        work();
    });
}

}  // namespace citybridge
