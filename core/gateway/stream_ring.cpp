#include "core/gateway/stream_ring.h"

#include <algorithm>

namespace citybridge::gateway {

std::uint64_t StreamRing::push(const StreamEventPtr& event) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t previous = last_;
    // A gateway that began to listen late never had the events before its first.
    if (items_.empty() && previous == 0) forgotten_ = event->sequence - 1;
    last_ = event->sequence;
    items_.push_back({event, bytes_});
    bytes_ += event->frame.size();
    while (items_.size() > max_events_ || (items_.size() > 1 && bytes_ - items_.front().bytes_before > max_bytes_)) {
        forgotten_ = items_.front().event->sequence;
        items_.pop_front();
    }
    return previous;
}

std::deque<StreamRing::Item>::const_iterator StreamRing::find(std::uint64_t cursor) const {
    return std::lower_bound(items_.begin(), items_.end(), cursor,
                            [](const Item& item, std::uint64_t wanted) { return item.event->sequence < wanted; });
}

StreamRing::Next StreamRing::next(std::uint64_t cursor) const {
    const std::lock_guard lock(mutex_);
    if (cursor <= forgotten_) return {nullptr, true};
    const auto found = find(cursor);
    return {found == items_.end() ? nullptr : found->event, false};
}

bool StreamRing::can_resume_after(std::uint64_t sequence) const {
    const std::lock_guard lock(mutex_);
    return sequence >= forgotten_ && sequence <= last_;
}

std::size_t StreamRing::bytes_from(std::uint64_t cursor) const {
    const std::lock_guard lock(mutex_);
    const auto found = find(cursor);
    return found == items_.end() ? 0 : static_cast<std::size_t>(bytes_ - found->bytes_before);
}

}  // namespace citybridge::gateway
