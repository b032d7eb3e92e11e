#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/desk/calendar_fixture.h"

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

    void put(const std::string& name, const std::string& xml) { std::ofstream(path(name)) << xml; }
    std::string path(const std::string& name) const { return (folder_ / (name + ".xml")).string(); }

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

TEST_F(CalendarFile, EveryMistakeOfPeriodsClosingsAndNightsIsSaidWithItsPlace) {
    const std::string open = "<calendar zone=\"UTC\">" + kWeek + "\n";
    const std::string period = open + "<period name=\"filing\" from=\"2026-11-01\" to=\"2026-11-15\">\n";
    expect_one(period + "<cover hours=\"12:00-13:00\"/></period></calendar>", "4:1", "people");
    expect_one(period + "<cover hours=\"12:00-13:00\" people=\"0\"/></period></calendar>", "4:28", "from 1 to");
    expect_one(period + "<holiday/></period></calendar>", "4:1", "only <week> and <cover>");
    expect_one(period + "</period>\n<period name=\"x\" from=\"2026-11-15\" to=\"2026-11-16\"/></calendar>", "5:1",
               "overlaps another");
    expect_one(open + "<period name=\"x\" from=\"2026-11-15\" to=\"2026-11-16\" no_leave=\"yes\"/></calendar>", "3:52",
               "true or false");
    expect_one(open + "<closing name=\"storm\" date=\"2026-11-23\" from=\"14:00\" to=\"9:00\"/></calendar>", "3:54",
               "ends after it begins");
    expect_one(open + "<closing name=\"storm\" date=\"2026-11-23\" from=\"2pm\"/></calendar>", "3:41",
               "a time such as 14:00");
    expect_one(open + "<closing name=\"storm\" from=\"14:00\"/></calendar>", "3:1", "date");
    expect_one(open + "<workday date=\"2026-10-10\" as=\"mo\"/></calendar>", "3:28", "is no day");
    expect_one(open + "<workday date=\"2026-10-10\" as=\"sun\"/></calendar>", "3:1", "has no hours");
    expect_one(open + "<workday date=\"2026-10-10\" open=\"9:00-12:00\" as=\"mon\"/></calendar>", "3:46", "not both");
    expect_one(open + "<week days=\"sat\" open=\"20:00-04:00\"/><week days=\"sun\" open=\"3:00-9:00\"/></calendar>",
               "1:1", "runs into the hours of sun");
}

TEST_F(CalendarFile, EveryPartOfAPeriodAndAClosingIsRead) {
    const Calendar calendar = read("<calendar zone=\"Asia/Shanghai\">" + kWeek +
                                   "<period name=\"征期\" from=\"2026-11-01\" to=\"2026-11-16\" no_leave=\"true\">"
                                   "<cover hours=\"12:00-13:00\" people=\"3\"/></period>"
                                   "<closing name=\"storm\" date=\"2026-11-23\" from=\"14:00\"/>"
                                   "<week days=\"fri\" open=\"20:00-04:00\"/></calendar>");
    ASSERT_TRUE(problems.empty()) << to_string(problems[0]);
    const Period* filing = calendar.period_on(testing::day(2026, 11, 16));
    ASSERT_NE(filing, nullptr);
    EXPECT_EQ(filing->name, "征期");
    EXPECT_TRUE(filing->no_leave);
    EXPECT_FALSE(filing->own_hours);
    EXPECT_EQ(filing->cover, (std::vector<Cover>{{{720, 780}, 3}}));
    EXPECT_EQ(calendar.period_on(testing::day(2026, 11, 17)), nullptr);
    EXPECT_EQ(calendar.hours_on(testing::day(2026, 11, 16)), (Hours{{540, 720}, {780, 1050}})) << "a Monday of it";
    EXPECT_FALSE(calendar.is_open(testing::shanghai("2026-11-23T14:00")));
    EXPECT_TRUE(calendar.is_open(testing::shanghai("2026-11-23T13:59")));
    EXPECT_TRUE(calendar.is_open(testing::shanghai("2026-11-28T03:00")));
}

TEST_F(CalendarFile, ADayOutsideOfTheYearIsAProblem) {
    const std::string year = "<calendar zone=\"UTC\" year=\"2026\">" + kWeek + "\n";
    expect_one(year + "<holiday name=\"x\" date=\"2025-12-31\"/></calendar>", "3:19", "not in the calendar's year");
    expect_one(year + "<holiday name=\"x\" from=\"2026-12-31\" to=\"2027-01-01\"/></calendar>", "3:37",
               "of its own year");
    expect_one(year + "<closing name=\"x\" date=\"2027-01-01\" from=\"9:00\"/></calendar>", "3:19", "year");
    expect_one("<calendar zone=\"UTC\" year=\"26\">" + kWeek + "</calendar>", "1:22", "from 2000 to 2199");
    expect_one("<calendar zone=\"UTC\" year=\"2026\" until=\"2026-10-01\">" + kWeek + "</calendar>", "1:34",
               "take until out");
    EXPECT_EQ(read(year + "</calendar>").doc().until, testing::day(2026, 12, 31));
}

class CalendarBases : public CalendarFile {
protected:
    void SetUp() override {
        CalendarFile::SetUp();
        put("y2025",
            "<calendar zone=\"Asia/Shanghai\" year=\"2025\"><holiday name=\"a\" date=\"2025-12-31\"/></calendar>");
        put("y2026",
            "<calendar zone=\"Asia/Shanghai\" year=\"2026\"><holiday name=\"a\" date=\"2026-10-01\"/>"
            "<workday name=\"b\" date=\"2026-10-10\"/></calendar>");
        put("y2028", "<calendar zone=\"Asia/Shanghai\" year=\"2028\"/>");
        put("both", "<calendar base=\"y2025 y2026\"/>");
        put("loop", "<calendar\n base=\"loop2\">" + kWeek + "</calendar>");
        put("loop2", "<calendar base=\"loop3\"/>");
        put("loop3", "<calendar base=\"loop\"/>");
        put("hours", "<calendar zone=\"Europe/Berlin\"><week days=\"sun\" open=\"10:00-11:00\"/></calendar>");
        put("differs",
            "<calendar zone=\"UTC\" year=\"2026\"><workday date=\"2026-10-01\" open=\"9:00-10:00\"/></calendar>");
    }
};

TEST_F(CalendarBases, DaysAndTheEndComeFromTheYears) {
    const Calendar calendar = read("<calendar base=\"both\">" + kWeek + "</calendar>");
    ASSERT_TRUE(problems.empty()) << to_string(problems[0]);
    EXPECT_EQ(calendar.doc().zone, "Asia/Shanghai");
    EXPECT_EQ(calendar.doc().until, testing::day(2026, 12, 31));
    EXPECT_FALSE(calendar.works_on(testing::day(2025, 12, 31)));
    EXPECT_FALSE(calendar.works_on(testing::day(2026, 10, 1)));
    EXPECT_TRUE(calendar.works_on(testing::day(2026, 10, 10)));
    EXPECT_EQ(calendar.doc().day_names.at(testing::day(2026, 10, 10)), "b");
}

TEST_F(CalendarBases, WhatTheCitySaysBeatsItsBase) {
    const Calendar calendar = read(
        "<calendar base=\"y2026 differs\" zone=\"UTC\" until=\"2026-06-30\">" + kWeek +
        "<workday date=\"2026-10-01\" open=\"10:00-12:00\"/><holiday name=\"own\" date=\"2026-10-10\"/></calendar>");
    ASSERT_TRUE(problems.empty()) << to_string(problems[0]);
    EXPECT_EQ(calendar.doc().zone, "UTC");
    EXPECT_EQ(calendar.doc().until, testing::day(2026, 6, 30));
    EXPECT_EQ(calendar.hours_on(testing::day(2026, 10, 1)), (Hours{{600, 720}}));
    EXPECT_FALSE(calendar.works_on(testing::day(2026, 10, 10)));
}

TEST_F(CalendarBases, HoursMayComeFromABaseToo) {
    const Calendar calendar = read("<calendar base=\"hours\"><holiday name=\"x\" date=\"2026-11-29\"/></calendar>");
    ASSERT_TRUE(problems.empty()) << to_string(problems[0]);
    EXPECT_EQ(calendar.doc().zone, "Europe/Berlin");
    EXPECT_EQ(calendar.hours_on(testing::day(2026, 11, 22)), (Hours{{600, 660}}));
    EXPECT_FALSE(calendar.works_on(testing::day(2026, 11, 29)));
    EXPECT_FALSE(calendar.doc().until.has_value());
}

TEST_F(CalendarBases, AShippedBaseIsFoundInItsFolder) {
    problems.clear();
    put("mine", "<calendar base=\"china\">" + kWeek + "</calendar>");
    const Calendar calendar =
        load_calendar(path("mine"), problems, std::string(CITYBRIDGE_SOURCE_DIR) + "/config/calendars");
    ASSERT_TRUE(problems.empty()) << to_string(problems[0]);
    EXPECT_FALSE(calendar.works_on(testing::day(2026, 10, 5)));
}

TEST_F(CalendarBases, EveryMistakeIsSaidWithItsPlace) {
    const std::string end = ">" + kWeek + "</calendar>";
    expect_one("<calendar zone=\"UTC\" base=\"atlantis\"" + end, "1:22", "there is no calendar \"atlantis\"");
    expect_one("<calendar zone=\"UTC\" base=\"both both\"" + end, "1:22", "stands twice");
    expect_one("<calendar base=\"y2026 y2028\"" + end, "1:11", "the days from 2027-01-01 to 2027-12-31");
    expect_one("<calendar base=\"y2026 differs\"" + end, "1:11", "two bases differ on 2026-10-01");
    expect_one("<calendar base=\"hours standard\"" + end, "1:11", "there is no calendar \"standard\"");
    expect_one("<calendar base=\"both\"/>", "1:1", "no weekday has hours");
    put("more", "<calendar zone=\"UTC\">" + kWeek + "</calendar>");
    expect_one("<calendar base=\"hours more\"/>", "1:11", "both");
    put("broken", "<calendar zone=\"UTC\">\n<weak/></calendar>");
    expect_one("<calendar base=\"broken\"" + end, "2:1", "unknown here");
    problems.clear();
    load_calendar(path("loop"), problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("loop -> loop2 -> loop3 -> loop"), std::string::npos) << problems[0].message;
    EXPECT_NE(problems[0].where.file.find("loop3.xml"), std::string::npos);
}

TEST_F(CalendarBases, OtherCalendarsOfTheCityAreFoundByName) {
    problems.clear();
    put("city", "<calendar base=\"y2026\">" + kWeek + "</calendar>");
    const Calendars calendars = load_calendars(path("city"), "", {{"hours", {"f.xml", 3, 7}}, {"city", {}}}, problems);
    ASSERT_TRUE(problems.empty()) << to_string(problems[0]);
    EXPECT_EQ(calendars.city_name(), "city");
    EXPECT_EQ(calendars.find("hours")->doc().zone, "Europe/Berlin");
    EXPECT_EQ(calendars.find(""), &calendars.city());
    EXPECT_EQ(calendars.find("atlantis"), nullptr);
    EXPECT_EQ(calendars.names(), (std::vector<std::string>{"city", "hours"}));
    load_calendars(path("city"), "", {{"atlantis", {"f.xml", 3, 7}}}, problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].where.file + ":" + std::to_string(problems[0].where.line), "f.xml:3");
}

TEST_F(CalendarFile, AMissingFileIsAProblem) {
    load_calendar("/nonexistent/c.xml", problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("cannot read"), std::string::npos);
}

}  // namespace
}  // namespace citybridge::desk
