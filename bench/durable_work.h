#pragma once
// Requests through the durable strand, beside the same statements with the same values said directly to the database.
// Ours and the floor take turns, each on a fresh database on the disk that temporary files are on.
#include <functional>
#include <string>
#include <vector>

#include "bench/durable_node.h"
#include "core/store/store.h"

namespace citybridge::bench {

struct DurableWork {
    std::string what;                 // "orders": before the database and the callers
    std::string unit;                 // "orders/s"
    std::vector<std::string> tables;  // each holds one row more for every request
    std::function<DurableNodeSettings(const store::StoreSettings&)> node;
    // What must be in the database before; at least its schema.
    std::function<void(const store::StoreSettings&, std::uint64_t count)> prepare;
    std::function<desk::Request(const std::string& id, std::uint64_t n)> request;
};

struct DurableCase {
    store::Database database = store::Database::sqlite;
    std::size_t callers = 1;
    std::uint64_t count = 0;  // requests a round
    double least_ratio = 0;   // promised, ours to the floor; 0: nothing
    double least_rate = 0;    // promised, in a second; 0: nothing

    std::string name() const;  // "SQLite64"
};

// Prints a line and appends rows to the file `rows`. Throws if a request failed or the floor wrote something else.
void measure(const DurableWork& work, const DurableCase& test, int rounds, const std::string& rows);

}  // namespace citybridge::bench
