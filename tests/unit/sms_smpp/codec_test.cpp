// Expectations from the SMPP 3.4 specification.
#include <gtest/gtest.h>

#include "tests/unit/sms_smpp/centre.h"

namespace citybridge::sms_smpp {
namespace {

std::string bytes(std::initializer_list<int> values) {
    std::string out;
    for (const int value : values) out += static_cast<char>(value);
    return out;
}

TEST(SmppCodec, WritesTheExampleOfTheSpecification) {
    // 3.2.2: bind_transmitter of "SMPP3TEST", "secret08", "SUBMIT1"; command_length 0x2F, sequence 1.
    Bind bind{"SMPP3TEST", "secret08", "SUBMIT1"};
    std::string expected = bytes({0, 0, 0, 0x2F, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1}) + "SMPP3TEST" + zero() +
                           "secret08" + zero() + "SUBMIT1" + zero();
    // The example's interface version is 0x00; ours is 3.4, and its address range is type 1, plan 1.
    expected += bytes({0x34, 0, 0, 0});
    EXPECT_EQ(encode(command::kBindTransmitter, 0, 1, bind_body(bind)), expected);
}

TEST(SmppCodec, WritesASubmitFieldByField) {
    Submit submit;
    submit.source = {5, 0, "CityBridge"};
    submit.destination = {1, 1, "8613800000000"};
    submit.esm_class = 0x40;
    submit.data_coding = 8;
    submit.validity = "000000001500000R";
    submit.short_message = std::string("\x9A\x8C", 2);
    const std::string expected = bytes({0, 5, 0}) + "CityBridge" + bytes({0, 1, 1}) + "8613800000000" +
                                 bytes({0, 0x40, 0, 0, 0}) + "000000001500000R" + bytes({0, 1, 0, 8, 0, 2, 0x9A, 0x8C});
    EXPECT_EQ(submit_body(submit), expected);
}

TEST(SmppCodec, ReadsTheSamePdusAtEverySplit) {
    const std::string stream = encode(command::kDeliverSm, 0, 7, deliver_body(4, receipt_text("1", "DELIVRD"))) +
                               encode(command::kEnquireLink, 0, 8) +
                               encode(command::kSubmitSm | command::kResponse, 0x58, 0x7FFFFFFF, "id\0");
    for (std::size_t step = 1; step <= stream.size(); ++step) {
        Framer framer;
        std::string again;
        for (std::size_t at = 0; at < stream.size(); at += step) {
            framer.feed(std::string_view(stream).substr(at, step));
            while (true) {
                const auto pdu = framer.next();
                ASSERT_TRUE(pdu);
                if (!*pdu) break;
                again += encode((*pdu)->command, (*pdu)->status, (*pdu)->sequence, (*pdu)->body);
            }
        }
        ASSERT_EQ(again, stream) << step;
    }
}

TEST(SmppCodec, RefusesALengthThatCannotBe) {
    for (const std::string& start :
         {bytes({0, 0, 0, 15}), bytes({0, 0, 0, 0}), bytes({0, 2, 0, 0}), bytes({0xFF, 0xFF, 0xFF, 0xFF})}) {
        Framer framer;
        framer.feed(start);
        const auto pdu = framer.next();
        ASSERT_FALSE(pdu);
        EXPECT_EQ(pdu.error().code, "smpp.bad_length");
    }
}

TEST(SmppCodec, ReadsADeliveryWithItsOptionalParameters) {
    const auto read = read_deliver_sm(deliver_body(
        4, "", tlv(0x001E, "a1" + zero()) + tlv(0x0427, "\x02") + tlv(0x0424, "payload") + tlv(0x1400, "vendor")));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->source.digits, "8613800000000");
    EXPECT_EQ(read->destination.digits, "10690000");
    EXPECT_EQ(read->text, "payload");
    EXPECT_EQ(read->receipted_message_id, "a1");
    EXPECT_EQ(read->message_state, 2);
}

TEST(SmppCodec, RefusesADeliveryCutAtAnyPlace) {
    const std::string whole = deliver_body(4, "text", tlv(0x001E, "a1" + zero()));
    const std::size_t without_optional = whole.size() - 7;
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(static_cast<bool>(read_deliver_sm(whole.substr(0, size))), size == without_optional) << size;
}

TEST(SmppCodec, ReadsDataSm) {
    const std::string body = zero() + bytes({1, 1}) + "861" + zero() + bytes({0, 0}) + "10690" + zero() +
                             bytes({4, 0, 0}) + tlv(0x0424, receipt_text("9", "UNDELIV"));
    const auto read = read_data_sm(body);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->esm_class, 4);
    EXPECT_EQ(read->text, receipt_text("9", "UNDELIV"));
}

TEST(SmppCodec, ReadsAMessageIdWithAndWithoutItsEnd) {
    EXPECT_EQ(read_message_id("abc" + zero()), "abc");
    EXPECT_EQ(read_message_id("abc"), "abc");
    EXPECT_EQ(read_message_id(""), "");
    EXPECT_EQ(read_message_id(std::string(100, 'x')).size(), 64U);
}

}  // namespace
}  // namespace citybridge::sms_smpp
