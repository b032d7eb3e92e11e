// Readers see what is committed, and pages stay where they were.
#include <thread>

#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

class ReadersTest : public ReadTest {
protected:
    std::vector<std::string> ids(const OrderQuery& query) {
        std::vector<std::string> found;
        const auto orders = readers_->orders(query);
        EXPECT_TRUE(orders) << orders.error().detail;
        if (orders)
            for (const auto& order : *orders) found.push_back(order.id);
        return found;
    }
};

OrderRecord open_order(const std::string& id, std::int64_t created) {
    auto order = some_order(id);
    order.created_at = at(created);
    order.closed_at.reset();
    return order;
}

TEST_P(ReadersTest, OrdersAreFilteredAndNewestFirst) {
    Changes changes;
    changes.orders = {open_order("a", 1), open_order("b", 2), open_order("c", 3), some_order("closed")};
    changes.orders[0].owner = "";
    changes.orders[1].kind = "repair";
    changes.orders[1].group = "south";
    changes.orders[2].state = "waiting";
    changes.orders[2].customer = "cus_2";
    changes.orders[3].created_at = at(4);
    changes.deadlines = {some_deadline("b", 1), some_deadline("closed", 1), some_deadline("c", 1)};
    changes.deadlines[0].state = changes.deadlines[1].state = DeadlineState::overdue;
    changes.orders[0].overdue_at = changes.orders[2].overdue_at = std::nullopt;
    must_commit(changes);
    using Found = std::vector<std::string>;
    EXPECT_EQ(ids({}), (Found{"closed", "c", "b", "a"}));
    const auto by = [this](auto set) {
        OrderQuery query;
        set(query);
        return ids(query);
    };
    EXPECT_EQ(by([](auto& q) { q.kind = "repair"; }), (Found{"b"}));
    EXPECT_EQ(by([](auto& q) { q.state = "waiting"; }), (Found{"c"}));
    EXPECT_EQ(by([](auto& q) { q.owner = "li.na"; }), (Found{"closed", "c", "b"}));
    EXPECT_EQ(by([](auto& q) { q.customer = "cus_2"; }), (Found{"c"}));
    EXPECT_EQ(by([](auto& q) { q.group = "south"; }), (Found{"b"}));
    EXPECT_EQ(by([](auto& q) { q.open_only = true; }), (Found{"c", "b", "a"}));
    EXPECT_EQ(by([](auto& q) { q.overdue_only = true; }), (Found{"b"}));
    EXPECT_EQ(by([](auto& q) { q.kind = "sales_lead", q.owner = "li.na", q.open_only = true; }), (Found{"c"}));
}

TEST_P(ReadersTest, APageGoesOnWhereTheOneBeforeEndedWhateverIsAdded) {
    Changes changes;
    for (int i = 0; i < 25; ++i) changes.orders.push_back(open_order("o" + std::to_string(100 + i), i / 3));
    must_commit(changes);
    std::vector<std::string> seen;
    OrderQuery query;
    query.limit = 4;
    for (int page = 0;; ++page) {
        const auto found = ids(query);
        if (found.empty()) break;
        seen.insert(seen.end(), found.begin(), found.end());
        query.after = found.back();
        Changes more;
        more.orders = {open_order("new" + std::to_string(page), 1000 + page)};
        must_commit(more);
    }
    ASSERT_EQ(seen.size(), 25u);
    std::vector<std::string> expected;
    for (int i = 24; i >= 0; --i) expected.push_back("o" + std::to_string(100 + i));
    EXPECT_EQ(seen, expected);
}

TEST_P(ReadersTest, WhatIsNotCommittedIsNotSeen) {
    Changes changes;
    changes.orders = {open_order("a", 1)};
    changes.inbox = {{"erp", "1", at(0), "x"}, {"erp", "1", at(0), "x"}};
    EXPECT_EQ(try_commit(changes).commit, Commit::failed);
    EXPECT_FALSE((*readers_->order("a")).has_value());
    changes.inbox.clear();
    must_commit(changes);
    EXPECT_EQ(*readers_->order("a"), changes.orders[0]);
}

TEST_P(ReadersTest, ManyThreadsShareFewSessions) {
    Changes changes;
    changes.orders = {open_order("a", 1)};
    must_commit(changes);
    std::atomic<int> found = 0;
    std::vector<std::thread> threads;
    threads.reserve(8);
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i)
                if (const auto order = readers_->order("a"); order && order->has_value()) ++found;
        });
    for (int i = 0; i < 20; ++i) must_commit(changes);
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(found, 400);
}

TEST_P(ReadersTest, CustomersUsersCommandsAndContacts) {
    Changes changes;
    changes.customers = {some_customer("cus_1")};
    changes.users = {some_user("b"), some_user("a"), some_user("c")};
    changes.commands = {some_command("cmd_1")};
    changes.journal = {some_contact("1", "n1"), some_contact("2", "n2"), some_contact("3", "n3"),
                       some_contact("4", "")};
    changes.journal[1].started_at = at(65);
    must_commit(changes);
    EXPECT_EQ(*readers_->customer("cus_1"), some_customer("cus_1"));
    EXPECT_EQ(*readers_->customer_by_number(some_customer("cus_1").numbers[0]), some_customer("cus_1"));
    EXPECT_FALSE((*readers_->customer_by_number("+1")).has_value());
    EXPECT_EQ(*readers_->command("cmd_1"), some_command("cmd_1"));
    EXPECT_EQ(*readers_->users(), (std::vector{some_user("a"), some_user("b"), some_user("c")}));
    EXPECT_EQ(*readers_->journal({"n1", "n2", ""}, 9), (std::vector{changes.journal[1], changes.journal[0]}));
    EXPECT_EQ(readers_->journal({"n1", "n2"}, 1)->size(), 1u);
    // A contact that is known already is left as it is.
    Changes again;
    again.journal = {some_contact("1", "other")};
    again.removed_users = {"b"};
    must_commit(again);
    EXPECT_EQ(readers_->journal({"n1"}, 9)->size(), 1u);
    EXPECT_EQ(*readers_->users(), (std::vector{some_user("a"), some_user("c")}));
}

TEST_P(ReadersTest, TheOutboxAsTheRelayAndAsPeopleSeeIt) {
    Changes changes;
    for (int i = 1; i <= 6; ++i) changes.outbox.push_back(some_message("m" + std::to_string(i), i));
    changes.outbox[1].state = OutboxState::dead;
    changes.outbox[2].state = OutboxState::delivered;
    changes.outbox[3].destination = "sms";
    changes.outbox[4].key = "ord_2";
    must_commit(changes);
    const auto ids_of = [](const Result<std::vector<OutboxRecord>>& rows) {
        std::string text;
        for (const auto& row : *rows) text += row.id + " ";
        return text;
    };
    EXPECT_EQ(*store_->last_outbox_seq(), 6);
    EXPECT_EQ(ids_of(store_->pending_outbox("erp", 0, 9)), "m1 m5 m6 ");
    EXPECT_EQ(ids_of(store_->pending_outbox("erp", 1, 1)), "m5 ");
    EXPECT_EQ(ids_of(store_->pending_outbox_of_key("erp", "ord_1")), "m1 m6 ");
    EXPECT_EQ(*store_->parked_keys("erp"), std::vector<std::string>{"ord_1"});
    EXPECT_TRUE(store_->parked_keys("sms")->empty());
    OutboxQuery query;
    EXPECT_EQ(ids_of(readers_->outbox(query)), "m6 m5 m4 m3 m2 m1 ");
    query.before_seq = 4;
    query.limit = 2;
    EXPECT_EQ(ids_of(readers_->outbox(query)), "m3 m2 ");
    EXPECT_EQ(ids_of(readers_->outbox({"erp", "dead", "ord_1", "ord_1", 0, 50})), "m2 ");
    EXPECT_EQ(*readers_->outbox_message("m2"), changes.outbox[1]);
    const auto counts = readers_->outbox_counts();
    ASSERT_TRUE(counts) << counts.error().detail;
    ASSERT_EQ(counts->size(), 3u);
    EXPECT_EQ((*counts)[1].destination, "erp");
    EXPECT_EQ((*counts)[1].state, OutboxState::pending);
    EXPECT_EQ((*counts)[1].count, 3);
    EXPECT_EQ((*counts)[1].oldest, at(20));
}

TEST_P(ReadersTest, OpenDeadlinesAndUnfinishedCommandsForARestartedNode) {
    Changes changes;
    for (int i = 1; i <= 5; ++i) changes.deadlines.push_back(some_deadline("o", 6 - i));
    changes.deadlines[4].state = DeadlineState::done;
    changes.commands = {some_command("c1"), some_command("c2")};
    changes.commands[0].state = "succeeded";
    must_commit(changes);
    const auto open = store_->open_deadlines(at(4000), 2);
    ASSERT_TRUE(open) << open.error().detail;
    EXPECT_EQ(*open, (std::vector{some_deadline("o", 2), some_deadline("o", 3)}));
    EXPECT_EQ(store_->open_deadlines(at(4000), 9)->size(), 3u);
    EXPECT_EQ(*store_->unfinished_commands(), std::vector{some_command("c2")});
    EXPECT_EQ(*store_->meta("x"), "");
    ASSERT_TRUE(store_->set_meta("x", "1"));
    ASSERT_TRUE(store_->set_meta("x", "2"));
    EXPECT_EQ(*store_->meta("x"), "2");
}

TEST_P(ReadersTest, OpenDeadlinesAreReadInTheirOrderPageByPage) {
    Changes changes;
    for (const char* order : {"b", "a", "c"})
        for (int n = 1; n <= 3; ++n) changes.deadlines.push_back(some_deadline(order, n));
    changes.deadlines[4].state = DeadlineState::overdue;  // of "a", the second
    must_commit(changes);
    DeadlineRecord last;
    last.due_at = WallTime::min();
    std::vector<std::string> read;
    for (int page = 0; page < 9; ++page) {
        const auto rows = readers_->open_deadlines_after(last, 3);
        ASSERT_TRUE(rows) << rows.error().detail;
        if (rows->empty()) break;
        for (const DeadlineRecord& row : *rows) read.push_back(row.order + std::to_string(row.n));
        last = rows->back();
    }
    EXPECT_EQ(read, (std::vector<std::string>{"a1", "b1", "c1", "b2", "c2", "a3", "b3", "c3"}));
}

TEST_P(ReadersTest, SwitchesOfCalendarsComeInTheOrderTheyWereSet) {
    CalendarOverrideRecord closed{"cov_2", "hangzhou", "closed", at(10), at(90), "zhao", "台风"};
    CalendarOverrideRecord clock{"cov_1", "hangzhou", "clock", at(20), {}, "root", ""};
    Changes changes;
    changes.calendar_overrides = {clock, closed};
    must_commit(changes);
    EXPECT_EQ(*readers_->calendar_overrides(), (std::vector{closed, clock}));
}

ON_BOTH_DATABASES(ReadersTest);

TEST(Readers, AStoreNeverOpenedForWritingIsRefused) {
    TempFolder folder;
    const auto readers = open_readers(sqlite_settings(folder), 1);
    ASSERT_FALSE(readers);
    EXPECT_EQ(readers.error().code, "store.unavailable");
}

}  // namespace
}  // namespace citybridge::store
