#pragma once
// Clock times of a city, in both directions, over the changes of the clock.
#include <optional>
#include <string>
#include <string_view>

#include "core/api/time.h"

namespace date {
class time_zone;
}

namespace citybridge::reports {

class CityTime {
public:
    // IANA name, "Asia/Shanghai". Nothing: there is no such zone.
    static std::optional<CityTime> in(const std::string& zone);

    // "2026-11-21" (the day's beginning), "2026-11-21 19:00", with T and with seconds, or with Z or an offset behind
    // it. Of a time the clock shows twice, the first; of one it skips, the moment of the skip. Nothing: anything else.
    std::optional<WallTime> parse(std::string_view text) const;
    WallTime start_of_day(WallTime time) const;
    WallTime next_day(WallTime time) const;  // where the next day begins
    WallTime start_of_hour(WallTime time) const;
    WallTime next_hour(WallTime time) const;      // the next full hour, or the change of the clock if that is sooner
    WallTime start_of_week(WallTime time) const;  // Monday
    WallTime start_of_month(WallTime time) const;
    // `minutes` after midnight of the day `time` lies on.
    WallTime at(WallTime time, int minutes) const;

    std::string day_text(WallTime time) const;   // "2026-11-21"
    std::string hour_text(WallTime time) const;  // "2026-11-21 19:00"; in an hour that comes twice " +08:00" behind it
    std::string text(WallTime time) const;       // "2026-11-21 19:35:01"
    // What a clock on the wall shows, as milliseconds since 1970: for cells of spreadsheets.
    std::int64_t wall_clock_ms(WallTime time) const;
    const std::string& zone() const { return name_; }

private:
    CityTime(std::string name, const date::time_zone* zone) : name_(std::move(name)), zone_(zone) {}

    std::string name_;
    const date::time_zone* zone_;  // lives as long as the process
};

}  // namespace citybridge::reports
