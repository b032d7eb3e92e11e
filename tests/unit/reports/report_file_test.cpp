#include <gtest/gtest.h>

#include "core/reports/definitions.h"
#include "core/reports/quality_form.h"

namespace citybridge::reports {
namespace {

std::string first_problem(const std::string& inside, const std::string& attributes = "rows=\"queue\"") {
    Problems problems;
    const auto report = read_report(
        "r.xml",
        "<report name=\"r\" title=\"t\" title_en=\"t\" roles=\"admin\" " + attributes + ">\n" + inside + "\n</report>",
        problems);
    EXPECT_FALSE(report);
    return problems.empty() ? std::string("none") : to_string(problems.front());
}

void expect_problem(const std::string& problem, const std::string& place, const std::string& words) {
    EXPECT_EQ(problem.substr(0, place.size()), place) << problem;
    EXPECT_NE(problem.find(words), std::string::npos) << problem;
}

TEST(ReportFile, refuses_what_is_wrong_with_its_place_and_remedy) {
    expect_problem(first_problem("<column figure=\"offred\"/>"), "r.xml:2:9:", "docs/reports.md");
    expect_problem(first_problem("<column figure=\"talk_utilisation\"/>"),
                   "r.xml:2:9:", "rows it can be given by: agent, group, hour, day");
    expect_problem(first_problem("<column figure=\"service_level_copc\"/>"), "r.xml:2:1:", "within_s");
    expect_problem(first_problem("<column figure=\"offered\" within_s=\"20\"/>"), "r.xml:2:26:", "within_s");
    expect_problem(first_problem("<column figure=\"offered\"/><column figure=\"offered\"/>"), "r.xml:2:", "name=");
    expect_problem(first_problem("<column figure=\"abandoned_after\" from_s=\"30\" to_s=\"10\"/>"),
                   "r.xml:2:46:", "more than from_s");
    expect_problem(first_problem("<filter by=\"kind\" is=\"repair\"/><column figure=\"offered\"/>"),
                   "r.xml:2:9:", "the columns it concerns");
    expect_problem(first_problem("<column figure=\"offered\"><filter by=\"kind\" is=\"x\"/></column>"),
                   "r.xml:2:34:", "knows no kind");
    expect_problem(first_problem(""), "r.xml:1:1:", "at least one <column");
    expect_problem(first_problem("<column figure=\"offered\"/>", "rows=\"queue moon\""), "r.xml:1:", "moon");
    expect_problem(first_problem("<column figure=\"offered\"/><schedule every=\"day\" at=\"26:00\" formats=\"csv\"/>"),
                   "r.xml:2:", "20:30");
    expect_problem(first_problem("<column figure=\"offered\"/><schedule every=\"week\" from=\"08:00\" "
                                 "formats=\"csv\"/>"),
                   "r.xml:2:", "every day");
    expect_problem(first_problem("<column figure=\"offered\"/><schedule every=\"day\" formats=\"pdf\"/>"),
                   "r.xml:2:", "json, csv, xlsx");
    expect_problem(first_problem("<row/>"), "r.xml:2:1:", "filter, column, schedule");
}

TEST(ReportFile, makes_names_of_columns_that_differ_by_their_numbers) {
    Problems problems;
    const auto report = read_report(
        "r.xml",
        "<report name=\"r\" title=\"t\" title_en=\"t\" roles=\"admin\"><column figure=\"service_level_copc\" "
        "within_s=\"20\"/><column figure=\"service_level_copc\" within_s=\"60\"/></report>",
        problems);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->columns[0].name, "service_level_copc_20");
    EXPECT_EQ(report->columns[1].name, "service_level_copc_60");
    EXPECT_EQ(formula_of(report->columns[1], false), "answered within 60 s ÷ offered (COPC)");
}

TEST(ShippedReports, are_right) {
    Problems problems;
    const ReportSet reports = load_reports(CITYBRIDGE_SOURCE_DIR "/config/reports", problems);
    for (const Problem& problem : problems) ADD_FAILURE() << to_string(problem);
    for (const char* name :
         {"agents", "centre", "departments", "dispositions", "groups_hourly", "outgoing", "quality", "queues",
          "repairs_not_in_time", "sales_leads_not_in_time", "satisfaction", "shift", "whole_day"})
        EXPECT_NE(reports.find(name), nullptr) << name;
}

TEST(Filters, of_a_request_are_refused_where_a_figure_does_not_know_them) {
    Problems problems;
    auto report = read_report("r.xml",
                              "<report name=\"r\" title=\"t\" title_en=\"t\" roles=\"admin\"><column "
                              "figure=\"offered\"/><column figure=\"talk_utilisation\"/></report>",
                              problems);
    ASSERT_TRUE(report);
    EXPECT_TRUE(add_filter(*report, "group", "east"));
    const auto refused = add_filter(*report, "queue", "sales");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "report.bad_filter");
    EXPECT_NE(refused.error().detail.find("agent, group"), std::string::npos);
    EXPECT_FALSE(add_filter(*report, "hour", "9"));
}

TEST(QualityForms, judge_only_whole_answers) {
    Problems problems;
    const auto forms = load_forms(CITYBRIDGE_SOURCE_DIR "/config/quality", problems);
    ASSERT_TRUE(problems.empty());
    ASSERT_EQ(forms.size(), 1U);
    EXPECT_EQ(forms[0].max_points(), 100);
    nlohmann::ordered_json answers;
    for (const FormItem& item : forms[0].items) answers[item.name] = item.points - 1;
    QualityScore score;
    ASSERT_TRUE(judge(forms[0], answers, score));
    EXPECT_EQ(score.points, 93);
    EXPECT_EQ(score.max_points, 100);
    answers["greeting"] = 11;
    EXPECT_EQ(judge(forms[0], answers, score).error().code, "score.bad_answers");
    answers["greeting"] = 1;
    answers["shoes"] = 1;
    EXPECT_NE(judge(forms[0], answers, score).error().detail.find("shoes"), std::string::npos);
    answers.erase("shoes");
    answers.erase("manner");
    EXPECT_NE(judge(forms[0], answers, score).error().detail.find("manner"), std::string::npos);
}

}  // namespace
}  // namespace citybridge::reports
