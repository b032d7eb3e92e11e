#include "plugins/erp_orders/complaint.h"

#include <gtest/gtest.h>

#include "plugins/erp_orders/payload.h"
#include "tests/unit/erp_orders/defaults.h"

namespace citybridge::erp_orders {
namespace {

OrderRecord complaint() {
    OrderRecord order;
    order.id = "ord_1";
    order.kind = "complaint";
    order.state = "new";
    order.city = "beijing";
    order.owner = "wang";
    order.external_id = "C-9";
    order.fields = {{"category", "service"}, {"urgency", "high"}, {"matter", "broker was late"}};
    order.created_at = *from_rfc3339("2026-11-23T02:00:00.000Z");
    return order;
}

TEST(Complaint, NeedsANumberForTheSpecialistUnlessItWasSolvedByTalking) {
    OrderRecord order = complaint();
    const auto refused = judge_complaint(order, nullptr);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "order.bad_fields");
    EXPECT_NE(refused.error().detail.find("contact_phone"), std::string::npos);
    order.fields["solved"] = false;
    EXPECT_FALSE(judge_complaint(order, nullptr));
    order.fields["solved"] = true;
    EXPECT_TRUE(judge_complaint(order, nullptr));
    order.fields = {{"contact_phone", "13800000001"}};
    EXPECT_TRUE(judge_complaint(order, nullptr));
}

TEST(Complaint, SolvedByTalkingIsRecordedAsHandledByTheAgent) {
    OrderRecord order = complaint();
    EXPECT_EQ(complaint_payload(defaults(), "open_order", order, nullptr, "").at("handled_by_agent"), false);
    order.fields["solved"] = true;
    const auto out = complaint_payload(defaults(), "open_order", order, nullptr, "");
    EXPECT_EQ(out.at("handled_by_agent"), true);
    EXPECT_EQ(out.at("category"), "service");
    EXPECT_EQ(out.at("urgency"), "high");
    EXPECT_EQ(out.at("fields"), (Json{{"matter", "broker was late"}}));
}

TEST(Complaint, EscalatedItGoesToTheSupervisorAndReopenedToTheDepartment) {
    const auto up = complaint_payload(defaults(), "escalate_order", complaint(), nullptr, "called again");
    EXPECT_EQ(up.at("escalate_to"), "customer_service_supervisor");
    EXPECT_EQ(up.at("external_id"), "C-9");
    EXPECT_EQ(up.at("note"), "called again");
    const auto again = complaint_payload(defaults(), "reopen_order", complaint(), nullptr, "not solved");
    EXPECT_EQ(again.at("escalate_to"), "customer_service");
    EXPECT_EQ(again.at("note"), "not solved");
}

TEST(Complaint, BeforeWhomItIsPutIsASetting) {
    Problems problems;
    const Settings settings =
        read_settings({{}, {{"escalates_to", "duty_manager", {}}, {"reopens_to", "quality", {}}}}, problems);
    ASSERT_TRUE(problems.empty());
    EXPECT_EQ(complaint_payload(settings, "escalate_order", complaint(), nullptr, "").at("escalate_to"),
              "duty_manager");
    EXPECT_EQ(complaint_payload(settings, "reopen_order", complaint(), nullptr, "").at("escalate_to"), "quality");
}

TEST(Complaint, AppendingAndAskingSayNothingOfThePerson) {
    for (const char* action : {"append_note", "query_order", "close_order"}) {
        const auto out = complaint_payload(defaults(), action, complaint(), nullptr, "n");
        EXPECT_FALSE(out.contains("customer")) << action;
        EXPECT_FALSE(out.contains("escalate_to")) << action;
        EXPECT_EQ(out.at("external_id"), "C-9") << action;
    }
}

}  // namespace
}  // namespace citybridge::erp_orders
