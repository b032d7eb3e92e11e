#pragma once
// What keeps open orders in order whatever becomes of their flow: nobody's promise, so that none of it needs a person.
#include <cstdint>
#include <string>

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

}  // namespace citybridge::desk
