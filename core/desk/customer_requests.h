#pragma once
// Requests about customers and orders beside the ones every flow knows (requests.h).
#include <optional>
#include <string>
#include <vector>

#include "core/api/desk_records.h"

namespace citybridge::desk {

// Gives an order to another owner or group; what is unset stays.
struct AssignOrder {
    std::string order;
    std::optional<std::string> owner;  // empty: nobody's
    std::optional<std::string> group;
    std::string note;
};

// Two entries of one person become one: numbers, orders and lists move to `into`, and `from` redirects.
struct MergeCustomers {
    std::string into;
    std::string from;
};

// The file lies in the data folder already, synced: `row` has everything but order, added_by and added_at.
struct AddAttachment {
    std::string order;
    AttachmentRecord row;
};

struct RemoveAttachment {
    std::string order;
    std::string id;
};

}  // namespace citybridge::desk
