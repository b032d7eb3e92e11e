#pragma once
// What an exception of the database means: one code, one sentence.
#include <exception>

#include "core/api/result.h"
#include "core/store/connection.h"

namespace citybridge::store {

// store.rejected, store.full, store.locked, store.unavailable, store.not_durable, store.damaged, store.failed
Error error_of(const std::exception& fault, Database database);

// COMMIT threw: failed or unknown. Call before rollback().
Commit outcome_of_failed_commit(const std::exception& fault, const Connection& connection);

// Runs `work` and turns what it throws into an error. A transaction it left open is undone.
template <class T, class Work>
Result<T> guarded(Connection& connection, Work work) {
    const auto watching = connection.watched();
    try {
        return work();
    } catch (const std::exception& fault) {
        auto error = error_of(fault, connection.database());
        connection.rollback();
        connection.forget_prepared();
        return error;
    }
}

}  // namespace citybridge::store
