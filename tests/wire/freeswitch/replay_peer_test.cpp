#include "adapters/freeswitch/replay_peer.h"

#include <gtest/gtest.h>

#include "adapters/freeswitch/event.h"
#include "tests/wire/capture_file.h"
#include "tests/wire/freeswitch/streams.h"

namespace citybridge::freeswitch {
namespace {

void listen_to(ReplayPeer& peer, const std::string& what) {
    EXPECT_EQ(peer.on_connected(), "Content-Type: auth/request\n\n");
    EXPECT_FALSE(peer.listening());
    EXPECT_NE(peer.on_client_bytes("auth x\n\n").find("+OK accepted"), std::string::npos);
    EXPECT_FALSE(peer.listening());
    EXPECT_NE(peer.on_client_bytes(what + "\n\n").find("+OK event listener enabled plain"), std::string::npos);
    EXPECT_TRUE(peer.listening());
}

std::map<std::string, std::size_t> names_of(ReplayPeer& peer) {
    std::map<std::string, std::size_t> out;
    Event event;
    while (const auto chunk = peer.next()) {
        for (const Kept& kept : frames_of(chunk->bytes)) {
            EXPECT_TRUE(event.read(frame_of(kept)));
            ++out[std::string(event.name())];
        }
    }
    return out;
}

TEST(ReplayPeer, PlaysAllEventsAndNoReply) {
    for (const auto* name : {"commands", "json_all", "agent_status", "click2dial_fail", "filters"}) {
        ReplayPeer peer(stream(name));
        listen_to(peer, "event plain all");
        EXPECT_EQ(names_of(peer), counted(name).names) << name;
    }
}

TEST(ReplayPeer, PlaysWhatWasSubscribedTo) {
    const auto truth = counted("inbound_ivr_queue").names;
    ReplayPeer peer(stream("inbound_ivr_queue"));
    listen_to(peer, "event plain CHANNEL_CREATE channel_answer CUSTOM callcenter::info");
    const auto names = names_of(peer);
    // inbound_ivr_queue.md counts 11 CUSTOM events of callcenter::info, and 2 others.
    EXPECT_EQ(names, (std::map<std::string, std::size_t>{{"CHANNEL_CREATE", truth.at("CHANNEL_CREATE")},
                                                         {"CHANNEL_ANSWER", truth.at("CHANNEL_ANSWER")},
                                                         {"CUSTOM", 11}}));
    ReplayPeer nixed(stream("inbound_ivr_queue"));
    listen_to(nixed, "event plain all");
    (void)nixed.on_client_bytes("nixevent CHANNEL_STATE CHANNEL_CALLSTATE\n\n");
    const auto rest = names_of(nixed);
    EXPECT_FALSE(rest.contains("CHANNEL_STATE"));
    EXPECT_EQ(rest.size(), truth.size() - 2);
}

// An outbound socket's stream begins with the channel and has no event of its creation.
TEST(ReplayPeer, AnOutboundSocketsChannelIsCreatedFirst) {
    ReplayPeer peer(stream("outbound_async"));
    listen_to(peer, "event plain all");
    const auto chunk = peer.next();
    ASSERT_TRUE(chunk);
    const auto frames = frames_of(chunk->bytes);
    ASSERT_EQ(frames.size(), 1U);
    Event event;
    ASSERT_TRUE(event.read(frame_of(frames[0])));
    EXPECT_EQ(event.name(), "CHANNEL_CREATE");
    EXPECT_EQ(event.value("Unique-ID"), "51a70f13-fe90-48d0-bb3a-53622203bc6d");
    EXPECT_EQ(event.value("Caller-Caller-ID-Name"), "张伟");
    EXPECT_FALSE(event.has("Reply-Text"));
    // And what the customer was bridged with (outbound_async.md: 1001 answers 2.7 s after the start).
    auto names = counted("outbound_async").names;
    ++names["CHANNEL_CREATE"];
    ++names["CHANNEL_ANSWER"];
    ++names["CHANNEL_PROGRESS"];
    ++names["CHANNEL_HANGUP_COMPLETE"];
    EXPECT_EQ(names_of(peer), names);
    ReplayPeer again(stream("outbound_async"));
    listen_to(again, "event plain CHANNEL_CREATE CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_HANGUP_COMPLETE");
    std::vector<std::string> told;
    for (auto next = again.next(); next; next = again.next()) {
        const auto kept = frames_of(next->bytes);
        ASSERT_TRUE(event.read(frame_of(kept.at(0))));
        told.push_back(std::string(event.name()) + ' ' + std::string(event.value("Channel-Name")));
    }
    const std::string caller = " sofia/internal/13901234567@127.0.0.1:5260";
    const std::string agent = " sofia/internal/1001@127.0.0.1:5271";
    EXPECT_EQ(told,
              (std::vector<std::string>{"CHANNEL_CREATE" + caller, "CHANNEL_ANSWER" + caller, "CHANNEL_CREATE" + agent,
                                        "CHANNEL_ANSWER" + agent, "CHANNEL_BRIDGE" + caller,
                                        "CHANNEL_HANGUP_COMPLETE" + agent, "CHANNEL_HANGUP_COMPLETE" + caller}));
}

TEST(ReplayPeer, GivesEachEventTheTimeOfTheReadInWhichItEnds) {
    const std::string event = "Content-Length: 15\nContent-Type: text/event-plain\n\nEvent-Name: A\n\n";
    const std::string bytes = "Content-Type: auth/request\n\n" + event + event;
    const std::size_t first_ends = 28 + event.size();
    const std::string times =
        "# epoch 1795289907.5; columns: seconds dir offset length\n0.25 S 0 28\n0.3 C 0 14\n1.5 S 28 " +
        std::to_string(first_ends - 28 - 1) + "\n4.0 S " + std::to_string(first_ends - 1) + " 500\n";
    ReplayPeer peer(bytes, times);
    ASSERT_TRUE(peer.has_times());
    listen_to(peer, "event plain all");
    const auto one = peer.next();
    const auto two = peer.next();
    ASSERT_TRUE(one && two);
    EXPECT_EQ(*one->wall, WallTime(Millis(1'795'289'911'500))) << "its last byte came with the third read";
    EXPECT_EQ(one->offset, Millis(3'750));
    EXPECT_EQ(two->offset, Millis(3'750));
}

TEST(ReplayPeer, WithoutTimesTheEventsOwnCount) {
    ReplayPeer peer(stream("transfer_blind"));
    EXPECT_FALSE(peer.has_times());
    listen_to(peer, "event plain all");
    const auto first = peer.next();
    ASSERT_TRUE(first && first->wall);
    EXPECT_EQ(to_rfc3339(*first->wall), "2026-11-21T19:36:57.192Z");
    ReplayPeer timed(stream("transfer_blind"), capture("freeswitch/transfer_blind.idx"));
    listen_to(timed, "event plain all");
    const Millis begun = timed.next()->offset;
    EXPECT_NEAR(static_cast<double>(begun.count()), 30, 30);
    Millis last{0};
    while (const auto chunk = peer.next()) {
        EXPECT_GE(chunk->offset, last) << "time does not go back";
        last = chunk->offset;
        const auto same = timed.next();
        ASSERT_TRUE(same);
        EXPECT_NEAR(static_cast<double>((same->offset - begun).count()), static_cast<double>(last.count()), 100);
    }
    // transfer_blind.md: the last call is over 13.3 s after the first began.
    EXPECT_GE(last, Millis(13'300));
}

TEST(ReplayPeer, AnswersAsASmallFreeSwitchDoes) {
    ReplayPeer peer(stream("transfer_blind"));
    EXPECT_EQ(peer.on_client_bytes("api status\n\n"),
              "Content-Type: command/reply\nReply-Text: -ERR command not found\n\n");
    listen_to(peer, "event plain BACKGROUND_JOB");
    const auto api = [&peer](const std::string& command) {
        const auto frames = frames_of(peer.on_client_bytes("api " + command + "\n\n"));
        EXPECT_EQ(frames.size(), 1U);
        EXPECT_EQ(frames.at(0).kind, Frame::Kind::api_response);
        return frames.at(0).body;
    };
    EXPECT_EQ(api("show channels as json"), "{\"row_count\":0}") << "no rows when there is none";
    EXPECT_EQ(api("global_getvar core_uuid"), "bee8782d-2ed6-4df0-b532-65e3ac50e401") << "the recording's";
    EXPECT_TRUE(api("callcenter_config agent list").starts_with("name|instance_id|uuid|type|contact|status|state|"));
    EXPECT_EQ(api("callcenter_config tier list"), "queue|agent|state|level|position\n+OK\n");
    EXPECT_EQ(api("callcenter_config queue list members repair@beijing"), "+OK\n");
    EXPECT_EQ(api("uuid_kill x"), "-ERR No such channel!\n");
    EXPECT_EQ(api("nosuchcommand"), "-ERR nosuchcommand Command not found!\n");
    EXPECT_EQ(peer.on_client_bytes("\n\napi\n\n"),
              "Content-Type: command/reply\nReply-Text: -ERR command not found\n\n");
    const auto job = frames_of(peer.on_client_bytes("bgapi uuid_hold x\nJob-UUID: mine\n\n"));
    ASSERT_EQ(job.size(), 2U);
    EXPECT_EQ(frame_of(job[0]).header("Job-UUID"), "mine");
    Event event;
    ASSERT_TRUE(event.read(frame_of(job[1])));
    EXPECT_EQ(event.value("Job-UUID"), "mine");
    EXPECT_EQ(event.body(), "-ERR No such channel!\n");
}

TEST(ReplayPeer, TakesTheClientsBytesInAnySplit) {
    ReplayPeer peer("");
    std::string answers;
    for (const char c : std::string("auth x\n\nsendevent CUSTOM\nContent-Length: 4\n\na\n\nbapi version\r\n\r\n"))
        answers += peer.on_client_bytes(std::string_view(&c, 1));
    const auto frames = frames_of(answers);
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_EQ(frames[2].kind, Frame::Kind::api_response);
}

TEST(ReplayPeer, PlaysGarbageAndCutStreamsAsFarAsTheyGo) {
    EXPECT_EQ(ReplayPeer("").events(), 0U);
    EXPECT_EQ(ReplayPeer("garbage without end").events(), 0U);
    EXPECT_EQ(ReplayPeer(std::string(300'000, 'x')).events(), 0U);
    EXPECT_FALSE(ReplayPeer("", "not a line\n1 2\n\n0.1 C 0 5\n").has_times());
    const std::string bytes = stream("json_all");
    const std::size_t all = ReplayPeer(bytes).events();
    EXPECT_EQ(all, counted("json_all").events);
    for (std::size_t cut = 0; cut < bytes.size(); cut += 9'973)
        EXPECT_LE(ReplayPeer(bytes.substr(0, cut)).events(), all);
}

}  // namespace
}  // namespace citybridge::freeswitch
