#include "core/host/timer_queue.h"

namespace citybridge {

TimerId TimerQueue::add(MonoTime due, Task task) {
    const TimerId id = next_id_++;
    tasks_.emplace(std::pair{due, id}, std::move(task));
    due_.emplace(id, due);
    return id;
}

void TimerQueue::cancel(TimerId id) {
    const auto found = due_.find(id);
    if (found == due_.end()) return;
    tasks_.erase({found->second, id});
    due_.erase(found);
}

std::optional<MonoTime> TimerQueue::next_due() const {
    if (tasks_.empty()) return {};
    return tasks_.begin()->first.first;
}

std::optional<TimerQueue::Task> TimerQueue::pop_due(MonoTime now, TimerId before) {
    if (tasks_.empty()) return {};
    const auto first = tasks_.begin();
    const auto [due, id] = first->first;
    if (due > now || id >= before) return {};
    Task task = std::move(first->second);
    tasks_.erase(first);
    due_.erase(id);
    return task;
}

void TimerQueue::clear() {
    // A task's destructor may cancel a timer of its own: let it find consistent, empty maps.
    const auto dropped = std::exchange(tasks_, {});
    due_.clear();
}

}  // namespace citybridge
