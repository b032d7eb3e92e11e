#pragma once
// What the node asks for by itself when a recurring order is due.
#include <string>

#include "core/api/time.h"

namespace citybridge::desk {

// Opens it, once: asked again it changes nothing.
struct OpenRecurring {
    std::string kind;
    std::string name;        // of the flow's recurrence
    std::string occurrence;  // of recurrence.h: Occurrence::id
    WallTime at{};           // when it was due; later than this the node was down
};

inline std::string recurring_order_id(const std::string& kind, const std::string& name, const std::string& occurrence) {
    return "ord_" + kind + "." + name + "." + occurrence;
}

}  // namespace citybridge::desk
