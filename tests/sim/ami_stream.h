#pragma once
// A recorded manager stream, read by a parser of its own: what a test concludes
// from a capture must not pass through the code under test.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/time.h"

namespace citybridge::sim {

struct AmiMessage {
    std::string bytes;  // with the empty line that ends it; without `Timestamp`
    std::vector<std::pair<std::string, std::string>> fields;
    WallTime at{};  // strictly later than the message before: one message, one moment

    std::string_view get(std::string_view key) const;  // first of that name, in any case; empty: none
    bool is_event() const { return !fields.empty() && fields.front().first == "Event"; }
    std::string_view event() const { return is_event() ? std::string_view(fields.front().second) : std::string_view{}; }
    // Said to every client, not the answer to somebody's action.
    bool is_live() const;
};

// `times`: text of NAME.ami.ts, `unixtime offset length` a line. The banner is left out.
std::vector<AmiMessage> read_ami(std::string_view bytes, std::string_view times);

}  // namespace citybridge::sim
