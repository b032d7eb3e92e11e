#pragma once
// citybridged as a process of its own, to be killed.
#include <sys/types.h>

#include <cstdint>
#include <string>

#include "core/api/time.h"

namespace citybridge::crash {

class Daemon {
public:
    // Its log goes to `log`, a new file.
    Daemon(const std::string& config, std::string log);
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    // Its port as soon as it listens; 0: it ended, or does not come up in time.
    std::uint16_t wait_port(Millis longest);
    void kill_hard();
    // Asked to stop; its exit status, -1 if a signal ended it.
    int stop();
    std::string log() const;

private:
    int wait_end();

    const std::string log_;
    pid_t pid_ = 0;
};

}  // namespace citybridge::crash
