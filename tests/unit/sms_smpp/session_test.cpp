// The connection of a session: bind, silence, receipts, and the end.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/sms_smpp/centre.h"

namespace citybridge::sms_smpp {
namespace {

using namespace std::chrono_literals;

TEST(SmppSession, BindsBeforeAnythingElse) {
    Centre run;
    run.submit("early");
    EXPECT_EQ(run.reply("early").outcome, DeliveryOutcome::not_done);
    EXPECT_EQ(run.reply("early").code, "smpp.not_bound");
    run.session.on_connected(run.now);
    const Asked bind = run.only();
    EXPECT_EQ(bind.command, command::kBindTransceiver);
    EXPECT_EQ(bind.body, bind_body({"city", "secret", ""}));
    run.submit("still early");
    EXPECT_EQ(run.reply("still early").code, "smpp.not_bound");
    run.answer(bind, 0, "centre" + zero());
    EXPECT_TRUE(run.session.bound());
    run.submit("now");
    EXPECT_EQ(run.only().command, command::kSubmitSm);
}

TEST(SmppSession, TellsAWrongPasswordOnceAndWaitsLong) {
    SessionSettings settings;
    settings.refused_wait = 600s;
    Centre run(settings);
    for (int attempt = 0; attempt < 5; ++attempt) {
        run.session.on_connected(run.now);
        run.answer(run.only(), status::kWrongPassword);
        run.sent();
        ASSERT_TRUE(run.closed);
        EXPECT_EQ(run.closed->code, "smpp.bind_refused");
        EXPECT_EQ(run.closed->detail.find("secret"), std::string::npos);
        EXPECT_GE(run.session.on_closed(*run.closed, run.now), 480s);
        run.submit("m" + std::to_string(attempt));
        EXPECT_EQ(run.reply("m" + std::to_string(attempt)).code, "smpp.bind_refused");
        run.closed.reset();
    }
    EXPECT_EQ(std::count_if(run.log.begin(), run.log.end(),
                            [](const LogLine& line) { return line.level == LogLevel::error; }),
              1);
    EXPECT_EQ(run.log.size(), 1U);
    run.become_bound();
    EXPECT_EQ(run.log.back().code, "smpp.bound");
}

TEST(SmppSession, ComesBackSoonAfterAPassingRefusal) {
    Centre run;
    run.session.on_connected(run.now);
    run.answer(run.only(), status::kThrottled);
    run.sent();
    EXPECT_LE(run.session.on_closed(*run.closed, run.now), 2s);
}

TEST(SmppSession, WaitsLongerTheMoreOftenItFails) {
    Centre run;
    Millis before{0};
    for (int i = 0; i < 5; ++i) {
        const Millis wait = run.session.on_closed({"link.refused", "no"}, run.now);
        EXPECT_GT(wait, before);
        before = wait;
    }
    for (int i = 0; i < 20; ++i) EXPECT_LE(run.session.on_closed({"link.refused", "no"}, run.now), 72s);
    run.sent();
    EXPECT_EQ(run.log.size(), 1U) << "one line however long the centre is away";
    run.become_bound();
    run.pass(11s);
    EXPECT_LE(run.session.on_closed(kLost, run.now), 2s);
}

TEST(SmppSession, AsksASilentCentreAndLeavesIt) {
    Centre run;
    run.become_bound();
    run.pass(29s);
    EXPECT_TRUE(run.sent().empty());
    run.pass(1s);
    const Asked enquire = run.only();
    EXPECT_EQ(enquire.command, command::kEnquireLink);
    run.answer(enquire);
    run.pass(29s);
    EXPECT_TRUE(run.sent().empty());
    run.pass(1s);
    EXPECT_EQ(run.only().command, command::kEnquireLink);
    run.pass(9s);
    EXPECT_FALSE(run.closed);
    run.pass(1s);
    run.sent();
    ASSERT_TRUE(run.closed);
    EXPECT_EQ(run.closed->code, "smpp.silent");
}

TEST(SmppSession, DoesNotWaitForABindForEver) {
    Centre run;
    run.session.on_connected(run.now);
    run.sent();
    EXPECT_EQ(run.session.next_deadline(), run.now.mono + 10s);
    run.pass(10s);
    run.sent();
    ASSERT_TRUE(run.closed);
    EXPECT_EQ(run.closed->code, "smpp.silent");
}

TEST(SmppSession, AnswersWhatTheCentreAsks) {
    Centre run;
    run.become_bound();
    run.give(command::kEnquireLink, 99);
    Asked answer = run.only();
    EXPECT_EQ(answer.command, command::kEnquireLink | command::kResponse);
    EXPECT_EQ(answer.sequence, 99U);
    // 4.3.1: an unknown command is answered by generic_nack.
    for (const std::uint32_t unknown :
         {0x21U, 0x00010200U, 0x7FFFFFFFU, command::kSubmitSm, command::kBindTransceiver}) {
        run.give(unknown, 7);
        answer = run.only();
        EXPECT_EQ(answer.command, command::kGenericNack);
        EXPECT_EQ(answer.status, status::kInvalidCommand);
        EXPECT_EQ(answer.sequence, 7U);
    }
    run.give(command::kAlertNotification, 1);
    run.give(command::kOutbind, 1);
    run.give(0x80000021U, 1);
    run.give(command::kGenericNack, 1);
    EXPECT_TRUE(run.sent().empty()) << "answers and notices are not answered";
    EXPECT_TRUE(run.session.bound());
    run.give(command::kUnbind, 100);
    EXPECT_EQ(run.only().command, command::kUnbind | command::kResponse);
    EXPECT_EQ(run.closed->code, "smpp.unbound");
}

TEST(SmppSession, EndsAStreamThatCannotBeRead) {
    Centre run;
    run.become_bound();
    run.session.on_bytes(std::string("\0\0\0\x08garbage!", 12), run.now);
    const Asked answer = run.only();
    EXPECT_EQ(answer.command, command::kGenericNack);
    EXPECT_EQ(answer.status, status::kInvalidCommandLength);
    EXPECT_EQ(run.closed->code, "smpp.bad_length");
    run.give(command::kEnquireLink, 1);
    EXPECT_TRUE(run.sent().empty());
}

TEST(SmppSession, AnswersAReceiptOnlyWhenTheNodeHasIt) {
    struct Row {
        Result<> answer;
        std::uint32_t status;
    };
    for (const Row& row : {Row{ok(), status::kOk}, Row{Error{"node.busy", ""}, status::kReceiverTemporary},
                           Row{Error{"hook.not_understood", ""}, status::kReceiverReject},
                           Row{Error{"hook.too_old", ""}, status::kReceiverReject}}) {
        Centre run;
        run.become_bound();
        run.give(command::kDeliverSm, 31, deliver_body(4, receipt_text("55", "DELIVRD")));
        EXPECT_TRUE(run.sent().empty());
        ASSERT_EQ(run.offered.size(), 1U);
        const InboundMessage& report = run.offered[0].message;
        EXPECT_EQ(report.source, "sms");
        EXPECT_EQ(report.type, "sms.report");
        EXPECT_EQ(report.data["external_id"], "55");
        EXPECT_EQ(report.data["state"], "delivered");
        run.session.taken(run.offered[0].number, row.answer, run.now);
        const Asked answer = run.only();
        EXPECT_EQ(answer.command, command::kDeliverSm | command::kResponse);
        EXPECT_EQ(answer.sequence, 31U);
        EXPECT_EQ(answer.status, row.status);
        EXPECT_EQ(answer.body, zero());
    }
}

TEST(SmppSession, GivesARepeatedReceiptTheSameId) {
    Centre run;
    run.become_bound();
    for (const std::uint32_t sequence : {1U, 2U})
        run.give(command::kDeliverSm, sequence, deliver_body(4, receipt_text("55", "DELIVRD")));
    run.give(command::kDeliverSm, 3, deliver_body(4, receipt_text("55", "EXPIRED")));
    run.sent();
    ASSERT_EQ(run.offered.size(), 3U);
    EXPECT_EQ(run.offered[0].message.id, run.offered[1].message.id);
    EXPECT_NE(run.offered[0].message.id, run.offered[2].message.id);
}

TEST(SmppSession, TellsHowOldARepeatedReceiptIs) {
    Centre run;
    run.become_bound();
    const WallTime first = run.now.wall;
    for (int i = 0; i < 3; ++i) {
        run.give(command::kDeliverSm, 1, deliver_body(4, receipt_text("55", "DELIVRD")));
        run.sent();
        EXPECT_EQ(run.offered.back().message.sent_at, first) << "or the node would wait for its message for ever";
        run.session.taken(run.offered.back().number, Error{"hook.not_yet", ""}, run.now);
        run.now.wall += 300s;
    }
    run.give(command::kDeliverSm, 1, deliver_body(4, receipt_text("55", "DELIVRD")));
    run.sent();
    run.session.taken(run.offered.back().number, ok(), run.now);
    run.give(command::kDeliverSm, 1, deliver_body(4, receipt_text("55", "DELIVRD")));
    run.sent();
    EXPECT_EQ(run.offered.back().message.sent_at, run.now.wall);
}

TEST(SmppSession, PutsAReceiptOffThatTheNodeDoesNotAnswer) {
    Centre run;
    run.become_bound();
    run.give(command::kDeliverSm, 31, deliver_body(4, receipt_text("55", "DELIVRD")));
    run.sent();
    run.pass(65s);
    const auto answers = run.sent();
    ASSERT_FALSE(answers.empty());
    EXPECT_EQ(answers[0].status, status::kReceiverTemporary);
    run.session.taken(run.offered[0].number, ok(), run.now);
    EXPECT_TRUE(run.sent().empty()) << "answered once";
}

TEST(SmppSession, DoesNotAnswerAReceiptOfAnotherConnection) {
    Centre run;
    run.become_bound();
    run.give(command::kDeliverSm, 31, deliver_body(4, receipt_text("55", "DELIVRD")));
    run.sent();
    run.session.on_closed(kLost, run.now);
    run.become_bound();
    run.session.taken(run.offered[0].number, ok(), run.now);
    EXPECT_TRUE(run.sent().empty());
}

TEST(SmppSession, RejectsWhatItCannotTake) {
    Centre run;
    run.become_bound();
    run.give(command::kDeliverSm, 1, "short");
    EXPECT_EQ(run.only().status, status::kInvalidParameterLength);
    run.give(command::kDeliverSm, 2, deliver_body(0, "TD"));
    EXPECT_EQ(run.only().status, status::kReceiverReject);
    run.give(command::kDeliverSm, 3, deliver_body(0, "TD"));
    EXPECT_EQ(run.only().status, status::kReceiverReject);
    EXPECT_TRUE(run.offered.empty());
    EXPECT_EQ(run.log.back().code, "smpp.not_a_receipt");
    EXPECT_EQ(run.log.size(), 2U) << "bound, and one line of these";
    Centre binding;
    binding.session.on_connected(binding.now);
    binding.sent();
    binding.give(command::kDeliverSm, 4, deliver_body(4, receipt_text("1", "DELIVRD")));
    EXPECT_EQ(binding.only().status, status::kWrongBindState);
}

TEST(SmppSession, SaysGoodByeAndNothingMore) {
    Centre run;
    run.become_bound();
    run.submit("m");
    run.sent();
    run.session.stop();
    EXPECT_EQ(run.only().command, command::kUnbind);
    EXPECT_TRUE(run.replies.empty());
    EXPECT_EQ(run.session.next_deadline(), std::nullopt);
}

}  // namespace
}  // namespace citybridge::sms_smpp
