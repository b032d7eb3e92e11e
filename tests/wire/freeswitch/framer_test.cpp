// The framer against what a real FreeSWITCH says in odd moments, and against
// what no FreeSWITCH would say.
#include "adapters/freeswitch/framer.h"

#include <gtest/gtest.h>

#include "tests/wire/freeswitch/streams.h"

namespace citybridge::freeswitch {
namespace {

std::string error_of(const std::string& bytes, std::size_t max_body = kMaxBodyBytes) {
    Framer framer(max_body);
    framer.feed(bytes);
    while (true) {
        const auto frame = framer.next();
        if (!frame) {
            EXPECT_EQ(framer.next().error().code, frame.error().code) << "it stays broken";
            return frame.error().code;
        }
        if (*frame == nullptr) return "";
    }
}

TEST(Framer, TakesTheNextFrameRightBehindABody) {
    const auto frames = frames_of(
        "Content-Type: api/response\nContent-Length: 8\n\n+OK\n\nbyeContent-Type: command/reply\nReply-Text: -ERR "
        "command not found\n\n");
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(frames[0].kind, Frame::Kind::api_response);
    EXPECT_EQ(frames[0].body, "+OK\n\nbye") << "empty lines belong to it";
    EXPECT_EQ(frame_of(frames[1]).reply(), "-ERR command not found");
    EXPECT_FALSE(frame_of(frames[1]).reply_ok());
}

TEST(Framer, AnswersOfTheLoginAreTold) {
    // auth.md, connection 1: auth/request, -ERR invalid, notice.
    const auto frames = frames_of(stream("auth"));
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_EQ(frames[0].kind, Frame::Kind::auth_request);
    EXPECT_EQ(frame_of(frames[1]).reply(), "-ERR invalid");
    EXPECT_EQ(frames[2].kind, Frame::Kind::disconnect_notice);
    EXPECT_FALSE(frame_of(frames[2]).lingers());
    EXPECT_EQ(frames[2].body, "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n");
}

TEST(Framer, ARudeRejectionIsNoLoginRequest) {
    const auto frames = frames_of("Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n");
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(frames[0].kind, Frame::Kind::rude_rejection);
    EXPECT_EQ(frames[0].body, "Access Denied, go away.\n");
}

TEST(Framer, ALingeringChannelIsNotTheEnd) {
    // outbound_async.md, "frames at the end": first linger, then disconnect.
    std::vector<Kept> notices;
    for (const Kept& kept : frames_of(stream("outbound_async"))) {
        if (kept.kind == Frame::Kind::disconnect_notice) notices.push_back(kept);
    }
    ASSERT_EQ(notices.size(), 2U);
    EXPECT_TRUE(frame_of(notices[0]).lingers());
    EXPECT_EQ(frame_of(notices[0]).header("Linger-Time"), "5");
    EXPECT_EQ(frame_of(notices[0]).header("Channel-Name"), "sofia/internal/13901234567@127.0.0.1:5260") << "raw";
    EXPECT_EQ(notices[0].body, "");
    EXPECT_FALSE(frame_of(notices[1]).lingers());
    EXPECT_EQ(notices[1].body.size(), 67U);
}

TEST(Framer, TheAnswerToConnectIsAReplyWithAChannelInIt) {
    for (const auto* name : {"outbound_async", "outbound_sync"}) {
        const auto frames = frames_of(stream(name));
        EXPECT_EQ(frames[0].kind, Frame::Kind::channel_data) << name;
        EXPECT_EQ(frame_of(frames[0]).reply(), "%2BOK%0A") << "encoded, unlike every other reply";
        EXPECT_EQ(frames[1].kind, Frame::Kind::command_reply) << name;
    }
}

TEST(Framer, EmptyLinesBetweenFramesAreNothing) {
    const auto frames = frames_of("\n\nContent-Type: auth/request\n\n\n\nContent-Type: command/reply\n\n");
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(frames[1].kind, Frame::Kind::command_reply);
}

TEST(Framer, UnknownTypesAreGivenAsOther) {
    const auto frames = frames_of("Content-Type: text/new\nContent-Length: 2\n\nabX: y\n\n");
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(frames[0].kind, Frame::Kind::other);
    EXPECT_EQ(frames[0].body, "ab");
    EXPECT_EQ(frame_of(frames[1]).header("X"), "y");
}

TEST(HostileFramer, LengthsThatAreNoneAreRefused) {
    for (const auto* length : {"x", "-1", "12x", "1 2", "0x10", "+5", "1.5"})
        EXPECT_EQ(error_of("Content-Type: api/response\nContent-Length: " + std::string(length) + "\n\n"),
                  "freeswitch.bad_frame")
            << length;
}

TEST(HostileFramer, BodiesOverTheBoundAreRefusedBeforeTheyCome) {
    const std::string head = "Content-Type: api/response\nContent-Length: ";
    EXPECT_EQ(error_of(head + "16777217\n\n"), "freeswitch.body_too_long");
    EXPECT_EQ(error_of(head + "99999999999999999999999999\n\n"), "freeswitch.body_too_long");
    EXPECT_EQ(error_of(head + "16777216\n\n"), "") << "waits for it";
    EXPECT_EQ(error_of(head + "101\n\n", 100), "freeswitch.body_too_long");
    EXPECT_EQ(error_of(head + "100\n\n", 100), "");
}

TEST(HostileFramer, HeadersWithoutEndAreRefused) {
    EXPECT_EQ(error_of(std::string(kMaxHeaderBytes, 'x')), "");
    EXPECT_EQ(error_of(std::string(kMaxHeaderBytes + 1, 'x')), "freeswitch.headers_too_long");
    EXPECT_EQ(error_of("A: " + std::string(kMaxHeaderBytes, 'x') + "\n\n"), "freeswitch.headers_too_long");
    Framer framer;
    Result<const Frame*> last = nullptr;
    for (int i = 0; i < 70'000 && last; ++i) {
        framer.feed("a\r\n\r\n");  // what another kind of server might say for ever
        last = framer.next();
    }
    ASSERT_FALSE(last);
    EXPECT_LT(framer.waiting(), kMaxHeaderBytes + 10);
}

TEST(HostileFramer, EndlessEmptyLinesTakeNoMemory) {
    Framer framer;
    for (int i = 0; i < 1000; ++i) {
        framer.feed(std::string(1000, '\n'));
        const auto frame = framer.next();
        ASSERT_TRUE(frame && *frame == nullptr);
        EXPECT_EQ(framer.waiting(), 0U);
    }
}

TEST(Framer, ANewConnectionBeginsAnew) {
    Framer framer;
    framer.feed("Content-Type: api/response\nContent-Length: 100\n\nhalf of");
    ASSERT_EQ(*framer.next(), nullptr);
    framer.reset();
    framer.feed("Content-Type: auth/request\n\n");
    const auto frame = framer.next();
    ASSERT_TRUE(frame && *frame != nullptr);
    EXPECT_EQ((*frame)->kind, Frame::Kind::auth_request);
    EXPECT_EQ(framer.consumed(), 28U);
}

}  // namespace
}  // namespace citybridge::freeswitch
