// Mails as strangers send them.
#include "plugins/email/mime.h"

#include <gtest/gtest.h>

namespace citybridge::email {
namespace {

TEST(Mime, HeadersAreUnfoldedAndFoundInAnyCase) {
    const MailPart mail = parse_mail("SUBJECT: a\r\n b\r\n\tc\r\nX-Two: 1\r\nx-two: 2\r\n\r\nbody");
    EXPECT_EQ(*mail.header("subject"), "a b\tc");
    EXPECT_EQ(mail.all("x-two"), "1\n2\n");
    EXPECT_EQ(mail.header("x-three"), nullptr);
    EXPECT_EQ(mail.body, "body");
}

TEST(Mime, BareLineFeedsAndMboxLinesAreRead) {
    const MailPart mail = parse_mail("From x@y Sun Nov 22\nSubject: a\n\nbody\n");
    EXPECT_EQ(*mail.header("subject"), "a");
    EXPECT_EQ(mail.body, "body\n");
}

TEST(Mime, TransferEncodingsAreUndone) {
    EXPECT_EQ(parse_mail("Content-Transfer-Encoding: BASE64\r\n\r\n5L2g\r\n5aW9\r\n").body, "你好");
    EXPECT_EQ(parse_mail("content-transfer-encoding: Quoted-Printable\r\n\r\na=3Db=\r\nc").body, "a=bc");
    EXPECT_EQ(parse_mail("Content-Transfer-Encoding: x-strange\r\n\r\na=3D").body, "a=3D");
}

TEST(Mime, PartsAsInRfc2046) {
    const MailPart mail = parse_mail(
        "Content-Type: multipart/mixed; boundary=\"simple boundary\"\r\n\r\npreamble\r\n--simple boundary\r\n\r\n"
        "implicit\r\n--simple boundary  \r\nContent-type: text/plain; charset=us-ascii\r\n\r\nexplicit\r\n\r\n"
        "--simple boundary--\r\nepilogue\r\n--simple boundary\r\n\r\nno part\r\n");
    ASSERT_EQ(mail.parts.size(), 2U);
    EXPECT_EQ(mail.parts[0].body, "implicit");
    EXPECT_EQ(mail.parts[1].body, "explicit\r\n");
    EXPECT_EQ(mail.parts[1].charset, "us-ascii");
}

TEST(Mime, AMissingEndLosesNothing) {
    const MailPart mail = parse_mail("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\nlast line");
    ASSERT_EQ(mail.parts.size(), 2U);
    EXPECT_EQ(mail.parts[1].body, "two\nlast line");
}

TEST(Mime, ALineThatOnlyBeginsLikeABoundaryIsText) {
    const MailPart mail = parse_mail("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--bc\ntwo\n--b--\n");
    ASSERT_EQ(mail.parts.size(), 1U);
    EXPECT_EQ(mail.parts[0].body, "one\n--bc\ntwo");
}

TEST(Mime, WithoutABoundaryTheBodyStays) {
    EXPECT_EQ(parse_mail("Content-Type: multipart/mixed\n\n--b\nx").body, "--b\nx");
    EXPECT_EQ(parse_mail("Content-Type: multipart/mixed; boundary=\"\"\n\n--\nx").body, "--\nx");
    EXPECT_EQ(parse_mail("Content-Type: multipart/mixed; boundary=b\n\nx").body, "x");
}

TEST(Mime, AttachedMailsAreTakenApartToo) {
    const MailPart mail = parse_mail(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: "
        "inner\n\ntext\n--b--\n");
    ASSERT_EQ(mail.parts.size(), 1U);
    ASSERT_EQ(mail.parts[0].parts.size(), 1U);
    EXPECT_EQ(*mail.parts[0].parts[0].header("subject"), "inner");
}

TEST(Mime, DepthAndNumberOfPartsAreBounded) {
    std::string nested = "x";
    for (int i = 0; i < 50; ++i) nested = "Content-Type: message/rfc822\n\n" + nested;
    int depth = 0;
    const MailPart deep = parse_mail(nested);
    for (const MailPart* part = &deep; !part->parts.empty(); part = &part->parts.front()) ++depth;
    EXPECT_EQ(depth, kMaxDepth);

    std::string wide = "Content-Type: multipart/mixed; boundary=b\n\n";
    for (int i = 0; i < 10'000; ++i) wide += "--b\n\n";
    EXPECT_LE(parse_mail(wide).parts.size(), kMaxParts);
    std::string headers;
    for (int i = 0; i < 10'000; ++i) headers += "A: b\n";
    EXPECT_EQ(parse_mail(headers).headers.size(), kMaxHeaders);
}

TEST(Mime, ParametersAsInRfc2231) {
    EXPECT_EQ(parameter_of("a/b; NAME=x; y=z", "name"), "x");
    EXPECT_EQ(parameter_of("a/b; y=z", "name"), "");
    EXPECT_EQ(parameter_of("a/b; name=\"x \\\"y\\\" ; z\"", "name"), "x \"y\" ; z");
    EXPECT_EQ(parameter_of("application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; "
                           "title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
                           "title"),
              "This is even more ***fun*** isn't it!");
    std::string charset;
    EXPECT_EQ(parameter_of("attachment; filename*=UTF-8''%E4%BD%A0.txt", "filename", &charset), "你.txt");
    EXPECT_EQ(charset, "UTF-8");
    for (const char* broken : {"a/b; name", "a/b; name=\"x", "a/b; =x", "a/b;;;", "a/b; name*=x", "a/b; name*99999=x",
                               "a/b; name*-1=x", "a/b; name*0*=x'", "a/b; name*0*=%"})
        (void)parameter_of(broken, "name");
}

TEST(Mime, NothingAtAllIsAMail) {
    for (const char* bytes : {"", "\n", "\r\n\r\n", ":", " a", "no header", "A:", "\xFF\xFE"}) (void)parse_mail(bytes);
    EXPECT_EQ(parse_mail("").type, "text/plain");
}

}  // namespace
}  // namespace citybridge::email
