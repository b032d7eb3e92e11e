#include "core/api/several_messages.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

const WallTime kThen{Millis{1'790'000'000'000}};

InboundMessage report(const std::string& id, const std::string& state) {
    return {"sms", id, kThen, "sms.report", {{"state", state}}};
}

TEST(SeveralMessages, ComeOutAsTheyWentIn) {
    const auto out = unpack_messages(pack_messages({report("r1", "delivered"), report("r2", "expired")}));
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(out[0].id, "r1");
    EXPECT_EQ(out[1].id, "r2");
    EXPECT_EQ(out[1].data["state"], "expired");
    for (const InboundMessage& each : out) {
        EXPECT_EQ(each.source, "sms");
        EXPECT_EQ(each.sent_at, kThen);
        EXPECT_EQ(each.type, "sms.report");
    }
}

TEST(SeveralMessages, AreOneIfThereIsOne) {
    const InboundMessage one = pack_messages({report("r1", "delivered")});
    EXPECT_EQ(one.type, "sms.report");
    EXPECT_EQ(unpack_messages(one).at(0).id, "r1");
}

TEST(SeveralMessages, CannotSpeakForAnotherSourceOrTimeAndNotHoldThemselves) {
    InboundMessage whole = pack_messages({report("r1", "delivered"), report("r2", "expired")});
    whole.data[0]["source"] = "erp";
    whole.data[0]["sent_at"] = 0;
    EXPECT_EQ(unpack_messages(whole).at(0).source, "sms");
    EXPECT_EQ(unpack_messages(whole).at(0).sent_at, kThen);
    InboundMessage nested = whole;
    nested.data[1]["type"] = whole.type;
    EXPECT_TRUE(unpack_messages(nested).empty());
    for (const auto& broken :
         {nlohmann::ordered_json(7), nlohmann::ordered_json{{"id", "r1"}}, nlohmann::ordered_json(),
          nlohmann::ordered_json{{"id", "r1"}, {"type", "sms.report"}}}) {
        InboundMessage bad = whole;
        bad.data = nlohmann::ordered_json::array({broken});
        EXPECT_TRUE(unpack_messages(bad).empty()) << broken;
        bad.data = broken;
        EXPECT_TRUE(unpack_messages(bad).empty()) << broken;
    }
}

}  // namespace
}  // namespace citybridge
