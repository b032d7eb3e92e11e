#pragma once
// The programs as a user starts them, each in a folder of its own.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "core/api/file_bytes.h"
#include "core/api/time.h"

namespace citybridge {

inline const std::string kBin = std::string(CITYBRIDGE_BINARY_DIR) + "/bin/";

struct Ran {
    int code = -1;
    std::string out;
    std::string err;
};

class Programs : public testing::Test {
protected:
    Programs() {
        std::string name = (std::filesystem::temp_directory_path() / "citybridge-test-XXXXXX").string();
        folder_ = mkdtemp(name.data());
    }
    ~Programs() override { std::filesystem::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ + "/" + name) << text;
        return folder_ + "/" + name;
    }
    static std::string read(const std::string& path) { return file_bytes(path).value_or(""); }
    Ran run(const std::string& command, const std::string& input = {}) const {
        const std::string in = write("in", input);
        const int status =
            std::system((kBin + command + " <" + in + " >" + folder_ + "/out 2>" + folder_ + "/err").c_str());
        return {WEXITSTATUS(status), read(folder_ + "/out"), read(folder_ + "/err")};
    }

    std::string folder_;
};

// A child that is stopped by the test.
class Daemon {
public:
    Daemon(const std::string& config, const std::string& log) : log_(log) {
        std::filesystem::remove(log);  // of the daemon before
        pid_ = fork();
        if (pid_ != 0) return;
        const int fd = creat(log.c_str(), 0600);
        dup2(fd, STDERR_FILENO);
        execl((kBin + "citybridged").c_str(), "citybridged", "--config", config.c_str(), nullptr);
        _exit(127);
    }
    int stop(int signal) {
        kill(pid_, signal);
        int status = 0;
        waitpid(pid_, &status, 0);
        pid_ = 0;
        return status;
    }
    void tell(int signal) const { kill(pid_, signal); }
    // Where it listens; empty if it does not within 10 s.
    std::string port() const {
        for (int i = 0; i < 400; ++i) {
            const std::string log = file_bytes(log_).value_or("");
            if (const auto at = log.find("port="); at != std::string::npos)
                return log.substr(at + 5, log.find(' ', at) - at - 5);
            std::this_thread::sleep_for(Millis{25});
        }
        return {};
    }
    ~Daemon() {
        if (pid_ > 0) stop(SIGKILL);
    }

private:
    std::string log_;
    pid_t pid_ = 0;
};

}  // namespace citybridge
