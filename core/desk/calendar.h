#pragma once
// Business time of a city (P8): several intervals a day, holidays, working
// weekends, named periods with other hours, closings and an operator's switch,
// in the city's own time zone. Immutable; copies share their table. Any thread.
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/api/settings.h"
#include "core/api/time.h"

namespace date {
class time_zone;
}

namespace citybridge::desk {

// [from, to) in minutes after local midnight. A shift past midnight ends after 1440: 20:00-04:00 is {1200, 1680}, and
// belongs to the day on which it begins.
struct Interval {
    int from = 0;
    int to = 0;

    friend bool operator==(const Interval&, const Interval&) = default;
};
using Hours = std::vector<Interval>;  // in order, not overlapping; empty: closed
using Week = std::array<Hours, 7>;    // from Sunday
using LocalDay = std::chrono::local_days;
std::string to_text(LocalDay day);  // "2026-10-01"

// So many people are wanted at their desks: 2 over noon.
struct Cover {
    Interval hours;
    int people = 0;
    std::string group{};  // empty: of the whole centre

    friend bool operator==(const Cover&, const Cover&) = default;
};

// A stretch of days with rules of its own, both ends included: the monthly filing period (C2).
struct Period {
    LocalDay from{};
    LocalDay to{};
    Week week{};
    bool own_hours = true;  // false: the regular week's hold
    std::string name{};
    std::vector<Cover> cover{};
    bool no_leave = false;
};

// Closed although the day says open: "closed today from 14:00, storm".
struct Closing {
    LocalDay day{};
    Interval hours;
    std::string name{};
};

// Open or closed whatever the days say: an operator's switch.
struct Forced {
    WallTime from{};
    WallTime to{};
    bool open = false;
};

struct CalendarDoc {
    std::string zone = "UTC";        // IANA name
    Week week{};                     // at least one open interval
    std::vector<Period> periods;     // the first that holds a day decides for it
    std::map<LocalDay, Hours> days;  // holidays and working weekends with their hours; they beat periods
    std::map<LocalDay, unsigned>
        worked_as;  // working weekends: the hours of this weekday (0: Sunday), periods included
    std::map<LocalDay, std::string> day_names;  // of these two
    std::vector<Closing> closings;              // they beat days
    std::vector<Forced> forced;                 // they beat everything; of two the later
    std::optional<LocalDay> until;              // last day the calendar knows; none: for ever
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

        friend bool operator==(const Due&, const Due&) = default;
    };
    // When `duration` of open time has passed since `from`. Full at closing time: due then, not at the next opening.
    // Nothing to pass: `from` if open, else the next opening. Precondition: 0 <= duration <= 366 days.
    Due add_business_time(WallTime from, Millis duration) const;
    // Open time between them; 0 if `to` is not after `from`.
    Millis business_time(WallTime from, WallTime to) const;
    bool is_open(WallTime time) const;
    // `time` itself if open.
    WallTime next_opening(WallTime time) const;
    // When the interval that holds `time` ends; `time` itself if closed. Open without end: a year later at most.
    WallTime open_until(WallTime time) const;
    // At `minutes` after midnight of the local day on which `time` lies; the next opening if closed then.
    WallTime at_local_time(WallTime time, int minutes) const { return on_day(local_day(time), minutes); }
    // The same on this day, and at the time of day that `like` has.
    WallTime on_day(LocalDay day, int minutes) const { return on_day(day, std::chrono::minutes{minutes}); }
    WallTime on_day_like(LocalDay day, WallTime like) const;
    bool same_local_day(WallTime a, WallTime b) const;
    LocalDay local_day(WallTime time) const;
    // Later than the last day the calendar knows.
    bool beyond(WallTime time) const { return end_ && time >= *end_; }
    // Its rules give it hours; closings and switches are not asked.
    const Hours& hours_on(LocalDay day) const { return hours(day); }
    bool works_on(LocalDay day) const { return !hours(day).empty(); }
    // Null: none holds this day.
    const Period* period_on(LocalDay day) const;

    const CalendarDoc& doc() const { return doc_; }

private:
    struct Span {
        WallTime from{};
        WallTime to{};
    };
    // Days of the years most asked for, with the open time before each span: what lies outside is computed day by day.
    struct Table {
        LocalDay first_day{};
        std::vector<WallTime> day_starts;       // one more than days
        std::vector<std::uint32_t> first_span;  // the first that begins on the day or later; one more than days
        std::vector<Span> spans;
        std::vector<Millis> before;  // open time before the span; one more than spans
    };
    struct Offset;  // the zone's offset found last (calendar_days.cpp)

    // calendar_days.cpp: a day's open spans, from its rules.
    const Hours& hours(LocalDay day) const;
    std::vector<Span> own_spans(LocalDay day, Offset& offset) const;
    std::vector<Span> spans(LocalDay day) const;
    WallTime to_wall(LocalDay day, int minutes, bool latest, Offset& offset) const;
    void force_closings();
    std::shared_ptr<const Table> make_table() const;

    // Index of the first span that ends after `time`; empty: outside the table.
    std::optional<std::size_t> span_after(WallTime time) const;
    std::optional<std::size_t> table_day(WallTime time) const;
    Due add_by_days(WallTime from, Millis duration) const;
    Millis measure_by_days(WallTime from, WallTime to) const;
    LocalDay day_by_zone(WallTime time) const;
    WallTime on_day(LocalDay day, Millis after_midnight) const;

    CalendarDoc doc_;
    const date::time_zone* zone_;
    std::vector<Forced> forced_;  // closings first
    std::optional<WallTime> end_;
    std::shared_ptr<const Table> table_;
};

// Reads config/calendars/*.xml with the calendars it is based on, which lie beside it or in the folder `shipped`. On
// any problem the result is not to be used.
Calendar load_calendar(const std::string& file, Problems& problems, const std::string& shipped = {});

}  // namespace citybridge::desk
