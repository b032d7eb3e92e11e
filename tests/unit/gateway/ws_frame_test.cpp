// RFC 6455 frames: the examples of section 5.7, every split, every rule a client can break.
#include "core/gateway/ws_frame.h"

#include <gtest/gtest.h>

#include "tests/unit/gateway/test_client.h"

namespace citybridge::gateway {
namespace {

using test::client_frame;

std::uint16_t fault_of(const std::string& bytes) {
    WsReader reader;
    std::vector<WsMessage> out;
    return reader.feed(bytes, out) ? std::uint16_t{0} : reader.close_code();
}

TEST(WsReader, reads_the_masked_example_of_the_rfc) {
    WsReader reader;
    std::vector<WsMessage> out;
    ASSERT_TRUE(reader.feed("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", out));
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].opcode, WsOpcode::text);
    EXPECT_EQ(out[0].payload, "Hello");
}

TEST(WsReader, reads_a_conversation_split_anywhere) {
    // A fragmented text with a ping inside, a long text, a pong, a close.
    const std::string bytes = client_frame(1, "Hel", false) + client_frame(9, "beat") + client_frame(0, "l", false) +
                              client_frame(0, "o") + client_frame(1, std::string(300, 'x')) + client_frame(10, "") +
                              client_frame(8, std::string("\x03\xe8", 2) + "bye");
    const auto check = [&](const std::vector<WsMessage>& out) {
        ASSERT_EQ(out.size(), 5U);
        EXPECT_EQ(out[0].opcode, WsOpcode::ping);
        EXPECT_EQ(out[0].payload, "beat");
        EXPECT_EQ(out[1].payload, "Hello");
        EXPECT_EQ(out[2].payload, std::string(300, 'x'));
        EXPECT_EQ(out[3].opcode, WsOpcode::pong);
        EXPECT_EQ(out[4].opcode, WsOpcode::close);
    };
    for (std::size_t a = 0; a <= bytes.size(); ++a) {
        WsReader reader;
        std::vector<WsMessage> out;
        ASSERT_TRUE(reader.feed(bytes.substr(0, a), out));
        ASSERT_TRUE(reader.feed(bytes.substr(a), out));
        check(out);
    }
    WsReader dribble;
    std::vector<WsMessage> out;
    for (const char c : bytes) ASSERT_TRUE(dribble.feed(std::string(1, c), out));
    check(out);
}

TEST(WsReader, refuses_broken_frames_with_the_right_code) {
    using namespace ws_close;
    EXPECT_EQ(fault_of(client_frame(1, "Hello", true, false)), kProtocolError) << "unmasked";
    EXPECT_EQ(fault_of("\xc1\x80\x01\x02\x03\x04"), kProtocolError) << "reserved bit";
    EXPECT_EQ(fault_of(client_frame(3, "")), kProtocolError) << "unknown data opcode";
    EXPECT_EQ(fault_of(client_frame(11, "")), kProtocolError) << "unknown control opcode";
    EXPECT_EQ(fault_of(client_frame(0, "x")), kProtocolError) << "continuation of nothing";
    EXPECT_EQ(fault_of(client_frame(1, "a", false) + client_frame(1, "b")), kProtocolError) << "text inside text";
    EXPECT_EQ(fault_of(client_frame(9, "a", false)), kProtocolError) << "fragmented ping";
    EXPECT_EQ(fault_of(client_frame(9, std::string(126, 'a'))), kProtocolError) << "long ping";
    EXPECT_EQ(fault_of(client_frame(8, "x")), kProtocolError) << "half a close code";
    EXPECT_EQ(fault_of(client_frame(8, std::string("\x03\xed", 2))), kProtocolError) << "close code 1005";
    EXPECT_EQ(fault_of(client_frame(8, std::string("\x00\x01", 2))), kProtocolError) << "close code 1";
    EXPECT_EQ(fault_of(client_frame(2, "binary")), kUnsupported);
    EXPECT_EQ(fault_of(client_frame(1, "\xff\xfe")), kNotUtf8);
    EXPECT_EQ(fault_of(client_frame(8, std::string("\x03\xe8\xff", 3))), kNotUtf8);
    EXPECT_EQ(fault_of(client_frame(1, std::string(4097, 'a'))), kTooBig);
    EXPECT_EQ(fault_of(client_frame(1, std::string(4000, 'a'), false) + client_frame(0, std::string(97, 'a'))),
              kTooBig);
    EXPECT_EQ(fault_of(std::string("\x81\xfe\x00\x05", 4)), kProtocolError) << "two-byte length for 5";
    EXPECT_EQ(fault_of(std::string("\x81\xff\x00\x00\x00\x00\x00\x00\x01\x00", 10)), kProtocolError);
}

TEST(WsReader, an_oversized_message_is_refused_before_its_payload) {
    EXPECT_EQ(fault_of(std::string("\x81\xff\x00\x00\x00\x7f\xff\xff\xff\xff", 10)), ws_close::kTooBig);
    EXPECT_EQ(fault_of(std::string("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10)), ws_close::kTooBig);
}

TEST(WsReader, accepts_the_largest_message_and_empty_ones) {
    EXPECT_EQ(fault_of(client_frame(1, std::string(4096, 'a'))), 0);
    EXPECT_EQ(fault_of(client_frame(1, "") + client_frame(8, "")), 0);
    EXPECT_EQ(fault_of(client_frame(9, std::string(125, 'a'))), 0);
}

TEST(WsReader, a_character_may_be_split_between_fragments) {
    EXPECT_EQ(fault_of(client_frame(1, "\xe4\xb8", false) + client_frame(0, "\xad")), 0);
}

TEST(WsReader, takes_nothing_more_after_a_fault) {
    WsReader reader;
    std::vector<WsMessage> out;
    ASSERT_FALSE(reader.feed(client_frame(2, "x"), out));
    EXPECT_FALSE(reader.feed(client_frame(1, "Hello"), out));
    EXPECT_TRUE(out.empty());
}

TEST(WsFrame, writes_the_unmasked_examples_of_the_rfc) {
    EXPECT_EQ(ws_frame(WsOpcode::text, "Hello"), "\x81\x05Hello");
    EXPECT_EQ(ws_frame(WsOpcode::ping, "Hello"), "\x89\x05Hello");
    EXPECT_EQ(ws_frame(WsOpcode::text, std::string(256, 'b')),
              std::string("\x81\x7e\x01\x00", 4) + std::string(256, 'b'));
    EXPECT_EQ(ws_frame(WsOpcode::text, std::string(65536, 'b')).substr(0, 10),
              std::string("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

TEST(WsFrame, a_long_close_reason_is_cut_to_a_control_frame) {
    const std::string frame = ws_close_frame(1013, std::string(500, 'r'));
    EXPECT_EQ(frame.size(), 127U);
    EXPECT_EQ(frame.substr(0, 4), "\x88\x7d\x03\xf5");
}

TEST(WsAccept, equals_the_example_of_the_rfc) {
    EXPECT_EQ(ws_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

}  // namespace
}  // namespace citybridge::gateway
