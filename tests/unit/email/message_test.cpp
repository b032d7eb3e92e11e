// Mails we write: their form by the RFCs, line by line.
#include "plugins/email/message.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/api/text.h"
#include "plugins/email/charsets.h"
#include "plugins/email/encodings.h"
#include "plugins/email/mime.h"

namespace citybridge::email {
namespace {

Mail plain_mail() {
    Mail mail;
    mail.from = {"desk", "city.example"};
    mail.to = {"quality", "partner.example"};
    mail.subject = "Hello";
    mail.text = "One line.";
    mail.message_id = "ord_1.5.mail.cbabc@city.example";
    mail.date = WallTime{std::chrono::seconds(1'795'342'428)};
    return mail;
}

std::string built(const Mail& mail) {
    const auto bytes = build_mail(mail);
    EXPECT_TRUE(bytes) << bytes.error().detail;
    return bytes ? *bytes : "";
}

std::vector<std::string> lines_of(const std::string& bytes) {
    std::vector<std::string> out;
    std::size_t at = 0;
    for (auto end = bytes.find("\r\n"); end != std::string::npos; end = bytes.find("\r\n", at)) {
        out.push_back(bytes.substr(at, end - at));
        at = end + 2;
    }
    EXPECT_EQ(at, bytes.size()) << "every line ends with CR LF";
    return out;
}

std::string head_of(const std::string& bytes) { return bytes.substr(0, bytes.find("\r\n\r\n") + 2); }

// What holds for every mail, whatever is in it.
void expect_well_formed(const std::string& bytes) {
    for (const std::string& line : lines_of(bytes)) {
        EXPECT_LE(line.size(), 998U) << "RFC 5322, 2.1.1";
        EXPECT_EQ(line.find_first_of(std::string("\r\n\0", 3)), std::string::npos);
    }
    for (const std::string& line : lines_of(head_of(bytes))) {
        const bool one_word = line.find(' ', 1) == line.rfind(' ') || line.starts_with("Message-ID: ");
        EXPECT_TRUE(line.size() <= 78 || one_word) << line;
        for (const char c : line) EXPECT_TRUE(c >= ' ' && c < '\x7f') << line;
        EXPECT_FALSE(trimmed(line).empty()) << "a folded line of blanks only";
    }
}

TEST(MailMessage, IsWrittenAsTheRfcSays) {
    EXPECT_EQ(built(plain_mail()),
              "Date: Sun, 22 Nov 2026 10:13:48 +0000\r\n"
              "From: desk@city.example\r\n"
              "To: quality@partner.example\r\n"
              "Subject: Hello\r\n"
              "Message-ID: <ord_1.5.mail.cbabc@city.example>\r\n"
              "Auto-Submitted: auto-generated\r\n"
              "MIME-Version: 1.0\r\n"
              "Content-Type: text/plain; charset=us-ascii\r\n"
              "Content-Transfer-Encoding: 7bit\r\n"
              "\r\n"
              "One line.\r\n");
}

TEST(MailMessage, ASubjectOfAnyLengthComesBackWhole) {
    const std::string piece = "投诉：王女士👩‍💻，朝阳区 a ";
    for (std::size_t length = 1; length < 400; length += 7) {
        Mail mail = plain_mail();
        for (std::size_t i = 0; mail.subject.size() < length; ++i) mail.subject += piece;
        const std::string bytes = built(mail);
        expect_well_formed(bytes);
        EXPECT_EQ(decoded_words(*parse_mail(bytes).header("subject"), "GB18030"), mail.subject);
    }
}

TEST(MailMessage, EveryEncodedWordIsWholeByItself) {
    Mail mail = plain_mail();
    for (int i = 0; i < 100; ++i) mail.subject += "字a";
    const std::string head = head_of(built(mail));
    std::size_t words = 0;
    for (auto at = head.find("=?UTF-8?B?"); at != std::string::npos; at = head.find("=?UTF-8?B?", at + 1)) {
        const auto end = head.find("?=", at + 10);
        EXPECT_LE(end + 2 - at, 75U) << "RFC 2047, 2";
        EXPECT_TRUE(is_utf8(base64_decoded(head.substr(at + 10, end - at - 10))))
            << "RFC 2047, 5: no character is split";
        ++words;
    }
    EXPECT_GT(words, 5U);
}

TEST(MailMessage, NamesAreQuotedOrEncoded) {
    Mail mail = plain_mail();
    mail.from_name = "Desk \"A\" \\ one, two";
    mail.to_name = "王经理";
    const std::string bytes = built(mail);
    EXPECT_NE(bytes.find("From: \"Desk \\\"A\\\" \\\\ one, two\" <desk@city.example>\r\n"), std::string::npos);
    EXPECT_NE(bytes.find("To: =?UTF-8?B?546L57uP55CG?= <quality@partner.example>\r\n"), std::string::npos);
}

RC_GTEST_PROP(MailMessage, NothingGivenCanStartAHeaderOrEndTheMail, (const std::string& raw, const std::string& raw2)) {
    const std::string evil =
        to_utf8(raw, "ISO-8859-1") + "\r\nBcc: victim@example.com\r\n\r\nbody\r\n.\r\n" + to_utf8(raw2, "ISO-8859-1");
    Mail mail = plain_mail();
    mail.subject = mail.from_name = mail.to_name = mail.text = mail.html = evil;
    mail.attachments.push_back({evil, "text/csv", evil});
    const std::string bytes = built(mail);
    expect_well_formed(bytes);
    const MailPart read = parse_mail(bytes);
    RC_ASSERT(read.header("bcc") == nullptr);
    RC_ASSERT(read.headers.size() == 8U);
    RC_ASSERT(read.parts.size() == 2U);
    RC_ASSERT(read.parts[1].body == evil);
    RC_ASSERT(read.parts[1].headers.size() == 3U);
    RC_ASSERT(read.parts[0].parts.size() == 2U);
}

TEST(MailMessage, ControlsInTextsForPeopleBecomeBlanks) {
    Mail mail = plain_mail();
    mail.subject = std::string("a\r\nb\0c\x1B[0m\x7F\xC2\x85\xE2\x80\xA8", 16) + "d";
    EXPECT_EQ(decoded_words(*parse_mail(built(mail)).header("subject"), "GB18030"), "a  b c [0m   d");
}

TEST(MailMessage, TextKeepsItsLinesWhateverTheyEndWith) {
    Mail mail = plain_mail();
    mail.text = "a\nb\r\nc\rd\n\n.\n..\nFrom me";
    EXPECT_NE(built(mail).find("\r\n\r\na\r\nb\r\nc\r\nd\r\n\r\n.\r\n..\r\nFrom me\r\n"), std::string::npos);
    mail.text = "你\n好";
    EXPECT_EQ(parse_mail(built(mail)).body, "你\r\n好\r\n");
    mail.text = std::string(5'000, 'x');
    const std::string bytes = built(mail);
    expect_well_formed(bytes);
    EXPECT_EQ(parse_mail(bytes).body, mail.text + "\r\n");
}

TEST(MailMessage, HtmlIsAnAlternativeBehindTheText) {
    Mail mail = plain_mail();
    mail.html = "<p>你好</p>";
    const MailPart read = parse_mail(built(mail));
    EXPECT_EQ(read.type, "multipart/alternative");
    ASSERT_EQ(read.parts.size(), 2U);
    EXPECT_EQ(read.parts[0].type, "text/plain");
    EXPECT_EQ(read.parts[0].body, "One line.\r\n");
    EXPECT_EQ(read.parts[1].type, "text/html");
    EXPECT_EQ(read.parts[1].charset, "utf-8");
    EXPECT_EQ(read.parts[1].body, "<p>你好</p>\r\n");
}

TEST(MailMessage, AttachmentsComeBackByteForByteWithTheirNames) {
    std::string bytes;
    for (int i = 0; i < 3'000; ++i) bytes += static_cast<char>(i * 7);
    for (const std::string name :
         {"report.xlsx", "a \"b\" \\ c.csv", "北京 十一月 报表 (最终版) 很长很长很长很长很长很长很长的名字.xlsx",
          "=_citybridge_2", "x; y=z.txt"}) {
        Mail mail = plain_mail();
        mail.attachments = {{name, "application/octet-stream", bytes}, {"", "text/csv", ""}};
        const std::string built_mail = built(mail);
        expect_well_formed(built_mail);
        const MailPart read = parse_mail(built_mail);
        ASSERT_EQ(read.parts.size(), 3U);
        EXPECT_EQ(read.parts[1].body, bytes);
        std::string charset;
        EXPECT_EQ(parameter_of(*read.parts[1].header("content-disposition"), "filename", &charset), name);
        EXPECT_EQ(parameter_of(*read.parts[1].header("content-type"), "name"), name);
        EXPECT_EQ(read.parts[2].body, "");
    }
}

TEST(MailMessage, TextThatLooksLikeABoundaryDoesNotEndItsPart) {
    Mail mail = plain_mail();
    mail.text = "--=_citybridge_1--\r\n--=_citybridge_2\r\n";
    mail.html = "--=_citybridge_1";
    mail.attachments = {{"a", "text/plain", "--=_citybridge_2--\r\n"}};
    const MailPart read = parse_mail(built(mail));
    ASSERT_EQ(read.parts.size(), 2U);
    ASSERT_EQ(read.parts[0].parts.size(), 2U);
    EXPECT_EQ(read.parts[0].parts[0].body, mail.text);
    EXPECT_EQ(read.parts[1].body, "--=_citybridge_2--\r\n");
}

TEST(MailMessage, RefusesWhatCannotStandInAHeader) {
    Mail mail = plain_mail();
    for (const std::string id : {"a@b\r\nX: y", "a b@c.example", "<a>@b", "ab", "a@", "a@b c", ""}) {
        mail = plain_mail();
        mail.message_id = id;
        EXPECT_FALSE(build_mail(mail)) << id;
    }
    for (const std::string type : {"", "text", "text/", "/x", "text/a b", "text/a;x", "text/a\r\nX: y",
                                   "multipart/mixed", "message/rfc822", "a/b/c"}) {
        mail = plain_mail();
        mail.attachments = {{"a", type, ""}};
        const auto result = build_mail(mail);
        ASSERT_FALSE(result) << type;
        EXPECT_EQ(result.error().code, "email.bad_mail");
    }
    mail = plain_mail();
    mail.subject = "\xFF";
    EXPECT_FALSE(build_mail(mail));
}

TEST(MailMessage, DatesAreOfTheirDay) {
    EXPECT_EQ(mail_date(WallTime{}), "Thu, 1 Jan 1970 00:00:00 +0000");
    EXPECT_EQ(mail_date(WallTime{std::chrono::seconds(1'709'251'199)}), "Thu, 29 Feb 2024 23:59:59 +0000");
}

}  // namespace
}  // namespace citybridge::email
