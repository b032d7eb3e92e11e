#pragma once
// Reports of mail systems that a mail did not arrive: RFC 3464, and the letters
// of systems that do not write one. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "plugins/email/mime.h"

namespace citybridge::email {

struct Bounce {
    bool failed = true;    // false: it is delayed, or it did arrive
    std::string status;    // RFC 3463; empty: not told
    std::string returned;  // where our token may be: the returned mail's headers, or all the report says
};

// Nothing: the mail is no such report. `text`: what a person reads of it.
std::optional<Bounce> read_bounce(const MailPart& mail, std::string_view text);

}  // namespace citybridge::email
