#include "plugins/email/reply.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/api/text.h"
#include "plugins/email/bounce.h"
#include "plugins/email/charsets.h"
#include "plugins/email/encodings.h"
#include "plugins/email/header_writer.h"
#include "plugins/email/mime.h"

namespace citybridge::email {
namespace {

constexpr std::size_t kMaxFrom = 320;

// Of the mail's parts the one a person reads; text before HTML. An attached mail's text is not the sender's.
const MailPart* readable_part(const MailPart& part, std::string_view type) {
    if (part.type == type) return &part;
    if (!part.type.starts_with("multipart/")) return nullptr;
    for (const MailPart& each : part.parts)
        if (const MailPart* const found = readable_part(each, type)) return found;
    return nullptr;
}

std::string text_of(const MailPart& mail, const std::string& fallback) {
    // Decoding stops long after what is kept: a mail of megabytes costs no more than a letter.
    const auto read = [&](const MailPart& part, std::size_t most) {
        return to_readable(std::string_view(part.body).substr(0, most), part.charset, fallback);
    };
    if (const MailPart* const plain = readable_part(mail, "text/plain")) return read(*plain, kMaxReplyText * 4);
    if (const MailPart* const html = readable_part(mail, "text/html")) return words_of_html(read(*html, 512 << 10));
    return {};
}

std::string address_in(std::string_view value) {
    const auto open = value.rfind('<');
    const auto close = open == std::string_view::npos ? open : value.find('>', open);
    std::string_view address = close == std::string_view::npos ? value : value.substr(open + 1, close - open - 1);
    return shortened(one_line(trimmed(address)), kMaxFrom);
}

std::string recipients_of(const MailPart& mail) {
    std::string out;
    for (const std::string_view name :
         {"delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "resent-to", "to", "cc"})
        out += mail.all(name);
    return out;
}

bool has_use(const std::vector<TokenFacts>& found, TokenUse use) {
    return std::any_of(found.begin(), found.end(), [&](const TokenFacts& each) { return each.use == use; });
}

bool says_one_of(const std::string* value, std::initializer_list<std::string_view> words) {
    if (value == nullptr) return false;
    const std::string said = lower_case(trimmed(*value));
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return said.starts_with(word); });
}

// Webmail of some providers answers for people on holiday and says so only here.
bool is_automatic_subject(std::string_view subject) {
    const std::string lower = lower_case(trimmed(subject));
    for (const std::string_view word :
         {"自动回复", "自動回覆", "auto reply", "auto-reply", "autoreply", "automatic reply", "auto:", "out of office",
          "out-of-office", "away from the office", "vacation reply"})
        if (lower.starts_with(word)) return true;
    return false;
}

// RFC 3834 and what was usual before it and beside it.
bool is_automatic(const MailPart& mail, std::string_view subject) {
    const std::string* const submitted = mail.header("auto-submitted");
    if (submitted != nullptr && lower_case(trimmed(submitted->substr(0, submitted->find(';')))) != "no") return true;
    for (const std::string_view name : {"x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-response-suppress",
                                        "x-mail-autoreply", "x-vacation", "list-id", "list-unsubscribe", "feedback-id"})
        if (mail.header(name) != nullptr) return true;
    if (says_one_of(mail.header("precedence"), {"bulk", "junk", "list", "auto_reply", "auto-reply"})) return true;
    if (says_one_of(mail.header("x-precedence"), {"bulk", "junk", "list", "auto_reply", "auto-reply"})) return true;
    // A read receipt says that a program showed the mail.
    if (mail.type == "multipart/report") return true;
    const std::string* const path = mail.header("return-path");
    return (path != nullptr && trimmed(*path) == "<>") || is_automatic_subject(subject);
}

std::string digest(std::string_view bytes) {
    unsigned char hash[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash);
    return base32({reinterpret_cast<const char*>(hash), 20});
}

// By its Message-ID, so that the copies of several servers and of both ways to read are one mail. Hashed, because the
// sender made it, of our token perhaps.
std::string id_of(const MailPart& mail, std::string_view bytes) {
    const std::string* const id = mail.header("message-id");
    if (id != nullptr && trimmed(*id).size() > 2)
        return "mid-" + digest(std::string(trimmed(*id)) + '\n' + (mail.header("from") ? *mail.header("from") : ""));
    return "mail-" + digest(bytes);
}

void name_mail(Reply& reply, const TokenFacts& facts) {
    reply.message = facts.message;
    reply.order = facts.order;
}

}  // namespace

Reply read_reply(std::string_view bytes, const TokenKeys& keys, const std::string& fallback) {
    const MailPart mail = parse_mail(bytes);
    Reply reply;
    reply.id = id_of(mail, bytes);
    if (const std::string* const from = mail.header("from")) reply.from = to_readable(address_in(*from), "", fallback);
    const std::string* const raw_subject = mail.header("subject");
    const std::string subject = raw_subject == nullptr ? "" : one_line(decoded_words(*raw_subject, fallback));
    reply.subject = without_tokens(shortened(subject, kMaxReplySubject));
    const std::string text = shortened(trimmed(text_of(mail, fallback)), kMaxReplyText);
    reply.text = without_tokens(text);

    // Some mailers write even addresses and ids as encoded-words when they are long.
    const auto find = [&](const std::string& value) { return keys.find_in(decoded_words(value, fallback)); };
    const auto to = find(recipients_of(mail));
    auto found = to;
    for (const std::string& where : {mail.all("in-reply-to"), mail.all("references"), subject})
        for (TokenFacts& facts : find(where)) found.push_back(std::move(facts));

    if (const auto bounce = read_bounce(mail, text)) {
        if (found.empty()) found = keys.find_in(bounce->returned);
        reply.status = bounce->status;
        if (found.empty()) return reply;
        name_mail(reply, found.front());
        reply.kind = bounce->failed ? ReplyKind::bounce : ReplyKind::auto_reply;
        return reply;
    }
    if (found.empty()) return reply;
    name_mail(reply, found.front());
    if (is_automatic(mail, subject) || has_use(to, TokenUse::bounce)) {
        reply.kind = ReplyKind::auto_reply;
        return reply;
    }
    for (const TokenFacts& facts : found) {
        if (facts.use != TokenUse::confirm) continue;
        name_mail(reply, facts);
        reply.kind = ReplyKind::confirmed;
        return reply;
    }
    return reply;
}

InboundMessage inbound_of(const Reply& reply, std::string source, WallTime now) {
    InboundMessage out;
    out.source = std::move(source);
    out.id = reply.id;
    out.sent_at = now;
    switch (reply.kind) {
        case ReplyKind::confirmed: out.type = "mail.confirmed"; break;
        case ReplyKind::bounce: out.type = "mail.bounced"; break;
        case ReplyKind::auto_reply: out.type = "mail.auto_reply"; break;
        case ReplyKind::unrelated: out.type = "mail.unrelated"; break;
    }
    const bool ours = !reply.message.empty();
    out.data["message"] = reply.message;
    out.data["order"] = reply.order;
    out.data["from"] = reply.from;
    out.data["subject"] = ours ? reply.subject : "";
    out.data["text"] = ours ? reply.text : "";
    out.data["status"] = reply.status;
    return out;
}

}  // namespace citybridge::email
