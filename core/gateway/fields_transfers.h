#pragma once
// The fields of requests about on-line transfers between cities, like fields.h.
#include "core/gateway/fields.h"

namespace citybridge::gateway {

inline constexpr std::array kTransferToCityFields{
    FieldRule{.name = "city", .required = true, .max_length = 64, .sentence = "To whose hotline."},
    FieldRule{.name = "insists",
              .kind = FieldKind::flag,
              .sentence = "true: a callback was offered, and the customer insists."},
    FieldRule{.name = "notes", .max_length = 4'000, .sentence = "What he wants; travels as the city's entry allows."},
};

}  // namespace citybridge::gateway
