#include "plugins/email/outgoing.h"

#include <gtest/gtest.h>

#include "plugins/email/charsets.h"
#include "plugins/email/mime.h"
#include "tests/unit/email/mail_fixture.h"

namespace citybridge::email {
namespace {

Prepared prepared(const std::string& payload, const Writer& writer = test_writer(),
                  const TokenKeys& keys = test_keys()) {
    auto result = prepare_mail(test_message(payload), writer, keys);
    EXPECT_TRUE(result) << result.error().detail;
    return result ? *result : Prepared{};
}

TokenUse use_of(const std::string& text) {
    const auto found = test_keys().find_in(text);
    return found.size() == 1 && found[0].message == test_message("").id ? found[0].use : TokenUse{};
}

TEST(OutgoingMail, CarriesItsTokensWhereEachMayBeUsed) {
    const Prepared out = prepared(kPayload);
    EXPECT_EQ(out.envelope.to, "quality@partner.example");
    EXPECT_EQ(out.envelope.from.find("reply+cb"), 0U);
    EXPECT_EQ(use_of(out.envelope.from), TokenUse::bounce);
    const MailPart mail = parse_mail(out.bytes);
    EXPECT_EQ(use_of(*mail.header("reply-to")), TokenUse::confirm);
    EXPECT_EQ(use_of(*mail.header("message-id")), TokenUse::confirm);
    EXPECT_EQ(mail.header("message-id")->find("<" + test_message("").id + ".cb"), 0U);
    EXPECT_TRUE(mail.header("message-id")->ends_with("@city.example>"));
    EXPECT_EQ(decoded_words(*mail.header("subject"), "GB18030"), "投诉：王女士，朝阳区三居室，漏水");
    EXPECT_EQ(*mail.header("auto-submitted"), "auto-generated");
    EXPECT_EQ(*mail.header("date"), "Sun, 22 Nov 2026 10:13:48 +0000");
    EXPECT_EQ(mail.body, "请在30分钟内联系客户。\r\n谢谢。\r\n");
}

TEST(OutgoingMail, OneThatNeedsNoConfirmationCannotBeConfirmed) {
    const MailPart mail = parse_mail(prepared(R"({"to":"a@b.cn","subject":"x","text":"y"})").bytes);
    EXPECT_EQ(use_of(*mail.header("message-id")), TokenUse::reference);
    EXPECT_EQ(*mail.header("reply-to"), "=?UTF-8?B?5YyX5Lqs5pyN5Yqh5Lit5b+D?= <reply@city.example>");
}

TEST(OutgoingMail, IsTheSameAtEveryAttempt) {
    OutboxRecord message = test_message(kPayload);
    const auto first = prepare_mail(message, test_writer(), test_keys());
    message.attempts = 3;
    message.updated_at += Millis(100'000);
    EXPECT_EQ(first->bytes, prepare_mail(message, test_writer(), test_keys())->bytes);
}

TEST(OutgoingMail, WithoutSubAddressesTheSubjectCarriesTheToken) {
    Writer writer = test_writer();
    writer.delimiter = '\0';
    const Prepared out = prepared(kPayload, writer);
    EXPECT_EQ(out.envelope.from, "reply@city.example");
    const MailPart mail = parse_mail(out.bytes);
    EXPECT_EQ(test_keys().find_in(*mail.header("reply-to")).size(), 0U);
    EXPECT_EQ(use_of(decoded_words(*mail.header("subject"), "GB18030")), TokenUse::confirm);
}

TEST(OutgoingMail, ALongMailboxNameFallsBackToTheSubject) {
    Writer writer = test_writer();
    writer.reply_to.local = std::string(30, 'r');
    const Prepared out = prepared(kPayload, writer);
    EXPECT_EQ(out.envelope.from, writer.reply_to.text());
    EXPECT_EQ(use_of(decoded_words(*parse_mail(out.bytes).header("subject"), "GB18030")), TokenUse::confirm);
}

TEST(OutgoingMail, WithoutAKeyThereAreNoTokensAndNoConfirmation) {
    const TokenKeys none("mail", {});
    const Prepared out = prepared(R"({"to":"a@b.cn","subject":"x","text":"y"})", test_writer(), none);
    EXPECT_EQ(out.envelope.from, "reply@city.example");
    const auto refused = prepare_mail(test_message(kPayload), test_writer(), none);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "email.no_confirm_key");
}

TEST(OutgoingMail, AnAnswerThatIsAskedForIfPossibleNeedsNoKey) {
    const char* payload = R"({"to":"a@b.cn","subject":"x","text":"y","confirm":"if_possible"})";
    const TokenKeys none("mail", {});
    EXPECT_EQ(prepared(payload, test_writer(), none).bytes.find("reply+"), std::string::npos);
    EXPECT_EQ(use_of(*parse_mail(prepared(payload).bytes).header("reply-to")), TokenUse::confirm);
}

TEST(OutgoingMail, AnyOutboxIdGivesAMessageIdThatIsOne) {
    const std::vector<std::string> ids{"ord_1.2.mail", "a b\r\nX: y", "<>@", "..", "号码", std::string(200, 'x')};
    for (const std::string& id : ids) {
        OutboxRecord message = test_message(R"({"to":"a@b.cn","subject":"x","text":"y"})");
        message.id = id;
        const auto out = prepare_mail(message, test_writer(), test_keys());
        ASSERT_TRUE(out) << id << ": " << out.error().detail;
        const auto found = test_keys().find_in(*parse_mail(out->bytes).header("message-id"));
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(found[0].message, id);
    }
}

TEST(OutgoingMail, AttachmentsAreDecodedAndChecked) {
    const MailPart mail = parse_mail(
        prepared(
            R"({"to":"a@b.cn","subject":"x","text":"y","attachments":[{"name":"报表.csv","type":"text/csv","base64":"YSxiDQo="}]})")
            .bytes);
    ASSERT_EQ(mail.parts.size(), 2U);
    EXPECT_EQ(mail.parts[1].body, "a,b\r\n");
}

TEST(OutgoingMail, RefusesWhatIsNoMail) {
    const std::pair<const char*, const char*> cases[] = {
        {"", "email.bad_message"},
        {"[]", "email.bad_message"},
        {R"({"subject":"x","text":"y"})", "email.bad_address"},
        {R"({"to":7,"subject":"x","text":"y"})", "email.bad_message"},
        {R"({"to":"a@b\r\nRCPT TO:<c@d>","subject":"x","text":"y"})", "email.bad_address"},
        {R"({"to":"a@b.cn","subject":{},"text":"y"})", "email.bad_message"},
        {R"({"to":"a@b.cn","text":"y","attachments":{}})", "email.bad_message"},
        {R"({"to":"a@b.cn","text":"y","attachments":[{"name":"a","type":"text/csv","base64":"!"}]})",
         "email.bad_message"},
        {R"({"to":"a@b.cn","text":"y","attachments":[{"name":"a","type":"x","base64":""}]})", "email.bad_mail"},
    };
    for (const auto& [payload, code] : cases) {
        const auto out = prepare_mail(test_message(payload), test_writer(), test_keys());
        ASSERT_FALSE(out) << payload;
        EXPECT_EQ(out.error().code, code) << payload;
    }
    Writer small = test_writer();
    small.max_bytes = 100;
    EXPECT_EQ(prepare_mail(test_message(kPayload), small, test_keys()).error().code, "email.too_large");
}

}  // namespace
}  // namespace citybridge::email
