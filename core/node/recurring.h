#pragma once
// The clock of recurring orders (B17): which occurrences have come since it was
// last looked, those while the node was down included. The durable strand's
// own; not thread-safe.
#include <map>
#include <string>
#include <vector>

#include "core/desk/desk.h"
#include "core/node/durable_input.h"

namespace citybridge {

class Recurring {
public:
    static constexpr Millis kLook{5'000};

    // `desk` outlives it. `from`: when the process of before was last known to be alive; none: nothing was missed.
    Recurring(const desk::Desk& desk, std::optional<WallTime> from) : desk_(desk), from_(from) {}

    // Steps that open what has come; asked again for the same, the desk does nothing.
    std::vector<DurableInput> take(Now now);

private:
    const desk::Desk& desk_;
    std::optional<WallTime> from_;                       // nothing before it is looked at
    std::map<std::string, WallTime, std::less<>> seen_;  // flow and recurrence -> up to when
    MonoTime next_look_{};
};

}  // namespace citybridge
