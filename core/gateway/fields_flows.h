#pragma once
// The fields of requests about flows, like fields.h.
#include "core/gateway/fields.h"

namespace citybridge::gateway {

inline constexpr std::array kMigrationFields{
    FieldRule{.name = "version",
              .kind = FieldKind::number,
              .sentence = "The version they are to go over to, which must be the newest; default: whatever that is."},
    FieldRule{.name = "only_possible",
              .kind = FieldKind::flag,
              .sentence = "true: those that cannot go over stay on their version; else one of them refuses all."},
    FieldRule{.name = "check",
              .kind = FieldKind::flag,
              .sentence = "true: only tells which can and which cannot; nothing changes."},
};

inline constexpr std::array kTellingsQuery{
    FieldRule{.name = "state",
              .choices = "waiting|all",
              .sentence = "waiting (default): for his acknowledgement; all: whatever he was told."},
    kLimitField,
    kCursorField,
};

}  // namespace citybridge::gateway
