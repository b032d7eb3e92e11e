#pragma once
// How the city writes to people (docs/messages.md): what every SMS begins with, when customers are left in peace, what
// the message with a code says. Part of the book, so that a reload takes it over.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/desk/flow_parts.h"

namespace citybridge::desk {

inline constexpr const char* kCodeText =
    "您的验证码是{code}，{minutes}分钟内有效。请念给正在与您通话的客服人员，不要告诉其他人。";

struct MessageRules {
    std::string signature;  // of an SMS, without brackets: "安居客服"; empty: none
    // Messages to customers wait until it is over; what people of the house are told does not.
    std::optional<QuietHours> quiet;
    // With {code} and {minutes}.
    std::string code_text = kCodeText;
    // What people write themselves (core/desk/written_messages.h).
    std::vector<std::string> free_text_roles{"supervisor"};
    std::int64_t most_parts = 5;
    std::int64_t per_user_day = 100;
    std::int64_t per_customer_day = 5;
};

}  // namespace citybridge::desk
