#include "adapters/asterisk/framer.h"

#include <gtest/gtest.h>

namespace citybridge::asterisk {
namespace {

struct Seen {
    Message::Kind kind;
    std::string bytes;
    friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> drain(Framer& framer) {
    std::vector<Seen> out;
    while (true) {
        const auto message = framer.next();
        if (!message || *message == nullptr) return out;
        out.push_back({(*message)->kind(), std::string((*message)->bytes())});
    }
}

Framer after_banner() {
    Framer framer;
    framer.feed("Asterisk Call Manager/9.0.0\r\n");
    EXPECT_EQ(drain(framer).size(), 1U);
    return framer;
}

TEST(Framer, GivesTheFirstLineAsBanner) {
    Framer framer;
    framer.feed("Asterisk Call Manager/9.0.0\r\nResponse: Success\r\n\r\n");
    const auto seen = drain(framer);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0], (Seen{Message::Kind::banner, "Asterisk Call Manager/9.0.0"}));
    EXPECT_EQ(seen[1], (Seen{Message::Kind::response, "Response: Success"}));
}

TEST(Framer, DecidesByTheFirstKeyWhatAMessageIs) {
    Framer framer = after_banner();
    framer.feed("Event: OriginateResponse\r\nResponse: Failure\r\nReason: 5\r\n\r\n");
    const auto message = framer.next();
    ASSERT_TRUE(message && *message != nullptr);
    EXPECT_EQ((*message)->kind(), Message::Kind::event);
    EXPECT_EQ((*message)->name(), "OriginateResponse");
    EXPECT_EQ((*message)->get("Response"), "Failure");
}

TEST(Framer, FindsFieldsWithoutCaseFirstWinsAndAllOfThem) {
    Framer framer = after_banner();
    framer.feed(
        "Event: UserEvent\r\nUniqueid: 1.0\r\nUniqueID: 2.0\r\nCause-txt: Normal\r\nNamed Callgroup: a\r\n\r\n");
    const auto message = framer.next();
    ASSERT_TRUE(message && *message != nullptr);
    EXPECT_EQ((*message)->get("UNIQUEID"), "1.0");
    EXPECT_EQ((*message)->all("uniqueid"), (std::vector<std::string_view>{"1.0", "2.0"}));
    EXPECT_EQ((*message)->get("cause-TXT"), "Normal");
    EXPECT_EQ((*message)->get("Named Callgroup"), "a");
    EXPECT_EQ((*message)->get("missing"), "");
}

TEST(Framer, KeepsTheSpacesOfAValueButOne) {
    Framer framer = after_banner();
    framer.feed("Response: Success\r\nOutput:   indented: yes\r\nOutput:\r\nOutput: \r\nno colon\r\n\r\n");
    const auto message = framer.next();
    ASSERT_TRUE(message && *message != nullptr);
    EXPECT_EQ((*message)->all("Output"), (std::vector<std::string_view>{"  indented: yes", "", ""}));
    EXPECT_EQ((*message)->fields().back().key, "no colon");
}

TEST(Framer, SkipsEmptyMessagesAndALoneLf) {
    Framer framer = after_banner();
    framer.feed(
        "Response: Success\r\nMessage: Park successful\n\r\n\r\n\r\nResponse: Success\r\n\r\n\r\nEvent: Hold\r\n\r\n");
    std::vector<std::string> names;
    std::string park;
    while (true) {
        const auto message = framer.next();
        ASSERT_TRUE(message);
        if (*message == nullptr) break;
        if (names.empty()) park = (*message)->get("Message");
        names.emplace_back((*message)->name());
    }
    EXPECT_EQ(names, (std::vector<std::string>{"Success", "Success", "Hold"}));
    EXPECT_EQ(park, "Park successful");
}

TEST(Framer, KeepsACarriageReturnInsideAValue) {
    Framer framer = after_banner();
    framer.feed("Event: Hold\r\nA: x\ry\r\nB: z\r\r\n\r\n");
    const auto message = framer.next();
    ASSERT_TRUE(message && *message != nullptr);
    EXPECT_EQ((*message)->get("A"), "x\ry");
    EXPECT_EQ((*message)->get("B"), "z\r");
}

TEST(Framer, CountsTheBytesConsumed) {
    Framer framer;
    const std::string banner = "Asterisk Call Manager/9.0.0\r\n";
    const std::string first = "Event: Hold\r\n\r\n";
    framer.feed(banner + first + "Event: Un");
    EXPECT_EQ(drain(framer).size(), 2U);
    EXPECT_EQ(framer.consumed(), banner.size() + first.size());
    framer.feed("hold\r\n\r\n");
    EXPECT_EQ(drain(framer).size(), 1U);
    EXPECT_EQ(framer.consumed(), banner.size() + 2 * first.size() + 2);
}

TEST(Framer, TakesALineOfTheGreatestLengthAndRefusesALongerOne) {
    const std::string key = "Event: ";
    for (const bool too_long : {false, true}) {
        Framer framer = after_banner();
        framer.feed(key + std::string(kMaxLineBytes - key.size() - 2 + (too_long ? 1 : 0), 'x') + "\r\n\r\n");
        const auto message = framer.next();
        EXPECT_EQ(static_cast<bool>(message), !too_long);
        if (too_long) {
            EXPECT_EQ(message.error().code, "asterisk.line_too_long");
        }
    }
}

TEST(Framer, RefusesALineThatNeverEndsBeforeItGrowsPastTheBound) {
    Framer framer;
    std::size_t fed = 0;
    const std::string block(1000, 'a');
    while (true) {
        framer.feed(block);
        fed += block.size();
        const auto message = framer.next();
        if (!message) {
            EXPECT_EQ(message.error().code, "asterisk.line_too_long");
            break;
        }
        ASSERT_LE(fed, kMaxLineBytes);
    }
    EXPECT_FALSE(framer.next()) << "stays failed";
}

TEST(Framer, RefusesAMessageThatNeverEnds) {
    Framer framer = after_banner();
    std::size_t fed = 0;
    const std::string line = "Variable: " + std::string(490, 'v') + "\r\n";
    while (true) {
        framer.feed(line);
        fed += line.size();
        const auto message = framer.next();
        if (!message) {
            EXPECT_EQ(message.error().code, "asterisk.message_too_long");
            return;
        }
        ASSERT_LE(fed, kMaxMessageBytes);
    }
}

TEST(Framer, StartsANewConnectionWithoutTheRestOfTheOld) {
    Framer framer = after_banner();
    framer.feed("Event: Hal");
    EXPECT_TRUE(drain(framer).empty());
    framer.reset();
    framer.feed("Asterisk Call Manager/9.0.0\r\n");
    EXPECT_EQ(drain(framer), (std::vector<Seen>{{Message::Kind::banner, "Asterisk Call Manager/9.0.0"}}));
}

}  // namespace
}  // namespace citybridge::asterisk
