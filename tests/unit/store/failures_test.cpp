// A batch that fails leaves nothing, says why, and the store goes on.
#include <soci/sqlite3/soci-sqlite3.h>

#include "tests/crash/power_cut_vfs.h"
#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

class Failures : public StoreTest {
protected:
    void expect_rejected(Changes changes) {
        changes.orders.push_back(some_order("ord_witness"));
        const auto outcome = try_commit(changes);
        EXPECT_EQ(outcome.commit, Commit::failed);
        EXPECT_EQ(outcome.error.code, "store.rejected") << outcome.error.detail;
        Wanted wanted;
        wanted.orders = {"ord_witness"};
        EXPECT_TRUE(store_->load(wanted)->orders.empty()) << "something of the refused batch stayed";
        EXPECT_FALSE(*store_->has_batch("batch" + std::to_string(batches_)));
        must_commit({});
    }
};

TEST_P(Failures, ARepeatedKeyRefusesTheWholeBatch) {
    Changes first;
    first.outbox = {some_message("m1", 1)};
    first.inbox = {{"erp", "in1", at(0), "noted"}};
    first.idempotency = {some_answer("li.na", "k1")};
    first.history = {some_history("ord_1", 1)};
    must_commit(first);
    for (int kind = 0; kind < 5; ++kind) {
        SCOPED_TRACE(kind);
        Changes again;
        if (kind == 0) again.outbox = {some_message("m1", 2)};
        if (kind == 1) again.outbox = {some_message("m2", 1)};  // another message with the same place in the order
        if (kind == 2) again.inbox = first.inbox;
        if (kind == 3) again.idempotency = first.idempotency;
        if (kind == 4) again.history = first.history;
        expect_rejected(again);
    }
}

TEST_P(Failures, ARepeatedBatchIdIsRefused) {
    ASSERT_EQ(store_->commit("same", {}, at(0)).commit, Commit::done);
    const auto outcome = store_->commit("same", {}, at(0));
    EXPECT_EQ(outcome.commit, Commit::failed);
    EXPECT_EQ(outcome.error.code, "store.rejected");
}

TEST_P(Failures, ANumberBelongsToOneCustomer) {
    Changes first;
    first.customers = {some_customer("cus_1")};
    must_commit(first);
    Changes second;
    second.customers = {some_customer("cus_2")};
    second.customers[0].numbers = {first.customers[0].numbers[0]};
    expect_rejected(second);
    // It may move when its owner gives it up in the same batch.
    Changes moved = second;
    moved.customers.push_back(first.customers[0]);
    moved.customers.back().numbers = {};
    must_commit(moved);
    Wanted wanted;
    wanted.numbers = {second.customers[0].numbers[0], first.customers[0].numbers[1]};
    const auto loaded = store_->load(wanted);
    ASSERT_TRUE(loaded) << loaded.error().detail;
    ASSERT_EQ(loaded->customers.size(), 1u);
    EXPECT_EQ(loaded->customers[0].id, "cus_2");
}

TEST_P(Failures, TextThatADatabaseCannotHoldIsRefusedByName) {
    Changes changes;
    changes.users = {some_user("a")};
    changes.users[0].device = std::string("x\0y", 3);
    expect_rejected(changes);
    EXPECT_NE(try_commit(changes).error.detail.find("device holds a NUL"), std::string::npos);
    changes.users[0].device = "\xff\xfe";
    expect_rejected(changes);
    Changes fields;
    fields.customers = {some_customer("cus_1")};
    fields.customers[0].fields = {{"street", "\xff"}};
    expect_rejected(fields);
}

TEST_P(Failures, ADeliveryOfAnUnknownMessageIsRefused) {
    Changes changes;
    changes.deliveries = {{"nobody", OutboxState::delivered, 1, at(0), at(0), "", "", "", false, false}};
    expect_rejected(changes);
}

TEST_P(Failures, AUserChangedAndRemovedInOneBatchIsRefused) {
    Changes changes;
    changes.users = {some_user("a")};
    changes.removed_users = {"a"};
    expect_rejected(changes);
}

ON_BOTH_DATABASES(Failures);

class SqliteFailures : public ::testing::Test {
protected:
    TempFolder folder_;
    StoreSettings settings_ = sqlite_settings(folder_);
};

TEST_F(SqliteFailures, AFullDiskFailsTheBatchAndTheStoreWorksOnceThereIsRoom) {
    tests::PowerCutVfs vfs("full-disk");
    settings_.vfs = vfs.name();
    auto store = open_store(settings_);
    ASSERT_TRUE(store) << store.error().detail;
    Changes changes;
    for (int i = 0; i < 200; ++i) changes.orders.push_back(some_order("ord_" + std::to_string(i)));
    for (const std::int64_t room : {0, 5'000, 50'000}) {
        SCOPED_TRACE(room);
        vfs.full_after(room);
        const auto outcome = (*store)->commit("full", changes, at(0));
        EXPECT_EQ(outcome.commit, Commit::failed);
        EXPECT_EQ(outcome.error.code, "store.full") << outcome.error.detail;
        EXPECT_FALSE(*(*store)->has_batch("full"));
    }
    vfs.full_after(-1);
    EXPECT_EQ((*store)->commit("room", changes, at(0)).commit, Commit::done);
    EXPECT_TRUE(*(*store)->has_batch("room"));
    EXPECT_FALSE(*(*store)->has_batch("full"));
    store->reset();
}

TEST_F(SqliteFailures, AFailedSyncIsUnknownAndReconnectingSettlesIt) {
    tests::PowerCutVfs vfs("failing-sync");
    settings_.vfs = vfs.name();
    auto store = open_store(settings_);
    ASSERT_TRUE(store) << store.error().detail;
    Changes changes;
    changes.orders = {some_order("ord_1")};
    ASSERT_EQ((*store)->commit("warm", changes, at(0)).commit, Commit::done);
    const auto before = vfs.operations();
    ASSERT_EQ((*store)->commit("count", changes, at(0)).commit, Commit::done);
    const auto per_commit = vfs.operations() - before;
    vfs.fail_after(per_commit - 1);  // the last operation of a commit is the sync
    const auto outcome = (*store)->commit("unsynced", changes, at(0));
    EXPECT_EQ(outcome.commit, Commit::unknown) << outcome.error.detail;
    vfs.fail_after(-1);
    ASSERT_TRUE((*store)->reconnect());
    const auto there = (*store)->has_batch("unsynced");
    ASSERT_TRUE(there) << there.error().detail;
    store->reset();
    vfs.cut_power(1);
    auto again = open_store(settings_);
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(*(*again)->has_batch("unsynced"), *there) << "the answer given after reconnecting must not change";
    EXPECT_TRUE(*(*again)->has_batch("count"));
    again->reset();
}

TEST_F(SqliteFailures, AnotherWriterIsWaitedForAndThenNamed) {
    settings_.busy_timeout = Millis{50};
    auto store = open_store(settings_);
    ASSERT_TRUE(store) << store.error().detail;
    sqlite_api::sqlite3* other = nullptr;
    ASSERT_EQ(sqlite_api::sqlite3_open(settings_.path.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite_api::sqlite3_exec(other, "begin immediate", nullptr, nullptr, nullptr), SQLITE_OK);
    const auto outcome = (*store)->commit("locked", {}, at(0));
    EXPECT_EQ(outcome.commit, Commit::failed);
    EXPECT_EQ(outcome.error.code, "store.locked") << outcome.error.detail;
    sqlite_api::sqlite3_exec(other, "rollback", nullptr, nullptr, nullptr);
    sqlite_api::sqlite3_close(other);
    EXPECT_EQ((*store)->commit("free", {}, at(0)).commit, Commit::done);
}

TEST_F(SqliteFailures, AFolderThatDoesNotExistIsNamed) {
    settings_.path = folder_ / "nowhere/node.db";
    const auto store = open_store(settings_);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, "store.unavailable") << store.error().detail;
}

TEST_F(SqliteFailures, ADamagedFileIsNotTakenForAStore) {
    std::filesystem::create_directories(folder_.path());
    FILE* file = std::fopen(settings_.path.c_str(), "w");
    std::fputs("this is not a database, and long enough to have a header of one hundred bytes ..........\n", file);
    std::fputs("this is not a database, and long enough to have a header of one hundred bytes ..........\n", file);
    std::fclose(file);
    const auto store = open_store(settings_);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, "store.damaged") << store.error().detail;
}

}  // namespace
}  // namespace citybridge::store
