// Who gets a scheduled report by mail is known before it is made.
#include "core/node/city_reports.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace citybridge {
namespace {

class CityReports : public testing::Test {
protected:
    CityReports() : folder_(std::filesystem::temp_directory_path() / ("city_reports_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_);
        settings_.folder = folder_.string();
        settings_.out = "reports";
        config_.city = "beijing";
        put("daily", R"(<schedule every="day" formats="csv"/>)");
        put("asked", "");
        Problems problems;
        book_.directory = desk::parse_directory("d.xml", R"(<directory>
  <entry name="site" title="Site"><person name="Zhou" email="zhou@example.com" user="zhou"/></entry>
  <entry name="desk" title="Desk"><person name="Wu" mobile="13900000001" user="wu"/></entry>
  <entry name="far" title="Far" city="shanghai"><person name="Li" email="li@example.com"/></entry></directory>)",
                                                problems);
        EXPECT_TRUE(problems.empty());
        book_.channels["email"] = "mail";
    }
    ~CityReports() override { std::filesystem::remove_all(folder_); }

    void put(const std::string& name, const std::string& schedule) const {
        std::ofstream(folder_ / (name + ".xml")) << "<report name=\"" << name
                                                 << R"(" title="日报" title_en="Daily" roles="supervisor" rows="group">
  <column figure="orders_opened"/>
  )" << schedule << "</report>";
    }
    // As `<reports mail="...">` in line 7 of the node's file says.
    std::vector<std::string> problems_of(std::vector<std::string> mail) {
        settings_.mail = std::move(mail);
        config_.sections["reports"] = {{"node.xml", 7, 3}, {{"mail", "", {"node.xml", 7, 20}}}};
        Problems problems;
        reports_ = load_city_reports(config_, settings_, book_, problems);
        std::vector<std::string> out;
        for (const Problem& problem : problems) out.push_back(to_string(problem));
        return out;
    }
    void expect_one(const std::vector<std::string>& mail, const std::string& words) {
        EXPECT_THAT(problems_of(mail), testing::ElementsAre(testing::AllOf(testing::StartsWith("node.xml:7:20: "),
                                                                           testing::HasSubstr(words))))
            << mail[0];
    }

    std::filesystem::path folder_;
    NodeConfig config_;
    ReportsConfig settings_;
    desk::FlowBook book_;
    reports::ReportSet reports_;
};

TEST_F(CityReports, ACityNamesWhoGetsAShippedReport) {
    EXPECT_THAT(problems_of({"daily=directory:site", "daily=user:zhou", "daily=boss@example.com"}), testing::IsEmpty());
    EXPECT_THAT(reports_.find("daily")->schedule->mail_to,
                testing::ElementsAre("directory:site", "user:zhou", "boss@example.com"));
    EXPECT_THAT(problems_of({}), testing::IsEmpty());
}

TEST_F(CityReports, WhomNoMailReachesIsRefusedWithItsPlaceAndARemedy) {
    expect_one({"daily=directory:gone"}, "no entry \"gone\" for beijing; add <entry");
    expect_one({"daily=directory:far"}, "no entry \"far\" for beijing");
    expect_one({"daily=directory:desk"}, "nobody of \"desk\" has an e-mail address; write email=");
    expect_one({"daily=user:gone"}, "nobody in the directory is user \"gone\"; write user=");
    expect_one({"daily=user:wu"}, "user \"wu\" has no e-mail address; write email=");
    expect_one({"daily=group:sales"}, "write REPORT=directory:ENTRY");
    expect_one({"daily"}, "write REPORT=directory:ENTRY");
    expect_one({"weekly=user:zhou"}, "no report \"weekly\"; use one of: asked, daily");
    expect_one({"asked=user:zhou"}, "give it a <schedule>");
}

TEST_F(CityReports, AMailThatNothingCarriesOrNobodyMakesIsRefused) {
    settings_.out.clear();
    expect_one({"daily=user:zhou"}, "name their folder in <reports out=");
    settings_.out = "reports";
    book_.channels.clear();
    expect_one({"daily=user:zhou"}, "no plugin that carries e-mail");
}

TEST_F(CityReports, WhatAReportsOwnFileNamesIsCheckedAtItsPlace) {
    put("daily", R"(<schedule every="day" formats="csv" mail_to="directory:gone"/>)");
    const auto found = problems_of({});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_THAT(found[0], testing::HasSubstr("daily.xml:3:39: "));
    EXPECT_THAT(found[0], testing::HasSubstr("no entry \"gone\""));
}

}  // namespace
}  // namespace citybridge
