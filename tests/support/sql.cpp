#include "tests/support/sql.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace citybridge::tests {
namespace {

// The node's own writes are waited for.
std::string connection_to(const std::string& database_path) { return "dbname=" + database_path + " timeout=10"; }

}  // namespace

void run_sql(const std::string& database_path, const std::string& statement) {
    soci::session session(soci::sqlite3, connection_to(database_path));
    session << statement;
}

std::int64_t number_by_sql(const std::string& database_path, const std::string& query) {
    soci::session session(soci::sqlite3, connection_to(database_path));
    long long number = 0;
    session << query, soci::into(number);
    return number;
}

}  // namespace citybridge::tests
