#pragma once
// What the writing session read of orders since its last commit. An update that
// names a column writes every index that column is in, also when the value is the
// same; an order stands in more than a dozen, and most steps move it in few.
#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/api/records.h"

namespace citybridge::store {

class OrdersSeen {
public:
    void saw(const std::vector<OrderRecord>& rows);
    void forget() { rows_.clear(); }
    // Names of columns, each with a comma behind it, that stand in the store as they are in `row`. Empty: it was not
    // read. Invariant: nobody but this session changes orders, and it forgets what it saw with every commit.
    std::string unchanged(const OrderRecord& row) const;

private:
    // What indexes are made of, and no more: every read of an order passes here.
    struct Kept {
        // What an order is of, and whose: it changes rarely, and then usually in several of these.
        std::array<std::string, 8> place;
        WallTime created_at{};
        std::optional<WallTime> closed_at;
        std::string state;
        std::optional<WallTime> due_at, overdue_at;
    };
    static bool same_place(const Kept& kept, const OrderRecord& row);

    std::unordered_map<std::string, Kept> rows_;  // by id
};

}  // namespace citybridge::store
