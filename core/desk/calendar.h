#pragma once
// Business time of a city (P8): several intervals a day, holidays, working
// weekends, named periods with other hours, in the city's own time zone.
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/api/settings.h"
#include "core/api/time.h"

namespace date {
class time_zone;
}

namespace citybridge::desk {

// [from, to) in minutes after local midnight; `to` may be 1440.
struct Interval {
    int from = 0;
    int to = 0;

    friend bool operator==(const Interval&, const Interval&) = default;
};
using Hours = std::vector<Interval>;  // in order, not overlapping; empty: closed
using Week = std::array<Hours, 7>;    // from Sunday
using LocalDay = std::chrono::local_days;

// Hours of its own from `from` to `to`, both included: the monthly filing period (C2).
struct Period {
    LocalDay from{};
    LocalDay to{};
    Week week{};
};

struct CalendarDoc {
    std::string zone = "UTC";        // IANA name
    Week week{};                     // at least one open interval
    std::vector<Period> periods;     // the first that holds a day decides for it
    std::map<LocalDay, Hours> days;  // holidays and working weekends; they beat periods
    std::optional<LocalDay> until;   // last day the calendar knows; none: for ever
};

class Calendar {
public:
    // Open day and night, in UTC.
    Calendar();
    // Throws std::runtime_error on an unknown zone, std::invalid_argument if no weekday has hours.
    explicit Calendar(CalendarDoc doc);

    struct Due {
        WallTime due{};
        bool provisional = false;  // beyond the last day the calendar knows
    };
    // When `duration` of open time has passed since `from`. Full at closing time: due then, not at the next opening.
    // Nothing to pass: `from` if open, else the next opening. Precondition: 0 <= duration <= 366 days.
    Due add_business_time(WallTime from, Millis duration) const;
    bool is_open(WallTime time) const;
    // `time` itself if open.
    WallTime next_opening(WallTime time) const;
    // At `minutes` after midnight of the local day on which `time` lies; the next opening if closed then.
    WallTime at_local_time(WallTime time, int minutes) const;
    bool same_local_day(WallTime a, WallTime b) const;

    const CalendarDoc& doc() const { return doc_; }

private:
    struct Span {
        WallTime from{};
        WallTime to{};
    };
    const Hours& hours(LocalDay day) const;
    std::vector<Span> spans(LocalDay day) const;
    LocalDay local_day(WallTime time) const;
    WallTime to_wall(LocalDay day, int minutes, bool latest) const;
    bool beyond(WallTime time) const;

    CalendarDoc doc_;
    const date::time_zone* zone_;
};

// Reads config/calendars/*.xml. On any problem the result is not to be used.
Calendar load_calendar(const std::string& file, Problems& problems);

}  // namespace citybridge::desk
