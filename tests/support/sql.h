#pragma once
// What a test does to a node's SQLite database behind its back. The database may be in use; throws what SOCI throws.
#include <cstdint>
#include <string>

namespace citybridge::tests {

void run_sql(const std::string& database_path, const std::string& statement);

// The first column of the only row.
std::int64_t number_by_sql(const std::string& database_path, const std::string& query);

}  // namespace citybridge::tests
