// What each request is refused for; a refusal says what to do.
#include "tests/unit/desk/lead_rules.h"
#include "tests/unit/desk/world.h"

namespace citybridge::desk::testing {
namespace {

OpenOrder lead() {
    OpenOrder open;
    open.kind = "sales_lead";
    open.number = "+8613800000001";
    open.customer_name = "Chen";
    open.fields = {{"lead_kind", "buy"}, {"wish", "x"}};
    return open;
}

TEST(Refusals, OpeningNeedsAKnownKindAndARole) {
    World world(with_rules());
    OpenOrder open = lead();
    open.kind = "sales_leed";
    EXPECT_EQ(world.refused(kWang, open), "flow.unknown");
    EXPECT_EQ(world.refused(kQuality, lead()), "auth.forbidden");
    EXPECT_EQ(world.refused({"erp", "erp", {}}, lead()), "auth.forbidden");
}

TEST(Refusals, AnAgentOpensForHimselfAndHisGroups) {
    World world(with_rules());
    OpenOrder open = lead();
    open.owner = "li";
    EXPECT_EQ(world.refused(kWang, open), "auth.forbidden");
    EXPECT_TRUE(world.ask(kLead, open));
    open = lead();
    open.group = "service";
    EXPECT_EQ(world.refused(kWang, open), "auth.forbidden");
    open.group = "sales";
    EXPECT_TRUE(world.ask(kWang, open));
}

TEST(Refusals, FieldsMustBeTheFlows) {
    World world(with_rules());
    const std::vector<Fields> wrong{
        Fields::array(),
        Fields::object(),
        {{"lead_kind", "buy"}, {"wish", "x"}, {"colour", "red"}},
        {{"lead_kind", "swap"}, {"wish", "x"}},
        {{"lead_kind", 1}, {"wish", "x"}},
        {{"lead_kind", "buy"}, {"wish", std::string(2001, 'x')}},
        {{"lead_kind", "buy"}, {"wish", "x"}, {"rooms", "three"}},
        {{"lead_kind", "buy"}, {"wish", "x"}, {"rooms", 2.5}},
        {{"lead_kind", "buy"}, {"wish", "x"}, {"satisfied", "yes"}},
        {{"lead_kind", "buy"}, {"wish", "x"}, {"available_from", "2026-02-30"}},
        {{"lead_kind", "buy"}, {"wish", "x"}, {"customer_phone", "call me"}},
        {{"lead_kind", "buy"}, {"wish", {{"a", 1}}}},
        {{"lead_kind", "buy"}},
    };
    for (const Fields& fields : wrong) {
        OpenOrder open = lead();
        open.fields = fields;
        EXPECT_EQ(world.refused(kWang, open), "order.bad_fields") << fields;
    }
}

TEST(Refusals, EveryWrongFieldIsNamedAtOnce) {
    World world(with_rules());
    OpenOrder open = lead();
    open.fields["rooms"] = "three";
    open.fields["colour"] = "red";
    const auto decision = world.ask(kWang, open);
    ASSERT_FALSE(decision);
    EXPECT_NE(decision.error().detail.find("rooms"), std::string::npos);
    EXPECT_NE(decision.error().detail.find("colour"), std::string::npos);
}

TEST(Refusals, LengthIsCountedInCharacters) {
    World world(with_rules());
    OpenOrder open = lead();
    std::string wish;
    for (int i = 0; i < 2000; ++i) wish += "房";
    open.fields["wish"] = wish;
    EXPECT_TRUE(world.ask(kWang, open));
}

TEST(Refusals, AnUnknownOrErasedCustomerCannotBeNamed) {
    World world(with_rules());
    OpenOrder open = lead();
    open.customer = "cus_nobody";
    EXPECT_EQ(world.refused(kWang, open), "customer.unknown");
    CustomerRecord gone;
    gone.id = "cus_gone";
    gone.erased = true;
    world.view.customers["cus_gone"] = gone;
    open.customer = "cus_gone";
    EXPECT_EQ(world.refused(kWang, open), "customer.unknown");
}

TEST(Refusals, ActionsNeedOrderReachRoleStateFieldsAndRevision) {
    World world(with_rules());
    const std::string id = world.open_lead();
    EXPECT_EQ(world.refused(kWang, ActOnOrder{"ord_none", "cancel", {}, "n", {}}), "order.unknown");
    EXPECT_EQ(world.refused(kLi, ActOnOrder{id, "cancel", {}, "n", {}}), "order.unknown");
    EXPECT_EQ(world.refused(kWang, ActOnOrder{id, "fly", {}, "n", {}}), "order.action_not_possible");
    EXPECT_EQ(world.refused(kWang, ActOnOrder{id, "assigned", {}, "n", {}}), "auth.forbidden");
    EXPECT_EQ(world.refused(kQuality, ActOnOrder{id, "cancel", {}, "n", {}}), "auth.forbidden");
    EXPECT_EQ(world.refused(kWang, ActOnOrder{id, "responsible_reached", {}, "n", {}}), "order.action_not_possible");
    EXPECT_EQ(world.refused(kWang, ActOnOrder{id, "cancel", {}, "", {}}), "order.bad_fields");
    EXPECT_EQ(world.refused(kWang, ActOnOrder{id, "cancel", {{"wish", "y"}}, "n", {}}), "order.bad_fields");
    EXPECT_EQ(world.refused(kWang, ActOnOrder{id, "cancel", {}, "n", 7}), "order.changed_meanwhile");
    EXPECT_EQ(world.order(id).revision, 1) << "refusals leave nothing";
}

TEST(Refusals, AnActionThatIsNotPossibleNamesThoseThatAre) {
    World world(with_rules());
    const std::string id = world.open_lead();
    const auto decision = world.ask(kWang, ActOnOrder{id, "responsible_reached", {}, "", {}});
    ASSERT_FALSE(decision);
    EXPECT_NE(decision.error().detail.find("broker_called_yes, broker_not_called, change, cancel"), std::string::npos);
}

TEST(Refusals, AnAgentOfTheOrdersGroupReachesIt) {
    World world(with_rules());
    const std::string id = world.open_lead();
    EXPECT_TRUE(world.ask({"sun", "agent", {"other", "sales"}}, AddNote{id, "n"}));
    EXPECT_EQ(world.refused({"sun", "agent", {}}, AddNote{id, "n"}), "order.unknown");
    EXPECT_TRUE(world.ask({"boss", "supervisor", {}}, AddNote{id, "n"}));
}

TEST(Refusals, NotesNeedTextAndARole) {
    World world(with_rules());
    const std::string id = world.open_lead();
    EXPECT_EQ(world.refused(kWang, AddNote{id, ""}), "order.bad_fields");
    EXPECT_EQ(world.refused(kQuality, AddNote{id, "n"}), "auth.forbidden");
    EXPECT_EQ(world.refused(kWang, AddNote{"ord_none", "n"}), "order.unknown");
}

TEST(Refusals, AnOrderWhoseFlowIsGoneSaysSo) {
    World world(with_rules());
    const std::string id = world.open_lead();
    world.view.orders.at(id).kind = "removed_kind";
    EXPECT_EQ(world.refused(kWang, AddNote{id, "n"}), "flow.unknown");
}

class ThrowingRules final : public WorkOrderRules {
public:
    std::vector<std::string> kinds() const override { return {"sales_lead"}; }
    Result<> judge(const OrderRecord&, const CustomerRecord*) const override { throw std::runtime_error("judge"); }
    Result<nlohmann::ordered_json> erp_payload(std::string_view, const OrderRecord&, const CustomerRecord*,
                                               std::string_view) const override {
        throw std::runtime_error("payload");
    }
    Result<InboundVerdict> inbound(const InboundMessage&) const override { throw 7; }
};

TEST(Refusals, RulesThatThrowRefuseOneInput) {
    const ThrowingRules rules;
    World world({"beijing", {}, {{"sales_lead", &rules}}});
    EXPECT_EQ(world.refused(kWang, lead()), "order.rules_failed");
    EXPECT_EQ(world.refused(kSystem, TakeInbound{{"erp", "m", {}, "order.closed", {{"order", "o"}}}}),
              "order.rules_failed");
}

}  // namespace
}  // namespace citybridge::desk::testing
