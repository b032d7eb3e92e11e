#pragma once
// One action for the manager port, as text. A CR or LF in a value would start a
// header or an action of its own, so such a value is refused.
#include <string>
#include <string_view>

#include "core/api/result.h"

namespace citybridge::asterisk {

class Action {
public:
    Action(std::string_view name, std::string_view action_id);

    Action& add(std::string_view key, std::string_view value);
    Action& add_unless_empty(std::string_view key, std::string_view value);

    // asterisk.bad_value if a value cannot be sent.
    Result<std::string> text() const;

private:
    std::string text_;
    std::string bad_key_;
};

// No control character that ends a line or a C string.
bool is_sendable(std::string_view value);

}  // namespace citybridge::asterisk
