// What mails that come in mean. The report is one that postfix 3.7 wrote.
#include "plugins/email/reply.h"

#include <gtest/gtest.h>

#include "plugins/email/encodings.h"
#include "tests/unit/email/mail_fixture.h"

namespace citybridge::email {
namespace {

std::string token(TokenUse use) { return test_keys().make({use, std::string(kOrder) + ".5.mail.t1", kOrder}); }
std::string our_id(TokenUse use = TokenUse::confirm) {
    return "<" + std::string(kOrder) + ".5.1.mail." + token(use) + "@city.example>";
}
std::string reply_address(TokenUse use = TokenUse::confirm) { return "reply+" + token(use) + "@city.example"; }

Reply read(const std::string& mail) { return read_reply(mail, test_keys(), "GB18030"); }

// A person's answer, with these headers besides.
std::string answer(const std::string& headers, const std::string& text = "OK") {
    return "From: =?gb2312?B?zfU=?= <wang@partner.example>\r\nTo: " + reply_address() +
           "\r\nMessage-ID: <1@partner.example>\r\nSubject: Re: x\r\n" + headers + "\r\n" + text;
}

void expect_confirmed(const Reply& reply) {
    EXPECT_EQ(reply.kind, ReplyKind::confirmed);
    EXPECT_EQ(reply.message, std::string(kOrder) + ".5.mail.t1");
    EXPECT_EQ(reply.order, kOrder);
}

TEST(MailReply, APersonsAnswerConfirms) {
    const Reply reply =
        read(answer("Content-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: base64\r\n",
                    base64("\xCA\xD5\xB5\xBD")));
    expect_confirmed(reply);
    EXPECT_EQ(reply.from, "wang@partner.example");
    EXPECT_EQ(reply.text, "收到");
    EXPECT_EQ(reply.subject, "Re: x");
}

TEST(MailReply, AnyOneOfTheThreePlacesIsEnough) {
    expect_confirmed(read("To: \"x\" <" + reply_address() + ">\n\nOK"));
    expect_confirmed(read("Delivered-To: " + reply_address() + "\nTo: list@x.example\n\nOK"));
    expect_confirmed(read("To: reply@city.example\nIn-Reply-To: " + our_id() + "\n\nOK"));
    expect_confirmed(read("To: reply@city.example\nReferences: <a@b>\n " + our_id() + "\n <c@d>\n\nOK"));
    expect_confirmed(read("To: reply@city.example\nSubject: Re: [" + token(TokenUse::confirm) + "]\n\nOK"));
    expect_confirmed(read("To: reply@city.example\nSubject: =?utf-8?B?" +
                          base64("回复：投诉 [" + token(TokenUse::confirm) + "]") + "?=\n\nOK"));
}

TEST(MailReply, WhatStandsInTheBodyProvesNothing) {
    EXPECT_EQ(read("To: reply@city.example\n\n> Reply-To: " + reply_address()).kind, ReplyKind::unrelated);
}

TEST(MailReply, ForgedTokensConfirmNothing) {
    std::string forged = reply_address();
    forged[12] = forged[12] == 'a' ? 'b' : 'a';
    const Reply reply = read("From: a@b\nTo: " + forged + "\n\nOK");
    EXPECT_EQ(reply.kind, ReplyKind::unrelated);
    EXPECT_EQ(reply.message, "");
    const std::string stranger =
        TokenKeys("mail", {"ffffffffffffffffffffffffffffffff"}).make({TokenUse::confirm, "ord_1.1.mail", "ord_1"});
    EXPECT_EQ(read("To: reply+" + stranger + "@city.example\n\nOK").kind, ReplyKind::unrelated);
    EXPECT_EQ(
        read("To: reply@city.example\nIn-Reply-To: <" + std::string(kOrder) + ".5.1.mail@city.example>\n\nOK").kind,
        ReplyKind::unrelated);
}

TEST(MailReply, MachinesConfirmNothing) {
    for (const std::string header :
         {"Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated; x=y", "AUTO-SUBMITTED: Auto-Notified",
          "X-Autoreply: yes", "X-Autorespond: x", "X-Auto-Response-Suppress: All", "Precedence: bulk",
          "Precedence: auto_reply", "Precedence: Junk", "List-Id: <x.y>", "Return-Path: <>",
          "Content-Type: multipart/report; report-type=disposition-notification; boundary=b"}) {
        const Reply reply = read(answer(header + "\r\n"));
        EXPECT_EQ(reply.kind, ReplyKind::auto_reply) << header;
        EXPECT_EQ(reply.order, kOrder) << header;
    }
    for (const std::string subject :
         {"自动回复：收到", "=?utf-8?B?6Ieq5Yqo5Zue5aSN?=: x", "Automatic reply: x", "Out of Office: x", "AUTO: x"})
        EXPECT_EQ(read("To: " + reply_address() + "\nSubject: " + subject + "\n\nx").kind, ReplyKind::auto_reply)
            << subject;
    expect_confirmed(
        read(answer("Auto-Submitted: no\r\nReturn-Path: <wang@partner.example>\r\nPrecedence: normal\r\n")));
}

TEST(MailReply, WhoWritesToTheEnvelopesSenderIsAMachine) {
    const Reply reply =
        read("To: " + reply_address(TokenUse::bounce) + "\nIn-Reply-To: " + our_id() + "\nSubject: away\n\nx");
    EXPECT_EQ(reply.kind, ReplyKind::auto_reply);
}

TEST(MailReply, AnAnswerToAMailThatNeedsNoneIsKnownAndConfirmsNothing) {
    const Reply reply = read("To: reply@city.example\nIn-Reply-To: " + our_id(TokenUse::reference) + "\n\nthanks");
    EXPECT_EQ(reply.kind, ReplyKind::unrelated);
    EXPECT_EQ(reply.order, kOrder);
    EXPECT_EQ(reply.text, "thanks");
}

std::string report(const std::string& to, const std::string& groups, const std::string& returned_id) {
    return "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mail.city.test>\r\nSubject: Undelivered Mail "
           "Returned to Sender\r\nTo: " +
           to +
           "\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; "
           "report-type=delivery-status;\r\n\tboundary=\"65E9DA761D2.1795342428/mail.city.test\"\r\nMessage-Id: "
           "<20261122101348.6FABBA767BA@mail.city.test>\r\n\r\nThis is a MIME-encapsulated message.\r\n\r\n"
           "--65E9DA761D2.1795342428/mail.city.test\r\nContent-Description: Notification\r\nContent-Type: text/plain; "
           "charset=utf-8\r\n\r\nThis is the mail system at host mail.city.test.\r\n\r\n"
           "--65E9DA761D2.1795342428/mail.city.test\r\nContent-Description: Delivery report\r\nContent-Type: "
           "message/delivery-status\r\n\r\nReporting-MTA: dns; mail.city.test\r\nX-Postfix-Queue-ID: 65E9DA761D2\r\n"
           "Arrival-Date: Sun, 22 Nov 2026 10:13:48 +0000 (UTC)\r\n\r\nFinal-Recipient: rfc822; nobody@city.test\r\n" +
           groups +
           "\r\n--65E9DA761D2.1795342428/mail.city.test\r\nContent-Type: message/rfc822\r\n\r\nReceived: x\r\n"
           "Message-ID: " +
           returned_id +
           "\r\nSubject: y\r\n\r\nhello\r\n\r\n"
           "--65E9DA761D2.1795342428/mail.city.test--\r\n";
}
constexpr char kFailed[] = "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: X-Postfix; unknown user\r\n";

TEST(MailReply, AReportOfFailureIsABounce) {
    for (const std::string& mail :
         {report(reply_address(TokenUse::bounce), kFailed, "<x@y>"), report("reply@city.example", kFailed, our_id())}) {
        const Reply reply = read(mail);
        EXPECT_EQ(reply.kind, ReplyKind::bounce);
        EXPECT_EQ(reply.message, std::string(kOrder) + ".5.mail.t1");
        EXPECT_EQ(reply.status, "5.1.1");
        EXPECT_EQ(reply.text.find("This is the mail system"), 0U);
    }
}

TEST(MailReply, ADelayIsNoBounceAndNoConfirmation) {
    const Reply delayed = read(report(reply_address(), "Action: delayed\r\nStatus: 4.4.1\r\n", our_id()));
    EXPECT_EQ(delayed.kind, ReplyKind::auto_reply);
    EXPECT_EQ(delayed.status, "4.4.1");
    EXPECT_EQ(read(report(reply_address(), "Action: delivered\r\nStatus: 2.0.0\r\n", our_id())).kind,
              ReplyKind::auto_reply);
}

TEST(MailReply, AReportAboutSomebodyElsesMailIsUnrelated) {
    const Reply reply = read(report("reply@city.example", kFailed, "<x@y>"));
    EXPECT_EQ(reply.kind, ReplyKind::unrelated);
    EXPECT_EQ(reply.message, "");
}

TEST(MailReply, ABounceThatIsALetterIsReadAsOne) {
    const Reply reply = read(
        "From: postmaster@qq.example\nTo: reply@city.example\nSubject: returned\n\n"
        "Host 10.1.2.5 said: 550 5.7.1 blocked.\n--- Original ---\nMessage-ID: " +
        our_id() + "\n");
    EXPECT_EQ(reply.kind, ReplyKind::bounce);
    EXPECT_EQ(reply.status, "5.7.1");
    EXPECT_EQ(reply.order, kOrder);
    EXPECT_EQ(reply.text.find(token(TokenUse::confirm)), std::string::npos) << "P10";
}

TEST(MailReply, APostmasterWhoAnswersIsAPerson) {
    expect_confirmed(
        read("Return-Path: <postmaster@b.example>\nFrom: postmaster@b.example\nTo: " + reply_address() + "\n\nOK"));
    EXPECT_EQ(read("Return-Path: <>\nFrom: MAILER-DAEMON@b.example\nTo: " + reply_address() + "\n\nno such user").kind,
              ReplyKind::bounce);
}

TEST(MailReply, IdsAreTheMailsOwnAndShowNothing) {
    const std::string first = answer("");
    EXPECT_EQ(read(first).id, read("Received: again\r\n" + first).id);
    EXPECT_NE(read(first).id, read("From: a@b\nMessage-ID: <2@partner.example>\n\n").id);
    EXPECT_EQ(read("From: a\n\nx").id, read("From: a\n\nx").id);
    EXPECT_NE(read("From: a\n\nx").id, read("From: a\n\ny").id);
    EXPECT_EQ(read("Message-ID: " + our_id() + "\n\n").id.find("cb"), std::string::npos);
}

TEST(MailReply, NoTokenIsInWhatIsKept) {
    const Reply reply =
        read(answer("", "On Sunday reply <" + reply_address() + "> wrote:\r\n> Message-ID: " + our_id()));
    expect_confirmed(reply);
    const std::string kept = inbound_of(reply, "mail", WallTime{}).data.dump() + reply.id;
    EXPECT_EQ(kept.find(token(TokenUse::confirm)), std::string::npos);
    EXPECT_NE(kept.find("reply+[token]@city.example"), std::string::npos);
}

TEST(MailReply, HtmlAnswersAreRead) {
    const Reply reply = read(answer("Content-Type: multipart/alternative; boundary=b\r\n",
                                    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>收到</p>\r\n--b--"));
    EXPECT_EQ(reply.text, "收到");
}

TEST(MailReply, TextIsBoundedAndWhole) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "字";
    const Reply reply = read(answer("Content-Type: text/plain; charset=utf-8\r\n", text));
    EXPECT_LE(reply.text.size(), kMaxReplyText);
    EXPECT_EQ(reply.text.size() % 3, 0U);
}

TEST(MailReply, TheNodesMessageSaysWhatItIs) {
    const InboundMessage message = inbound_of(read(answer("")), "mail", WallTime{});
    EXPECT_EQ(message.source, "mail");
    EXPECT_EQ(message.type, "mail.confirmed");
    EXPECT_EQ(message.data["message"], std::string(kOrder) + ".5.mail.t1");
    EXPECT_EQ(message.data["order"], kOrder);
    const InboundMessage stranger = inbound_of(read("From: a@b\nSubject: buy\n\nnow"), "mail", WallTime{});
    EXPECT_EQ(stranger.type, "mail.unrelated");
    EXPECT_EQ(stranger.data["text"], "");
    EXPECT_EQ(stranger.data["subject"], "");
}

}  // namespace
}  // namespace citybridge::email
