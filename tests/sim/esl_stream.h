#pragma once
// A recorded event socket, read by a parser of its own: what a test concludes
// from a capture must not pass through the code under test.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/time.h"

namespace citybridge::sim {

struct EslFrame {
    std::string bytes;  // of an event: with Event-Date-Timestamp set to `at`
    std::string type;   // "text/event-plain", "api/response", ...
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  // of an event, decoded
    WallTime at{};  // strictly later than the frame before: one frame, one moment

    std::string_view get(std::string_view name) const;  // first of that name; empty: none
    bool is_event() const { return type == "text/event-plain"; }
};

// `index`: text of NAME.idx, "seconds S|C offset length" a line, its epoch in the first.
std::vector<EslFrame> read_esl(std::string_view bytes, std::string_view index);

}  // namespace citybridge::sim
