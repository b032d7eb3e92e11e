// The tables as FreeSWITCH prints them (commands.esl, agent_status.esl, queue_abandon.esl).
#include "adapters/freeswitch/snapshot.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace citybridge::freeswitch {
namespace {

constexpr std::string_view kChannels =
    R"({"row_count":2,"rows":[{"uuid":"a","direction":"inbound","created":"2026-11-21 19:39:39","created_epoch":"1795289979",)"
    R"("name":"sofia/internal/13901234567@127.0.0.1:5260","state":"CS_EXECUTE","cid_name":"张伟","cid_num":"13901234567",)"
    R"("dest":"ivr-1","application":"bridge","application_data":"user/1001","callstate":"ACTIVE","callee_name":"Outbound Call",)"
    R"("callee_num":"1001","call_uuid":"a","initial_cid_name":"张伟","initial_cid_num":"13901234567","initial_dest":"01062345678"},)"
    R"({"uuid":"b","direction":"outbound","created_epoch":"1795289980","name":"sofia/internal/1001@127.0.0.1:5271",)"
    R"("cid_num":"13901234567","dest":"1001","application":"","presence_id":"1001@127.0.0.1","callstate":"ACTIVE",)"
    R"("callee_name":"Outbound Call","callee_num":"1001","call_uuid":"a","initial_cid_num":"13901234567","initial_dest":"1001"}]})";
constexpr std::string_view kAgents =
    "name|instance_id|uuid|type|contact|status|state|max_no_answer|wrap_up_time|reject_delay_time\n"
    "1001@beijing|single_box||callback|[leg_timeout=15]user/1001|On Break|Waiting|3|7|5\n"
    "zhang@beijing|single_box||callback|user/1005|Available|Waiting|3|3|5\n+OK\n";
constexpr std::string_view kMembers =
    "queue|instance_id|uuid|session_uuid|cid_number|cid_name|system_epoch|joined_epoch|rejoined_epoch|bridge_epoch|"
    "abandoned_epoch|base_score|skill_score|serving_agent|serving_system|state|score\n"
    "repair@beijing|single_box|03c6b9a4|a|136|136|1795289764|1795289764|0|0|0|0|0|||Waiting|5\n"
    "repair@beijing|single_box|03c6b9a5|gone|136|136|1795289764|1795289700|0|0|1795289765|0|0|||Abandoned|5\n+OK\n";

const signal::SnapshotChannel& channel(const signal::Snapshot& snapshot, std::string_view id) {
    return *std::find_if(snapshot.channels.begin(), snapshot.channels.end(), [&](const auto& c) { return c.id == id; });
}

struct SnapshotTest : testing::Test {
    Translator translator{TranslatorSettings{}};
    SnapshotBuilder builder{translator};
};

TEST_F(SnapshotTest, ACallOfTwoWithItsOriginalNumbers) {
    ASSERT_TRUE(builder.add(Listing::channels, kChannels));
    ASSERT_TRUE(builder.add(Listing::calls, R"({"row_count":1,"rows":[{"uuid":"a","b_uuid":"b"}]})"));
    const signal::Snapshot snapshot = builder.finish({});
    ASSERT_EQ(snapshot.channels.size(), 2U);
    const auto& customer = channel(snapshot, "a");
    EXPECT_EQ(customer.started.number, "13901234567");
    EXPECT_EQ(customer.started.name, "张伟");
    EXPECT_EQ(customer.started.dialled, "01062345678");
    EXPECT_EQ(customer.started.state, ChannelState::up);
    EXPECT_EQ(customer.started_at, WallTime(std::chrono::seconds(1'795'289'979)));
    const auto& agent = channel(snapshot, "b");
    EXPECT_EQ(agent.started.device, "1001");
    EXPECT_EQ(agent.dialled_by, "a");
    EXPECT_FALSE(agent.bridge.empty());
    EXPECT_EQ(agent.bridge, customer.bridge);
}

TEST_F(SnapshotTest, TheBridgeHasTheNameThatItsEventsGiveIt) {
    ASSERT_TRUE(builder.add(Listing::channels, kChannels));
    ASSERT_TRUE(builder.add(Listing::calls, R"({"row_count":1,"rows":[{"uuid":"a","b_uuid":"b"}]})"));
    const std::string bridge = channel(builder.finish({}), "a").bridge;
    Event event;
    ASSERT_TRUE(event.read_block(
        "Event-Name: CHANNEL_UNBRIDGE\nUnique-ID: a\nBridge-A-Unique-ID: a\nBridge-B-Unique-ID: b\n", true));
    std::vector<PbxSignal> out;
    translator.translate(event, WallTime{}, out);
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(std::get<signal::BridgeLeft>(out[0].body).bridge, bridge);
}

TEST_F(SnapshotTest, NoRowsIsNoError) {
    EXPECT_TRUE(builder.add(Listing::channels, R"({"row_count":0})"));
    EXPECT_TRUE(builder.add(Listing::calls, R"({"row_count":0})"));
    EXPECT_TRUE(builder.add(Listing::queue_members, "+OK\n"));
    EXPECT_TRUE(builder.finish({}).channels.empty());
}

TEST_F(SnapshotTest, WhatIsNoTableIsRefused) {
    for (const std::string_view answer : {"", "-ERR", "[]", "{", "null", "-USAGE: codec|endpoint\n"})
        EXPECT_FALSE(builder.add(Listing::channels, answer)) << answer;
    EXPECT_FALSE(builder.add(Listing::agents, "-ERR callcenter_config Command not found!\n"));
}

TEST_F(SnapshotTest, AgentsWithTheirQueuesBreaksAndPhones) {
    ASSERT_TRUE(builder.add(Listing::agents, kAgents));
    ASSERT_TRUE(builder.add(Listing::tiers,
                            "queue|agent|state|level|position\nrepair@beijing|1001@beijing|Ready|1|1\n"
                            "sales@beijing|1001@beijing|Ready|1|1\n+OK\n"));
    const auto members = builder.finish({}).members;
    ASSERT_EQ(members.size(), 3U);
    EXPECT_EQ(members[0].agent, "1001");
    EXPECT_EQ(members[0].queue, "repair@beijing");
    EXPECT_EQ(members[0].pause, signal::MemberChanged::Pause::paused);
    EXPECT_EQ(members[0].wrap_up_seconds, 7);
    EXPECT_EQ(members[1].queue, "sales@beijing");
    EXPECT_EQ(members[2].agent, "zhang");
    EXPECT_EQ(members[2].device, "1005");
    EXPECT_EQ(members[2].pause, signal::MemberChanged::Pause::unpaused);
}

TEST_F(SnapshotTest, WhoWaitsInAQueueAndWhoGaveUp) {
    ASSERT_TRUE(builder.add(Listing::queue_members, kMembers));
    const auto callers = builder.finish({}).queue_callers;
    ASSERT_EQ(callers.size(), 1U);
    EXPECT_EQ(callers[0].channel, "a");
    EXPECT_EQ(callers[0].queue, "repair@beijing");
    EXPECT_EQ(callers[0].entered_at, WallTime(std::chrono::seconds(1'795'289'764)));
}

TEST_F(SnapshotTest, APhoneRungByAQueueIsLinkedByTheAgentsName) {
    ASSERT_TRUE(builder.add(Listing::agents, kAgents));
    ASSERT_TRUE(
        builder.add(Listing::channels,
                    R"({"row_count":1,"rows":[{"uuid":"b","direction":"outbound","name":"sofia/internal/1001@x",)"
                    R"("callstate":"RINGING","initial_dest":"1001","call_uuid":"b"}]})"));
    ASSERT_TRUE(builder.add(
        Listing::queue_members,
        "queue|session_uuid|joined_epoch|serving_agent|state\nrepair@beijing|a|1795289764|1001@beijing|Trying\n+OK\n"));
    EXPECT_EQ(channel(builder.finish({}), "b").dialled_by, "a");
}

TEST_F(SnapshotTest, AConferenceIsNamedAsPeopleDialIt) {
    ASSERT_TRUE(builder.add(
        Listing::channels,
        R"({"row_count":1,"rows":[{"uuid":"a","direction":"inbound","name":"sofia/internal/139@x",)"
        R"("callstate":"ACTIVE","application":"conference","application_data":"3000@default+flags{mute}"}]})"));
    const auto snapshot = builder.finish({});
    EXPECT_EQ(snapshot.channels.at(0).bridge_name, "3000");
    EXPECT_EQ(snapshot.channels.at(0).bridge_kind, BridgeKind::conference);
}

// `show bridged_calls` lists it with the first sound of the line.
TEST_F(SnapshotTest, ALineThatIsOnlyHeardIsStillRung) {
    std::string channels(kChannels);
    const std::size_t state = channels.rfind("ACTIVE");
    ASSERT_NE(state, std::string::npos);
    channels.replace(state, std::string_view("ACTIVE").size(), "EARLY");
    ASSERT_TRUE(builder.add(Listing::channels, channels));
    ASSERT_TRUE(builder.add(Listing::calls, R"({"row_count":1,"rows":[{"uuid":"a","b_uuid":"b"}]})"));
    const signal::Snapshot snapshot = builder.finish({});
    EXPECT_EQ(channel(snapshot, "a").bridge, "");
    EXPECT_EQ(channel(snapshot, "b").bridge, "");
    EXPECT_EQ(channel(snapshot, "b").started.state, ChannelState::ringing);
    EXPECT_EQ(channel(snapshot, "b").dialled_by, "a");
}

}  // namespace
}  // namespace citybridge::freeswitch
