#include "bench/child.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "bench/sockets.h"

namespace citybridge::bench {

Child::Child(const std::function<void()>& work) {
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) throw_errno("fork");
    if (pid_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have died before the line above took effect.
    if (::getppid() != parent) ::_exit(1);
    try {
        work();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "child process: %s\n", e.what());
        ::_exit(1);
    }
    std::fflush(nullptr);
    ::_exit(0);
}

Child::~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    join();
}

bool Child::join() {
    int status = 0;
    const pid_t pid = pid_;
    pid_ = -1;
    return ::waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace citybridge::bench
