#pragma once
// A page of a list that is read from the newest row on.
#include "core/store/desk_reader.h"
#include "core/store/read_rows.h"

namespace citybridge::store {

inline void continue_at(Query& query, const char* columns, const Before& before) {
    if (before.at) {
        query << " and (" << columns << ")<(";
        query.number(epoch_ms(*before.at)) << ",";
        query.text(before.id) << ")";
    }
}

inline void limited(Query& query, const char* order, std::size_t limit) {
    query << " order by " << order << " limit ";
    query.number(static_cast<std::int64_t>(limit));
}

}  // namespace citybridge::store
