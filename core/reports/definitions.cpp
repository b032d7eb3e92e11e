#include "core/reports/definitions.h"

#include <algorithm>

namespace citybridge::reports {

Sources Report::sources() const {
    if (list == List::follow_ups) return orders;
    if (list == List::scores) return scores;
    Sources out = 0;
    for (const Column& column : columns) out |= column.figure->sources();
    return out;
}

const Report* ReportSet::find(std::string_view name) const {
    const auto it =
        std::find_if(reports_.begin(), reports_.end(), [&](const Report& report) { return report.name == name; });
    return it == reports_.end() ? nullptr : &*it;
}

std::string ReportSet::names() const {
    std::string out;
    for (const Report& report : reports_) out += (out.empty() ? "" : ", ") + report.name;
    return out;
}

Result<> add_filter(Report& report, const std::string& dimension, const std::string& value) {
    const auto by = dimension_from(dimension);
    const std::string known = known_to_all(report.sources());
    if (!by || is_time(*by) || (", " + known + ",").find(", " + dimension + ",") == std::string::npos)
        return Error{"report.bad_filter",
                     "report " + report.name + " cannot be filtered by \"" + dimension + "\"; it can by: " + known};
    report.filters.push_back({*by, {value}});
    return ok();
}

}  // namespace citybridge::reports
