#pragma once
// The fields of requests about callbacks between cities, like fields.h.
#include "core/gateway/fields.h"

namespace citybridge::gateway {

inline constexpr std::array kCallbackFields{
    FieldRule{.name = "city", .required = true, .max_length = 64, .sentence = "Which city is to call."},
    FieldRule{.name = "number",
              .max_length = 32,
              .pattern = kNumberPattern,
              .accepts = is_dial_number,
              .sentence = "Whom; default: the customer's number."},
    FieldRule{.name = "customer", .max_length = 64, .sentence = "Id of the customer."},
    FieldRule{.name = "name", .max_length = 128, .sentence = "His name; default: the customer's."},
    FieldRule{.name = "contact", .max_length = 64, .sentence = "Id of the call in which he asked for it."},
    FieldRule{.name = "order", .max_length = 64, .sentence = "Id of the work order it belongs to."},
    FieldRule{.name = "transfer", .max_length = 64, .sentence = "Id of the on-line transfer that failed before."},
    FieldRule{.name = "group", .max_length = 64, .sentence = "Group whose team lead answers for the promise."},
    FieldRule{.name = "notes", .max_length = 4'000, .sentence = "What he wants; travels as the city's entry allows."},
};
inline constexpr std::array kCallbackActFields{
    FieldRule{.name = "text", .max_length = 2'000, .sentence = "A remark for the history."},
    FieldRule{.name = "to", .max_length = 64, .sentence = "Of assign: the user."},
    FieldRule{.name = "outcome", .max_length = 64, .sentence = "Of done and failed: a word; reached, not_reached."},
    FieldRule{.name = "confirmed_by",
              .max_length = 64,
              .sentence = "Of dial: who allows a call although the customer may have been called."},
};
inline constexpr std::array kCallbackQuery{
    FieldRule{.name = "state", .max_length = 16, .sentence = "Only in this state."},
    FieldRule{.name = "city", .max_length = 64, .sentence = "Only with this other city."},
    FieldRule{.name = "owner", .max_length = 64, .sentence = "Only this user's."},
    FieldRule{.name = "side", .choices = "origin|target", .sentence = "Only those that went out, or came."},
    FieldRule{.name = "customer", .max_length = 64, .sentence = "Only this customer's."},
    FieldRule{.name = "open", .choices = "true|false", .sentence = "true: only those that have not ended."},
    FieldRule{.name = "limit", .max_length = 4, .sentence = "Page size, at most 200."},
    FieldRule{.name = "cursor", .max_length = 512, .sentence = "next_cursor of the page before."},
};

}  // namespace citybridge::gateway
