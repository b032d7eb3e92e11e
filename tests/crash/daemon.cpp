#include "tests/crash/daemon.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "core/api/file_bytes.h"

namespace citybridge::crash {

Daemon::Daemon(const std::string& config, std::string log) : log_(std::move(log)) {
    const std::string program = std::string(CITYBRIDGE_BINARY_DIR) + "/bin/citybridged";
    const int out = ::open(log_.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
    pid_ = ::fork();
    if (pid_ != 0) {
        ::close(out);
        return;
    }
    // Between fork and exec of a process with threads only what is safe in a signal handler.
    ::dup2(out, STDERR_FILENO);
    for (int fd = STDERR_FILENO + 1; fd < 1'024; ++fd) ::close(fd);
    ::execl(program.c_str(), "citybridged", "--config", config.c_str(), nullptr);
    ::_exit(127);
}

Daemon::~Daemon() {
    if (pid_ > 0) kill_hard();
}

std::string Daemon::log() const { return file_bytes(log_).value_or(""); }

std::uint16_t Daemon::wait_port(Millis longest) {
    const MonoTime until = system_now().mono + longest;
    while (system_now().mono < until) {
        const std::string text = log();
        const auto at = text.find(" port=");
        if (at != std::string::npos && text.find('\n', at) != std::string::npos)
            return static_cast<std::uint16_t>(std::stoi(text.substr(at + 6)));
        if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
            pid_ = 0;
            return 0;
        }
        std::this_thread::sleep_for(Millis{5});
    }
    return 0;
}

int Daemon::wait_end() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void Daemon::kill_hard() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    wait_end();
}

int Daemon::stop() {
    ::kill(pid_, SIGTERM);
    return wait_end();
}

}  // namespace citybridge::crash
