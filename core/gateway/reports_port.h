#pragma once
// What the gateway needs of reports. core/node implements it; the gateway's
// tests bring their own. Any thread; may take as long as a report may.
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "core/api/report_facts.h"
#include "core/api/result.h"
#include "core/gateway/roles.h"

namespace citybridge {

struct ReportAsk {
    std::string name;
    std::string from, to;         // as asked for, in the city's time; empty: today, or a day from `from`
    std::string format = "json";  // "csv", "xlsx"
    std::string language = "zh";
    std::map<std::string, std::string> filters;  // by dimension
    User asker{};
};

struct ReportAnswer {
    std::string media;
    std::string file_name;  // empty: to be shown, not saved
    std::string body;
};

class ReportsPort {
public:
    // Those he may read.
    virtual nlohmann::ordered_json list(const User& asker) = 0;
    // Codes "report.unknown", "report.bad_time", "report.bad_filter", "report.too_big", "report.too_slow",
    // "report.busy", "report.not_written", "auth.forbidden", "store.*".
    virtual Result<ReportAnswer> make(const ReportAsk& ask) = 0;
    // What was produced by schedule, newest first.
    virtual Result<nlohmann::ordered_json> runs(const std::string& report, const User& asker) = 0;

    virtual nlohmann::ordered_json forms() = 0;
    // Checks the answers and fills in what the form and the contact say. Codes "score.unknown_form",
    // "score.bad_answers", "score.no_agent", "store.*".
    virtual Result<> judge(const std::string& form, const nlohmann::ordered_json& answers, QualityScore& score) = 0;
    virtual Result<std::vector<QualityScore>> scores_of(const std::string& contact) = 0;

protected:
    ~ReportsPort() = default;
};

}  // namespace citybridge
