#include "plugins/email/message.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "core/api/text.h"
#include "plugins/email/encodings.h"
#include "plugins/email/header_writer.h"

namespace citybridge::email {
namespace {

constexpr std::size_t kLongestLine = 900;  // RFC 5322 allows 998
// "=_" is never in base64, and text that holds it is written in base64.
constexpr std::string_view kBoundary = "=_citybridge";

Error bad(const std::string& what) { return {"email.bad_mail", what}; }

// RFC 2045, 5.1: token "/" token. Parameters are ours to add.
bool is_type(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == 0 || slash == std::string_view::npos || slash + 1 == text.size() || text.size() > 100) return false;
    return std::all_of(text.begin(), text.end(), [&](const char& c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$&-^_.+").find(c) != std::string_view::npos || &c == text.data() + slash;
    });
}

// Every line end, however it is written, as CR LF; the text ends with one.
std::string with_crlf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 16 + 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        if (text[i] == '\r' || text[i] == '\n')
            out += "\r\n";
        else
            out += text[i];
    }
    if (!out.ends_with("\r\n")) out += "\r\n";
    return out;
}

// ASCII in lines short enough, without controls and our boundary: as it is.
bool goes_as_it_is(std::string_view lines) {
    std::size_t length = 0;
    for (const char c : lines) {
        length = c == '\n' ? 0 : length + 1;
        const bool printable = (c >= ' ' && c < '\x7f') || c == '\t' || c == '\r' || c == '\n';
        if (!printable || length > kLongestLine) return false;
    }
    return lines.find(kBoundary) == std::string_view::npos;
}

std::string text_part(std::string_view type, std::string_view text) {
    const std::string lines = with_crlf(text);
    const bool plain = goes_as_it_is(lines);
    HeaderWriter headers;
    headers.plain("Content-Type", std::string(type) + "; charset=" + (plain ? "us-ascii" : "utf-8"));
    headers.plain("Content-Transfer-Encoding", plain ? "7bit" : "base64");
    return headers.bytes() + "\r\n" + (plain ? lines : base64_lines(lines));
}

std::string multipart(std::string_view kind, int level, const std::vector<std::string>& parts) {
    const std::string boundary = std::string(kBoundary) + '_' + std::to_string(level);
    HeaderWriter headers;
    headers.plain("Content-Type", "multipart/" + std::string(kind) + "; boundary=\"" + boundary + '"');
    std::string out = headers.bytes() + "\r\n";
    // The line end before a boundary is the boundary's, and each part keeps its own.
    for (const std::string& part : parts) out.append("--").append(boundary).append("\r\n").append(part).append("\r\n");
    return out.append("--").append(boundary).append("--\r\n");
}

std::string attachment_part(const Attachment& attachment) {
    HeaderWriter headers;
    headers.with_parameter("Content-Type", attachment.type, "name", attachment.name);
    headers.with_parameter("Content-Disposition", "attachment", "filename", attachment.name);
    headers.plain("Content-Transfer-Encoding", "base64");
    return headers.bytes() + "\r\n" + base64_lines(attachment.bytes);
}

Result<> judge(const Mail& mail) {
    for (const auto& [what, text] :
         {std::pair{"subject", &mail.subject}, std::pair{"text", &mail.text}, std::pair{"html", &mail.html},
          std::pair{"sender's name", &mail.from_name}, std::pair{"receiver's name", &mail.to_name}})
        if (!is_utf8(*text)) return bad(std::string("the ") + what + " is not UTF-8");
    const auto id = parse_address(mail.message_id.substr(mail.message_id.rfind('@') + 1).insert(0, "x@"));
    const bool visible = std::all_of(mail.message_id.begin(), mail.message_id.end(),
                                     [](char c) { return c > ' ' && c < '\x7f' && c != '<' && c != '>'; });
    const bool whole = mail.message_id.find('@') != std::string::npos;
    if (!id || !visible || !whole || mail.message_id.size() > 900)
        return bad("the Message-ID cannot stand in a header");
    for (const Attachment& attachment : mail.attachments) {
        if (!is_utf8(attachment.name)) return bad("an attachment's name is not UTF-8");
        if (!is_type(attachment.type))
            return bad("the type of the attachment " + one_line(attachment.name) + " is not written like text/csv");
        if (attachment.type.starts_with("multipart/") || attachment.type.starts_with("message/"))
            return bad("an attachment cannot be of a type that holds mails or parts");
    }
    return ok();
}

}  // namespace

std::string mail_date(WallTime time) {
    constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    char out[64];
    std::snprintf(out, sizeof out, "%s, %u %s %04d %02d:%02d:%02d +0000", kDays[std::chrono::weekday(day).c_encoding()],
                  static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                  static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return out;
}

Result<std::string> build_mail(const Mail& mail) {
    if (const auto fit = judge(mail); !fit) return fit.error();
    HeaderWriter headers;
    headers.plain("Date", mail_date(mail.date));
    headers.mailbox("From", mail.from_name, mail.from);
    headers.mailbox("To", mail.to_name, mail.to);
    if (mail.reply_to) headers.mailbox("Reply-To", mail.from_name, *mail.reply_to);
    headers.text("Subject", mail.subject);
    headers.plain("Message-ID", '<' + mail.message_id + '>');
    // RFC 3834: so that nobody's vacation program answers.
    headers.plain("Auto-Submitted", "auto-generated");
    headers.plain("MIME-Version", "1.0");

    std::string body = text_part("text/plain", mail.text);
    if (!mail.html.empty()) body = multipart("alternative", 1, {body, text_part("text/html", mail.html)});
    if (!mail.attachments.empty()) {
        std::vector<std::string> parts{std::move(body)};
        for (const Attachment& attachment : mail.attachments) parts.push_back(attachment_part(attachment));
        body = multipart("mixed", 2, parts);
    }
    return headers.bytes() + body;
}

}  // namespace citybridge::email
