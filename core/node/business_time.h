#pragma once
// Keeps open deadlines in step with the calendars (P8): when hours changed, by
// a reload, a switch or while the node was away, every open deadline is
// computed again, in chunks between the durable strand's other work. The
// strand's own; not thread-safe.
#include <deque>
#include <string>
#include <vector>

#include "core/desk/desk.h"
#include "core/node/durable_input.h"
#include "core/store/reader.h"

namespace prometheus {
class Counter;
class Registry;
}  // namespace prometheus

namespace citybridge {

class BusinessTime {
public:
    static constexpr std::size_t kChunk = 1'000;      // deadlines looked at in one go
    static constexpr std::size_t kAtOnce = 64;        // orders corrected in one batch: others' steps share its commit
    static constexpr Millis kAgain{60'000};           // between passes over what would not be corrected
    static constexpr Millis kRetry{1'000};            // while the store cannot be read
    static constexpr std::chrono::days kWarning{60};  // before a calendar's end

    // All outlive it.
    BusinessTime(const desk::Desk& desk, store::Store& store, store::Readers& readers, prometheus::Registry& metrics);

    // Where switches stand, and whether hours changed while the node was away. Code "store.*".
    Result<> start();
    // Calendars as read from their files; switches stay.
    void replace(const desk::Calendars& calendars);
    // Switches that a commit has made durable.
    void switched(const std::vector<CalendarOverrideRecord>& rows);

    // Orders whose deadlines are due at another time now; empty when there is nothing to do. A step that the store
    // could not take is found again.
    std::vector<DurableInput> take(Now now);
    // Whether take() has something to look at, and when.
    std::optional<Millis> wait(Now now) const;
    // For /metrics and, once a day, the log.
    void tell(Now now);

private:
    void begin();
    bool look(Now now);
    void done();

    const desk::Desk& desk_;
    store::Store& store_;
    store::Readers& readers_;
    prometheus::Registry& metrics_;
    prometheus::Counter& corrected_;
    std::vector<CalendarOverrideRecord> switches_;
    std::string wanted_;                    // fingerprint that open deadlines are brought to
    std::optional<DeadlineRecord> cursor_;  // last one looked at; none: nothing to do
    bool found_any_ = false;                // in this pass; only a pass that finds nothing is the last
    int passes_ = 0;
    std::deque<std::string> found_;  // orders
    MonoTime not_before_{};
    MonoTime warn_at_{};
};

}  // namespace citybridge
