// Puts a calendar file on the calendars it is based on: a city on the official
// calendars of the country's years.
#include <algorithm>
#include <filesystem>
#include <set>

#include "core/desk/calendar_source.h"
#include "core/desk/calendars.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;

constexpr std::string_view kEnd = ".xml";

// The days a calendar is about, and what it says of them.
struct Whole {
    CalendarSource rules;
    std::vector<std::string> names;  // of the files it is made of, itself first
};

class Loader {
public:
    Loader(std::vector<std::string> folders, Problems& problems) : folders_(std::move(folders)), problems_(problems) {}

    std::optional<Whole> load(const std::string& path, const std::string& name,
                              const std::optional<Position>& asked_at) {
        const std::size_t before = problems_.size();
        const auto file = XmlFile::read(path, asked_at, problems_);
        if (!file) return std::nullopt;
        Whole whole{read_calendar(*file, problems_), {name}};
        if (problems_.size() != before) return std::nullopt;
        within_.push_back(name);
        std::vector<Whole> bases;
        for (const std::string& base : whole.rules.bases)
            if (auto read = load_base(base, whole.rules.base_at)) bases.push_back(std::move(*read));
        within_.pop_back();
        if (problems_.size() != before) return std::nullopt;
        put_on(whole, bases);
        if (problems_.size() != before) return std::nullopt;
        return whole;
    }

    // Empty, and a problem: there is none.
    std::string path_of(const std::string& name, const Position& asked_at) {
        std::string places;
        for (const std::string& folder : folders_) {
            std::string path = (fs::path(folder) / (name + std::string(kEnd))).string();
            std::error_code error;
            if (fs::exists(path, error)) return path;
            places += (places.empty() ? "" : " and not ") + path;
        }
        problems_.push_back({asked_at, "there is no calendar \"" + name + "\": not " + places +
                                           "; correct the name, or put its file there"});
        return {};
    }

private:
    std::optional<Whole> load_base(const std::string& name, const Position& at) {
        if (const auto it = std::find(within_.begin(), within_.end(), name); it != within_.end()) {
            std::string loop;
            for (auto each = it; each != within_.end(); ++each) loop += *each + " -> ";
            problems_.push_back({at, "calendars are based on each other: " + loop + name + "; take one base out"});
            return std::nullopt;
        }
        const std::string path = path_of(name, at);
        return path.empty() ? std::nullopt : load(path, name, at);
    }

    void put_on(Whole& whole, std::vector<Whole>& bases) {
        std::sort(bases.begin(), bases.end(),
                  [](const Whole& a, const Whole& b) { return a.rules.from < b.rules.from; });
        CalendarSource& mine = whole.rules;
        std::map<LocalDay, DayRule> under;
        const Whole* with_week = nullptr;
        const Whole* year = nullptr;
        for (Whole& base : bases) {
            CalendarSource& from = base.rules;
            take_days(mine, under, from);
            if (from.week && with_week != nullptr && !mine.week)
                problem(mine, "both " + with_week->names.front() + " and " + base.names.front() +
                                  " have hours; keep one, or give the calendar hours of its own");
            if (from.week && with_week == nullptr) with_week = &base;
            if (mine.zone.empty()) mine.zone = from.zone;
            if (from.until) year = follows(mine, year, base);
            mine.periods.insert(mine.periods.end(), from.periods.begin(), from.periods.end());
            mine.closings.insert(mine.closings.end(), from.closings.begin(), from.closings.end());
            whole.names.insert(whole.names.end(), base.names.begin(), base.names.end());
        }
        if (!mine.week && with_week != nullptr) mine.week = with_week->rules.week;
        if (!mine.until && year != nullptr) mine.until = year->rules.until;
        if (!mine.from && !bases.empty()) mine.from = bases.front().rules.from;
        // What the calendar says itself beats its bases.
        mine.days.merge(under);
    }

    void take_days(const CalendarSource& mine, std::map<LocalDay, DayRule>& under, const CalendarSource& from) {
        for (const auto& [day, rule] : from.days) {
            const auto [known, is_new] = under.emplace(day, rule);
            if (is_new || known->second.same_hours(rule) || mine.days.count(day) != 0) continue;
            return problem(mine, "two bases differ on " + to_text(day) + " (" + rule.where.file + ":" +
                                     std::to_string(rule.where.line) +
                                     "); keep one base, or say here what that day is");
        }
    }

    // The bases of years follow each other without a gap: a day nobody knows would pass as an ordinary one.
    const Whole* follows(const CalendarSource& mine, const Whole* before, const Whole& base) {
        if (before != nullptr && base.rules.from && *base.rules.from > *before->rules.until + days{1})
            problem(mine, "no base is about the days from " + to_text(*before->rules.until + days{1}) + " to " +
                              to_text(*base.rules.from - days{1}) + "; add the calendar of that year");
        return before != nullptr && *before->rules.until > *base.rules.until ? before : &base;
    }

    void problem(const CalendarSource& mine, const std::string& message) {
        problems_.push_back({mine.base_at, message});
    }

    std::vector<std::string> folders_;
    Problems& problems_;
    std::vector<std::string> within_;  // names of the files being read, to see a loop
};

CalendarDoc doc_of(CalendarSource source) {
    CalendarDoc doc;
    doc.zone = std::move(source.zone);
    doc.week = source.week.value_or(Week{});
    doc.periods = std::move(source.periods);
    doc.closings = std::move(source.closings);
    doc.until = source.until;
    for (auto& [day, rule] : source.days) {
        if (rule.as)
            doc.worked_as[day] = *rule.as;
        else
            doc.days[day] = std::move(rule.hours);
        doc.day_names[day] = std::move(rule.name);
    }
    return doc;
}

std::optional<Calendar> made(Whole whole, Problems& problems) {
    const CalendarSource& source = whole.rules;
    const auto& week = source.week;
    if (!week || std::all_of(week->begin(), week->end(), [](const Hours& hours) { return hours.empty(); })) {
        problems.push_back({source.where, "no weekday has hours; add <week days=\"mon tue\" open=\"09:00-18:00\"/>"});
        return std::nullopt;
    }
    for (const auto& [day, rule] : source.days) {
        if (!rule.as || !(*week)[*rule.as].empty()) continue;
        problems.push_back({rule.where, "this day is worked like a weekday that has no hours in " + source.where.file +
                                            "; give it open=\"09:00-18:00\" there"});
        return std::nullopt;
    }
    const Position zone_at = source.zone_at;
    try {
        return Calendar(doc_of(std::move(whole.rules)));
    } catch (const std::exception& failure) {
        problems.push_back({zone_at, "the time zone is unknown here; use an IANA name such as Asia/Shanghai (" +
                                         std::string(failure.what()) + ")"});
        return std::nullopt;
    }
}

std::string stem_of(const std::string& path) { return fs::path(path).stem().string(); }

std::vector<std::string> folders_of(const std::string& file, const std::string& shipped) {
    std::vector<std::string> out{fs::path(file).parent_path().string()};
    if (!shipped.empty() && shipped != out.front()) out.push_back(shipped);
    return out;
}

}  // namespace

Calendar load_calendar(const std::string& file, Problems& problems, const std::string& shipped) {
    Loader loader(folders_of(file, shipped), problems);
    auto whole = loader.load(file, stem_of(file), std::nullopt);
    auto calendar = whole ? made(std::move(*whole), problems) : std::nullopt;
    return calendar ? std::move(*calendar) : Calendar();
}

Calendars load_calendars(const std::string& city_file, const std::string& shipped,
                         const std::vector<NamedCalendar>& named, Problems& problems) {
    const std::string city = stem_of(city_file);
    std::map<std::string, Calendar> all;
    all.emplace(city, load_calendar(city_file, problems, shipped));
    Loader loader(folders_of(city_file, shipped), problems);
    std::set<std::string> failed;
    for (const NamedCalendar& each : named) {
        if (all.count(each.name) != 0 || failed.count(each.name) != 0) continue;
        const std::string path = loader.path_of(each.name, each.asked_at);
        auto whole = path.empty() ? std::nullopt : loader.load(path, each.name, each.asked_at);
        auto calendar = whole ? made(std::move(*whole), problems) : std::nullopt;
        if (calendar)
            all.emplace(each.name, std::move(*calendar));
        else
            failed.insert(each.name);
    }
    return Calendars(city, std::move(all));
}

}  // namespace citybridge::desk
