#include "core/store/faults.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <string_view>

namespace citybridge::store {

namespace {

// Low byte of an extended result code.
int primary(int code) { return code & 0xff; }

const char* sqlite_code(int result) {
    switch (primary(result)) {
        case SQLITE_CONSTRAINT:
        case SQLITE_TOOBIG:
        case SQLITE_MISMATCH: return "store.rejected";
        case SQLITE_FULL: return "store.full";
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return "store.locked";
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_IOERR: return "store.unavailable";
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return "store.damaged";
        default: return "store.failed";
    }
}

bool starts(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

// PostgreSQL 15, appendix A.
const char* postgresql_code(std::string_view sqlstate) {
    if (starts(sqlstate, "22") || starts(sqlstate, "23") || sqlstate == "21000" || sqlstate == "54000")
        return "store.rejected";
    if (sqlstate == "53100") return "store.full";
    if (sqlstate == "55P03" || sqlstate == "57014" || sqlstate == "40001" || sqlstate == "40P01") return "store.locked";
    if (starts(sqlstate, "08") || starts(sqlstate, "57P") || starts(sqlstate, "53") || starts(sqlstate, "28") ||
        starts(sqlstate, "25") || sqlstate == "3D000")
        return "store.unavailable";
    if (starts(sqlstate, "XX001") || starts(sqlstate, "XX002")) return "store.damaged";
    // libpq's own failures carry no state: the connection.
    if (sqlstate.empty() || sqlstate.front() == '\0' || sqlstate.front() == ' ') return "store.unavailable";
    return "store.failed";
}

std::string state_of(const soci::postgresql_soci_error& fault) {
    const auto state = fault.sqlstate();
    return state.substr(0, state.find('\0'));
}

// Without the values of the rows: they may be personal, or a password's hash. SOCI appends them to what(), PostgreSQL
// repeats keys in its DETAIL line.
std::string sentence_of(const std::exception& fault) {
    const auto* soci_fault = dynamic_cast<const soci::soci_error*>(&fault);
    std::string text = soci_fault ? soci_fault->get_error_message() : fault.what();
    text = text.substr(0, text.find("DETAIL:"));
    for (auto& c : text)
        if (c == '\n' || c == '\r') c = ' ';
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

}  // namespace

Error error_of(const std::exception& fault, Database database) {
    const auto detail = sentence_of(fault);
    if (dynamic_cast<const Rejected*>(&fault)) return {"store.rejected", detail};
    if (dynamic_cast<const NotDurable*>(&fault)) return {"store.not_durable", detail};
    if (dynamic_cast<const Damaged*>(&fault)) return {"store.damaged", detail};
    if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&fault))
        return {sqlite_code(sqlite->result()), detail};
    if (const auto* postgresql = dynamic_cast<const soci::postgresql_soci_error*>(&fault))
        return {postgresql_code(state_of(*postgresql)), detail};
    // SOCI reports a refused or broken connection without a state.
    if (database == Database::postgresql && dynamic_cast<const soci::soci_error*>(&fault))
        return {"store.unavailable", detail};
    return {"store.failed", detail};
}

Commit outcome_of_failed_commit(const std::exception& fault, const Connection& connection) {
    if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&fault)) {
        // The log may hold the whole transaction although syncing it failed; reconnect() makes it void.
        return primary(sqlite->result()) == SQLITE_IOERR ? Commit::unknown : Commit::failed;
    }
    if (connection.database() == Database::sqlite) return Commit::failed;
    if (connection.broken()) return Commit::unknown;
    const auto* postgresql = dynamic_cast<const soci::postgresql_soci_error*>(&fault);
    // An answer of a living server: the transaction ended, and not by committing.
    if (postgresql && !state_of(*postgresql).empty() && !starts(state_of(*postgresql), "08") &&
        state_of(*postgresql) != "40003" && !starts(state_of(*postgresql), "57P"))
        return Commit::failed;
    return Commit::unknown;
}

}  // namespace citybridge::store
