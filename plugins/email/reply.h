#pragma once
// What a mail that came in means: does it confirm one of ours, is it a
// machine's answer, did one of ours not arrive. Pure.
//
// A genuine token decides which mail is meant, and where it stands what it may
// do. Whatever a machine may have written never confirms: when in doubt a
// person is asked again, because the order's escalation goes on.
#include <string>
#include <string_view>

#include "core/api/capabilities.h"
#include "plugins/email/token.h"

namespace citybridge::email {

enum class ReplyKind { confirmed, bounce, auto_reply, unrelated };

struct Reply {
    ReplyKind kind = ReplyKind::unrelated;
    std::string message;  // outbox id; empty: no genuine token was found
    std::string order;
    std::string from;     // address, as written in From
    std::string subject;  // UTF-8, one line, bounded, without tokens
    std::string text;     // UTF-8, bounded, without tokens
    std::string status;   // of a bounce, RFC 3463: "5.1.1"; empty: not told
    std::string id;       // same for the same mail, however often it is read
};

inline constexpr std::size_t kMaxReplyText = 16 << 10;
inline constexpr std::size_t kMaxReplySubject = 500;

// `fallback`: charset of texts that do not name theirs and are not UTF-8.
Reply read_reply(std::string_view mail, const TokenKeys& keys, const std::string& fallback);

// For Host::take. Of an unrelated mail the text stays out: it is no business of the node's.
InboundMessage inbound_of(const Reply& reply, std::string source, WallTime now);

}  // namespace citybridge::email
