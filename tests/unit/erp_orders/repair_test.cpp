#include "plugins/erp_orders/repair.h"

#include <gtest/gtest.h>

#include "plugins/erp_orders/payload.h"
#include "tests/unit/erp_orders/defaults.h"

namespace citybridge::erp_orders {
namespace {

OrderRecord repair() {
    OrderRecord order;
    order.id = "ord_1";
    order.kind = "repair";
    order.state = "new";
    order.city = "beijing";
    order.owner = "wang";
    order.external_id = "R-17";
    order.fields = {{"category", "water"}, {"urgency", "high"}, {"address", "3-2-501"}, {"description", "leak"}};
    order.created_at = *from_rfc3339("2026-11-23T02:00:00.000Z");
    return order;
}

TEST(Repair, NeedsANumberForPropertyManagementToCall) {
    OrderRecord order = repair();
    const auto refused = judge_repair(order, nullptr);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "order.bad_fields");
    EXPECT_NE(refused.error().detail.find("reporter_phone"), std::string::npos);
    CustomerRecord customer;
    EXPECT_FALSE(judge_repair(order, &customer)) << "his record has no number";
    customer.numbers = {"+8613800000001"};
    EXPECT_TRUE(judge_repair(order, &customer));
    order.fields["reporter_phone"] = "13800000009";
    EXPECT_TRUE(judge_repair(order, nullptr));
}

TEST(Repair, TheOpeningMessageBringsCategoryUrgencyPersonAndTheRest) {
    CustomerRecord customer;
    customer.name = "陈女士";
    customer.numbers = {"+8613800000001"};
    OrderRecord order = repair();
    order.fields["reporter"] = "陈先生";
    const auto out = repair_payload(defaults(), "open_order", order, &customer, "urgent");
    EXPECT_EQ(out.at("action"), "open_order");
    EXPECT_EQ(out.at("category"), "water");
    EXPECT_EQ(out.at("urgency"), "high");
    EXPECT_EQ(out.at("customer").at("name"), "陈先生") << "who reports it beats whose number it is";
    EXPECT_EQ(out.at("customer").at("phone"), "+8613800000001");
    EXPECT_EQ(out.at("fields"), (Json{{"address", "3-2-501"}, {"description", "leak"}}));
    EXPECT_EQ(out.at("note"), "urgent");
    EXPECT_FALSE(out.contains("escalate_to"));
}

TEST(Repair, AnEscalationSaysBeforeWhomAndOfWhatRecord) {
    const auto out = repair_payload(defaults(), "escalate_order", repair(), nullptr, "second call");
    EXPECT_EQ(out.at("external_id"), "R-17");
    EXPECT_EQ(out.at("escalate_to"), "customer_service_supervisor");
    EXPECT_EQ(out.at("urgency"), "high");
    EXPECT_EQ(out.at("note"), "second call");
    EXPECT_FALSE(out.contains("customer"));
}

TEST(Repair, AQueryNamesTheRecordAndNothingOfThePerson) {
    const auto out = repair_payload(defaults(), "query_order", repair(), nullptr, "");
    EXPECT_EQ(out.at("external_id"), "R-17");
    EXPECT_TRUE(out.at("note").is_null());
    EXPECT_FALSE(out.contains("customer"));
    EXPECT_FALSE(out.contains("fields"));
    EXPECT_FALSE(out.contains("category"));
}

}  // namespace
}  // namespace citybridge::erp_orders
