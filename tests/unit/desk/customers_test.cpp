#include "tests/unit/desk/world.h"

namespace citybridge::desk::testing {
namespace {

std::string create(World& world, const std::string& name, std::vector<std::string> numbers) {
    SaveCustomer save;
    save.name = name;
    save.numbers = std::move(numbers);
    return world.done(kWang, save).changes.customers.at(0).id;
}

TEST(Customers, ANewOneTakesItsIdFromTheRequestAndTheCityFromTheNode) {
    World world;
    SaveCustomer save;
    save.name = "Chen";
    save.source = "radio";
    save.numbers = {{"+8613800000001", "+8613800000001", ""}};
    save.fields = {{"vip", true}};
    const Decision decision = world.done(kWang, save);
    EXPECT_EQ(decision.reply.status, 201);
    EXPECT_EQ(decision.reply.location, "/v1/customers/cus_r1");
    const CustomerRecord& row = world.view.customers.at("cus_r1");
    EXPECT_EQ(row.city, "beijing");
    EXPECT_EQ(row.numbers, std::vector<std::string>{"+8613800000001"});
    EXPECT_EQ(row.fields, (Fields{{"vip", true}}));
    EXPECT_EQ(row.revision, 1);
}

TEST(Customers, WhatIsUnsetStaysAndFieldsAreMerged) {
    World world;
    const std::string id = create(world, "Chen", {"+8613800000001"});
    SaveCustomer save;
    save.id = id;
    save.preference = "few_calls";
    save.fields = {{"vip", true}, {"age", 40}};
    world.done(kWang, save);
    save = {};
    save.id = id;
    save.fields = {{"vip", nullptr}};
    save.revision = 2;
    EXPECT_EQ(world.done(kWang, save).reply.status, 200);
    const CustomerRecord& row = world.view.customers.at(id);
    EXPECT_EQ(row.name, "Chen");
    EXPECT_EQ(row.preference, "few_calls");
    EXPECT_EQ(row.fields, (Fields{{"age", 40}}));
    EXPECT_EQ(row.revision, 3);
}

TEST(Customers, HowHeHeardOfUsIsKeptFromTheFirstAnswer) {  // A5
    World world;
    SaveCustomer save;
    save.source = "radio";
    const std::string id = world.done(kWang, save).changes.customers.at(0).id;
    save.id = id;
    save.source = "television";
    world.done(kWang, save);
    EXPECT_EQ(world.view.customers.at(id).source, "radio");
}

TEST(Customers, ANumberBelongsToOne) {
    World world;
    const std::string first = create(world, "Chen", {"+8613800000001"});
    SaveCustomer save;
    save.numbers = {{"+8613800000002", "+8613800000001"}};
    EXPECT_EQ(world.refused(kWang, save), "customer.number_taken");
    save.id = first;
    EXPECT_TRUE(world.ask(kWang, save)) << "his own";
}

TEST(Customers, RefusalsSayWhatIsWrong) {
    World world;
    const std::string id = create(world, "Chen", {});
    SaveCustomer save;
    save.id = "cus_none";
    EXPECT_EQ(world.refused(kWang, save), "customer.unknown");
    save.id = id;
    save.revision = 9;
    EXPECT_EQ(world.refused(kWang, save), "customer.changed_meanwhile");
    save.revision.reset();
    save.preference = "none";
    EXPECT_EQ(world.refused(kWang, save), "customer.bad_fields");
    save.preference.reset();
    save.fields = {{"a", {1, 2}}};
    EXPECT_EQ(world.refused(kWang, save), "customer.bad_fields");
    save.fields = Fields::array();
    EXPECT_EQ(world.refused(kWang, save), "customer.bad_fields");
    save.fields = Fields::object();
    EXPECT_EQ(world.refused(kQuality, save), "auth.forbidden");
}

TEST(Customers, ErasureLeavesTheRowAndNothingOfThePerson) {
    World world;
    SaveCustomer save;
    save.name = "Chen";
    save.source = "radio";
    save.preference = "few_calls";
    save.numbers = {{"+8613800000001"}};
    save.fields = {{"vip", true}};
    const std::string id = world.done(kWang, save).changes.customers.at(0).id;
    EXPECT_EQ(world.refused(kWang, EraseCustomer{id}), "auth.forbidden");
    EXPECT_EQ(world.refused(kAdmin, EraseCustomer{"cus_none"}), "customer.unknown");
    const Decision decision = world.done(kAdmin, EraseCustomer{id});
    EXPECT_EQ(decision.changes.erased_customers, std::vector<std::string>{id});
    EXPECT_EQ(decision.reply.body.find("Chen"), std::string::npos);
    CustomerRecord expected;
    expected.id = id;
    expected.city = "beijing";
    expected.created_at = expected.updated_at = world.now;
    expected.revision = 2;
    expected.erased = true;
    EXPECT_EQ(world.view.customers.at(id), expected);
    EXPECT_EQ(world.refused(kAdmin, EraseCustomer{id}), "customer.unknown");
    EXPECT_NE(create(world, "Li", {"+8613800000001"}), id) << "the number is free again";
}

TEST(Customers, ErasureTakesThePersonOutOfHisOrdersAndLeavesOthersAlone) {
    World world;
    OpenOrder open;
    open.kind = "sales_lead";
    open.number = "+8613800000001";
    open.fields = {{"lead_kind", "let"}, {"wish", "x"}, {"customer_phone", "123"}, {"district", "north"}, {"rooms", 3}};
    const std::string his = world.done(kWang, open).changes.orders.at(0).id;
    open.number = "+8613800000002";
    const std::string other = world.done(kWang, open).changes.orders.at(0).id;
    const std::string customer = world.order(his).customer;
    const OrderRecord other_before = world.order(other);

    const EraseCustomer erase{customer, {his, other, "ord_none"}};
    EXPECT_EQ(world.desk.needs({"r", kAdmin, erase}).orders, erase.orders);
    const Decision decision = world.done(kAdmin, erase);
    EXPECT_EQ(world.order(his).fields, (Fields{{"lead_kind", "let"}, {"district", "north"}, {"rooms", 3}}));
    EXPECT_EQ(world.last_history(his).action, "erased");
    EXPECT_EQ(world.order(his).customer, customer);
    EXPECT_EQ(world.order(other), other_before);
    EXPECT_EQ(decision.events.size(), 1U);
    EXPECT_EQ(world.view.open_follow_ups(his).size(), 1U) << "what was promised stays to be done";
}

}  // namespace
}  // namespace citybridge::desk::testing
