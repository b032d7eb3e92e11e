// An agent's desktop is his stream: there, gone, at a second place.
#include <thread>

#include "tests/unit/gateway/gateway_fixture.h"

namespace citybridge::test {
namespace {

using Told = std::vector<std::pair<std::string, bool>>;

class DesktopStreams : public GatewayTest {
protected:
    bool eventually_told(const Told& expected) {
        for (int i = 0; i < 3'000; ++i) {
            if (live_.told_desktops() == expected) return true;
            std::this_thread::sleep_for(Millis{10});
        }
        return false;
    }
    void start_with(const std::string& second_login) {
        GatewaySettings settings;
        settings.second_login = second_login;
        start(settings);
    }
};

TEST_F(DesktopStreams, the_live_strand_is_told_when_the_first_comes_and_the_last_goes) {
    start();
    const std::string token = log_in("agent1");
    {
        StreamClient one = stream_of(token);
        ASSERT_TRUE(eventually_told({{"SIP/1001", true}}));
        {
            StreamClient two = stream_of(token);
            ASSERT_TRUE(eventually_told({{"SIP/1001", true}, {"SIP/1001", true}}));
        }
        ASSERT_TRUE(eventually_told({{"SIP/1001", true}, {"SIP/1001", true}, {"SIP/1001", true}})) << "one is left";
    }
    ASSERT_TRUE(eventually_told({{"SIP/1001", true}, {"SIP/1001", true}, {"SIP/1001", true}, {"SIP/1001", false}}));
}

TEST_F(DesktopStreams, a_log_out_is_a_desktop_gone_and_who_takes_no_calls_has_none) {
    start();
    StreamClient lead = stream_of(log_in("team_lead"));
    const std::string token = log_in("agent2");
    StreamClient stream = stream_of(token);
    ASSERT_EQ(ask("DELETE", "/v1/session", token).status, 204);
    EXPECT_EQ(stream.frame().close_code(), 1008);
    ASSERT_TRUE(eventually_told({{"SIP/1002", true}, {"SIP/1002", false}}));
}

TEST_F(DesktopStreams, a_node_that_stops_tells_of_nobody_that_he_is_gone) {
    start();
    StreamClient stream = stream_of(log_in("agent1"));
    ASSERT_TRUE(eventually_told({{"SIP/1001", true}}));
    gateway_->stop();
    EXPECT_EQ(live_.told_desktops(), (Told{{"SIP/1001", true}}));
}

// ---- A second place ---------------------------------------------------------

TEST_F(DesktopStreams, a_second_place_takes_over_and_the_first_is_told_why) {
    start_with("takeover");
    const std::string first = log_in("agent1"), second = log_in("agent1");
    StreamClient old = stream_of(first);
    StreamClient other_agent = stream_of(log_in("agent2"));
    StreamClient fresh = stream_of(second);
    const Frame goodbye = old.frame();
    ASSERT_EQ(goodbye.opcode, 1);
    EXPECT_EQ(goodbye.json()["type"], "session.ended");
    EXPECT_EQ(goodbye.json()["reason"], "second_login");
    EXPECT_EQ(old.frame().close_code(), 1008);
    EXPECT_EQ(ask("GET", "/v1/session", first).status, 401) << "the log-in has ended, too";
    EXPECT_EQ(ask("GET", "/v1/session", second).status, 200);
    live_.publish_agent(make_agent("SIP/1001"));
    EXPECT_EQ(fresh.next()["agent"]["id"], "SIP/1001");
    live_.publish_agent(make_agent("SIP/1002"));
    EXPECT_EQ(other_agent.next()["agent"]["id"], "SIP/1002");
    for (const auto& [agent, there] : live_.told_desktops()) EXPECT_TRUE(there) << "he was never away";
}

TEST_F(DesktopStreams, the_same_log_in_may_have_several_windows) {
    for (const char* setting : {"takeover", "refuse"}) {
        start_with(setting);
        const std::string token = log_in("agent1");
        StreamClient one = stream_of(token), two = stream_of(token);
        live_.publish_agent(make_agent("SIP/1001"));
        for (StreamClient* each : {&one, &two}) EXPECT_EQ(each->next()["agent"]["id"], "SIP/1001") << setting;
        gateway_->stop();
    }
}

TEST_F(DesktopStreams, by_setting_a_second_place_is_refused_while_the_first_is_connected) {
    start_with("refuse");
    const std::string first = log_in("agent1"), second = log_in("agent1");
    {
        StreamClient here = stream_of(first);
        const Reply stream = StreamClient(port()).connect(second);
        EXPECT_EQ(stream.status, 409);
        EXPECT_EQ(stream.code(), "session.second_place");
        const Reply session = ask("POST", "/v1/session", {}, credentials("agent1", "agent1"));
        EXPECT_EQ(session.status, 409);
        EXPECT_EQ(session.code(), "session.second_place");
        EXPECT_EQ(ask("POST", "/v1/session", {}, credentials("agent2", "agent2")).status, 201);
        EXPECT_EQ(ask("GET", "/v1/session", first).status, 200);
        live_.publish_agent(make_agent("SIP/1001"));
        EXPECT_EQ(here.next()["agent"]["id"], "SIP/1001");
    }
    ASSERT_TRUE(eventually_told({{"SIP/1001", true}, {"SIP/1001", false}}));
    EXPECT_EQ(StreamClient(port()).connect(second).status, 101);
}

TEST_F(DesktopStreams, who_takes_no_calls_may_watch_from_many_places) {
    start_with("refuse");
    StreamClient one = stream_of(log_in("team_lead")), two = stream_of(log_in("team_lead"));
    live_.publish_contact(make_contact("c1"));
    for (StreamClient* each : {&one, &two}) EXPECT_EQ(each->next()["contact"]["id"], "c1");
}

}  // namespace
}  // namespace citybridge::test
