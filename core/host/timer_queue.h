#pragma once
// Timers of a lane without a clock: the caller says what time it is. Equal due
// times fire in the order they were set. Not thread-safe.
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/api/link.h"
#include "core/api/time.h"

namespace citybridge {

class TimerQueue {
public:
    using Task = std::function<void()>;

    TimerId add(MonoTime due, Task task);
    void cancel(TimerId id);  // unknown ids are ignored
    std::optional<MonoTime> next_due() const;
    // The first task due at `now` that was set before `before`, removed from the queue.
    std::optional<Task> pop_due(MonoTime now, TimerId before);
    // What add() will give out next: a bound for pop_due, so that a timer that
    // sets itself again at once cannot keep the lane from its links.
    TimerId next_id() const { return next_id_; }
    std::size_t size() const { return tasks_.size(); }
    void clear();

private:
    // An ordered map, not a heap: a protocol cancels nearly every time-out it
    // sets, and cancelled entries must not pile up until they are due.
    std::map<std::pair<MonoTime, TimerId>, Task> tasks_;
    std::unordered_map<TimerId, MonoTime> due_;
    TimerId next_id_ = 1;
};

}  // namespace citybridge
