#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/desk/calendar.h"

namespace citybridge::desk {
namespace {

class CalendarFile : public ::testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "calendarXXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    Calendar read(const std::string& xml) {
        problems.clear();
        const std::string path = (folder_ / "c.xml").string();
        std::ofstream(path) << xml;
        return load_calendar(path, problems);
    }
    // "line:column: message" of each problem.
    std::vector<std::string> wrong(const std::string& xml) {
        read(xml);
        std::vector<std::string> out;
        for (const Problem& problem : problems)
            out.push_back(std::to_string(problem.where.line) + ":" + std::to_string(problem.where.column) + ": " +
                          problem.message);
        return out;
    }
    void expect_one(const std::string& xml, const std::string& place, const std::string& words) {
        const auto found = wrong(xml);
        ASSERT_EQ(found.size(), 1U) << (found.empty() ? xml : found[1]);
        EXPECT_EQ(found[0].rfind(place + ": ", 0), 0U) << found[0];
        EXPECT_NE(found[0].find(words), std::string::npos) << found[0];
    }

    Problems problems;

private:
    std::filesystem::path folder_;
};

const std::string kWeek = "\n<week days=\"mon tue\" open=\"09:00-12:00 13:00-17:30\"/>";

TEST_F(CalendarFile, EveryPartIsRead) {
    const Calendar calendar = read("<calendar zone=\"Asia/Shanghai\" until=\"2026-12-31\">" + kWeek +
                                   "<holiday name=\"National Day\" from=\"2026-10-01\" to=\"2026-10-07\"/>"
                                   "<workday date=\"2026-10-10\" open=\"9:00-12:00\"/>"
                                   "<period name=\"filing\" from=\"2026-11-01\" to=\"2026-11-15\">"
                                   "<week days=\"sun\" open=\"10:00-24:00\"/></period></calendar>");
    EXPECT_TRUE(problems.empty());
    const CalendarDoc& doc = calendar.doc();
    EXPECT_EQ(doc.week[1], (Hours{{540, 720}, {780, 1050}}));
    EXPECT_TRUE(doc.week[3].empty());
    EXPECT_EQ(doc.days.size(), 8U);
    ASSERT_EQ(doc.periods.size(), 1U);
    EXPECT_EQ(doc.periods[0].week[0], (Hours{{600, 1440}}));
    EXPECT_TRUE(doc.until.has_value());
}

TEST_F(CalendarFile, EveryMistakeIsSaidWithItsPlace) {
    const std::string open = "<calendar zone=\"UTC\">" + kWeek + "\n";
    expect_one("<calender/>", "1:1", "<calendar>");
    expect_one("<calendar zone=\"Asia/Atlantis\">" + kWeek + "</calendar>", "1:11", "IANA");
    expect_one("<calendar>" + kWeek + "</calendar>", "1:1", "zone");
    expect_one("<calendar zone=\"UTC\"/>", "1:1", "no weekday has hours");
    expect_one(open + "<weeks/></calendar>", "3:1", "unknown here");
    expect_one(open + "<week days=\"son\" open=\"9:00-10:00\"/></calendar>", "3:7", "\"son\" is no day");
    expect_one(open + "<week days=\"mon\" open=\"9:00-10:00\"/></calendar>", "3:7", "mon has hours already");
    expect_one(open + "<week days=\"fri\" open=\"10:00-9:00\"/></calendar>", "3:18", "end after the start");
    expect_one(open + "<week days=\"fri\" open=\"9:00-25:00\"/></calendar>", "3:18", "09:00-12:00");
    expect_one(open + "<week days=\"fri\" open=\"9:00-12:00 11:00-13:00\"/></calendar>", "3:18", "in order");
    expect_one(open + "<week days=\"fri\" open=\"9:00-12:00\" close=\"1\"/></calendar>", "3:36", "no attribute close");
    expect_one(open + "<holiday name=\"x\" date=\"2026-02-29\"/></calendar>", "3:19", "must be a date");
    expect_one(open + "<holiday name=\"x\" from=\"2026-02-03\" to=\"2026-02-01\"/></calendar>", "3:37", "before from");
    expect_one(open + "<holiday date=\"2026-02-03\"/></calendar>", "3:1", "name");
    expect_one(
        open + "<holiday name=\"x\" date=\"2026-02-03\"/><workday date=\"2026-02-03\" open=\"9:00-10:00\"/></calendar>",
        "3:38", "already");
    expect_one(open + "text</calendar>", "3:1", "no text");
}

TEST_F(CalendarFile, AMissingFileIsAProblem) {
    load_calendar("/nonexistent/c.xml", problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("cannot read"), std::string::npos);
}

}  // namespace
}  // namespace citybridge::desk
