#pragma once
// The fields of requests about verifications and blocked addresses, like fields.h.
#include "core/gateway/fields.h"

namespace citybridge::gateway {

inline constexpr std::array kVerificationFields{
    FieldRule{.name = "customer",
              .max_length = 64,
              .sentence = "Who is to prove that it is him: his id. Left out: the customer of the order."},
    FieldRule{.name = "purpose", .required = true, .max_length = 64, .sentence = "What for: data_change."},
    FieldRule{.name = "order", .max_length = 64, .sentence = "The order it is for; its history tells every step."},
    FieldRule{.name = "contact", .max_length = 128, .sentence = "The call he is on."},
};
bool is_told_code(std::string_view text);
inline constexpr std::array kCheckFields{
    FieldRule{.name = "code",
              .required = true,
              .max_length = 20,
              .pattern = "^[0-9](?:[ -]?[0-9]){5}$",
              .accepts = is_told_code,
              .sentence = "Six digits as the caller read them out; blanks and hyphens between them do not matter."},
};
inline constexpr std::array kUnlockFields{
    FieldRule{.name = "reason",
              .required = true,
              .max_length = 200,
              .sentence = "Why the number gets a new budget; it stands in the history."},
};
inline constexpr std::array kVerificationsQuery{
    FieldRule{.name = "customer", .max_length = 64, .sentence = "Verifications of this customer."},
    FieldRule{.name = "order", .max_length = 64, .sentence = "Or those of this order."},
};

inline constexpr std::array kBlockFields{
    FieldRule{
        .name = "address", .required = true, .max_length = 254, .sentence = "Telephone number or e-mail address."},
    FieldRule{.name = "channel", .required = true, .choices = "sms|email", .sentence = "What is not sent there."},
    FieldRule{.name = "blocked", .kind = FieldKind::flag, .sentence = "false: it may be written to again."},
    FieldRule{.name = "reason", .required = true, .max_length = 200, .sentence = "Why, for those who look later."},
};
inline constexpr std::array kBlockedQuery{
    FieldRule{.name = "channel", .choices = "sms|email", .sentence = "Only this channel."},
    FieldRule{.name = "address", .max_length = 254, .sentence = "Only this address."},
    kLimitField,
    kCursorField,
};

}  // namespace citybridge::gateway
