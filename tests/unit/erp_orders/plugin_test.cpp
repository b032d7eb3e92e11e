#include <gtest/gtest.h>

#include <stdexcept>

#include "plugins/erp_orders/erp_orders.h"

namespace citybridge::erp_orders {
namespace {

class SilentHost final : public Host {
public:
    std::string_view city() const override { return "beijing"; }
    std::string_view instance() const override { return "rules"; }
    Lane& lane() override { throw std::logic_error("rules need no lane"); }
    HttpClient& http() override { throw std::logic_error("rules need no network"); }
    void log(LogLevel, std::string_view, std::string_view) override {}
    void take(InboundMessage /*message*/, std::function<void(Result<>)> /*done*/) override {}
    bool signal(std::span<PbxSignal>) override { return false; }
};

TEST(ErpOrdersPlugin, OffersRulesForSalesLeadsRepairsAndComplaints) {
    SilentHost host;
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
    SilentHost host;
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
    SilentHost host;
    ErpOrdersPlugin plugin(host);
    Problems problems;
    plugin.configure({{}, {{"property_leads_need", "Property Address", {"city.xml", 7, 9}}}}, problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(to_string(problems[0]).rfind("city.xml:7:9: ", 0), 0U);
}

TEST(ErpOrdersPlugin, OrdersOfAnotherKindAreNotItsOwn) {
    SilentHost host;
    ErpOrdersPlugin plugin(host);
    OrderRecord order;
    order.kind = "praise";
    EXPECT_FALSE(plugin.judge(order, nullptr));
    EXPECT_FALSE(plugin.erp_payload("open_order", order, nullptr, ""));
}

}  // namespace
}  // namespace citybridge::erp_orders
