// What agents ask for themselves. Answers as recorded in captures 07 and 14.
#include <gtest/gtest.h>

#include "tests/unit/asterisk/session_driver.h"

namespace citybridge::asterisk {
namespace {

struct AsteriskAgents : ::testing::Test {
    AsteriskAgents() { driver.make_ready(); }

    void want(AgentWish value, const std::vector<std::string>& queues) {
        driver.session.set_agent_state({"SIP/1003", "SIP/1003", value, "", queues}, driver.expect_reply(), driver.now);
        driver.pass(Millis(0));
    }
    void member(const std::string& event) {
        driver.event({{"Event", event},
                      {"Queue", "billing"},
                      {"MemberName", "主管"},
                      {"Interface", "SIP/1003"},
                      {"StateInterface", "SIP/1003"},
                      {"Status", "1"}});
    }
    void expect(CommandOutcome outcome, const std::string& reason) {
        ASSERT_EQ(driver.replies.size(), 1U);
        EXPECT_EQ(to_string(driver.replies[0].outcome), to_string(outcome));
        EXPECT_EQ(driver.replies[0].reason, reason);
    }

    SessionDriver driver;
};

TEST_F(AsteriskAgents, LogInToEachQueueUnderTheNameThePbxKnows) {
    member("QueueMemberAdded");
    member("QueueMemberRemoved");
    want(AgentWish::log_in, {"sales", "billing"});
    EXPECT_EQ(driver.count("QueueAdd"), 2U);
    EXPECT_EQ(driver.sent("QueueAdd", "Interface"), "SIP/1003");
    EXPECT_EQ(driver.sent("QueueAdd", "MemberName"), "主管");
    EXPECT_EQ(driver.sent("QueueAdd", "StateInterface"), "SIP/1003");
    driver.answer("QueueAdd", "Success", {{"Message", "Added interface to queue"}});
    EXPECT_TRUE(driver.replies.empty()) << "one of two";
    driver.answer("QueueAdd", "Error", {{"Message", "Unable to add interface: Already there"}});
    expect(CommandOutcome::succeeded, "");
}

TEST_F(AsteriskAgents, AnUnknownQueueFailsTheLogIn) {
    want(AgentWish::log_in, {"nosuch", "sales"});
    driver.answer("QueueAdd", "Error", {{"Message", "Unable to add interface to queue: No such queue"}});
    driver.answer("QueueAdd", "Success", {{"Message", "Added interface to queue"}});
    expect(CommandOutcome::failed, "failed");
}

TEST_F(AsteriskAgents, WithoutAnyQueueTheLogInSaysSo) {
    want(AgentWish::log_in, {});
    expect(CommandOutcome::failed, "failed");
    EXPECT_EQ(driver.log.back().code, "asterisk.no_queue");
}

TEST_F(AsteriskAgents, LogOutLeavesTheQueuesHeIsIn) {
    member("QueueMemberAdded");
    want(AgentWish::log_out, {});
    EXPECT_EQ(driver.sent("QueueRemove", "Queue"), "billing");
    driver.answer("QueueRemove", "Success", {{"Message", "Removed interface from queue"}});
    expect(CommandOutcome::succeeded, "");
    driver.replies.clear();
    want(AgentWish::log_out, {"billing"});
    driver.answer("QueueRemove", "Error", {{"Message", "Unable to remove interface: Not there"}});
    expect(CommandOutcome::succeeded, "");
}

TEST_F(AsteriskAgents, WhoIsInNoQueueIsOutAlready) {
    want(AgentWish::log_out, {});
    expect(CommandOutcome::succeeded, "");
    EXPECT_EQ(driver.count("QueueRemove"), 0U);
}

TEST_F(AsteriskAgents, OneLostAnswerMakesTheWholeUnknown) {
    want(AgentWish::not_ready, {"sales", "billing"});
    driver.answer("QueuePause", "Success", {{"Message", "Interface paused successfully"}});
    driver.pass(Millis(5'000));
    expect(CommandOutcome::unknown, "timeout");
}

TEST_F(AsteriskAgents, APhoneThatIsNotRegisteredIsNotDialled) {
    const auto device = [&](const char* state) {
        driver.event({{"Event", "DeviceStateChange"}, {"Device", "SIP/1003"}, {"State", state}});
    };
    device("UNAVAILABLE");
    driver.session.dial({"d", "SIP/1003", "13912345678", Millis(1'000)}, driver.expect_reply(), driver.now);
    driver.pass(Millis(0));
    expect(CommandOutcome::failed, "unreachable");
    EXPECT_EQ(driver.count("Originate"), 0U);
    device("NOT_INUSE");
    driver.session.dial({"e", "SIP/1003", "13912345678", Millis(1'000)}, driver.expect_reply(), driver.now);
    driver.pass(Millis(0));
    EXPECT_EQ(driver.count("Originate"), 1U);
}

}  // namespace
}  // namespace citybridge::asterisk
