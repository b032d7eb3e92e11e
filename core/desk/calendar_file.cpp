// Reads one calendar file.
#include <algorithm>

#include "core/desk/calendar_source.h"
#include "core/desk/weekday.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

constexpr int kMidnight = 24 * 60;
constexpr int kLongestNight = 12 * 60;  // more is a slip: 10:00-9:00

LocalDay new_year(std::int64_t year) {
    return LocalDay{std::chrono::year{static_cast<int>(year)} / std::chrono::January / 1};
}

class CalendarReader {
public:
    CalendarReader(const XmlFile& file, Problems& problems) : file_(file), problems_(problems) {}

    CalendarSource read() {
        XmlElement root(file_, file_.root(), problems_);
        if (root.name() != "calendar") {
            root.problem("", "a calendar's file holds one <calendar>, not <" + std::string(root.name()) + ">");
            return {};
        }
        out_.bases = root.words("base");
        out_.zone = root.text("zone", out_.bases.empty());
        out_.where = root.where();
        out_.zone_at = root.where("zone");
        out_.base_at = root.where("base");
        if (root.has("year")) year(root);
        if (root.has("until")) out_.until = day(root, "until");
        root.finish();
        for (const auto& child : children(file_.root())) element(child);
        if (out_.week) check_nights(root, *out_.week);
        return std::move(out_);
    }

private:
    void year(XmlElement& root) {
        const std::int64_t year = root.integer("year", 2000, 2199, 2000, true);
        out_.from = new_year(year);
        out_.until = new_year(year + 1) - std::chrono::days{1};
        if (root.has("until")) root.problem("until", "a calendar of one year ends with it; take until out");
    }

    void element(pugi::xml_node node) {
        XmlElement xml(file_, node, problems_);
        if (xml.name() == "week") {
            if (!out_.week) out_.week.emplace();
            return week(xml, *out_.week);
        }
        if (xml.name() == "holiday") return holiday(xml);
        if (xml.name() == "workday") return workday(xml);
        if (xml.name() == "period") return period(xml, node);
        if (xml.name() == "closing") return closing(xml);
        xml.problem("", "<" + std::string(xml.name()) +
                            "> is unknown here; use one of: week, holiday, workday, period, closing");
    }

    void week(XmlElement& xml, Week& week) {
        const auto names = xml.words("days", true);
        const Hours open = hours(xml, "open");
        xml.finish();
        for (const std::string& name : names) {
            const auto weekday = weekday_of(name);
            if (!weekday) {
                xml.problem("days", "\"" + name + "\" is no day; use mon, tue, wed, thu, fri, sat, sun");
                continue;
            }
            Hours& mine = week[*weekday];
            if (!mine.empty()) xml.problem("days", name + " has hours already; keep one");
            mine = open;
        }
    }

    void holiday(XmlElement& xml) {
        DayRule rule{{}, {}, xml.text("name"), xml.where()};
        const auto range = days(xml);
        xml.finish();
        if (range) set(xml, *range, rule);
    }

    // Its own hours, or those of a weekday; a year's official calendar knows no hours.
    void workday(XmlElement& xml) {
        DayRule rule{{}, {}, xml.text("name", false), xml.where()};
        const auto range = days(xml);
        const std::string as = xml.text("as", false);
        if (xml.has("open")) {
            rule.hours = hours(xml, "open");
            if (!as.empty()) xml.problem("as", "a workday has open or as, not both; take one out");
        } else {
            rule.as = weekday_of(as.empty() ? "mon" : as);
            if (!rule.as) xml.problem("as", "\"" + as + "\" is no day; use mon, tue, wed, thu, fri, sat, sun");
        }
        xml.finish();
        if (range) set(xml, *range, rule);
    }

    void period(XmlElement& xml, pugi::xml_node node) {
        Period period;
        period.name = xml.text("name");
        period.no_leave = xml.yes("no_leave");
        period.own_hours = false;
        const auto range = days(xml);
        xml.finish();
        for (const auto& child : children(node)) {
            XmlElement inner(file_, child, problems_);
            if (inner.name() == "week") {
                period.own_hours = true;
                week(inner, period.week);
            } else if (inner.name() == "cover") {
                cover(inner, period);
            } else {
                inner.problem(
                    "", "<" + std::string(inner.name()) + "> is unknown here; a period holds only <week> and <cover>");
            }
        }
        if (period.own_hours) check_nights(xml, period.week);
        if (!range) return;
        period.from = range->from;
        period.to = range->to;
        for (const Period& other : out_.periods)
            if (other.from <= period.to && period.from <= other.to)
                xml.problem("", "this period overlaps another; let one end before the other begins");
        out_.periods.push_back(std::move(period));
    }

    void cover(XmlElement& xml, Period& period) {
        const Hours open = hours(xml, "hours");
        const auto people = static_cast<int>(xml.integer("people", 1, 10'000, 1, true));
        const std::string group = xml.text("group", false);
        xml.finish();
        for (const Interval& each : open) period.cover.push_back({each, people, group});
    }

    void closing(XmlElement& xml) {
        Closing closing;
        closing.name = xml.text("name");
        const auto date = day(xml, "date");
        const auto from = minutes(xml, "from", true);
        const auto to = minutes(xml, "to", false);
        xml.finish();
        if (!date || !from) return;
        closing.day = *date;
        closing.hours = {*from, to.value_or(kMidnight)};
        if (closing.hours.to <= closing.hours.from)
            return xml.problem("to",
                               "a closing ends after it begins; one past midnight needs a second for the next day");
        in_year(xml, "date", closing.day);
        out_.closings.push_back(std::move(closing));
    }

    struct Range {
        LocalDay from{};
        LocalDay to{};
    };

    // `date`, or `from` and `to`.
    std::optional<Range> days(XmlElement& xml) {
        if (xml.has("date")) {
            const auto only = day(xml, "date");
            if (only) in_year(xml, "date", *only);
            return only ? std::optional<Range>({*only, *only}) : std::nullopt;
        }
        const auto from = day(xml, "from");
        const auto to = day(xml, "to");
        if (!from || !to) return std::nullopt;
        if (*to < *from || *to - *from > std::chrono::days{366}) {
            xml.problem("to", "to must not be before from, nor more than 366 days after it");
            return std::nullopt;
        }
        in_year(xml, "from", *from);
        in_year(xml, "to", *to);
        return Range{*from, *to};
    }

    void in_year(XmlElement& xml, std::string_view name, LocalDay day) {
        if (out_.from && (day < *out_.from || day > *out_.until))
            xml.problem(name, "this day is not in the calendar's year; put it into the file of its own year");
    }

    std::optional<LocalDay> day(XmlElement& xml, std::string_view name) {
        const std::string text = xml.text(name);
        const auto parsed = day_of(text);
        if (!parsed && !text.empty())
            xml.problem(name, std::string(name) + " must be a date such as 2026-10-01, not \"" + text + "\"");
        return parsed;
    }

    std::optional<int> minutes(XmlElement& xml, std::string_view name, bool required) {
        const std::string text = xml.text(name, required);
        const auto parsed = time_of_day(text);
        if (!parsed && !text.empty())
            xml.problem(name, std::string(name) + " must be a time such as 14:00, not \"" + text + "\"");
        return parsed;
    }

    // "20:00-04:00" is a shift past midnight.
    Hours hours(XmlElement& xml, std::string_view name) {
        Hours out;
        for (const std::string& item : xml.words(name, true)) {
            const std::size_t dash = item.find('-');
            const auto from = time_of_day(std::string_view(item).substr(0, dash));
            const auto end =
                dash == std::string::npos ? std::nullopt : time_of_day(std::string_view(item).substr(dash + 1));
            const int begin = from.value_or(kMidnight);
            const int to = end ? (*end < begin ? *end + kMidnight : *end) : 0;
            if (begin >= kMidnight || to <= begin || (to > kMidnight && to - begin > kLongestNight))
                xml.problem(name, "\"" + item +
                                      "\" must be hours such as 09:00-12:00, the end after the start, a shift past "
                                      "midnight of at most 12 hours");
            else if (!out.empty() && begin < out.back().to)
                xml.problem(name, "\"" + item + "\" begins before the hours before it end; put them in order");
            else
                out.push_back({begin, to});
        }
        return out;
    }

    // A shift past midnight ends before the next day's hours begin.
    void check_nights(XmlElement& xml, const Week& week) {
        for (std::size_t i = 0; i < week.size(); ++i) {
            const Hours& next = week[(i + 1) % week.size()];
            if (week[i].empty() || next.empty() || week[i].back().to - kMidnight <= next.front().from) continue;
            xml.problem("", "the shift of " + std::string(kDays[i]) + " past midnight runs into the hours of " +
                                std::string(kDays[(i + 1) % week.size()]) + "; let it end before they begin");
        }
    }

    void set(XmlElement& xml, const Range& range, const DayRule& rule) {
        for (LocalDay at = range.from; at <= range.to; at += std::chrono::days{1})
            if (!out_.days.emplace(at, rule).second)
                return xml.problem("", "a day of this is a holiday or workday already; keep one");
    }

    const XmlFile& file_;
    Problems& problems_;
    CalendarSource out_;
};

}  // namespace

CalendarSource read_calendar(const XmlFile& file, Problems& problems) { return CalendarReader(file, problems).read(); }

}  // namespace citybridge::desk
