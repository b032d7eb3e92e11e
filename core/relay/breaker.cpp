#include "core/relay/breaker.h"

namespace citybridge::relay {

bool Breaker::admits(const std::string& id, MonoTime now) const {
    if (!open_) return true;
    return trial_.empty() ? now >= open_until_ : trial_ == id;
}

std::optional<MonoTime> Breaker::admits_from() const {
    if (!open_) return MonoTime::min();
    return trial_.empty() ? std::optional(open_until_) : std::nullopt;
}

void Breaker::started(const std::string& id) {
    if (open_ && trial_.empty()) trial_ = id;
}

void Breaker::failed(const std::string& id, MonoTime now) {
    ++failures_;
    if (open_) {
        // Answers to what was sent before it opened are no news.
        if (trial_ != id) return;
        trial_.clear();
        open_until_ = now + open_for_;
        return;
    }
    if (failures_ < limit_) return;
    open_ = true;
    open_until_ = now + open_for_;
}

void Breaker::succeeded() {
    failures_ = 0;
    open_ = false;
    trial_.clear();
}

void Breaker::withdrawn(const std::string& id) {
    if (trial_ == id) trial_.clear();
}

}  // namespace citybridge::relay
