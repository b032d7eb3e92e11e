#include <algorithm>
#include <stdexcept>

#include "core/desk/calendar.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

constexpr std::array<std::string_view, 7> kDays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

class Reader {
public:
    Reader(const XmlFile& file, Problems& problems) : file_(file), problems_(problems) {}

    CalendarDoc read() {
        XmlElement root(file_, file_.root(), problems_);
        if (root.name() != "calendar") {
            root.problem("", "a calendar's file holds one <calendar>, not <" + std::string(root.name()) + ">");
            return {};
        }
        doc_.zone = root.text("zone");
        if (root.has("until")) doc_.until = day(root, "until");
        root.finish();
        for (const auto& child : children(file_.root())) element(child);
        bool open = false;
        for (const Hours& hours : doc_.week) open = open || !hours.empty();
        if (!open) root.problem("", "no weekday has hours; add <week days=\"mon tue\" open=\"09:00-18:00\"/>");
        return std::move(doc_);
    }

private:
    void element(pugi::xml_node node) {
        XmlElement xml(file_, node, problems_);
        if (xml.name() == "week") return week(xml, doc_.week);
        if (xml.name() == "holiday") return holiday(xml);
        if (xml.name() == "workday") return workday(xml);
        if (xml.name() == "period") return period(xml, node);
        xml.problem("",
                    "<" + std::string(xml.name()) + "> is unknown here; use one of: week, holiday, workday, period");
    }

    void week(XmlElement& xml, Week& week) {
        const auto names = xml.words("days", true);
        const Hours open = hours(xml);
        xml.finish();
        for (const std::string& name : names) {
            const auto it = std::find(kDays.begin(), kDays.end(), name);
            if (it == kDays.end()) {
                xml.problem("days", "\"" + name + "\" is no day; use mon, tue, wed, thu, fri, sat, sun");
                continue;
            }
            Hours& mine = week[static_cast<std::size_t>(it - kDays.begin())];
            if (!mine.empty()) xml.problem("days", name + " has hours already; keep one");
            mine = open;
        }
    }

    void holiday(XmlElement& xml) {
        xml.text("name");
        const auto range = days(xml);
        xml.finish();
        if (range) set(xml, *range, {});
    }

    void workday(XmlElement& xml) {
        xml.text("name", false);
        const auto range = days(xml);
        const Hours open = hours(xml);
        xml.finish();
        if (range) set(xml, *range, open);
    }

    void period(XmlElement& xml, pugi::xml_node node) {
        Period period;
        xml.text("name");
        const auto range = days(xml);
        xml.finish();
        for (const auto& child : children(node)) {
            XmlElement inner(file_, child, problems_);
            if (inner.name() == "week")
                week(inner, period.week);
            else
                inner.problem("", "<" + std::string(inner.name()) + "> is unknown here; a period holds only <week>");
        }
        if (!range) return;
        period.from = range->from;
        period.to = range->to;
        for (const Period& other : doc_.periods)
            if (other.from <= period.to && period.from <= other.to)
                xml.problem("", "this period overlaps another; let one end before the other begins");
        doc_.periods.push_back(std::move(period));
    }

    struct Range {
        LocalDay from{};
        LocalDay to{};
    };

    // `date`, or `from` and `to`.
    std::optional<Range> days(XmlElement& xml) {
        if (xml.has("date")) {
            const auto only = day(xml, "date");
            return only ? std::optional<Range>({*only, *only}) : std::nullopt;
        }
        const auto from = day(xml, "from");
        const auto to = day(xml, "to");
        if (!from || !to) return std::nullopt;
        if (*to < *from || *to - *from > std::chrono::days{366}) {
            xml.problem("to", "to must not be before from, nor more than 366 days after it");
            return std::nullopt;
        }
        return Range{*from, *to};
    }

    std::optional<LocalDay> day(XmlElement& xml, std::string_view name) {
        const std::string text = xml.text(name);
        const auto parsed = day_of(text);
        if (!parsed && !text.empty())
            xml.problem(name, std::string(name) + " must be a date such as 2026-10-01, not \"" + text + "\"");
        return parsed;
    }

    Hours hours(XmlElement& xml) {
        Hours out;
        for (const std::string& item : xml.words("open", true)) {
            const std::size_t dash = item.find('-');
            const auto from = time_of_day(std::string_view(item).substr(0, dash));
            const auto to =
                dash == std::string::npos ? std::nullopt : time_of_day(std::string_view(item).substr(dash + 1));
            if (!from || !to || *from >= *to)
                xml.problem("open", "\"" + item + "\" must be hours such as 09:00-12:00, the end after the start");
            else if (!out.empty() && *from < out.back().to)
                xml.problem("open", "\"" + item + "\" begins before the hours before it end; put them in order");
            else
                out.push_back({*from, *to});
        }
        return out;
    }

    void set(XmlElement& xml, const Range& range, const Hours& open) {
        for (LocalDay at = range.from; at <= range.to; at += std::chrono::days{1})
            if (!doc_.days.emplace(at, open).second)
                return xml.problem("", "a day of this is a holiday or workday already; keep one");
    }

    const XmlFile& file_;
    Problems& problems_;
    CalendarDoc doc_;
};

}  // namespace

Calendar load_calendar(const std::string& path, Problems& problems) {
    const std::size_t before = problems.size();
    const auto file = XmlFile::read(path, std::nullopt, problems);
    if (!file) return Calendar();
    CalendarDoc doc = Reader(*file, problems).read();
    if (problems.size() != before) return Calendar();
    try {
        return Calendar(std::move(doc));
    } catch (const std::exception& failure) {
        XmlElement root(*file, file->root(), problems);
        root.problem("zone", "the time zone is unknown here; use an IANA name such as Asia/Shanghai (" +
                                 std::string(failure.what()) + ")");
        return Calendar();
    }
}

}  // namespace citybridge::desk
