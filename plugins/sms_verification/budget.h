#pragma once
// What was used up for a number. Every use is remembered by its moment for 24 hours, so that neither midnight nor a new
// verification nor a restart gives anything back before its time.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/api/verifications.h"

namespace citybridge::sms_verification {

class Budget {
public:
    static constexpr Millis kWindow{86'400'000};

    Budget(VerificationBudgetRecord row, WallTime now);

    std::int64_t sends() const { return static_cast<std::int64_t>(sends_.size()); }
    std::int64_t failures() const { return static_cast<std::int64_t>(failures_.size()); }
    std::int64_t unlocks() const { return static_cast<std::int64_t>(unlocks_.size()); }
    std::optional<WallTime> last_send() const;
    std::optional<WallTime> changed_at() const;  // when the number came into the file; not known: long ago

    void sent() { sends_.push_back(now_); }
    void failed() { failures_.push_back(now_); }
    // When the number of failures falls below `most` again.
    WallTime locked_until(std::int64_t most) const;
    // Everything is given back; that it was is remembered.
    void unlock();

    VerificationBudgetRecord row() const;

private:
    using Times = std::vector<WallTime>;
    Times read(const char* name) const;

    VerificationBudgetRecord row_;
    WallTime now_;
    Times sends_, failures_, unlocks_;
};

}  // namespace citybridge::sms_verification
