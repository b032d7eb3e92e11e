#include "plugins/email/bounce.h"

#include <cstddef>

#include "core/api/text.h"

namespace citybridge::email {
namespace {

constexpr std::size_t kMaxReturned = 64 << 10;
constexpr std::size_t kMaxGroups = 100;  // a report has one per receiver; ours has one

const MailPart* part_of(const MailPart& mail, std::string_view type) {
    for (const MailPart& each : mail.parts)
        if (each.type == type) return &each;
    return nullptr;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// class "." subject "." detail at the beginning; empty: none.
std::string_view status_at(std::string_view text) {
    if (text.size() < 5 || (text[0] != '2' && text[0] != '4' && text[0] != '5') || text[1] != '.') return {};
    std::size_t end = 2;
    for (int number = 0; number < 2; ++number) {
        const std::size_t begin = end;
        while (end < text.size() && end - begin < 3 && is_digit(text[end])) ++end;
        if (end == begin) return {};
        if (number == 0) {
            if (end == text.size() || text[end] != '.') return {};
            ++end;
        }
    }
    return end < text.size() && (is_digit(text[end]) || text[end] == '.') ? std::string_view{} : text.substr(0, end);
}

std::string status_in(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool begins = at == 0 || (!is_digit(text[at - 1]) && text[at - 1] != '.' && text[at - 1] != '-');
        if (!begins) continue;
        if (const auto status = status_at(text.substr(at)); !status.empty() && status[0] != '2')
            return std::string(status);
    }
    return {};
}

struct Groups {
    bool failed = false;
    bool told = false;  // an action was named
    std::string status;
};

// message/delivery-status: groups of header lines, the first about the message, the others about receivers.
Groups read_groups(std::string_view body) {
    Groups out;
    for (std::size_t count = 0; !body.empty() && count < kMaxGroups; ++count) {
        std::size_t begin = 0;
        for (const MailHeader& field : parse_headers(body, begin)) {
            const std::string value = lower_case(trimmed(field.value));
            if (field.name == "action") {
                out.told = true;
                out.failed = out.failed || value.starts_with("failed");
            }
            if (field.name == "status" && (out.status.empty() || value.starts_with('5'))) out.status = status_at(value);
        }
        if (begin == 0) {
            const auto line = body.find('\n');
            begin = line == std::string_view::npos ? body.size() : line + 1;
        }
        body.remove_prefix(begin);
    }
    if (!out.told) out.failed = out.status.starts_with('5');
    return out;
}

std::string headers_text(const MailPart& part) {
    std::string out;
    for (const MailHeader& header : part.headers) {
        if (out.size() > kMaxReturned) break;
        out.append(header.value).append("\n");
    }
    return out;
}

std::string returned_of(const MailPart& mail) {
    std::string out;
    for (const MailPart& part : mail.parts) {
        if (part.type == "message/rfc822" && !part.parts.empty())
            out += headers_text(part.parts.front());
        else if (part.type == "text/rfc822-headers" || part.type == "message/rfc822" ||
                 part.type == "message/delivery-status")
            out += part.body.substr(0, kMaxReturned);
    }
    return out;
}

bool is_mail_system(const MailPart& mail) {
    const std::string* const from = mail.header("from");
    if (from == nullptr) return false;
    const std::string lower = lower_case(*from);
    for (const std::string_view name : {"mailer-daemon", "postmaster@", "mail delivery"})
        if (lower.find(name) != std::string::npos) return true;
    return false;
}

}  // namespace

std::optional<Bounce> read_bounce(const MailPart& mail, std::string_view text) {
    if (const MailPart* const report = part_of(mail, "message/delivery-status")) {
        const Groups groups = read_groups(report->body);
        return Bounce{groups.failed, groups.status, returned_of(mail)};
    }
    // A report that was cut off before its second part is one all the same.
    const std::string* const type = mail.header("content-type");
    const bool report = mail.type == "multipart/report" && type != nullptr &&
                        lower_case(parameter_of(*type, "report-type")) == "delivery-status";
    if (!report && !is_mail_system(mail)) return std::nullopt;
    Bounce out{true, status_in(text), returned_of(mail)};
    // A postmaster may be a person who answers; a letter of his system names a status, or wants no answer itself.
    const std::string* const path = mail.header("return-path");
    const bool wants_no_answer = path != nullptr && trimmed(*path) == "<>";
    if (!report && !wants_no_answer && out.status.empty()) return std::nullopt;
    out.returned.append("\n").append(text);
    // "Still being tried" has a status of class 4.
    out.failed = !out.status.starts_with('4');
    return out;
}

}  // namespace citybridge::email
