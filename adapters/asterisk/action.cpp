#include "adapters/asterisk/action.h"

namespace citybridge::asterisk {

bool is_sendable(std::string_view value) {
    return value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

Action::Action(std::string_view name, std::string_view action_id) {
    add("Action", name);
    add("ActionID", action_id);
}

Action& Action::add(std::string_view key, std::string_view value) {
    if (!is_sendable(value) && bad_key_.empty()) bad_key_ = key;
    text_.append(key).append(": ").append(value).append("\r\n");
    return *this;
}

Action& Action::add_unless_empty(std::string_view key, std::string_view value) {
    return value.empty() ? *this : add(key, value);
}

Result<std::string> Action::text() const {
    if (!bad_key_.empty())
        return Error{"asterisk.bad_value", "the value of " + bad_key_ + " holds a line break; it was not sent"};
    return text_ + "\r\n";
}

}  // namespace citybridge::asterisk
