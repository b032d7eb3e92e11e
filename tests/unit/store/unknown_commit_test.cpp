// PostgreSQL dies or the line is cut: the caller is told what is certain, and
// the batch id settles what is not.
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include "tests/support/cutting_proxy.h"
#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

using Cut = CuttingProxy::Cut;

Changes one_order() {
    Changes changes;
    changes.orders = {some_order("ord_1")};
    return changes;
}

class UnknownCommit : public ::testing::Test {
protected:
    void SetUp() override {
        auto& server = tests::shared_postgres();
        settings_.database = Database::postgresql;
        settings_.connection = server.connection(server.make_database(), proxy_.port());
        auto opened = open_store(settings_);
        ASSERT_TRUE(opened) << opened.error().detail;
        store_ = std::move(*opened);
    }

    CuttingProxy proxy_{tests::shared_postgres().port()};
    StoreSettings settings_;
    std::unique_ptr<Store> store_;
};

TEST_F(UnknownCommit, AnswerLostAfterTheServerCommitted) {
    proxy_.cut(Cut::after_commit);
    const auto outcome = store_->commit("b1", one_order(), at(0));
    ASSERT_EQ(proxy_.cuts(), 1);
    EXPECT_EQ(outcome.commit, Commit::unknown);
    EXPECT_EQ(outcome.error.code, "store.unavailable") << outcome.error.detail;
    ASSERT_TRUE(store_->reconnect());
    EXPECT_TRUE(*store_->has_batch("b1"));
    Wanted wanted;
    wanted.orders = {"ord_1"};
    EXPECT_EQ(store_->load(wanted)->orders.size(), 1u);
}

TEST_F(UnknownCommit, CommitNeverReachedTheServer) {
    proxy_.cut(Cut::before_commit);
    const auto outcome = store_->commit("b1", one_order(), at(0));
    ASSERT_EQ(proxy_.cuts(), 1);
    EXPECT_EQ(outcome.commit, Commit::unknown);
    ASSERT_TRUE(store_->reconnect());
    EXPECT_FALSE(*store_->has_batch("b1"));
    EXPECT_EQ(store_->commit("b1", one_order(), at(0)).commit, Commit::done) << "it can be repeated as it was";
}

TEST_F(UnknownCommit, ALineCutBeforeCommitIsCertainlyNotCommitted) {
    ASSERT_EQ(store_->commit("b0", {}, at(0)).commit, Commit::done);
    tests::shared_postgres().sql("postgres",
                                 "select pg_terminate_backend(pid) from pg_stat_activity "
                                 "where application_name='citybridge'");
    const auto outcome = store_->commit("b1", one_order(), at(0));
    EXPECT_EQ(outcome.commit, Commit::failed);
    EXPECT_EQ(outcome.error.code, "store.unavailable") << outcome.error.detail;
    ASSERT_TRUE(store_->reconnect());
    EXPECT_FALSE(*store_->has_batch("b1"));
    EXPECT_TRUE(*store_->has_batch("b0"));
}

TEST(PostgresqlServer, KilledAndBackLosesNothingAcknowledged) {
    tests::PostgresServer server;
    StoreSettings settings;
    settings.database = Database::postgresql;
    settings.connection = server.connection(server.make_database());
    auto opened = open_store(settings);
    ASSERT_TRUE(opened) << opened.error().detail;
    auto readers = open_readers(settings, 1);
    ASSERT_TRUE(readers) << readers.error().detail;
    auto& store = **opened;
    ASSERT_EQ(store.commit("b1", one_order(), at(0)).commit, Commit::done);
    server.kill_hard();
    EXPECT_EQ(store.commit("b2", {}, at(0)).error.code, "store.unavailable");
    EXPECT_EQ(store.reconnect().error().code, "store.unavailable");
    EXPECT_EQ(store.load({}).error().code, "store.unavailable") << "still without a connection";
    server.start();
    ASSERT_TRUE(store.reconnect());
    EXPECT_TRUE(*store.has_batch("b1"));
    EXPECT_FALSE(*store.has_batch("b2"));
    EXPECT_TRUE((*(*readers)->order("ord_1")).has_value()) << "readers find their way back by themselves";
    EXPECT_EQ(store.commit("b2", {}, at(0)).commit, Commit::done);
}

TEST(PostgresqlServer, OneThatFallsSilentIsGivenUp) {
    tests::PostgresServer server;
    StoreSettings settings;
    settings.database = Database::postgresql;
    settings.connection = server.connection(server.make_database()) + " connect_timeout=2";
    settings.busy_timeout = Millis{300};
    auto opened = open_store(settings);
    ASSERT_TRUE(opened) << opened.error().detail;
    auto& store = **opened;
    ASSERT_EQ(store.commit("b1", one_order(), at(0)).commit, Commit::done);
    server.pause();
    const auto outcome = store.commit("b2", {}, at(0));
    EXPECT_EQ(outcome.commit, Commit::failed) << "it was silent before COMMIT was sent";
    EXPECT_EQ(outcome.error.code, "store.unavailable") << outcome.error.detail;
    EXPECT_EQ(store.reconnect().error().code, "store.unavailable");
    server.resume();
    ASSERT_TRUE(store.reconnect());
    EXPECT_TRUE(*store.has_batch("b1"));
    EXPECT_FALSE(*store.has_batch("b2"));
}

TEST(PostgresqlServer, OneThatDoesNotSyncIsRefused) {
    tests::PostgresServer server;
    StoreSettings settings;
    settings.database = Database::postgresql;
    const auto name = server.make_database();
    settings.connection = server.connection(name);
    for (const std::string& statement : {"alter database " + name + " set synchronous_commit=off",
                                         std::string("alter role citybridge set synchronous_commit=off")}) {
        server.sql(name, statement);
        const auto opened = open_store(settings);
        ASSERT_FALSE(opened) << statement;
        EXPECT_EQ(opened.error().code, "store.not_durable") << opened.error().detail;
        server.sql(name, "alter database " + name + " reset all");
        server.sql(name, "alter role citybridge reset all");
    }
    for (const char* setting : {"fsync", "full_page_writes"}) {
        server.sql(name, std::string("alter system set ") + setting + "=off");
        server.stop();
        server.start();
        const auto opened = open_store(settings);
        ASSERT_FALSE(opened) << setting;
        EXPECT_EQ(opened.error().code, "store.not_durable") << opened.error().detail;
        server.sql(name, std::string("alter system reset ") + setting);
        server.stop();
        server.start();
    }
    EXPECT_TRUE(open_store(settings));
}

TEST(PostgresqlServer, ALockHeldByOthersIsWaitedForAndThenNamed) {
    auto settings = postgresql_settings();
    // The tables take longer than that on a busy machine: they are there before.
    ASSERT_TRUE(open_store(settings));
    settings.busy_timeout = Millis{500};
    auto store = open_store(settings);
    ASSERT_TRUE(store) << store.error().detail;
    auto other = open_store(settings);  // stands for any session that holds a lock
    ASSERT_TRUE(other) << other.error().detail;
    soci::session locker(soci::postgresql, settings.connection);
    locker << "begin";
    locker << "lock table orders in exclusive mode";
    const auto outcome = (*store)->commit("b1", one_order(), at(0));
    EXPECT_EQ(outcome.commit, Commit::failed);
    EXPECT_EQ(outcome.error.code, "store.locked") << outcome.error.detail;
    locker << "rollback";
    EXPECT_EQ((*store)->commit("b1", one_order(), at(0)).commit, Commit::done);
}

TEST(PostgresqlServer, APasswordIsInNoError) {
    StoreSettings settings;
    settings.database = Database::postgresql;
    for (const char* connection :
         {"host=127.0.0.1 port=1 dbname=x user=y password=geheim", "password=geheim nonsense"}) {
        settings.connection = connection;
        const auto opened = open_store(settings);
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().detail.find("geheim"), std::string::npos) << opened.error().detail;
    }
}

}  // namespace
}  // namespace citybridge::store
