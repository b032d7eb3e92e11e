#pragma once
#include <optional>
#include <string>
#include <utility>

#include "core/api/records_json.h"
#include "core/store/read_rows.h"

namespace citybridge::store {

// What rows must be like: "where" before the first condition, "and" before the others.
class Conditions {
public:
    explicit Conditions(Query& query) : query_(query) {}

    Query& next() { return query_ << (std::exchange(first_, false) ? "where " : " and "); }
    // An empty value is no condition. `partial`: the index of this column leaves the empty texts out.
    void equal(const char* column, const std::string& value, bool partial = false) {
        if (value.empty()) return;
        next() << column << "=";
        query_.text(value);
        if (partial) query_ << " and " << column << "<>''";
    }
    void at_least(const char* column, const std::optional<WallTime>& value) { compare(column, ">=", value); }
    void before(const char* column, const std::optional<WallTime>& value) { compare(column, "<", value); }

private:
    void compare(const char* column, const char* how, const std::optional<WallTime>& value) {
        if (!value) return;
        next() << column << how;
        query_.number(epoch_ms(*value));
    }

    Query& query_;
    bool first_ = true;
};

}  // namespace citybridge::store
