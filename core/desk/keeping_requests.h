#pragma once
// What keeps open orders in order whatever becomes of their flow: nobody's promise, so that none of it needs a person.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace citybridge::desk {

// An open order of before every open order had a deadline gets one; others stay as they are.
struct WatchOrder {
    std::string order;
};

// An open order goes over to the newest version of its flow. Codes "flow.unknown", "flow.migration_refused".
struct MigrateOrder {
    std::string order;
    std::int64_t version = 0;  // the newest when this was asked
    std::string opener;        // who opened it, if its history says so: older versions did not keep it
};

// An order of before there was a search gets the words it is found by.
struct IndexOrder {
    std::string order;
    std::vector<std::pair<std::int64_t, std::string>> texts;  // of its history, with their numbers
};

}  // namespace citybridge::desk
