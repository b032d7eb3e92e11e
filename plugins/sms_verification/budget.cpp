#include "plugins/sms_verification/budget.h"

#include <algorithm>

namespace citybridge::sms_verification {

Budget::Budget(VerificationBudgetRecord row, WallTime now)
    : row_(std::move(row)), now_(now), sends_(read("sends")), failures_(read("failures")), unlocks_(read("unlocks")) {}

// A moment that lies ahead was before the clock was set back, and counts.
Budget::Times Budget::read(const char* name) const {
    Times out;
    const auto list = row_.detail.find(name);
    if (list == row_.detail.end() || !list->is_array()) return out;
    for (const auto& one : *list) {
        if (!one.is_number_integer()) continue;
        const WallTime at{Millis{one.get<std::int64_t>()}};
        if (at > now_ - kWindow) out.push_back(at);
    }
    return out;
}

std::optional<WallTime> Budget::last_send() const {
    return sends_.empty() ? std::nullopt : std::optional(*std::max_element(sends_.begin(), sends_.end()));
}

std::optional<WallTime> Budget::changed_at() const {
    const auto at = row_.detail.find("changed_at");
    if (at == row_.detail.end() || !at->is_number_integer()) return std::nullopt;
    return WallTime{Millis{at->get<std::int64_t>()}};
}

WallTime Budget::locked_until(std::int64_t most) const {
    Times sorted = failures_;
    std::sort(sorted.begin(), sorted.end());
    if (static_cast<std::int64_t>(sorted.size()) < most) return WallTime{};
    return sorted[sorted.size() - static_cast<std::size_t>(most)] + kWindow;
}

void Budget::unlock() {
    sends_.clear();
    failures_.clear();
    unlocks_.push_back(now_);
}

VerificationBudgetRecord Budget::row() const {
    VerificationBudgetRecord out = row_;
    const auto put = [&](const char* name, const Times& times) {
        out.detail.erase(name);
        for (const WallTime at : times) out.detail[name].push_back(at.time_since_epoch().count());
    };
    put("sends", sends_);
    put("failures", failures_);
    put("unlocks", unlocks_);
    out.sends = sends();
    out.failures = failures();
    out.updated_at = now_;
    out.since = now_;
    for (const Times* times : {&sends_, &failures_})
        for (const WallTime at : *times) out.since = std::min(out.since, at);
    return out;
}

}  // namespace citybridge::sms_verification
