#include "adapters/asterisk/dial.h"

#include <gtest/gtest.h>

namespace citybridge::asterisk {
namespace {

const Now kStart{WallTime(Millis(1'000'000)), MonoTime(Millis(1'000))};

TEST(DialBook, PutsPrefixAndCallerIdWhereTheyBelong) {
    DialBook book({"cti", "9", "\"客服\" <95500>", Millis(5'000)});
    const auto text = book.start(
        {"7", "SIP/1001", "13912345678", Millis(30'000)}, "id-1", [](const CommandReply&) {}, kStart);
    ASSERT_TRUE(text);
    EXPECT_NE(text->find("Exten: 913912345678\r\n"), std::string::npos);
    EXPECT_NE(text->find("Context: cti\r\n"), std::string::npos);
    EXPECT_NE(text->find("CallerID: \"客服\" <95500>\r\n"), std::string::npos);
    EXPECT_TRUE(text->ends_with("\r\n\r\n"));
}

TEST(DialBook, WakesForTheEarliestOfItsDials) {
    DialBook book({});
    EXPECT_FALSE(book.next_deadline());
    (void)book.start(
        {"1", "SIP/1001", "1", Millis(30'000)}, "id-1", [](const CommandReply&) {}, kStart);
    Now later = kStart;
    later.mono += Millis(100);
    (void)book.start(
        {"2", "SIP/1002", "1", Millis(30'000)}, "id-2", [](const CommandReply&) {}, later);
    EXPECT_EQ(book.next_deadline(), kStart.mono + Millis(5'000));
}

TEST(DialBook, TwoDialsDoNotTakeEachOthersAnswers) {
    DialBook book({});
    std::vector<std::string> order;
    (void)book.start(
        {"1", "SIP/1001", "1", Millis(30'000)}, "id-1", [&](const CommandReply&) { order.emplace_back("1"); }, kStart);
    (void)book.start(
        {"2", "SIP/1002", "1", Millis(30'000)}, "id-2", [&](const CommandReply&) { order.emplace_back("2"); }, kStart);
    signal::SnapshotChannel second;
    second.id = "cti-2";
    second.started.state = ChannelState::up;
    book.on_link_down(kStart);
    book.on_snapshot(std::span(&second, 1), kStart);
    for (Completion& completion : book.take_completed()) {
        const bool made = completion.reply.channel == "cti-2";
        EXPECT_EQ(completion.reply.outcome, made ? CommandOutcome::succeeded : CommandOutcome::unknown);
        completion.done(completion.reply);
    }
    EXPECT_EQ(order, (std::vector<std::string>{"1", "2"}));
    EXPECT_TRUE(book.empty());
}

}  // namespace
}  // namespace citybridge::asterisk
