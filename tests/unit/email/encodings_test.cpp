#include "plugins/email/encodings.h"

#include <gtest/gtest.h>

#include "plugins/email/charsets.h"

namespace citybridge::email {
namespace {

TEST(Encodings, Base64AsInRfc4648) {
    const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : vectors) {
        EXPECT_EQ(base64(bytes), text);
        EXPECT_EQ(base64_decoded(text), bytes);
        EXPECT_TRUE(is_base64(text));
    }
    for (const char* wrong : {"Zg", "Zg=", "Z===", "Zg==Zg==", "Z*==", "Zm9v "})
        EXPECT_FALSE(is_base64(wrong)) << wrong;
}

TEST(Encodings, Base64ReadsOverWhatIsNotOfIt) {
    EXPECT_EQ(base64_decoded("Zm9v\r\n Ym\tFy!"), "foobar");
    EXPECT_EQ(base64_decoded("Zg==Zg=="), "ff") << "blocks that were joined";
    EXPECT_EQ(base64_decoded("Zm9vY"), "foo");
}

TEST(Encodings, Base64LinesAreAtMost76Characters) {
    const std::string lines = base64_lines(std::string(1'000, 'x'));
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = lines.find("\r\n", at);
        ASSERT_NE(end, std::string::npos);
        EXPECT_LE(end - at, 76U);
        at = end + 2;
    }
    EXPECT_EQ(base64_decoded(lines), std::string(1'000, 'x'));
}

TEST(Encodings, QuotedPrintableAsInRfc2045) {
    EXPECT_EQ(quoted_printable_decoded("a=20b=3D=E4=BD=A0"), "a b=你");
    EXPECT_EQ(quoted_printable_decoded("soft=\r\n break=  \n end"), "soft break end");
    EXPECT_EQ(quoted_printable_decoded("100% = =4"), "100% = =4") << "what is none stays";
    EXPECT_EQ(quoted_printable_decoded("a_b"), "a_b");
    EXPECT_EQ(quoted_printable_decoded("a_b=5F", true), "a b_");
}

TEST(Encodings, Base32AsInRfc4648) {
    EXPECT_EQ(base32("foobar"), "mzxw6ytboi");
    std::string bytes;
    EXPECT_TRUE(base32_decoded("MZXW6ytboi", bytes));
    EXPECT_EQ(bytes, "foobar");
    EXPECT_TRUE(base32_decoded("my", bytes));
    EXPECT_EQ(bytes, "f");
    EXPECT_FALSE(base32_decoded("mz", bytes)) << "the last bits are another text for the same byte";
    EXPECT_FALSE(base32_decoded("m1", bytes));
}

TEST(Charsets, ReadsWhatMailsAreWrittenIn) {
    EXPECT_EQ(to_readable("\xC4\xE3\xBA\xC3", "GBK", "GB18030"), "你好");
    EXPECT_EQ(to_readable("\xC4\xE3\xBA\xC3", "gb2312", "GB18030"), "你好");
    EXPECT_EQ(to_readable("\x81\x39\xEE\x39", "gb2312", "GB18030"), "㐀") << "four bytes are of GB18030 only";
    EXPECT_EQ(to_readable("\xA7\x41\xA6\x6E", "big5", "GB18030"), "你好");
    EXPECT_EQ(to_readable("caf\xE9", "ISO-8859-1", "GB18030"), "café");
    EXPECT_EQ(to_readable("你好", "utf-8", "GB18030"), "你好");
    EXPECT_EQ(to_readable("你好", "", "GB18030"), "你好");
    EXPECT_EQ(to_readable("\xC4\xE3\xBA\xC3", "", "GB18030"), "你好") << "the fallback";
    EXPECT_EQ(to_readable("\xC4\xE3\xBA\xC3", "no-such", "GB18030"), "你好");
    EXPECT_EQ(to_readable("\x1B$B$3\x1B(B", "iso-2022-jp", "GB18030"), "こ");
}

TEST(Charsets, WhatCannotBeReadDoesNotStopTheRest) {
    EXPECT_EQ(to_readable("a\xFF b", "gbk", "GB18030"), "a\xEF\xBF\xBD b");
    EXPECT_EQ(to_readable(std::string_view("a\0b\x1B[31m", 8), "utf-8", "GB18030"), "ab[31m");
}

TEST(Charsets, EncodedWordsAsInRfc2047) {
    const std::string gb = "GB18030";
    EXPECT_EQ(decoded_words("=?ISO-8859-1?Q?a?=", gb), "a");
    EXPECT_EQ(decoded_words("=?ISO-8859-1?Q?a?= b", gb), "a b");
    EXPECT_EQ(decoded_words("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", gb), "ab");
    EXPECT_EQ(decoded_words("=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=", gb), "ab");
    EXPECT_EQ(decoded_words("=?ISO-8859-1?Q?a_b?=", gb), "a b");
    EXPECT_EQ(decoded_words("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", gb), "a b");
    EXPECT_EQ(decoded_words("=?US-ASCII?Q?Keith_Moore?= <moore@cs>", gb), "Keith Moore <moore@cs>");
    EXPECT_EQ(decoded_words("=?gb2312?B?xOO6ww==?=", gb), "你好");
    EXPECT_EQ(decoded_words("=?utf-8*en?q?=E4=BD=A0?=", gb), "你");
}

TEST(Charsets, EncodedWordsThatCutACharacterAreReadTogether) {
    EXPECT_EQ(decoded_words("=?utf-8?Q?=E4=BD?= =?utf-8?Q?=A0?=", "GB18030"), "你");
}

TEST(Charsets, BrokenEncodedWordsStayAsTheyAre) {
    for (const std::string text : {"=?", "=?a", "=?a?B", "=?a?B?", "=?a?B?xx", "=?a?X?yy?=", "a =? b", "=?=?=?"})
        EXPECT_EQ(decoded_words(text, "GB18030"), text);
}

TEST(Charsets, ShorteningCutsNoCharacter) {
    EXPECT_EQ(shortened("你好", 5), "你");
    EXPECT_EQ(shortened("你好", 6), "你好");
    EXPECT_EQ(shortened("你好", 2), "");
}

TEST(Charsets, WordsOfHtmlAreWhatAPersonSees) {
    EXPECT_EQ(words_of_html("<html><head><title>x</title></head><body><p>收到&nbsp;了</p><br>谢谢 &amp; 再见 &#20320;"
                            "<script>alert(1)</script><style>p{}</style><!-- no --></body>"),
              "收到 了\n谢谢 & 再见 你");
    EXPECT_EQ(words_of_html("a<b"), "a");
    EXPECT_EQ(words_of_html("a &unknown; b &#xD800; &#99999999999;"), "a &unknown; b  &#99999999999;");
}

}  // namespace
}  // namespace citybridge::email
