#pragma once
// Reading beside the writer, with what the work returns.
#include <utility>

#include "core/store/reader.h"

namespace citybridge::store {

// `work` gets a connection and returns a T. Errors as Readers::read.
template <class T, class Work>
Result<T> read_with(Readers& readers, Work work) {
    T out{};
    auto read = readers.read([&](Connection& connection) { out = work(connection); });
    if (!read) return std::move(read).error();
    return out;
}

}  // namespace citybridge::store
