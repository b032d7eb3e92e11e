// What becomes of a message, by what the centre answers.
#include <gtest/gtest.h>

#include "tests/unit/sms_smpp/centre.h"

namespace citybridge::sms_smpp {
namespace {

using namespace std::chrono_literals;
using O = DeliveryOutcome;

TEST(SmppSubmit, IsJudgedByTheStatus) {
    struct Row {
        std::uint32_t status;
        O outcome;
        std::string code;
    };
    for (const Row& row :
         {Row{0, O::delivered, ""}, Row{status::kThrottled, O::not_done, "smpp.throttled"},
          Row{status::kQueueFull, O::not_done, "smpp.throttled"},
          Row{status::kSystemError, O::not_done, "smpp.temporary"},
          Row{status::kSubmitFailed, O::not_done, "smpp.temporary"}, Row{0x0B, O::refused, "smpp.refused"},
          Row{0x0A, O::refused, "smpp.refused"}, Row{0x01, O::refused, "smpp.refused"},
          Row{0x400, O::refused, "smpp.refused"}, Row{0x401, O::not_done, "smpp.temporary"}}) {
        SessionSettings settings;
        settings.temporary = {0x401};
        Centre run(settings);
        run.become_bound();
        run.submit("m");
        run.answer(run.only(), row.status, row.status == 0 ? "id7" + zero() : std::string());
        EXPECT_EQ(run.reply("m").outcome, row.outcome) << row.status;
        EXPECT_EQ(run.reply("m").code, row.code) << row.status;
        EXPECT_EQ(run.reply("m").external_id, row.status == 0 ? "id7" : "");
    }
}

TEST(SmppSubmit, OfAGenericNackIsRefused) {
    Centre run;
    run.become_bound();
    run.submit("m");
    run.give(command::kGenericNack, run.only().sequence, {}, status::kInvalidCommand);
    EXPECT_EQ(run.reply("m").outcome, O::refused);
}

TEST(SmppSubmit, KeepsTheWindow) {
    SessionSettings settings;
    settings.window = 3;
    Centre run(settings);
    run.become_bound();
    for (const char* id : {"a", "b", "c", "d", "e"}) run.submit(id);
    const auto first = run.sent();
    ASSERT_EQ(first.size(), 3U);
    run.answer(first[1], 0, "1" + zero());
    EXPECT_EQ(run.sent().size(), 1U);
    run.answer(first[1], 0, "1" + zero());
    EXPECT_TRUE(run.sent().empty()) << "a second answer frees no place";
    run.answer(first[0], 0, "2" + zero());
    EXPECT_EQ(run.sent().size(), 1U);
    EXPECT_EQ(run.reply("a").external_id, "2");
    EXPECT_EQ(run.reply("b").external_id, "1");
}

TEST(SmppSubmit, PausesAllWhenTheCentreSaysTooFast) {
    SessionSettings settings;
    settings.window = 1;
    Centre run(settings);
    run.become_bound();
    run.submit("a");
    run.submit("b");
    run.answer(run.only(), status::kThrottled);
    EXPECT_TRUE(run.sent().empty()) << "b waits too";
    const DeliveryReply reply = run.reply("a");
    EXPECT_EQ(reply.outcome, O::not_done);
    ASSERT_TRUE(reply.retry_after);
    EXPECT_GE(*reply.retry_after, 800ms);
    ASSERT_TRUE(run.session.next_deadline());
    EXPECT_EQ(*run.session.next_deadline(), run.now.mono + *reply.retry_after);
    run.pass(*reply.retry_after);
    const Asked b = run.only();
    run.answer(b, status::kThrottled);
    EXPECT_GT(*run.reply("b").retry_after, *reply.retry_after) << "longer each time";
}

TEST(SmppSubmit, SendsTheFirstPartAloneThenTheRest) {
    Centre run;
    run.become_bound();
    run.submit("m", 3);
    const Asked first = run.only();
    run.answer(first, 0, "1" + zero());
    const auto rest = run.sent();
    ASSERT_EQ(rest.size(), 2U);
    const std::string reference = first.body.substr(first.body.size() - 8, 6).substr(3, 1);
    EXPECT_EQ(first.body.substr(first.body.size() - 8), std::string("\x05\x00\x03", 3) + reference + "\x03\x01" + "ma");
    EXPECT_EQ(rest[0].body.substr(rest[0].body.size() - 8),
              std::string("\x05\x00\x03", 3) + reference + "\x03\x02" + "mb");
    EXPECT_EQ(rest[1].body.substr(rest[1].body.size() - 8),
              std::string("\x05\x00\x03", 3) + reference + "\x03\x03" + "mc");
    run.answer(rest[1], 0, "3" + zero());
    EXPECT_TRUE(run.replies.empty());
    run.answer(rest[0], 0, "2" + zero());
    EXPECT_EQ(run.reply("m").outcome, O::delivered);
    EXPECT_EQ(run.reply("m").external_id, "3");
    run.give(command::kDeliverSm, 1, deliver_body(4, receipt_text("2", "DELIVRD")));
    run.sent();
    EXPECT_EQ(run.offered[0].message.data["external_id"], "3");
    EXPECT_EQ(run.offered[0].message.data["message"], "m");
    EXPECT_EQ(run.offered[0].message.data["state"], "accepted");
}

TEST(SmppSubmit, OfSeveralPartsIsRefusedOnlyIfNoneWasAccepted) {
    Centre run;
    run.become_bound();
    run.submit("none", 3);
    run.answer(run.only(), 0x0B);
    EXPECT_EQ(run.reply("none").outcome, O::refused);
    EXPECT_TRUE(run.sent().empty());

    run.submit("some", 3);
    run.answer(run.only(), 0, "1" + zero());
    const auto rest = run.sent();
    run.answer(rest[0], 0x0B);
    EXPECT_TRUE(run.replies["some"].empty()) << "the third part is still on its way";
    run.answer(rest[1], 0, "3" + zero());
    EXPECT_EQ(run.reply("some").outcome, O::unclear);
    EXPECT_EQ(run.reply("some").code, "smpp.partly_accepted");
}

TEST(SmppSubmit, SendsAThrottledPartAgainIfOthersWereAccepted) {
    Centre run;
    run.become_bound();
    run.submit("m", 2);
    run.answer(run.only(), 0, "1" + zero());
    const Asked second = run.only();
    run.answer(second, status::kThrottled);
    EXPECT_TRUE(run.sent().empty());
    run.pass(2s);
    const Asked again = run.only();
    EXPECT_EQ(again.body, second.body);
    run.answer(again, 0, "2" + zero());
    EXPECT_EQ(run.reply("m").outcome, O::delivered);
}

TEST(SmppSubmit, IsGivenToAPersonWhenAPartIsPutOffForEver) {
    Centre run;
    run.become_bound();
    run.submit("m", 2);
    run.answer(run.only(), 0, "1" + zero());
    int asked = 0;
    while (run.replies.empty() && asked < 100) {
        for (const Asked& each : run.sent()) {
            run.answer(each, each.command == command::kSubmitSm ? status::kQueueFull : status::kOk);
            asked += each.command == command::kSubmitSm ? 1 : 0;
        }
        run.sent();
        run.pass(40s);
    }
    EXPECT_EQ(asked, 21);
    EXPECT_EQ(run.reply("m").outcome, O::unclear);
}

TEST(SmppSubmit, IsUnclearWhenTheConnectionIsLostOnItsWay) {
    SessionSettings settings;
    settings.window = 2;
    Centre run(settings);
    run.become_bound();
    run.submit("several", 2);
    run.answer(run.only(), 0, "1" + zero());
    run.sent();
    run.submit("sent");
    run.submit("waits");
    EXPECT_EQ(run.sent().size(), 1U);
    run.session.on_closed(kLost, run.now);
    EXPECT_EQ(run.reply("sent").outcome, O::unclear);
    EXPECT_EQ(run.reply("sent").code, "smpp.link_lost");
    EXPECT_EQ(run.reply("waits").outcome, O::not_done);
    EXPECT_EQ(run.reply("several").outcome, O::unclear);
    EXPECT_EQ(run.reply("several").code, "smpp.partly_accepted");
    run.become_bound();
    EXPECT_TRUE(run.sent().empty()) << "the relay decides what is sent again";
}

TEST(SmppSubmit, WithoutAnAnswerIsUnclearAndTheCentreIsAsked) {
    SessionSettings settings;
    settings.window = 1;
    Centre run(settings);
    run.become_bound();
    run.submit("a");
    run.submit("b");
    const Asked a = run.only();
    run.pass(10s);
    const auto next = run.sent();
    ASSERT_EQ(next.size(), 2U);
    EXPECT_EQ(next[0].command, command::kEnquireLink);
    EXPECT_EQ(next[1].command, command::kSubmitSm) << "the place in the window is free again";
    EXPECT_EQ(run.reply("a").outcome, O::unclear);
    run.answer(a, 0, "late" + zero());
    EXPECT_EQ(run.replies["a"].size(), 1U) << "what was told stays";
    run.answer(next[1], 0, "2" + zero());
    EXPECT_EQ(run.reply("b").external_id, "2");
}

TEST(SmppSubmit, HasABound) {
    SessionSettings settings;
    settings.window = 1;
    Centre run(settings);
    run.become_bound();
    for (int i = 0; i < 2'000; ++i) run.submit(std::to_string(i));
    run.submit("one more");
    EXPECT_EQ(run.reply("one more").code, "smpp.busy");
}

TEST(SmppSubmit, CountsItsSequenceNumbersFromOne) {
    Centre run;
    run.session.on_connected(run.now);
    EXPECT_EQ(run.only().sequence, 1U);
}

}  // namespace
}  // namespace citybridge::sms_smpp
