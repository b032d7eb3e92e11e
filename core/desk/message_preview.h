#pragma once
// A short message as it would be sent, with signature: for people who write one or choose a template.
#include "core/desk/desk.h"

namespace citybridge::desk {

struct MessageTemplate {
    std::string kind;  // of an order's flow
    std::string name;  // of its template for short messages; "verification_code": the one with a code
    std::string text;  // instead of a template
};

struct MessageText {
    std::string subject;
    std::string text;
    std::vector<std::string> values = {};  // what stands at the text's places, in their order
};

// `order`: what the fields are taken from; of an empty one they are empty. Code "tell.no_template".
Result<MessageText> message_text(const Desk& desk, const MessageTemplate& what, const OrderRecord& order,
                                 const CustomerRecord* customer, const std::vector<DeadlineRecord>& deadlines,
                                 WallTime now);

}  // namespace citybridge::desk
