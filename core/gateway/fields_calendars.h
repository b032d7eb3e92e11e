#pragma once
// The fields of requests about calendars, like fields.h.
#include "core/gateway/fields.h"

namespace citybridge::gateway {

inline constexpr std::array kCalendarQuery{
    FieldRule{.name = "at", .max_length = 40, .sentence = "How it stands at this time (RFC 3339); default: now."},
};
inline constexpr std::array kOverrideFields{
    FieldRule{.name = "mode",
              .required = true,
              .choices = "open|closed|clock",
              .sentence = "open or closed whatever the hours say; clock: as the calendar says again."},
    FieldRule{.name = "until",
              .max_length = 40,
              .sentence = "When it goes by the clock again (RFC 3339), within 31 days; needed for open and closed."},
    FieldRule{.name = "reason", .max_length = 200, .sentence = "Why, for those who look later."},
};

}  // namespace citybridge::gateway
