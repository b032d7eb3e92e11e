#include "core/reports/make_facts.h"

#include <gtest/gtest.h>

namespace citybridge::reports {
namespace {

WallTime at(std::int64_t seconds) { return WallTime{std::chrono::seconds{1'790'000'000 + seconds}}; }

std::string some_group(const std::string& agent) { return agent == "1001" ? "east" : "west"; }

// 1001 did not answer, 1002 did after 4 s, handed it on to 1001, who talked for 30 s.
Contact handed_on() {
    Contact c;
    c.id = "contact-1";
    c.customer_number = "13812345678";
    c.called_number = "4001";
    c.queue = "sales";
    c.state = ContactState::ended;
    c.outcome = Outcome::answered;
    c.ended_by = EndedBy::customer;
    c.started_at = at(0);
    c.queued_at = at(2);
    c.answered_at = at(24);
    c.ended_at = at(124);
    c.wait = Millis{22'000};
    c.talk = Millis{95'000};
    c.hold = Millis{5'000};
    c.offers = {{"o1", "1001", "SIP/1001", OfferState::expired, at(5), at(20)},
                {"o2", "1002", "SIP/1002", OfferState::accepted, at(20), at(24)}};
    Leg customer{LegRole::customer, "13812345678", "", "", "", {}, at(24), at(124)};
    Leg first{LegRole::agent, "1002", "", "1002", "SIP/1002", {}, at(24), at(90)};
    Leg second{LegRole::agent, "1001", "", "1001", "SIP/1001", {}, at(94), std::nullopt};
    c.legs = {customer, first, second};
    c.transfers = {{TransferKind::attended, "1002", "1001", TransferResult::completed, at(90)},
                   {TransferKind::blind, "1002", "9", TransferResult::failed, at(80)}};
    return c;
}

TEST(ContactFacts, hold_what_reports_count_and_nobodys_number) {
    const ReportFacts facts = facts_of(handed_on(), false, "beijing", some_group);
    ASSERT_EQ(facts.contacts.size(), 1U);
    const ContactFact& fact = facts.contacts[0];
    EXPECT_EQ(fact.agent, "1002");
    EXPECT_EQ(fact.group, "west");
    EXPECT_EQ(fact.queue, "sales");
    EXPECT_EQ(fact.city, "beijing");
    EXPECT_EQ(fact.outcome, "answered");
    EXPECT_EQ(fact.wait_ms, 22'000);
    EXPECT_EQ(fact.talk_ms, 95'000);
    EXPECT_EQ(fact.hold_ms, 5'000);
    EXPECT_EQ(fact.ring_ms, 4'000);
    EXPECT_EQ(fact.offers, 2);
    EXPECT_EQ(fact.transfers, 1);
    EXPECT_EQ(fact.called_number, "4001");
    EXPECT_FALSE(fact.survey_offered);
}

TEST(ContactFacts, keep_no_called_number_of_an_outgoing_call) {
    Contact c = handed_on();
    c.direction = Direction::outbound;
    EXPECT_EQ(facts_of(c, false, "beijing", some_group).contacts[0].called_number, "");
}

TEST(ContactFacts, tell_every_agents_part) {
    const auto parts = facts_of(handed_on(), false, "beijing", some_group).parts;
    ASSERT_EQ(parts.size(), 4U);
    EXPECT_EQ(parts[0].kind, "offer");
    EXPECT_EQ(parts[0].result, "expired");
    EXPECT_EQ(parts[1].result, "accepted");
    EXPECT_EQ(parts[2].kind, "talk");
    EXPECT_EQ(parts[2].agent, "1002");
    EXPECT_EQ(parts[2].result, "first");
    EXPECT_EQ(parts[3].agent, "1001");
    EXPECT_EQ(parts[3].result, "joined");
    // His leg was not told to end: it ended with the contact.
    EXPECT_EQ(parts[3].to, at(124));
    for (std::size_t i = 0; i < parts.size(); ++i) EXPECT_EQ(parts[i].n, static_cast<std::int64_t>(i) + 1);
}

TEST(ContactFacts, know_the_survey_whether_it_was_answered_or_not) {
    EXPECT_TRUE(facts_of(handed_on(), true, "", some_group).contacts[0].survey_offered);
    Contact c = handed_on();
    c.survey = Survey{"1", at(123)};
    const ContactFact fact = facts_of(c, false, "", some_group).contacts[0];
    EXPECT_TRUE(fact.survey_offered);
    EXPECT_EQ(fact.survey, "1");
}

Changes changed(const std::string& action, const std::string& from, const std::string& to) {
    Changes changes;
    OrderRecord order;
    order.id = "ord_1";
    order.kind = "repair";
    order.state = to;
    order.owner = "li.ming";
    order.group = "east";
    order.contact = "contact-1";
    changes.orders.push_back(order);
    HistoryRecord row;
    row.order = "ord_1";
    row.n = 7;
    row.at = at(10);
    row.action = action;
    row.from_state = from;
    row.to_state = to;
    changes.history.push_back(row);
    return changes;
}

TEST(OrderFacts, say_what_happened) {
    Changes opened = changed("opened", "", "new");
    add_order_facts(opened, {});
    ASSERT_EQ(opened.facts.orders.size(), 1U);
    EXPECT_EQ(opened.facts.orders[0].what, "opened");
    EXPECT_EQ(opened.facts.orders[0].contact, "contact-1");
    EXPECT_EQ(opened.facts.orders[0].n, 7);
    Changes note = changed("note", "new", "new");
    add_order_facts(note, {});
    EXPECT_TRUE(note.facts.orders.empty());
}

TEST(OrderFacts, say_which_promises_were_kept) {
    Changes changes = changed("note", "new", "new");
    const auto deadline = [&](const char* name, DeadlineState state, std::optional<WallTime> settled) {
        DeadlineRecord row;
        row.order = "ord_1";
        row.name = name;
        row.n = 3;
        row.state = state;
        row.due_at = at(100);
        row.settled_at = settled;
        changes.deadlines.push_back(row);
    };
    deadline("a", DeadlineState::open, std::nullopt);
    deadline("b", DeadlineState::done, at(90));
    deadline("c", DeadlineState::overdue, at(100));
    deadline("d", DeadlineState::cancelled, at(95));
    add_order_facts(changes, {});
    ASSERT_EQ(changes.facts.orders.size(), 3U);
    EXPECT_EQ(changes.facts.orders[0].what, "met");
    EXPECT_EQ(changes.facts.orders[0].at, at(90));
    EXPECT_EQ(changes.facts.orders[0].due_at, at(100));
    EXPECT_EQ(changes.facts.orders[1].what, "missed");
    EXPECT_EQ(changes.facts.orders[2].what, "withdrawn");
}

}  // namespace
}  // namespace citybridge::reports
