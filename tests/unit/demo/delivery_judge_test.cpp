// The judge of the demo must find every way in which a delivery can go wrong.
#include "tools/demo/delivery_judge.h"

#include <gtest/gtest.h>

#include <functional>

namespace citybridge::demo {
namespace {

constexpr const char* kOrder = "ord_1";
constexpr const char* kOpen = "ord_1.1.erp";
constexpr const char* kNote = "ord_1.4.erp";

struct Books {
    std::vector<Lead> leads;
    NodeBooks node;
    ErpBooks erp;
};

stand_in::LedgerEntry entry(const std::string& key, const std::string& what, const std::string& number) {
    stand_in::LedgerEntry out;
    out.key = key;
    out.what = what;
    out.order = kOrder;
    out.number = number;
    out.received = 2;
    out.effects = 1;
    return out;
}

stand_in::SentMessage sent(const std::string& type) {
    stand_in::SentMessage out;
    out.id = "msg_" + type;
    out.type = type;
    out.order = kOrder;
    out.effective = 1;
    return out;
}

// One lead with a note, delivered, answered by the ERP: six steps.
Books right() {
    Books books;
    books.leads = {{"lead-c1", "c1", kOrder, 1}};
    books.node.orders[kOrder] = {
        kOrder, "E-000001", {"opened", "delivered", "assigned", "note", "delivered", "contacted"}};
    books.node.outbox["erp"] = {{kOpen, "delivered"}, {kNote, "delivered"}};
    books.erp.records[kOpen] = entry(kOpen, "order", "E-000001");
    books.erp.records[kNote] = entry(kNote, "note", "N-000002");
    books.erp.record_order[kOrder] = {kOpen, kNote};
    for (int n = 1; n <= 6; ++n) {
        const std::string id = "ord_1." + std::to_string(n) + ".events.event";
        books.node.outbox["events"][id] = "delivered";
        books.erp.events[id] = entry(id, "", "");
        books.erp.event_order[kOrder].push_back(id);
    }
    books.erp.sent = {sent("order.assigned"), sent("order.contacted")};
    return books;
}

std::vector<std::string> judged(const std::function<void(Books&)>& spoil) {
    Books books = right();
    spoil(books);
    return judge_deliveries(books.leads, books.node, books.erp);
}

TEST(DeliveryJudge, FindsNothingWhereAllIsRight) {
    EXPECT_EQ(judged([](Books&) {}), std::vector<std::string>{});
}

TEST(DeliveryJudge, FindsALeadThatIsLostOrDoubled) {
    EXPECT_FALSE(judged([](Books& b) { b.erp.records.erase(kOpen); }).empty());
    EXPECT_FALSE(judged([](Books& b) { b.erp.records[kOpen].effects = 2; }).empty());
    EXPECT_FALSE(judged([](Books& b) { b.erp.records[kOpen].effects = 0; }).empty());
    EXPECT_FALSE(judged([](Books& b) { b.node.orders.clear(); }).empty());
    EXPECT_FALSE(judged([](Books& b) { b.node.orders["ord_2"] = {"ord_2", "", {}}; }).empty());
    EXPECT_FALSE(judged([](Books& b) { b.leads.push_back({"lead-c2", "c2", kOrder, 0}); }).empty());
    // The same order under a second key.
    EXPECT_FALSE(judged([](Books& b) {
                     b.erp.records["ord_1.9.erp"] = entry("ord_1.9.erp", "order", "E-000009");
                     b.node.outbox["erp"]["ord_1.9.erp"] = "delivered";
                 }).empty());
}

TEST(DeliveryJudge, FindsAWrongNumberAndALostNote) {
    EXPECT_FALSE(judged([](Books& b) { b.node.orders[kOrder].external_id = "E-000007"; }).empty());
    EXPECT_FALSE(judged([](Books& b) { b.node.orders[kOrder].external_id.clear(); }).empty());
    EXPECT_FALSE(judged([](Books& b) { b.leads[0].notes = 2; }).empty());
    EXPECT_FALSE(judged([](Books& b) { b.leads[0].notes = 0; }).empty());
}

TEST(DeliveryJudge, FindsWhatTheOutboxStillHoldsOrNeverHad) {
    for (const char* state : {"pending", "dead", "possibly_done", "cancelled"})
        EXPECT_FALSE(judged([&](Books& b) { b.node.outbox["erp"][kNote] = state; }).empty()) << state;
    EXPECT_FALSE(judged([](Books& b) { b.node.outbox["erp"].erase(kNote); }).empty());
}

TEST(DeliveryJudge, FindsAnEventThatIsLostInventedOrOutOfOrder) {
    const std::string third = "ord_1.3.events.event";
    EXPECT_FALSE(judged([&](Books& b) { b.erp.events.erase(third); }).empty());
    EXPECT_FALSE(judged([&](Books& b) { b.erp.events["x"] = entry("x", "", ""); }).empty());
    EXPECT_FALSE(judged([](Books& b) { b.node.orders[kOrder].actions.emplace_back("note"); }).empty());
    EXPECT_FALSE(
        judged([](Books& b) { std::swap(b.erp.event_order[kOrder][1], b.erp.event_order[kOrder][2]); }).empty());
    EXPECT_FALSE(
        judged([](Books& b) { std::swap(b.erp.record_order[kOrder][0], b.erp.record_order[kOrder][1]); }).empty());
}

TEST(DeliveryJudge, FindsAMessageOfTheErpThatTookEffectTwiceOrNever) {
    EXPECT_FALSE(judged([](Books& b) { b.erp.sent[0].effective = 2; }).empty());
    EXPECT_FALSE(judged([](Books& b) { b.erp.sent[0].effective = 0; }).empty());
    EXPECT_FALSE(judged([](Books& b) { b.erp.sent.pop_back(); }).empty());
    EXPECT_FALSE(judged([](Books& b) { b.node.orders[kOrder].actions[2] = "note"; }).empty());
}

}  // namespace
}  // namespace citybridge::demo
