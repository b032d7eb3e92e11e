// Upgrades keep the rows and a copy of what was before.
#include "core/store/migrations.h"

#include "core/store/meta.h"
#include "tests/unit/store/store_fixture.h"

namespace citybridge::store {
namespace {

class MigrationsTest : public StoreTest {
protected:
    std::vector<Migration> with_next(std::vector<const char*> statements) {
        std::vector<Migration> steps(migrations().begin(), migrations().end());
        steps.push_back({steps.back().version + 1, std::move(statements)});
        return steps;
    }

    // Number of orders in the one copy that was kept.
    std::int64_t orders_in_copy(Connection& connection) {
        if (settings_.database == Database::postgresql) {
            const auto schema = connection.one_text(
                "select schema_name::text from information_schema.schemata where schema_name like 'before_v%'");
            return schema.empty() ? -1 : connection.one_number("select count(*) from " + schema + ".orders");
        }
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
            if (entry.path().filename().string().find(".before-v") == std::string::npos) continue;
            auto copy = settings_;
            copy.path = entry.path().string();
            Connection opened(copy, Access::read);
            return opened.one_number("select count(*) from orders");
        }
        return -1;
    }
};

TEST_P(MigrationsTest, AnUpgradeKeepsTheRowsAndACopy) {
    Changes changes;
    changes.orders = {some_order("ord_1"), some_order("ord_2")};
    must_commit(changes);
    store_.reset();
    {
        Connection connection(settings_, Access::write);
        const auto steps = with_next({"alter table orders add column remark text not null default 'none'"});
        const auto migrated = migrate(connection, steps);
        ASSERT_TRUE(migrated) << migrated.error().detail;
        EXPECT_EQ(schema_version(connection), steps.back().version);
        EXPECT_EQ(connection.one_number("select count(*) from orders where remark='none'"), 2);
        EXPECT_EQ(orders_in_copy(connection), 2);
    }
    const auto older = open_store(settings_);
    ASSERT_FALSE(older) << "a node that does not know the new schema must not write to it";
    EXPECT_EQ(older.error().code, "store.too_new");
}

TEST_P(MigrationsTest, AFailedStepLeavesTheStoreAsItWas) {
    must_commit({});
    store_.reset();
    Connection connection(settings_, Access::write);
    const auto before = schema_version(connection);
    const auto migrated = migrate(connection, with_next({"create table half (x bigint)", "no sql at all"}));
    ASSERT_FALSE(migrated);
    EXPECT_EQ(migrated.error().code, "store.migration_failed");
    EXPECT_EQ(schema_version(connection), before);
    EXPECT_TRUE(open_store(settings_));
    EXPECT_TRUE(migrate(connection, with_next({"create table half (x bigint)"}))) << "nothing of it stayed";
}

TEST_P(MigrationsTest, OpeningTwiceChangesNothingAndKeepsNoCopy) {
    ASSERT_TRUE(open_store(settings_));
    Connection connection(settings_, Access::write);
    EXPECT_EQ(orders_in_copy(connection), -1);
}

TEST_P(MigrationsTest, VersionsCountUpwardsFromOne) {
    std::int64_t expected = 0;
    for (const auto& step : migrations()) EXPECT_EQ(step.version, ++expected);
}

ON_BOTH_DATABASES(MigrationsTest);

}  // namespace
}  // namespace citybridge::store
