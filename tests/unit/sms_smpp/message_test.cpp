#include "plugins/sms_smpp/message.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace citybridge::sms_smpp {
namespace {

OutboxRecord of(const std::string& to, const std::string& text) {
    OutboxRecord out;
    out.id = "ord_1.2.sms";
    out.payload = nlohmann::json{{"channel", "sms"}, {"to", to}, {"text", text}}.dump();
    return out;
}

TEST(SmppMessage, WritesTheNumberAsTheCentreWantsIt) {
    struct Row {
        NumberForm form;
        std::string to;
        int ton;
        std::string digits;
    };
    for (const Row& row : {Row{NumberForm::digits, "+8613800000000", 1, "8613800000000"},
                           Row{NumberForm::plus, "+8613800000000", 1, "+8613800000000"},
                           Row{NumberForm::national, "+8613800000000", 2, "13800000000"},
                           Row{NumberForm::national, "+4915112345678", 1, "4915112345678"},
                           Row{NumberForm::plus, "10086", 0, "10086"}}) {
        MessageSettings settings;
        settings.number_form = row.form;
        const auto made = prepare(of(row.to, "x"), settings);
        ASSERT_TRUE(made);
        EXPECT_EQ(made->head.destination.digits, row.digits);
        EXPECT_EQ(made->head.destination.ton, row.ton);
        EXPECT_EQ(made->head.destination.npi, 1);
    }
}

TEST(SmppMessage, ChoosesTheCodingByContent) {
    EXPECT_EQ(prepare(of("+861", "code 12"), {})->head.data_coding, 0);
    EXPECT_EQ(prepare(of("+861", "code 12"), {})->head.esm_class, 0);
    EXPECT_EQ(prepare(of("+861", "验证码"), {})->head.data_coding, 8);
    MessageSettings ucs2;
    ucs2.alphabet = SmsChoice::always_ucs2;
    EXPECT_EQ(prepare(of("+861", "code 12"), ucs2)->head.data_coding, 8);
    const auto several = prepare(of("+861", std::string(161, 'x')), {});
    EXPECT_EQ(several->parts.size(), 2U);
    EXPECT_EQ(several->head.esm_class, 0x40);
}

TEST(SmppMessage, IsRefusedRatherThanCut) {
    MessageSettings two;
    two.max_parts = 2;
    EXPECT_TRUE(prepare(of("+861", std::string(306, 'x')), two));
    const auto long_text = prepare(of("+861", std::string(307, 'x')), two);
    ASSERT_FALSE(long_text);
    EXPECT_EQ(long_text.error().code, "sms.too_long");
}

TEST(SmppMessage, IsRefusedWithoutANumberOrAText) {
    for (const char* to : {"", "+", "someone", "+86 138", "+861380000000000000000000", "13a"}) {
        const auto made = prepare(of(to, "secret words"), {});
        ASSERT_FALSE(made) << to;
        EXPECT_EQ(made.error().code, "sms.bad_message");
        EXPECT_EQ(made.error().detail.find("secret"), std::string::npos);
    }
    for (const char* payload :
         {"", "[]", "{}", R"({"to":"+861"})", R"({"to":"+861","text":""})", R"({"to":1,"text":2})"}) {
        OutboxRecord record;
        record.payload = payload;
        EXPECT_FALSE(prepare(record, {})) << payload;
    }
}

TEST(SmppMessage, WritesAValidityRelativeToNow) {
    // SMPP 3.4, 7.1.1.1: YYMMDDhhmmsstnnp.
    EXPECT_EQ(relative_validity(0), "");
    EXPECT_EQ(relative_validity(15), "000000001500000R");
    EXPECT_EQ(relative_validity(60 * 25 + 1), "000001010100000R");
}

}  // namespace
}  // namespace citybridge::sms_smpp
