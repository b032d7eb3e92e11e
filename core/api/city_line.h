#pragma once
// What is known of the line to another city's node, from the answers to signs of life.
#include <map>
#include <optional>
#include <string>

#include "core/api/time.h"

namespace citybridge {

struct CityLine {
    std::string city;
    bool asked = false;                   // by this process
    bool reachable = true;                // it answered when it was asked last; or nobody has asked yet
    Millis silent{};                      // how long it has not been reachable; 0 while it is
    std::optional<WallTime> answered_at;  // last; of the process before, too
};

// By the destination of the city's messages.
using CityLines = std::map<std::string, CityLine>;

}  // namespace citybridge
