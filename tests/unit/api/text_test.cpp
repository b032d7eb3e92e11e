#include "core/api/text.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

TEST(Utf8, knows_well_formed_text) {
    for (const char* text : {"", "plain", "王小明", "😀客户", "\xEF\xBF\xBD", "\xF4\x8F\xBF\xBF"})
        EXPECT_TRUE(is_utf8(text)) << text;
}

// Unicode Standard table 3-7: overlong forms, surrogates, beyond U+10FFFF, cut and stray bytes.
TEST(Utf8, knows_ill_formed_bytes) {
    for (const char* bytes : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                              "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE7\x8E", "\xE7", "a\xFF"})
        EXPECT_FALSE(is_utf8(bytes));
}

TEST(ToUtf8, leaves_utf8_alone) { EXPECT_EQ(to_utf8("O'Brien 欧: x", "GB18030"), "O'Brien 欧: x"); }

// The bytes are what `printf 王小明 | iconv -t GBK` gives.
TEST(ToUtf8, reads_a_name_a_phone_sent_in_gbk) { EXPECT_EQ(to_utf8("\xCD\xF5\xD0\xA1\xC3\xF7", "GB18030"), "王小明"); }

TEST(ToUtf8, replaces_what_is_neither) {
    EXPECT_EQ(to_utf8("a\xFF\x62", "GB18030"), "a\xEF\xBF\xBD\x62");
    EXPECT_EQ(to_utf8("a\xFF", "no-such-charset"), "a\xEF\xBF\xBD");
}

}  // namespace
}  // namespace citybridge
