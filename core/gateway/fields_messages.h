#pragma once
// The fields of requests about short messages, like fields.h.
#include "core/gateway/fields.h"

namespace citybridge::gateway {

inline constexpr std::array kPreviewFields{
    FieldRule{.name = "text", .max_length = 8'000, .sentence = "The text; or name a template."},
    FieldRule{.name = "kind", .max_length = 64, .sentence = "Kind of order whose flow has the template."},
    FieldRule{.name = "template", .max_length = 64, .sentence = "Name of the template."},
    FieldRule{
        .name = "order", .max_length = 64, .sentence = "An order to fill it in with; left out: fields are empty."},
    FieldRule{.name = "customer", .max_length = 64, .sentence = "Or a customer to fill it in with."},
};

inline constexpr std::array kMessageFields{
    FieldRule{.name = "order", .max_length = 64, .sentence = "The order it is about; its customer gets it."},
    FieldRule{.name = "customer", .max_length = 64, .sentence = "Or the customer who gets it."},
    FieldRule{.name = "kind",
              .max_length = 64,
              .sentence = "Kind of order whose flow has the template; of an order left out."},
    FieldRule{.name = "template", .max_length = 64, .sentence = "Name of the template."},
    FieldRule{.name = "text",
              .max_length = 8'000,
              .sentence = "Or words of one's own, for the roles of the setting sms_free_text_roles."},
    FieldRule{.name = "address",
              .max_length = 32,
              .sentence = "One of the customer's numbers; left out: the preferred of his mobiles."},
    FieldRule{.name = "override_preference",
              .kind = FieldKind::flag,
              .sentence = "true: also to one who wants no messages; supervisor and admin, and it is recorded."},
};
inline constexpr std::array kMessagesQuery{
    FieldRule{.name = "customer", .max_length = 64, .sentence = "Messages to this customer."},
    FieldRule{.name = "order", .max_length = 64, .sentence = "Or those of this order."},
    kLimitField,
    kCursorField,
};

}  // namespace citybridge::gateway
