#include "core/gateway/throttle.h"

#include <algorithm>

namespace citybridge::gateway {

Millis Throttle::wait(const std::string& key, MonoTime now) const {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.free_at <= now) return Millis(0);
    return found->second.free_at - now;
}

void Throttle::attempt(const std::string& key, MonoTime now) {
    if (!entries_.contains(key)) make_room(now);
    Entry& entry = entries_[key];
    if (entry.failures > 0 && now - entry.last > limits_.forget_after) entry = {};
    entry.last = now;
    ++entry.failures;
    const int over = entry.failures - limits_.free_attempts;
    if (over < 0) return;
    // 2^20 seconds is beyond any longest_wait; the cap keeps the shift defined.
    const Millis wait = limits_.first_wait * (std::int64_t{1} << std::min(over, 20));
    entry.free_at = now + std::min(wait, limits_.longest_wait);
}

void Throttle::undo(const std::string& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) return;
    if (--found->second.failures <= 0) entries_.erase(found);
}

void Throttle::make_room(MonoTime now) {
    if (entries_.size() < limits_.max_keys) return;
    std::erase_if(entries_, [&](const auto& item) { return now - item.second.last > limits_.forget_after; });
    if (entries_.size() < limits_.max_keys) return;
    // The one with the fewest failures goes first: flooding with fresh names must not free a blocked one.
    const auto least = std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
        return std::pair(a.second.failures, a.second.last) < std::pair(b.second.failures, b.second.last);
    });
    entries_.erase(least);
}

}  // namespace citybridge::gateway
