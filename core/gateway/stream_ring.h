#pragma once
// The last events as ready WebSocket frames, shared by all clients: a client
// is only a position in here, so one that does not read costs no memory.
// Bounded in events and bytes. Thread-safe; its lock is a leaf.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "core/gateway/visibility.h"

namespace citybridge::gateway {

struct StreamEvent {
    std::uint64_t sequence = 0;
    Audience audience;
    std::string frame;
};
using StreamEventPtr = std::shared_ptr<const StreamEvent>;

class StreamRing {
public:
    StreamRing(std::size_t max_events, std::size_t max_bytes) : max_events_(max_events), max_bytes_(max_bytes) {}

    // Sequences must grow. Returns the sequence of the event before, 0 for the first.
    std::uint64_t push(const StreamEventPtr& event);

    struct Next {
        StreamEventPtr event;  // null: nothing newer yet
        bool lost = false;     // events from `cursor` on are no longer all here
    };
    // The first event with a sequence of at least `cursor`.
    Next next(std::uint64_t cursor) const;
    // Whether a client that has seen everything up to `sequence` can go on without a gap.
    bool can_resume_after(std::uint64_t sequence) const;
    // Bytes of the events from `cursor` on.
    std::size_t bytes_from(std::uint64_t cursor) const;

private:
    struct Item {
        StreamEventPtr event;
        std::uint64_t bytes_before = 0;  // of all events ever pushed
    };
    std::deque<Item>::const_iterator find(std::uint64_t cursor) const;

    const std::size_t max_events_, max_bytes_;
    mutable std::mutex mutex_;
    std::deque<Item> items_;
    std::uint64_t bytes_ = 0;      // of all events ever pushed
    std::uint64_t last_ = 0;       // sequence of the newest event
    std::uint64_t forgotten_ = 0;  // sequence of the newest event no longer here
};

}  // namespace citybridge::gateway
