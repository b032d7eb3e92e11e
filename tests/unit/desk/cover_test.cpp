// Minimum cover of a named period (FLOWS.md C2).
#include "core/desk/cover.h"

#include <gtest/gtest.h>

#include "tests/unit/desk/calendar_fixture.h"

namespace citybridge::desk::testing {
namespace {

AgentPtr agent(const std::string& id, AgentPresence state) {
    Agent out;
    out.id = id;
    out.state = state;
    return std::make_shared<const Agent>(out);
}

Calendar filing_period() {
    CalendarDoc doc;
    doc.zone = "Asia/Shanghai";
    doc.week.fill({{480, 1200}});
    Period period;
    period.from = day(2026, 11, 1);
    period.to = day(2026, 11, 16);
    period.own_hours = false;
    period.name = "征期";
    period.cover = {{{720, 780}, 3, ""}, {{720, 780}, 2, "service"}, {{750, 780}, 1, "service"}};
    doc.periods = {period};
    return Calendar(doc);
}

std::vector<std::string> groups_of(const std::string& id) {
    if (id == "a1" || id == "a2") return {"service"};
    return {"sales", "late"};
}

struct Noon : ::testing::Test {
    const Calendar calendar = filing_period();
    std::vector<AgentPtr> agents{agent("a1", AgentPresence::ready), agent("a2", AgentPresence::not_ready),
                                 agent("a3", AgentPresence::talking), agent("a4", AgentPresence::logged_out)};
    std::vector<CoverNow> minute(int of_day, const std::string& without = {}, unsigned date = 3) {
        return cover_now(calendar, calendar.on_day(day(2026, 11, date), of_day), agents, groups_of, without);
    }
};

TEST_F(Noon, WhoIsSignedInAndNotOnABreakCounts) {
    const auto noon = minute(755);
    ASSERT_EQ(noon.size(), 2U) << "each group once";
    EXPECT_EQ(noon[0], (CoverNow{"", "征期", 3, 2}));
    EXPECT_EQ(noon[0].missing(), 1);
    EXPECT_EQ(noon[1], (CoverNow{"service", "征期", 2, 1})) << "the greater of two numbers";
    agents[1] = agent("a2", AgentPresence::wrap_up);
    EXPECT_EQ(minute(755)[1].missing(), 0);
    EXPECT_EQ(minute(755, "a2")[1].missing(), 1) << "were he gone";
    EXPECT_EQ(minute(755, "a3")[1].missing(), 0) << "somebody of another group";
}

TEST_F(Noon, OnlyInItsHoursAndItsDays) {
    EXPECT_TRUE(minute(719).empty());
    EXPECT_EQ(minute(720).size(), 2U);
    EXPECT_EQ(minute(779).size(), 2U);
    EXPECT_TRUE(minute(780).empty());
    EXPECT_TRUE(minute(750, {}, 17).empty()) << "the period is over";
    EXPECT_TRUE(cover_now(Calendar(), WallTime{}, agents, groups_of).empty());
}

}  // namespace
}  // namespace citybridge::desk::testing
