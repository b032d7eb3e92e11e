#pragma once
// A mail as bytes, by RFC 5322 and 2045 to 2047 and 2231. Pure: the same mail
// gives the same bytes, so that a repetition is the same message for whoever
// compares. Lines end with CR LF; dots at their beginning are left to whoever sends.
#include <optional>
#include <string>
#include <vector>

#include "core/api/result.h"
#include "core/api/time.h"
#include "plugins/email/address.h"

namespace citybridge::email {

struct Attachment {
    std::string name;  // UTF-8
    std::string type;  // "application/pdf"
    std::string bytes;
};

struct Mail {
    Address from;
    std::string from_name;
    Address to;
    std::string to_name;
    std::optional<Address> reply_to;
    std::string subject;
    std::string text;
    std::string html;        // empty: text only
    std::string message_id;  // "left@right", without brackets
    WallTime date{};
    std::vector<Attachment> attachments;
};

// Error "email.bad_mail": text that is no UTF-8, a type or Message-ID that cannot stand in a header.
Result<std::string> build_mail(const Mail& mail);

// "Sun, 22 Nov 2026 10:13:48 +0000"
std::string mail_date(WallTime time);

}  // namespace citybridge::email
