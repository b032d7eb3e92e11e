#pragma once
// The floors of the store: sqlite3 and libpq, as directly as they can be used.
#include <libpq-fe.h>
#include <sqlite3.h>

#include <unordered_map>

#include "bench/recorded.h"

namespace citybridge::bench {

class BareSqlite final : public BareDatabase {
public:
    explicit BareSqlite(const std::string& path);  // with the settings of a store that syncs
    ~BareSqlite() override;
    void run(const Statement& statement) override;

private:
    sqlite3_stmt* prepared(const std::string& sql);
    void check(int result, const std::string& sql);

    sqlite3* database_ = nullptr;
    std::unordered_map<std::string, sqlite3_stmt*> statements_;
};

class BarePostgresql final : public BareDatabase {
public:
    explicit BarePostgresql(const std::string& connection);
    ~BarePostgresql() override;
    void run(const Statement& statement) override;

private:
    const std::string& prepared(const Statement& statement);
    void check(PGresult* result, const std::string& sql);

    PGconn* connection_ = nullptr;
    std::unordered_map<std::string, std::string> names_;  // by text
    std::vector<std::string> numbers_;
    std::vector<const char*> values_;
};

}  // namespace citybridge::bench
