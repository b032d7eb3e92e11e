#pragma once
// Rows whose keys are asked for in a list, each key once however often it stands there.
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/store/read_rows.h"

namespace citybridge::store {

using KeyPairs = std::vector<std::pair<std::string, std::string>>;

template <class T>
std::vector<T> each_once(const std::vector<T>& values) {
    const std::set<T> once(values.begin(), values.end());
    return {once.begin(), once.end()};
}

template <class Row>
std::vector<Row> rows_by(Connection& connection, const char* column, const std::vector<std::string>& keys) {
    if (keys.empty()) return {};
    auto query = select<Row>(connection);
    query << "where " << column << " in ";
    query.texts(each_once(keys));
    return read_rows<Row>(connection, query);
}

// Joined and not `in`: SQLite takes an index for a list of pairs only then.
template <class Row>
std::vector<Row> rows_by_pairs(Connection& connection, const char* first, const char* second, const KeyPairs& keys,
                               const char* where = "") {
    if (keys.empty()) return {};
    auto query = select<Row>(connection);
    query << "join ";
    query.pairs(each_once(keys)) << " as asked on " << first << "=asked.column1 and " << second << "=asked.column2"
                                 << where;
    return read_rows<Row>(connection, query);
}

}  // namespace citybridge::store
