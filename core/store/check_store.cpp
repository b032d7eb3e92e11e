#include <filesystem>

#include "core/store/backup.h"
#include "core/store/faults.h"
#include "core/store/migrations.h"
#include "core/store/read_rows.h"

namespace citybridge::store {

namespace {

using Weight = Finding::Weight;

constexpr std::uintmax_t kLittleRoom = 1ULL << 30;

// Rows that contradict each other. Each statement names at most a few of them.
struct RowCheck {
    const char* code;
    const char* sentence;
    const char* sql;
};

constexpr RowCheck kRowChecks[] = {
    {"history.gap", "orders whose history has gaps",
     "select order_id from history group by order_id having count(*)<>max(n) or min(n)<>1 limit 5"},
    {"history.count", "orders whose history_n is not the number of their last history row",
     "select orders.id from orders left join (select order_id,max(n) as n from history group by order_id) as last "
     "on last.order_id=orders.id where coalesce(last.n,0)<>orders.history_n limit 5"},
    {"history.orphan", "history of orders that do not exist",
     "select distinct order_id from history where not exists (select 1 from orders where id=order_id) limit 5"},
    {"deadline.orphan", "deadlines of orders and papers that do not exist",
     "select distinct order_id from deadlines where not exists (select 1 from orders where id=order_id) "
     "and not exists (select 1 from papers where papers.id=order_id) limit 5"},
    {"number.orphan", "numbers of customers that do not exist",
     "select number from customer_numbers where not exists (select 1 from customers where id=customer) limit 5"},
    {"order.customer", "orders of customers that do not exist",
     "select id from orders where customer<>'' and not exists (select 1 from customers where "
     "customers.id=orders.customer) limit 5"},
    {"outbox.orphan", "messages caused by orders that do not exist",
     "select id from outbox where order_id<>'' and not exists (select 1 from orders where orders.id=order_id) limit 5"},
    {"outbox.state", "messages in a state that does not exist",
     "select id from outbox where state not in ('pending','delivered','dead','possibly_done','cancelled') limit 5"},
    {"deadline.state", "deadlines in a state that does not exist",
     "select order_id from deadlines where state not in ('open','done','overdue','cancelled') limit 5"},
};

void check_rows(Connection& connection, std::vector<Finding>& findings) {
    for (const auto& check : kRowChecks) {
        Query query(connection.database());
        query << check.sql;
        const auto rows = read_texts(connection, query);
        if (rows.empty()) continue;
        std::string list;
        for (const auto& row : rows) list += (list.empty() ? "" : ", ") + row;
        findings.push_back({Weight::error, check.code, std::string(check.sentence) + ": " + list});
    }
}

bool check_schema(Connection& connection, std::vector<Finding>& findings) {
    const auto found = schema_version(connection);
    const auto known = migrations().back().version;
    if (found == known) return true;
    const auto versions = std::to_string(found) + ", this program knows " + std::to_string(known);
    if (found > known)
        findings.push_back({Weight::error, "schema.too_new", "the schema has version " + versions});
    else
        findings.push_back({Weight::warning, "schema.pending",
                            "the schema has version " + versions + "; the next start upgrades it, a copy is kept"});
    return false;
}

void check_sqlite(Connection& connection, std::vector<Finding>& findings) {
    Query query(connection.database());
    query << "pragma integrity_check(5)";
    for (const auto& line : read_texts(connection, query))
        if (line != "ok") findings.push_back({Weight::error, "file.damaged", line});
    const auto mode = connection.one_text("pragma journal_mode");
    if (mode != "wal")
        findings.push_back({Weight::warning, "sync.journal", "journal_mode is " + mode + "; the node sets wal"});
    std::error_code problem;
    const auto room = std::filesystem::space(connection.settings().path, problem);
    if (!problem && room.available < kLittleRoom)
        findings.push_back({Weight::warning, "disk.little_room",
                            "only " + std::to_string(room.available >> 20) + " MiB are free beside the store"});
}

void check_postgresql(Connection& connection, std::vector<Finding>& findings) {
    connection.run("set statement_timeout=0");
    for (const char* name : {"fsync", "full_page_writes", "synchronous_commit"})
        if (connection.one_text(std::string("show ") + name) == "off")
            findings.push_back({Weight::error, "sync.off", std::string(name) + " is off; the node refuses to start"});
}

}  // namespace

Result<std::vector<Finding>> check_store(const StoreSettings& settings) {
    if (settings.database == Database::sqlite && !std::filesystem::exists(settings.path))
        return Error{"store.unavailable", "there is no store at " + settings.path};
    try {
        Connection connection(settings, Access::read);
        std::vector<Finding> findings;
        if (settings.database == Database::sqlite)
            check_sqlite(connection, findings);
        else
            check_postgresql(connection, findings);
        if (check_schema(connection, findings)) check_rows(connection, findings);
        return findings;
    } catch (const std::exception& fault) {
        return error_of(fault, settings.database);
    }
}

}  // namespace citybridge::store
