#pragma once
// What a store says to its database, word for word: benchmarks repeat it
// without the store. Nothing of a running node listens.
#include <string>
#include <vector>

#include "core/store/cells.h"
#include "core/store/store.h"

namespace citybridge::store {

class StatementLog {
public:
    // On the store's thread, before the statement runs. The cells are the values bound to it, in their order.
    virtual void statement(const std::string& sql, const std::vector<const Cell*>& values) = 0;

protected:
    ~StatementLog() = default;
};

// From now on; null: no more. `log` outlives the store; a new connection has none. Precondition: `store` came from
// open_store().
void log_statements(Store& store, StatementLog* log);

}  // namespace citybridge::store
