#pragma once
// Keeps a destination that is down from being asked by everyone: after a number
// of failures in a row it opens; then one message tries at a time, until one of
// them is answered.
#include <cstddef>
#include <optional>
#include <string>

#include "core/api/time.h"

namespace citybridge::relay {

class Breaker {
public:
    Breaker(std::size_t failures, Millis open_for) : limit_(failures == 0 ? 1 : failures), open_for_(open_for) {}

    bool open() const { return open_; }
    bool admits(const std::string& id, MonoTime now) const;
    // When anything is admitted by time alone; none: while one tries.
    std::optional<MonoTime> admits_from() const;

    void started(const std::string& id);
    void failed(const std::string& id, MonoTime now);
    void succeeded();
    // This message says nothing about the destination.
    void withdrawn(const std::string& id);

private:
    std::size_t limit_;
    Millis open_for_;
    std::size_t failures_ = 0;
    bool open_ = false;
    MonoTime open_until_{};
    std::string trial_;  // the message that tries
};

}  // namespace citybridge::relay
