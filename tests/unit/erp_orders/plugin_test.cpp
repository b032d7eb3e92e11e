#include <gtest/gtest.h>

#include "plugins/erp_orders/erp_orders.h"
#include "tests/support/plugin_host.h"

namespace citybridge::erp_orders {
namespace {

TEST(ErpOrdersPlugin, OffersRulesForSalesLeadsRepairsAndComplaints) {
    tests::PluginHost host("rules");
    ErpOrdersPlugin plugin(host);
    Problems problems;
    plugin.configure({}, problems);
    EXPECT_TRUE(problems.empty());
    const Capabilities offers = plugin.offers();
    ASSERT_NE(offers.rules, nullptr);
    EXPECT_EQ(offers.pbx, nullptr);
    EXPECT_EQ(offers.outbound, nullptr);
    EXPECT_EQ(offers.rules->kinds(), (std::vector<std::string>{"sales_lead", "repair", "complaint"}));
}

TEST(ErpOrdersPlugin, TheSettingsDecideWhatALeadNeeds) {
    tests::PluginHost host("rules");
    ErpOrdersPlugin plugin(host);
    Problems problems;
    plugin.configure({{}, {{"customer_leads_need", "budget", {}}}}, problems);
    ASSERT_TRUE(problems.empty());
    OrderRecord order;
    order.kind = "sales_lead";
    order.fields = {{"lead_kind", "buy"}};
    EXPECT_FALSE(plugin.judge(order, nullptr));
    order.fields["budget"] = "3m";
    EXPECT_TRUE(plugin.judge(order, nullptr));
}

TEST(ErpOrdersPlugin, AWrongSettingIsAProblemWithItsPlace) {
    tests::PluginHost host("rules");
    ErpOrdersPlugin plugin(host);
    Problems problems;
    plugin.configure({{}, {{"property_leads_need", "Property Address", {"city.xml", 7, 9}}}}, problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(to_string(problems[0]).rfind("city.xml:7:9: ", 0), 0U);
}

TEST(ErpOrdersPlugin, OrdersOfAnotherKindAreNotItsOwn) {
    tests::PluginHost host("rules");
    ErpOrdersPlugin plugin(host);
    OrderRecord order;
    order.kind = "praise";
    EXPECT_FALSE(plugin.judge(order, nullptr));
    EXPECT_FALSE(plugin.erp_payload("open_order", order, nullptr, ""));
}

}  // namespace
}  // namespace citybridge::erp_orders
