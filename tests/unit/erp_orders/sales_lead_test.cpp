#include "plugins/erp_orders/sales_lead.h"

#include <gtest/gtest.h>

#include "tests/unit/erp_orders/defaults.h"

namespace citybridge::erp_orders {
namespace {

OrderRecord lead(Fields fields) {
    OrderRecord order;
    order.id = "ord_1";
    order.kind = "sales_lead";
    order.state = "new";
    order.city = "beijing";
    order.owner = "wang";
    order.fields = std::move(fields);
    order.created_at = *from_rfc3339("2026-11-23T02:00:00.000Z");
    return order;
}

CustomerRecord chen() {
    CustomerRecord customer;
    customer.id = "cus_1";
    customer.name = "陈女士";
    customer.numbers = {"+8613800000001", "+8613800000002"};
    return customer;
}

TEST(SalesLead, BuyersTenantsAndFinanceNeedNameAndWish) {
    const CustomerRecord customer = chen();
    for (const char* kind : {"buy", "rent", "finance"}) {
        EXPECT_TRUE(judge_sales_lead(defaults(), lead({{"lead_kind", kind}, {"wish", "x"}}), &customer)) << kind;
        const auto no_wish = judge_sales_lead(defaults(), lead({{"lead_kind", kind}}), &customer);
        ASSERT_FALSE(no_wish) << kind;
        EXPECT_EQ(no_wish.error().code, "order.bad_fields");
        EXPECT_NE(no_wish.error().detail.find("wish"), std::string::npos);
        const auto no_name = judge_sales_lead(defaults(), lead({{"lead_kind", kind}, {"wish", "x"}}), nullptr);
        ASSERT_FALSE(no_name) << kind;
        EXPECT_NE(no_name.error().detail.find("customer_name"), std::string::npos);
    }
}

TEST(SalesLead, SellersAndLandlordsNeedThePropertysAddress) {
    const CustomerRecord customer = chen();
    for (const char* kind : {"sell", "let"}) {
        EXPECT_TRUE(judge_sales_lead(defaults(), lead({{"lead_kind", kind}, {"property_address", "x"}}), &customer));
        EXPECT_FALSE(judge_sales_lead(defaults(), lead({{"lead_kind", kind}, {"wish", "x"}}), &customer));
        EXPECT_FALSE(judge_sales_lead(defaults(), lead({{"lead_kind", kind}, {"property_address", ""}}), &customer));
    }
}

TEST(SalesLead, ANameTypedForThisOrderCountsWithoutACustomer) {
    const Fields fields{{"lead_kind", "rent"}, {"wish", "x"}, {"customer_name", "Li"}};
    EXPECT_TRUE(judge_sales_lead(defaults(), lead(fields), nullptr));
}

TEST(SalesLead, AnotherKindOfLeadIsRefused) {
    EXPECT_FALSE(judge_sales_lead(defaults(), lead({{"lead_kind", "swap"}}), nullptr));
    EXPECT_FALSE(judge_sales_lead(defaults(), lead(Fields::object()), nullptr));
}

TEST(SalesLead, ThePhoneMayComeFromTheCustomersRecordWhenItIsNeeded) {
    Settings settings = defaults();
    settings.customer_leads_need = {"customer_phone"};
    const CustomerRecord customer = chen();
    EXPECT_TRUE(judge_sales_lead(settings, lead({{"lead_kind", "buy"}}), &customer));
    EXPECT_FALSE(judge_sales_lead(settings, lead({{"lead_kind", "buy"}}), nullptr));
}

TEST(SalesLead, TheOpeningMessageHoldsPersonAndWishOnce) {
    const CustomerRecord customer = chen();
    const auto json = sales_lead_payload(
        "open_order", lead({{"lead_kind", "buy"}, {"wish", "three rooms"}, {"rooms", 3}}), &customer, "call at noon");
    EXPECT_EQ(json.at("action"), "open_order");
    EXPECT_EQ(json.at("order"), "ord_1");
    EXPECT_EQ(json.at("external_id"), nullptr);
    EXPECT_EQ(json.at("lead_kind"), "buy");
    EXPECT_EQ(json.at("opened_at"), "2026-11-23T02:00:00.000Z");
    EXPECT_EQ(json.at("customer").at("name"), "陈女士");
    EXPECT_EQ(json.at("customer").at("phone"), "+8613800000001");
    EXPECT_EQ(json.at("fields"), (nlohmann::ordered_json{{"wish", "three rooms"}, {"rooms", 3}}));
    EXPECT_EQ(json.at("note"), "call at noon");
}

TEST(SalesLead, LaterMessagesHoldTheErpsNumberAndNoPersonalData) {
    OrderRecord order = lead({{"lead_kind", "buy"}, {"wish", "x"}});
    order.external_id = "L-1";
    const CustomerRecord customer = chen();
    for (const char* action : {"append_note", "close_order", "cancel_order", "escalate"}) {
        const auto json = sales_lead_payload(action, order, &customer, "said so");
        EXPECT_EQ(json.at("action"), action);
        EXPECT_EQ(json.at("external_id"), "L-1");
        EXPECT_EQ(json.at("note"), "said so");
        EXPECT_FALSE(json.contains("customer"));
        EXPECT_FALSE(json.contains("fields"));
    }
}

}  // namespace
}  // namespace citybridge::erp_orders
