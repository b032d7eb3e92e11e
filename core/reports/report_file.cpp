#include <algorithm>
#include <array>
#include <filesystem>

#include "core/desk/xml_element.h"
#include "core/reports/definitions.h"

namespace citybridge::reports {

bool is_recipient(const std::string& to) {
    const std::size_t colon = to.find(':'), at = to.find('@');
    if (colon != std::string::npos)
        return (to.starts_with("directory:") || to.starts_with("user:")) && colon + 1 < to.size();
    return at != std::string::npos && at > 0 && at + 1 < to.size() && to.find('@', at + 1) == std::string::npos;
}

namespace {

using desk::XmlElement;

constexpr std::array<std::string_view, 5> kRoles{"agent", "team_lead", "supervisor", "quality", "admin"};
constexpr std::int64_t kDay = 86'400;

std::string all_of(const auto& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + std::string(word);
    return out;
}

template <class Words>
bool one_of(const Words& words, std::string_view word) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

class Reader {
public:
    Reader(const XmlFile& file, Problems& problems) : file_(file), problems_(problems) {}

    Report read() {
        XmlElement root(file_, file_.root(), problems_);
        if (root.name() != "report") {
            root.problem("", "a report's file holds one <report>, not <" + std::string(root.name()) + ">");
            return {};
        }
        report_.where = root.where();
        report_.name = root.word("name");
        report_.zh = root.text("title");
        report_.en = root.text("title_en");
        list(root);
        for (const std::string& word : root.words("rows")) row(root, word);
        if (report_.rows.size() > 2) root.problem("rows", "rows are sorted by at most two things; keep two");
        report_.total = !root.has("total") || root.yes("total");
        for (const std::string& role : root.words("roles", true)) {
            if (!one_of(kRoles, role))
                root.problem("roles", "\"" + role + "\" reads no reports; use one of: " + all_of(kRoles));
            report_.roles.insert(role);
        }
        root.finish();
        for (const auto& child : desk::children(file_.root())) element(child);
        finish(root);
        return std::move(report_);
    }

private:
    void list(XmlElement& root) {
        const std::string word = root.text("list", false);
        if (word == "follow_ups") report_.list = List::follow_ups;
        if (word == "scores") report_.list = List::scores;
        if (!word.empty() && report_.list == List::none)
            root.problem("list", "\"" + word + "\" cannot be listed; use one of: follow_ups, scores");
        if (report_.list != List::none && root.has("rows"))
            root.problem("rows", "a list has one row per fact; remove rows or list");
    }

    void row(XmlElement& root, const std::string& word) {
        if (const auto dimension = dimension_from(word))
            report_.rows.push_back(*dimension);
        else
            root.problem("rows", "\"" + word + "\" is nothing rows can be sorted by; use: " + known_to_all(0));
    }

    void element(pugi::xml_node node) {
        XmlElement xml(file_, node, problems_);
        if (xml.name() == "filter") return filter(xml, report_.filters);
        if (xml.name() == "column") return column(xml, node);
        if (xml.name() == "schedule") return schedule(xml);
        xml.problem("", "<" + std::string(xml.name()) + "> is unknown here; use one of: filter, column, schedule");
    }

    void filter(XmlElement& xml, std::vector<Filter>& filters) {
        const std::string by = xml.word("by");
        const std::string is = xml.text("is");
        xml.finish();
        const auto dimension = dimension_from(by);
        if (!dimension || is_time(*dimension)) {
            if (!by.empty())
                xml.problem("by",
                            "\"" + by + "\" is nothing to filter by; use one of: " + known_to_all(0) + ", but no time");
            return;
        }
        Filter out{*dimension, {}};
        for (std::size_t at = 0, end = 0; at <= is.size(); at = end + 1) {
            end = std::min(is.find('|', at), is.size());
            out.values.push_back(is.substr(at, end - at));
        }
        places_.push_back({*dimension, xml.where("by")});
        filters.push_back(std::move(out));
    }

    void column(XmlElement& xml, pugi::xml_node node) {
        Column out;
        const std::string word = xml.word("figure");
        out.figure = find_figure(word);
        if (out.figure == nullptr) {
            if (!word.empty()) xml.problem("figure", "there is no figure \"" + word + "\"; docs/reports.md lists them");
            return;
        }
        out.name = xml.word("name", false);
        out.zh = xml.text("title", false);
        out.en = xml.text("title_en", false);
        numbers(xml, out);
        xml.finish();
        if (out.name.empty()) out.name = word + suffix(out);
        const std::size_t before = places_.size();
        for (const auto& child : desk::children(node)) {
            XmlElement inner(file_, child, problems_);
            if (inner.name() == "filter")
                filter(inner, out.filters);
            else
                inner.problem("", "<" + std::string(inner.name()) + "> is unknown here; a column holds only <filter>");
        }
        for (std::size_t i = before; i < places_.size(); ++i) check_filter(places_[i], *out.figure);
        places_.resize(before);
        for (const Column& other : report_.columns)
            if (other.name == out.name)
                xml.problem("name", "two columns are called \"" + out.name + "\"; give one a name=\"...\" of its own");
        columns_at_.push_back(xml.where("figure"));
        report_.columns.push_back(std::move(out));
    }

    void numbers(XmlElement& xml, Column& out) {
        switch (out.figure->takes) {
            case Takes::nothing: return;
            case Takes::within: out.within = std::chrono::seconds{xml.integer("within_s", 1, kDay, 20, true)}; return;
            case Takes::range:
                if (xml.has("from_s")) out.from = std::chrono::seconds{xml.integer("from_s", 0, kDay, 0)};
                if (xml.has("to_s")) out.to = std::chrono::seconds{xml.integer("to_s", 1, kDay, 1)};
                if (out.from && out.to && *out.from >= *out.to) xml.problem("to_s", "to_s must be more than from_s");
                return;
            case Takes::rings:
                out.rings = xml.integer("rings", 1, 100, 3);
                out.ring_cycle = std::chrono::seconds{xml.integer("ring_cycle_s", 1, 60, 5)};
                return;
        }
    }

    static std::string suffix(const Column& column) {
        const auto seconds = [](Millis time) { return std::to_string(time.count() / 1'000); };
        if (column.figure->takes == Takes::within) return "_" + seconds(column.within);
        if (column.figure->takes != Takes::range) return {};
        return "_" + (column.from ? seconds(*column.from) : "0") + "_" + (column.to ? seconds(*column.to) : "more");
    }

    void schedule(XmlElement& xml) {
        if (report_.schedule) xml.problem("", "a report has one schedule; keep one");
        Schedule out;
        const std::string every = xml.text("every");
        constexpr std::array<std::string_view, 4> kEvery{"hour", "day", "week", "month"};
        const auto found = std::find(kEvery.begin(), kEvery.end(), every);
        if (found == kEvery.end() && !every.empty())
            xml.problem("every", "every must be one of: " + all_of(kEvery));
        else if (found != kEvery.end())
            out.every = static_cast<Schedule::Every>(found - kEvery.begin());
        out.from = clock(xml, "from").value_or(0);
        out.to = clock(xml, "to").value_or(24 * 60);
        if ((xml.has("from") || xml.has("to")) && out.every != Schedule::Every::day)
            xml.problem(xml.has("from") ? "from" : "to", "only a report of every day has hours; remove them");
        out.at = clock(xml, "at");
        out.after = std::chrono::minutes{xml.integer("after_min", 0, 1'440, 1)};
        if (out.at && xml.has("after_min")) xml.problem("after_min", "keep one of at and after_min");
        out.business = xml.yes("business_time");
        out.formats = xml.words("formats", true);
        for (const std::string& format : out.formats)
            if (!one_of(std::array<std::string_view, 3>{"json", "csv", "xlsx"}, format))
                xml.problem("formats", "\"" + format + "\" is no format; use json, csv, xlsx");
        if (xml.has("language")) out.language = xml.text("language");
        if (out.language != "zh" && out.language != "en") xml.problem("language", "language must be zh or en");
        out.mail_to = xml.words("mail_to");
        out.mail_at = xml.where("mail_to");
        for (const std::string& to : out.mail_to)
            if (!is_recipient(to))
                xml.problem("mail_to",
                            "\"" + to + "\" names nobody; use directory:ENTRY, user:NAME or an e-mail address");
        xml.finish();
        report_.schedule = std::move(out);
    }

    std::optional<int> clock(XmlElement& xml, std::string_view name) {
        const std::string text = xml.text(name, false);
        if (text.empty()) return std::nullopt;
        const auto minutes = desk::time_of_day(text);
        if (!minutes) xml.problem(name, std::string(name) + " must be a time such as 20:30, not \"" + text + "\"");
        return minutes;
    }

    struct Place {
        Dimension by;
        Position where;
    };

    static bool known_by(Sources sources, Dimension by) {
        for (const Source source : {contacts, parts, intervals, orders, scores})
            if ((sources & source) != 0 && !knows(source, by)) return false;
        return true;
    }

    void check_filter(const Place& place, const Figure& figure) {
        for (const Source source : {contacts, parts, intervals, orders, scores})
            if ((figure.sources() & source) != 0 && knows(source, place.by)) return;
        problems_.push_back({place.where, std::string(figure.name) + " knows no " + std::string(to_string(place.by)) +
                                              "; it can be filtered by: " + known_to_all(figure.sources())});
    }

    // What every figure of the report must know.
    void finish(XmlElement& root) {
        if (report_.list == List::none && report_.columns.empty())
            root.problem("", "a report needs at least one <column figure=\"...\"/>, or list=\"...\"");
        if (report_.list != List::none && !report_.columns.empty())
            root.problem("list", "a list brings its own columns; remove them");
        for (std::size_t i = 0; i < report_.columns.size(); ++i)
            for (const Dimension by : report_.rows) {
                const Figure& figure = *report_.columns[i].figure;
                if (!known_by(figure.sources(), by))
                    problems_.push_back(
                        {columns_at_[i], std::string(figure.name) + " is not known by " + std::string(to_string(by)) +
                                             "; rows it can be given by: " + known_to_all(figure.sources())});
            }
        for (const Place& place : places_)
            if (!known_by(report_.sources(), place.by))
                problems_.push_back({place.where, "not every figure of this report knows a " +
                                                      std::string(to_string(place.by)) +
                                                      "; put the filter into the columns it concerns"});
    }

    const XmlFile& file_;
    Problems& problems_;
    Report report_;
    std::vector<Place> places_;  // of the report's own filters
    std::vector<Position> columns_at_;
};

std::optional<Report> read_report(const XmlFile& file, Problems& problems) {
    const std::size_t before = problems.size();
    Report report = Reader(file, problems).read();
    if (problems.size() != before) return std::nullopt;
    return report;
}

}  // namespace

std::optional<Report> read_report(const std::string& shown, std::string text, Problems& problems) {
    const auto file = XmlFile::parse(shown, std::move(text), problems);
    return file ? read_report(*file, problems) : std::nullopt;
}

ReportSet load_reports(const std::string& folder, Problems& problems) {
    std::vector<std::string> files;
    std::error_code trouble;
    for (const auto& entry : std::filesystem::directory_iterator(folder, trouble))
        if (entry.path().extension() == ".xml") files.push_back(entry.path().string());
    if (trouble) {
        problems.push_back({{folder, 1, 1}, "the folder of the reports cannot be read: " + trouble.message()});
        return {};
    }
    std::sort(files.begin(), files.end());
    std::vector<Report> reports;
    for (const std::string& path : files) {
        const auto file = XmlFile::read(path, std::nullopt, problems);
        auto report = file ? read_report(*file, problems) : std::nullopt;
        if (!report) continue;
        for (const Report& other : reports)
            if (other.name == report->name)
                problems.push_back({report->where, "report \"" + report->name + "\" is in " + other.where.file +
                                                       " already; give one another name"});
        reports.push_back(std::move(*report));
    }
    return ReportSet(std::move(reports));
}

}  // namespace citybridge::reports
