#pragma once
// A mailbox as it may stand in an envelope and in a header. Pure.
#include <string>
#include <string_view>

#include "core/api/result.h"

namespace citybridge::email {

struct Address {
    std::string local;
    std::string domain;  // lower case

    std::string text() const { return local + '@' + domain; }
    friend bool operator==(const Address&, const Address&) = default;
};

inline constexpr std::size_t kMaxLocal = 64;  // RFC 5321, 4.5.3.1.1

// dot-atom "@" domain of RFC 5321, ASCII only: no quotes, comments, blanks, controls or address literals, so nothing
// in it can end a header or a command. Error "email.bad_address": names what is wrong.
Result<Address> parse_address(std::string_view text);

// A sub-address "local<delimiter>detail@domain". Empty local: it would be longer than kMaxLocal.
Address sub_address(const Address& address, char delimiter, std::string_view detail);

}  // namespace citybridge::email
