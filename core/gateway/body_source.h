#pragma once
// A body that is too large to be held: told its length first, then fetched
// piece by piece as the client takes it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/api/result.h"

namespace citybridge::gateway {

class BodySource {
public:
    virtual ~BodySource() = default;  // any thread; never waits
    // Constant. Exactly so many bytes follow, or the connection is broken off:
    // nobody may take half of an answer for the whole.
    virtual std::uint64_t length() const = 0;
    // Media workers, one call at a time; must not throw. The next bytes: at least one and at most `most`, which is
    // never more than what is left. May wait for a disk or another machine, never longer than its own time-out.
    virtual Result<std::string> read(std::size_t most) = 0;
};

}  // namespace citybridge::gateway
