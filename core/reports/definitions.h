#pragma once
// Reports as data: config/reports/*.xml. A report is rows, columns, filters,
// who may read it, and when it is produced by itself.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/api/result.h"
#include "core/api/settings.h"
#include "core/reports/figure.h"

namespace citybridge::reports {

// When a report is produced by itself, and for which period.
struct Schedule {
    enum class Every { hour, day, week, month };
    Every every = Every::day;
    // Of `day`: the period's ends in minutes after midnight. `to` not after `from`: it ends on the next day.
    int from = 0;
    int to = 24 * 60;
    std::optional<int> at;             // minutes after midnight: the first such time after the period's end
    Millis after{60'000};              // without `at`: so long after the period's end
    bool business = false;             // and not before the calendar opens
    std::vector<std::string> formats;  // "json", "csv", "xlsx"
    std::string language = "zh";
    std::vector<std::string> mail_to;  // "directory:ENTRY", "user:NAME" or an address; empty: nobody
    Position mail_at;                  // where these were named
};

// "directory:ENTRY", "user:NAME" or an e-mail address.
bool is_recipient(const std::string& to);

// Not a table of figures but of single facts.
enum class List {
    none,
    follow_ups,  // those not settled in time
    scores,
};

struct Report {
    std::string name;
    std::string zh, en;
    List list = List::none;
    std::vector<Dimension> rows;  // at most two; empty: one row
    std::vector<Column> columns;
    std::vector<Filter> filters;
    bool total = true;
    std::set<std::string> roles;  // who may read it
    std::optional<Schedule> schedule;
    Position where;

    Sources sources() const;
};

class ReportSet {
public:
    ReportSet() = default;
    explicit ReportSet(std::vector<Report> reports) : reports_(std::move(reports)) {}
    const Report* find(std::string_view name) const;
    const std::vector<Report>& all() const { return reports_; }
    std::string names() const;

private:
    std::vector<Report> reports_;
};

// Reads every *.xml of the folder, by name. On any problem the result is not to be used.
ReportSet load_reports(const std::string& folder, Problems& problems);
// One file's text: `shown` is its name for people.
std::optional<Report> read_report(const std::string& shown, std::string text, Problems& problems);

// A filter of a request, by the word of its dimension. Codes "report.bad_filter" (no such dimension, or a figure of
// the report does not know it).
Result<> add_filter(Report& report, const std::string& dimension, const std::string& value);

}  // namespace citybridge::reports
