#pragma once
// What a store said to its database, kept to be said again without the store.
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/store/statement_log.h"

namespace citybridge::bench {

struct Value {
    enum class Kind { text, number, null };
    Kind kind = Kind::null;
    std::string text;
    std::int64_t number = 0;
};

struct Statement {
    const std::string* sql = nullptr;  // one address per text
    std::vector<Value> values;
};

class Recorded final : public store::StatementLog {
public:
    void statement(const std::string& sql, const std::vector<const store::Cell*>& values) override;

    const std::vector<Statement>& statements() const { return statements_; }
    std::size_t commits() const { return commits_; }
    void clear();

private:
    std::unordered_set<std::string> texts_;
    std::vector<Statement> statements_;
    std::size_t commits_ = 0;
    bool open_ = false;  // a transaction that was heard from its beginning
};

// A database with the schema in it, and nothing between it and the statements but its own C library: every text
// prepared once, values bound, all rows read. Throws std::runtime_error with the database's own words.
class BareDatabase {
public:
    virtual ~BareDatabase() = default;
    virtual void run(const Statement& statement) = 0;
    std::int64_t run_all(const std::vector<Statement>& statements);  // nanoseconds
    std::int64_t count(const std::string& table);

protected:
    std::int64_t last_number_ = 0;  // first column of the last row read
};

std::unique_ptr<BareDatabase> open_bare(const store::StoreSettings& settings);

}  // namespace citybridge::bench
