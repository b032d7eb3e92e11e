#include "plugins/erp_orders/inbound.h"

#include <gtest/gtest.h>

namespace citybridge::erp_orders {
namespace {

InboundMessage message(const std::string& type, nlohmann::ordered_json data) {
    return {"erp", "m1", {}, type, std::move(data)};
}

std::string problem(const std::string& type, nlohmann::ordered_json data) {
    const auto verdict = understand(message(type, std::move(data)));
    if (verdict) return "understood";
    EXPECT_EQ(verdict.error().code, "hook.not_understood");
    return verdict.error().detail;
}

TEST(Inbound, EachTypeMeansItsAction) {
    const std::vector<std::pair<std::string, std::string>> table{
        {"order.assigned", "assigned"},      {"order.contacted", "contacted"}, {"order.noted", ""},
        {"order.progress", "progress_told"}, {"order.handled", "handled"},     {"order.closed", "closed_by_erp"},
        {"order.rejected", "rejected"}};
    for (const auto& [type, action] : table) {
        const auto verdict = understand(message(type, {{"order", "ord_1"}, {"note", "n"}}));
        ASSERT_TRUE(verdict) << type;
        EXPECT_EQ(verdict->action, action);
        EXPECT_EQ(verdict->order, "ord_1");
        EXPECT_EQ(verdict->note, "n");
    }
}

TEST(Inbound, BrokerIsTakenFromAssignedAndContactedOnly) {
    const nlohmann::ordered_json data{{"external_id", 4711}, {"broker", "Zhou"}, {"broker_phone", "+8613900000000"}};
    const auto assigned = understand(message("order.assigned", data));
    ASSERT_TRUE(assigned);
    EXPECT_EQ(assigned->external_id, "4711");
    EXPECT_EQ(assigned->fields, (Fields{{"broker", "Zhou"}, {"broker_phone", "+8613900000000"}}));
    const auto closed = understand(message("order.closed", data));
    ASSERT_TRUE(closed);
    EXPECT_TRUE(closed->fields.empty());
}

TEST(Inbound, WhoHasItIsTakenWhateverHeIsCalled) {
    const nlohmann::ordered_json data{
        {"order", "o"}, {"handler", "Zhao"}, {"specialist", "Zhou"}, {"specialist_phone", "+8613900000301"}};
    const auto assigned = understand(message("order.assigned", data));
    ASSERT_TRUE(assigned);
    EXPECT_EQ(assigned->fields,
              (Fields{{"handler", "Zhao"}, {"specialist", "Zhou"}, {"specialist_phone", "+8613900000301"}}));
}

TEST(Inbound, ProgressAndResultAreTakenFromTheirMessages) {
    const nlohmann::ordered_json data{{"order", "o"}, {"progress", "signed"}, {"result", "mended"}};
    EXPECT_EQ(understand(message("order.progress", data))->fields, (Fields{{"progress", "signed"}}));
    EXPECT_EQ(understand(message("order.handled", data))->fields, (Fields{{"result", "mended"}}));
    EXPECT_EQ(understand(message("order.closed", data))->fields, (Fields{{"result", "mended"}}));
    EXPECT_TRUE(
        understand(message("order.rejected", {{"order", "o"}, {"note", "n"}, {"result", "x"}}))->fields.empty());
}

TEST(Inbound, UnknownDataIsIgnored) {
    EXPECT_TRUE(understand(message("order.closed", {{"order", "ord_1"}, {"colour", {1, 2}}})));
}

TEST(Inbound, WhatCannotBeUsedIsRefusedWithTheReason) {
    EXPECT_NE(problem("order.lost", {{"order", "o"}}).find("order.assigned"), std::string::npos);
    EXPECT_NE(problem("order.closed", nlohmann::ordered_json::object()).find("external_id"), std::string::npos);
    EXPECT_NE(problem("order.closed", nlohmann::ordered_json::array()).find("data"), std::string::npos);
    EXPECT_NE(problem("order.noted", {{"order", "o"}}).find("note"), std::string::npos);
    EXPECT_NE(problem("order.rejected", {{"order", "o"}, {"note", nullptr}}).find("note"), std::string::npos);
    EXPECT_NE(problem("order.assigned", {{"order", "o"}, {"broker", true}}).find("broker"), std::string::npos);
    EXPECT_NE(problem("order.closed", {{"order", {{"id", 1}}}}).find("order"), std::string::npos);
    EXPECT_NE(problem("order.closed", {{"order", std::string(129, 'o')}}).find("longer"), std::string::npos);
}

}  // namespace
}  // namespace citybridge::erp_orders
