#include "core/desk/flow_file.h"

#include <gtest/gtest.h>

#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

// Line 1: flow; 2: field; 3, 4: states; 5: action; 6: follow-up; 7: ERP.
const std::vector<std::string> kGood{
    R"(<flow kind="visit" version="3" title="Visit" open_roles="agent" note_roles="agent admin">)",
    R"(<field name="wish" type="text" title="Wish" max_length="20"/>)",
    R"(<state name="new" title="New" initial="true"/>)",
    R"(<state name="done" title="Done" closed="true"/>)",
    R"(<action name="finish" title="Finish" from="new" to="done" roles="agent" optional_fields="wish"/>)",
    R"(<follow_up name="asked" question="Asked?" after="90min" set_by="open" settled_by="finish"/>)",
    R"(<erp connector="erp"><send on="open" message="open_order"/></erp>)",
    R"(</flow>)"};

// The good flow with one line replaced.
std::string with(std::size_t line, const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < kGood.size(); ++i) out += (i + 1 == line ? text : kGood[i]) + "\n";
    return out;
}

std::vector<std::string> wrong(const std::string& xml) {
    Problems problems;
    const auto flow = parse_flow("f.xml", xml, problems);
    EXPECT_EQ(flow.has_value(), problems.empty());
    std::vector<std::string> out;
    for (const Problem& problem : problems) out.push_back(to_string(problem));
    return out;
}

struct Case {
    std::size_t line;
    std::string text;
    std::string place;
    std::string words;
};

void expect_each(const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        const auto found = wrong(with(one.line, one.text));
        ASSERT_EQ(found.size(), 1U) << one.text << (found.size() > 1 ? "\n" + found[0] + "\n" + found[1] : "");
        EXPECT_EQ(found[0].rfind("f.xml:" + one.place + ": ", 0), 0U) << found[0];
        EXPECT_NE(found[0].find(one.words), std::string::npos) << found[0];
    }
}

TEST(FlowFile, EveryPartIsRead) {
    Problems problems;
    const auto flow = parse_flow("f.xml", with(0, ""), problems);
    ASSERT_TRUE(flow);
    EXPECT_EQ(flow->kind, "visit");
    EXPECT_EQ(flow->version, 3);
    EXPECT_EQ(flow->field("wish")->max_length, 20U);
    EXPECT_EQ(flow->initial().name, "new");
    EXPECT_TRUE(flow->is_closed("done"));
    EXPECT_EQ(flow->action("finish")->to, "done");
    EXPECT_EQ(flow->follow_ups.at(0).term.rule.after, std::chrono::minutes{90});
    EXPECT_TRUE(flow->follow_ups.at(0).set_on_open);
    EXPECT_EQ(flow->erps.at(0).sends.at(0).message, "open_order");
    EXPECT_EQ(flow->erp_of_source("erp"), &flow->erps[0]);
    EXPECT_EQ(flow->erp_of_source("other"), nullptr);
}

TEST(FlowFile, WordsThatMeanNothingAreSaidWithTheirPlace) {
    expect_each({
        {1, R"(<flow kind="Visit!" version="3" title="V" open_roles="agent" note_roles="agent">)", "1:7", "lower-case"},
        {1, R"(<flow kind="visit" version="x" title="V" open_roles="agent" note_roles="agent">)", "1:20",
         "whole number"},
        {1, R"(<flow kind="visit" version="3" title="V" open_roles="agent" note_roles="agent" lang="de">)", "1:80",
         "no attribute lang"},
        {2, R"(<field name="wish" type="texts" title="W"/>)", "2:20", "is no type of a field"},
        {2, R"(<field name="wish" type="choice" title="W"/>)", "2:1", "choices"},
        {2, R"(<field name="wish" type="date" max_length="3" title="W"/>)", "2:32", "max_length"},
        {2, R"(<field name="wish" type="text" title="W"><b/></field>)", "2:42", "holds no other elements"},
        {2, R"(<fields/>)", "2:1", "unknown here"},
        {5, R"(<action name="finish" title="F" from="new" to="done"/>)", "5:1", "roles"},
        {5, R"(<action name="finish" title="F" to="done" roles="agent"/>)", "5:1", "from"},
        {5, R"(<action name="finish" title="F" from="new new" to="done" roles="agent"/>)", "5:33", "stands twice"},
        {6, R"(<follow_up name="a" question="?" after="2 days" set_by="open" settled_by="finish"/>)", "6:34", "2h"},
        {6, R"(<follow_up name="a" question="?" after="2h" next_day_at="25:00" set_by="open" settled_by="finish"/>)",
         "6:45", "10:30"},
        {7, R"(<erp connector="erp"><post on="open" message="open_order"/></erp>)", "7:22", "send"},
    });
}

TEST(FlowFile, WhatDoesNotFitTogetherIsSaidWithItsPlace) {
    expect_each({
        {1, R"(<flow kind="visit" version="3" title="V" open_roles="boss" note_roles="agent">)", "1:42", "is no role"},
        {2, R"(<field name="wish" type="text" title="W"/><field name="wish" type="text" title="W"/>)", "2:50", "twice"},
        {3, R"(<state name="new" title="N" initial="true"/><state name="new" title="N"/>)", "3:52", "twice"},
        {3, R"(<state name="new" title="N" initial="true"/><state name="old" title="O"/>)", "3:52",
         "cannot be reached"},
        {4, R"(<state name="done" title="D"/>)", "1:1", "closed"},
        {5,
         R"(<action name="finish" title="F" from="new" to="gone" roles="agent"/>)"
         R"(<action name="end" title="E" from="new" to="done" roles="agent"/>)",
         "5:44", "\"gone\" is not defined"},
        {5,
         R"(<action name="finish" title="F" from="old" to="done" roles="agent"/>)"
         R"(<action name="end" title="E" from="new" to="done" roles="agent"/>)",
         "5:33", "\"old\" is not defined"},
        {5, R"(<action name="finish" title="F" from="new" to="done" roles="boss"/>)", "5:54", "is no role"},
        {5, R"(<action name="finish" title="F" from="new" to="done" roles="agent" required_fields="hope"/>)", "5:68",
         "\"hope\" is not defined"},
        {5,
         R"(<action name="finish" title="F" from="new" to="done" roles="agent" required_fields="wish" optional_fields="wish"/>)",
         "5:91", "required and optional"},
        {5,
         R"(<action name="finish" title="F" from="new" to="done" roles="agent"/>)"
         R"(<action name="notes" title="N" from="new" roles="agent"/>)",
         "5:77", "meaning of its own"},
        {6, R"(<follow_up name="a" question="?" after="2h" set_by="open" settled_by="end"/>)", "6:59",
         "\"end\" is not defined"},
        {6, R"(<follow_up name="a" question="?" after="2h" set_by="finish" settled_by="finish"/>)", "6:45", "closes"},
        {6, R"(<follow_up name="a" question="?" after="2h" due_state="done" set_by="open" settled_by="finish"/>)",
         "6:45", "must not close"},
        {7,
         R"(<erp connector="erp"><send on="open" message="open_order"/><send on="open" message="append_note"/></erp>)",
         "7:66", "already"},
        {7, R"(<erp connector="erp"><send on="ending" message="open_order"/></erp>)", "7:28", "ending"},
        {7, R"(<erp connector="erp"/><erp connector="erp"/>)", "7:23", "already"},
    });
}

TEST(FlowFile, TheInitialStateMustBeOneAndOpen) {
    const auto two = wrong(with(4, R"(<state name="done" title="D" closed="true" initial="true"/>)"));
    ASSERT_EQ(two.size(), 2U);
    EXPECT_NE(two[0].find("exactly one state"), std::string::npos);
    EXPECT_NE(two[1].find("must not be closed"), std::string::npos);
}

TEST(FlowFile, AnotherDocumentIsNoFlow) { EXPECT_EQ(wrong("<calendar/>").size(), 1U); }

TEST(FlowFile, AFolderWithoutFlowsIsAProblem) {
    Problems problems;
    load_flows("/nonexistent/flows", problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("cannot read"), std::string::npos);
}

TEST(XmlElementWords, DurationsTimesAndDaysAreReadOrRefused) {
    EXPECT_EQ(duration_of("2h"), std::chrono::hours{2});
    EXPECT_EQ(duration_of("30min"), std::chrono::minutes{30});
    EXPECT_EQ(duration_of("45s"), std::chrono::seconds{45});
    for (const char* text : {"", "h", "2", "0h", "-1h", "2h ", "2 h", "2hours", "8785h", "99999999999999999999h"})
        EXPECT_FALSE(duration_of(text)) << text;
    EXPECT_EQ(time_of_day("9:05"), 545);
    EXPECT_EQ(time_of_day("24:00"), 1440);
    for (const char* text : {"", "9", "9:5", "24:01", "9:60", "-9:00", "9:0x", "009:00"})
        EXPECT_FALSE(time_of_day(text)) << text;
    EXPECT_TRUE(day_of("2024-02-29"));
    for (const char* text : {"", "2026-02-29", "2026-13-01", "2026-1-01", "2026/01/01", "20260-1-01"})
        EXPECT_FALSE(day_of(text)) << text;
}

}  // namespace
}  // namespace citybridge::desk
