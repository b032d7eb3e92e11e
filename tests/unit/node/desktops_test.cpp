// A whole node and an agent who closes his laptop.
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

struct DesktopOfANode : WholeNode {
    nlohmann::json agent(const std::string& id) { return ask("GET", "/v1/agents/SIM%2F" + id).json(); }
};

TEST_F(DesktopOfANode, an_agent_who_goes_away_gets_no_more_calls_and_the_others_do) {
    setup_.more_sections = "  <calls desktop_grace_seconds=\"1\"/>\n";
    setup_.pbx_settings = "<break_minutes_between>0</break_minutes_between>";  // nobody pauses by himself
    begin();
    ASSERT_EQ(agent("1001")["state"], "ready");
    {
        const auto stream = stream_of("agent1");
        EXPECT_EQ(agent("1001")["state"], "ready");
    }
    ASSERT_TRUE(eventually([&] { return agent("1001")["state"] == "not_ready"; })) << agent("1001").dump();
    EXPECT_EQ(agent("1001")["reason"], "desktop gone");
    EXPECT_EQ(agent("1001")["cause"], "desktop_gone");
    EXPECT_EQ(agent("1002")["state"], "ready") << "he never had a desktop";
    // He comes back and says himself that he is ready.
    const auto stream = stream_of("agent1");
    EXPECT_EQ(ask("PUT", "/v1/agents/SIM%2F1001/state", "agent1", {{"state", "ready"}}).status, 202);
    ASSERT_TRUE(eventually([&] { return agent("1001")["state"] == "ready"; }));
    EXPECT_EQ(agent("1001")["cause"], "api");
}

}  // namespace
}  // namespace citybridge::test
