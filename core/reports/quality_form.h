#pragma once
// The forms by which conversations are scored (F5): config/quality/*.xml.
#include <string>
#include <vector>

#include "core/api/report_facts.h"
#include "core/api/result.h"
#include "core/api/settings.h"

namespace citybridge::reports {

struct FormItem {
    std::string name;
    std::string title;
    std::int64_t points = 0;  // at most
};

struct QualityForm {
    std::string name;
    std::string title;
    std::int64_t version = 0;
    std::vector<FormItem> items;
    Position where;

    std::int64_t max_points() const;
};

std::vector<QualityForm> load_forms(const std::string& folder, Problems& problems);

// `answers`: every item of the form with its points. Fills the score's form, version, points and answers.
// Code "score.bad_answers".
Result<> judge(const QualityForm& form, const nlohmann::ordered_json& answers, QualityScore& score);

}  // namespace citybridge::reports
