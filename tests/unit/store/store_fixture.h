#pragma once
// The same tests on both databases.
#include <gtest/gtest.h>

#include <filesystem>

#include "core/store/reader.h"
#include "core/store/store.h"
#include "tests/support/postgres_server.h"

namespace citybridge::store {

// A folder that goes away with it.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

inline WallTime at(std::int64_t ms) { return WallTime{Millis{1'790'000'000'000 + ms}}; }

// Records with something in every member.
CustomerRecord some_customer(const std::string& id);
OrderRecord some_order(const std::string& id);
HistoryRecord some_history(const std::string& order, std::int64_t n);
DeadlineRecord some_deadline(const std::string& order, std::int64_t n);
OutboxRecord some_message(const std::string& id, std::int64_t seq);
IdempotencyRecord some_answer(const std::string& user, const std::string& key);
CommandRecord some_command(const std::string& id);
UserRecord some_user(const std::string& name);
JournalRecord some_contact(const std::string& id, const std::string& number);

StoreSettings sqlite_settings(const TempFolder& folder);
StoreSettings postgresql_settings();  // of a new database on the shared server

class StoreTest : public ::testing::TestWithParam<Database> {
protected:
    void SetUp() override;

    // Commits under a new batch id; fails the test if it is not done.
    void must_commit(const Changes& changes);
    CommitOutcome try_commit(const Changes& changes);

    TempFolder folder_;
    StoreSettings settings_;
    std::unique_ptr<Store> store_;
    int batches_ = 0;
};

// With readers beside the writer.
class ReadTest : public StoreTest {
protected:
    void SetUp() override;

    std::unique_ptr<Readers> readers_;
};

std::string database_name(const ::testing::TestParamInfo<Database>& info);

}  // namespace citybridge::store

#define ON_BOTH_DATABASES(suite)                                                                             \
    INSTANTIATE_TEST_SUITE_P(                                                                                \
        on, suite,                                                                                           \
        ::testing::Values(::citybridge::store::Database::sqlite, ::citybridge::store::Database::postgresql), \
        ::citybridge::store::database_name)
