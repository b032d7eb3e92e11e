// What is committed is what is loaded, on both databases.
#include <set>

#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

class RoundTrip : public StoreTest {};

Changes one_of_everything() {
    Changes changes;
    changes.customers = {some_customer("cus_1")};
    changes.orders = {some_order("ord_1")};
    changes.history = {some_history("ord_1", 1), some_history("ord_1", 2)};
    changes.deadlines = {some_deadline("ord_1", 1)};
    changes.outbox = {some_message("ord_1.1.erp", 1)};
    changes.inbox = {{"erp", "msg_1", at(70), "noted"}};
    changes.idempotency = {some_answer("li.na", "key-1")};
    changes.commands = {some_command("cmd_1")};
    changes.users = {some_user("li.na")};
    changes.journal = {some_contact("con_1", "+8613900000000")};
    return changes;
}

TEST_P(RoundTrip, EveryRecordComesBackAsItWasCommitted) {
    const auto changes = one_of_everything();
    must_commit(changes);
    Wanted wanted;
    wanted.orders = {"ord_1", "ord_1", "unknown"};
    wanted.customers = {"cus_1"};
    wanted.outbox = {"ord_1.1.erp"};
    wanted.inbox = {{"erp", "msg_1"}, {"erp", "msg_2"}};
    wanted.idempotency = {{"li.na", "key-1"}};
    wanted.commands = {"cmd_1"};
    wanted.users = {"li.na", "nobody"};
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(loaded->orders, changes.orders);
    EXPECT_EQ(loaded->deadlines, changes.deadlines);
    EXPECT_EQ(loaded->customers, changes.customers);
    EXPECT_EQ(loaded->outbox, changes.outbox);
    EXPECT_EQ(loaded->inbox, changes.inbox);
    EXPECT_EQ(loaded->idempotency, changes.idempotency);
    EXPECT_EQ(loaded->commands, changes.commands);
    EXPECT_EQ(loaded->users, changes.users);
    auto readers = open_readers(settings_, 1);
    ASSERT_TRUE(readers) << readers.error().detail;
    EXPECT_EQ(*(*readers)->history("ord_1"), changes.history);
    EXPECT_EQ(*(*readers)->journal({"+8613900000000"}, 5), changes.journal);
}

TEST_P(RoundTrip, TheFirstInTurnAreOfOneKindStateAndGroupAndOpen) {
    Changes changes;
    for (int n = 0; n < 60; ++n) {
        OrderRecord& row = changes.orders.emplace_back(some_order("ord_" + std::to_string(100 + n)));
        row.external_id.clear();
        row.closed_at.reset();
        row.created_at = at(1'000 - n);
        row.state = "waiting";
        row.group = "service";
    }
    changes.orders[59].state = "calling";
    changes.orders[58].group = "sales";
    changes.orders[57].closed_at = at(2'000);
    changes.orders[56].kind = "another";
    must_commit(changes);
    Wanted wanted;
    wanted.turns = {{changes.orders[0].kind, "waiting", "service"}, {changes.orders[0].kind, "waiting", "service"}};
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    std::set<std::string> ids;
    for (const OrderRecord& row : loaded->orders) ids.insert(row.id);
    EXPECT_EQ(ids.size(), TurnOf::kMost + 2);
    EXPECT_TRUE(ids.contains("ord_155"));   // the first
    EXPECT_FALSE(ids.contains("ord_103"));  // the 53rd
    for (const char* wrong : {"ord_156", "ord_157", "ord_158", "ord_159"}) EXPECT_FALSE(ids.contains(wrong)) << wrong;
}

TEST_P(RoundTrip, AnAbsentTimeStaysAbsent) {
    Changes changes;
    changes.orders = {some_order("ord_1")};
    changes.orders[0].closed_at.reset();
    changes.deadlines = {some_deadline("ord_1", 1)};
    must_commit(changes);
    Wanted wanted;
    wanted.orders = {"ord_1"};
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(loaded->orders, changes.orders);
    EXPECT_EQ(loaded->deadlines, changes.deadlines);
}

TEST_P(RoundTrip, AnOrderIsFoundByItsExternalNumberAndACustomerByHisNumber) {
    must_commit(one_of_everything());
    Wanted wanted;
    wanted.external = {{"erp", "E-ord_1"}, {"other", "E-ord_1"}};
    wanted.numbers = {some_customer("cus_1").numbers[1]};
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    ASSERT_EQ(loaded->orders.size(), 1u);
    EXPECT_EQ(loaded->orders[0].id, "ord_1");
    EXPECT_EQ(loaded->deadlines.size(), 1u);
    ASSERT_EQ(loaded->customers.size(), 1u);
    EXPECT_EQ(loaded->customers[0], some_customer("cus_1"));
}

TEST_P(RoundTrip, ChangedRowsReplaceTheOldOnesAndTheLastOfABatchWins) {
    must_commit(one_of_everything());
    Changes changes;
    changes.orders = {some_order("ord_1"), some_order("ord_1")};
    changes.orders[0].state = "between";
    changes.orders[1].state = "closed";
    changes.deadlines = {some_deadline("ord_1", 1)};
    changes.deadlines[0].state = DeadlineState::done;
    changes.deadlines[0].settled_at = at(99);
    must_commit(changes);
    Wanted wanted;
    wanted.orders = {"ord_1"};
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(loaded->orders[0].state, "closed");
    EXPECT_TRUE(loaded->deadlines.empty()) << "only open deadlines are loaded with an order";
}

TEST_P(RoundTrip, ADeliveryChangesTheMovingPartOnly) {
    must_commit(one_of_everything());
    auto expected = some_message("ord_1.1.erp", 1);
    Changes changes;
    changes.deliveries = {{expected.id, OutboxState::delivered, 3, at(80), at(81), "", "", "ERP-77", false, false}};
    must_commit(changes);
    expected.state = OutboxState::delivered;
    expected.attempts = 3;
    expected.next_at = at(80);
    expected.updated_at = at(81);
    expected.last_code = expected.last_detail = "";
    expected.external_id = "ERP-77";
    expected.must_find = expected.out_of_turn = false;
    Wanted wanted;
    wanted.outbox = {expected.id};
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(loaded->outbox, std::vector<OutboxRecord>{expected});
}

// PostgreSQL is told several rows as arrays, whose notation gives these characters and words a meaning.
TEST_P(RoundTrip, TextsOfSeveralRowsComeBackAsTheyWere) {
    Changes changes;
    const std::vector<std::string> texts{
        "",         "null",       "NULL",     "{a,b}",    "\"quoted\"", "\\", "\\\"", "a\\",   "line\nand\ttab",
        " spaces ", "张三，李四", ":p1 $1 ?", "'single'", "\\N",        ",",  "{}",   "\\x41", "\"\""};
    for (std::size_t i = 0; i < texts.size(); ++i) {
        changes.orders.push_back(some_order("ord_" + std::to_string(i)));
        changes.orders.back().owner = texts[i];
        if (i % 2 == 0) changes.orders.back().closed_at.reset();
        changes.orders.back().fields = {{"text", texts[i]}};
    }
    must_commit(changes);
    Wanted wanted;
    for (const OrderRecord& each : changes.orders) wanted.orders.push_back(each.id);
    auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    ASSERT_EQ(loaded->orders.size(), texts.size());
    for (const OrderRecord& each : changes.orders)
        EXPECT_NE(std::find(loaded->orders.begin(), loaded->orders.end(), each), loaded->orders.end()) << each.owner;
}

TEST_P(RoundTrip, SeveralDeliveriesOfOneBatchChangeEachItsOwn) {
    Changes changes;
    for (int i = 0; i < 5; ++i) changes.outbox.push_back(some_message("m" + std::to_string(i), i + 1));
    must_commit(changes);
    Changes progress;
    for (int i = 0; i < 5; ++i)
        progress.deliveries.push_back({"m" + std::to_string(i), OutboxState::delivered, i, at(80 + i), at(81), "", "",
                                       "ERP-" + std::to_string(i), false, false});
    must_commit(progress);
    Wanted wanted;
    for (const OutboxRecord& each : changes.outbox) wanted.outbox.push_back(each.id);
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    ASSERT_EQ(loaded->outbox.size(), 5u);
    for (const OutboxRecord& each : loaded->outbox) EXPECT_EQ("m" + each.external_id.substr(4), each.id);
    progress.deliveries.back().id = "unknown";
    EXPECT_EQ(try_commit(progress).error.code, "store.rejected");
}

TEST_P(RoundTrip, TenThousandRowsInOneBatch) {
    Changes changes;
    for (int i = 0; i < 10'000; ++i) changes.orders.push_back(some_order("ord_" + std::to_string(i)));
    must_commit(changes);
    Wanted wanted;
    for (const auto& order : changes.orders) wanted.orders.push_back(order.id);
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    EXPECT_EQ(loaded->orders.size(), 10'000u);
}

TEST_P(RoundTrip, EverythingIsThereAfterReopening) {
    must_commit(one_of_everything());
    store_.reset();
    auto again = open_store(settings_);
    ASSERT_TRUE(again) << again.error().detail;
    Wanted wanted;
    wanted.orders = {"ord_1"};
    EXPECT_EQ((*again)->load(wanted)->orders, std::vector<OrderRecord>{some_order("ord_1")});
    EXPECT_TRUE(*(*again)->has_batch("batch1"));
    EXPECT_FALSE(*(*again)->has_batch("batch2"));
}

ON_BOTH_DATABASES(RoundTrip);

}  // namespace
}  // namespace citybridge::store
