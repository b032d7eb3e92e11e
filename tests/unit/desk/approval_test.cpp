// Approvals (E6): steps in order, never by who asked.
#include "tests/unit/desk/engine_room.h"

namespace citybridge::desk::testing {
namespace {

using std::chrono::hours;

const Actor kPersonnel{"personnel", "admin", {}};
const std::string kLeave = R"(<approval name="leave" start="open" approved="grant" rejected="refuse">
      <step title="Team lead" by="group_lead" within="4h" late="silent"/>
      <step title="Manager" by="role:supervisor" within="1d"><when field="amount" at_least="2"/></step></approval>
    <escalation name="silent"><step to="role:supervisor" channel="screen"/></escalation>
    <action name="grant" from="new" to="waiting" roles="system" title="G"/>
    <action name="refuse" from="new" to="done" roles="system" title="R"/>)";

TEST(Approval, OneDayNeedsTheTeamLeadOnly) {
    EngineRoom room(kLeave);
    const std::string id = room.open({{"amount", 1}});
    ASSERT_EQ(room.told(id).size(), 1U);
    EXPECT_EQ(room.told(id)[0].to_user, "zhao");
    EXPECT_EQ(room.refused(kWang, ActOnOrder{id, "approve", {}, "", {}}), "order.not_yours_to_approve");
    EXPECT_EQ(room.refused(kBoss, ActOnOrder{id, "approve", {}, "", {}}), "order.not_yours_to_approve");
    const Decision decision = room.act(id, "approve", kLead);
    EXPECT_EQ(room.order(id).state, "waiting");
    EXPECT_EQ(nlohmann::json::parse(decision.reply.body).at("approvals")[0].at("state"), "approved");
    EXPECT_TRUE(room.only_idle(id));
    EXPECT_EQ(room.refused(kLead, ActOnOrder{id, "approve", {}, "", {}}), "order.action_not_possible");
}

TEST(Approval, LongerNeedsTheManagerToo) {
    EngineRoom room(kLeave);
    const std::string id = room.open({{"amount", 2}});
    room.act(id, "approve", kLead);
    EXPECT_EQ(room.order(id).state, "new");
    EXPECT_EQ(room.refused(kLead, ActOnOrder{id, "approve", {}, "", {}}), "order.not_yours_to_approve");
    room.act(id, "approve", kBoss);
    EXPECT_EQ(room.order(id).state, "waiting");
}

TEST(Approval, OneNoIsTheEnd) {
    EngineRoom room(kLeave);
    const std::string id = room.open({{"amount", 2}});
    room.act(id, "reject", kLead, Fields::object(), "too many away");
    EXPECT_EQ(room.order(id).state, "done");
    EXPECT_EQ(room.last(id).action, "reject");
    EXPECT_EQ(room.last(id).detail.at("taken"), "refuse");
    EXPECT_TRUE(room.view.open_deadlines(id).empty());
}

TEST(Approval, NobodyApprovesHisOwnRequestWhateverHisRole) {
    EngineRoom room(kLeave);
    const std::string id = room.open({{"amount", 1}}, kLead);
    EXPECT_EQ(room.refused(kLead, ActOnOrder{id, "approve", {}, "", {}}), "order.not_yours_to_approve");
    EXPECT_EQ(room.refused(kLead, ActOnOrder{id, "reject", {}, "", {}}), "order.not_yours_to_approve");
}

TEST(Approval, WhoeverIsLateIsReported) {
    EngineRoom room(kLeave);
    const std::string id = room.open({{"amount", 1}});
    room.pass(hours{4});
    EXPECT_EQ(room.told(id).back().to_user, "sun");
    EXPECT_EQ(room.last(id).action, "overdue");
    room.act(id, "approve", kLead);
    EXPECT_EQ(room.order(id).state, "waiting");
}

TEST(Approval, AQuorumIsOfDifferentPeople) {
    EngineRoom room(R"(<approval name="buy" start="action:wait" approved="grant" rejected="refuse">
      <step by="role:supervisor" quorum="2"/></approval>
    <action name="grant" from="waiting" to="done" roles="system" title="G"/>
    <action name="refuse" from="waiting" to="new" roles="system" title="R"/>)");
    const Actor other{"zhang", "supervisor", {}};
    const std::string id = room.open();
    EXPECT_EQ(room.refused(kBoss, ActOnOrder{id, "approve", {}, "", {}}), "order.action_not_possible");
    room.act(id, "wait");
    room.act(id, "approve", kBoss);
    EXPECT_EQ(room.refused(kBoss, ActOnOrder{id, "approve", {}, "", {}}), "order.not_yours_to_approve");
    room.act(id, "approve", other);
    EXPECT_EQ(room.order(id).state, "done");
}

TEST(Approval, ADeputyMayActWhereTheFlowSaysSo) {
    const auto flow = [](const std::string& more) {
        return R"(<approval name="buy" start="open" approved="grant" rejected="refuse">
            <step by="directory:repairs" )" +
               more + R"(/></approval>
            <action name="grant" from="new" to="done" roles="system" title="G"/>
            <action name="refuse" from="new" to="waiting" roles="system" title="R"/>)";
    };
    const Actor zhou{"zhou", "team_lead", {}};
    EngineRoom room(flow(R"(deputies="true")"));
    const std::string id = room.open();
    room.act(id, "approve", zhou);
    EXPECT_EQ(room.order(id).state, "done");
}

TEST(Approval, ADeputyWhoIsAnAgentOfAnotherGroupIsAskedTooAndApproves) {
    const auto flow = [](const std::string& more) {
        return R"(<approval name="cost" start="open" approved="grant" rejected="finish"><step by="directory:money" )" +
               more + R"(/></approval><action name="grant" from="new" to="waiting" roles="system" title="G"/>)";
    };
    const Actor deputy{"lv", "agent", {"finance"}}, gone{"old", "agent", {"finance"}};
    EngineRoom only_first(flow(""));
    EXPECT_EQ(only_first.refused(deputy, ActOnOrder{only_first.open(), "approve", {}, "", {}}), "order.unknown");
    EngineRoom room(flow(R"(deputies="true")"));
    const std::string id = room.open();
    ASSERT_EQ(room.told(id).size(), 2U);
    EXPECT_EQ(room.told(id)[0].to_user, "he");
    EXPECT_EQ(room.told(id)[1].to_user, "lv");
    EXPECT_EQ(room.refused(gone, ActOnOrder{id, "approve", {}, "", {}}), "order.unknown") << "he serves no more";
    room.act(id, "approve", deputy);
    EXPECT_EQ(room.order(id).state, "waiting");
}

TEST(Approval, EndsWithTheOrder) {
    EngineRoom room(kLeave);
    const std::string id = room.open({{"amount", 1}});
    room.act(id, "finish");
    EXPECT_EQ(room.refused(kLead, ActOnOrder{id, "approve", {}, "", {}}), "order.action_not_possible");
    EXPECT_TRUE(room.view.open_deadlines(id).empty());
}

}  // namespace
}  // namespace citybridge::desk::testing
