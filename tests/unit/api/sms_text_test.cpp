// Expectations from 3GPP TS 23.038 (table 6.2.1) and TS 23.040 (9.2.3.24.1).
#include "core/api/sms_text.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

std::string times(std::size_t n, std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i) out += text;
    return out;
}

SmsText good(std::string_view text, SmsChoice choice = SmsChoice::by_content) {
    const auto made = sms_text(text, choice);
    EXPECT_TRUE(made);
    return made ? *made : SmsText{};
}

std::string again(const SmsText& text) {
    std::string out;
    for (const std::string& part : text.parts)
        out += text.alphabet == SmsAlphabet::gsm7 ? utf8_from_gsm7(part) : utf8_from_ucs2(part);
    return out;
}

TEST(SmsText, HasTheCodesOfTheDefaultAlphabet) {
    const std::vector<std::pair<std::string, std::string>> rows{{"@", std::string(1, '\x00')},
                                                                {"£", "\x01"},
                                                                {"$", "\x02"},
                                                                {"¥", "\x03"},
                                                                {"è", "\x04"},
                                                                {"Ç", "\x09"},
                                                                {"\n", "\x0A"},
                                                                {"\r", "\x0D"},
                                                                {"Δ", "\x10"},
                                                                {"_", "\x11"},
                                                                {"Ξ", "\x1A"},
                                                                {"Æ", "\x1C"},
                                                                {"É", "\x1F"},
                                                                {" ", "\x20"},
                                                                {"¤", "\x24"},
                                                                {"¡", "\x40"},
                                                                {"A", "\x41"},
                                                                {"Ä", "\x5B"},
                                                                {"§", "\x5F"},
                                                                {"¿", "\x60"},
                                                                {"z", "\x7A"},
                                                                {"à", "\x7F"},
                                                                {"\f", "\x1B\x0A"},
                                                                {"^", "\x1B\x14"},
                                                                {"{", "\x1B\x28"},
                                                                {"}", "\x1B\x29"},
                                                                {"\\", "\x1B\x2F"},
                                                                {"[", "\x1B\x3C"},
                                                                {"~", "\x1B\x3D"},
                                                                {"]", "\x1B\x3E"},
                                                                {"|", "\x1B\x40"},
                                                                {"€", "\x1B\x65"}};
    for (const auto& [text, codes] : rows) {
        const SmsText made = good(text);
        EXPECT_EQ(made.alphabet, SmsAlphabet::gsm7) << text;
        EXPECT_EQ(made.parts, std::vector<std::string>{codes}) << text;
        EXPECT_EQ(utf8_from_gsm7(codes), text);
    }
}

TEST(SmsText, TakesUcs2AsSoonAsOneCharacterNeedsIt) {
    for (const char* text : {"`", "ç", "您", "a\xE2\x80\x99s", "\x01", "\x1B", "\t", "Á"})
        EXPECT_EQ(good(text).alphabet, SmsAlphabet::ucs2) << text;
    EXPECT_EQ(good("验").parts, std::vector<std::string>{"\x9A\x8C"});
    EXPECT_EQ(good("😀").parts, std::vector<std::string>{std::string("\xD8\x3D\xDE\x00", 4)});
    EXPECT_EQ(good("A", SmsChoice::always_ucs2).parts, std::vector<std::string>{std::string("\0A", 2)});
}

TEST(SmsText, FallsIntoPartsAtTheLimitsOfTheSpecification) {
    struct Row {
        std::string text;
        std::size_t units;
        std::vector<std::size_t> parts;  // units of each
    };
    const std::vector<Row> rows{{"", 0, {0}},
                                {times(160, "a"), 160, {160}},
                                {times(161, "a"), 161, {153, 8}},
                                {times(306, "a"), 306, {153, 153}},
                                {times(307, "a"), 307, {153, 153, 1}},
                                {times(80, "€"), 160, {160}},
                                {times(159, "a") + "€", 161, {153, 8}},
                                // An escape and its code stay together.
                                {times(152, "a") + "€" + times(10, "b"), 164, {152, 12}},
                                {times(70, "码"), 70, {70}},
                                {times(71, "码"), 71, {67, 4}},
                                {times(134, "码"), 134, {67, 67}},
                                {times(135, "码"), 135, {67, 67, 1}},
                                {times(35, "😀"), 70, {70}},
                                // A surrogate pair stays together.
                                {times(66, "码") + "😀" + times(10, "a"), 78, {66, 12}},
                                {times(36, "😀"), 72, {66, 6}}};
    for (const Row& row : rows) {
        const SmsText made = good(row.text);
        const std::size_t unit = made.alphabet == SmsAlphabet::gsm7 ? 1 : 2;
        std::vector<std::size_t> parts;
        for (const std::string& part : made.parts) parts.push_back(part.size() / unit);
        EXPECT_EQ(made.units, row.units) << row.text;
        EXPECT_EQ(parts, row.parts) << row.text;
        EXPECT_EQ(again(made), row.text);
    }
}

TEST(SmsText, IsNeverCutSilently) {
    EXPECT_EQ(good(times(std::size_t{255} * 153, "a")).parts.size(), 255U);
    const auto long_text = sms_text(times(std::size_t{255} * 153 + 1, "a"));
    ASSERT_FALSE(long_text);
    EXPECT_EQ(long_text.error().code, "sms.too_long");
    const auto bytes = sms_text("\xFF");
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().code, "sms.not_utf8");
}

TEST(SmsText, SaysWhichPartItIs) {
    EXPECT_EQ(sms_concatenation_header(0xA5, 2, 3), std::string("\x05\x00\x03\xA5\x03\x02", 6));
    EXPECT_EQ(sms_concatenation_header(0, 255, 255), std::string("\x05\x00\x03\x00\xFF\xFF", 6));
}

TEST(SmsText, ReadsWhatGatewaysMayAnswer) {
    EXPECT_EQ(utf8_from_gsm7("\x1B"), "\xEF\xBF\xBD");
    EXPECT_EQ(utf8_from_gsm7("\x1B\x01"), "\xEF\xBF\xBD");
    EXPECT_EQ(utf8_from_gsm7("\x80"), "\xEF\xBF\xBD");
    EXPECT_EQ(utf8_from_ucs2("\x9A\x8C\x9A"), "验\xEF\xBF\xBD");
    EXPECT_EQ(utf8_from_ucs2("\xD8\x3D\x9A\x8C"), "\xEF\xBF\xBD验");
    EXPECT_EQ(utf8_from_ucs2("\xDE\x10"), "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace citybridge
