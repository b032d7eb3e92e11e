#pragma once
// What a person's message says: a template filled in, or his own words, and whether either can be sent.
#include "core/desk/context.h"

namespace citybridge::desk {

struct WrittenText {
    std::string text;  // with the signature
    std::vector<std::string> values = {};
    std::size_t parts = 0;
};

// `order`: empty when it is written from the customer's record. Codes "message.free_text_forbidden",
// "message.bad_text", "message.bad_template", "message.too_long", "tell.no_template", "flow.unknown".
Result<WrittenText> written_text(const Context& context, const WriteMessage& what, const OrderRecord& order,
                                 const CustomerRecord& customer);

}  // namespace citybridge::desk
