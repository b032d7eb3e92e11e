#include "plugins/email/mime.h"

#include <algorithm>
#include <map>

#include "core/api/text.h"
#include "plugins/email/encodings.h"

namespace citybridge::email {
namespace {

constexpr std::size_t kMaxBoundary = 200;  // RFC 2046 allows 70
constexpr std::size_t kMaxParameters = 64;

// The next line without its end, taken off the front.
std::string_view take_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

// One "name=value" of a structured header, quotes undone, taken off the front.
std::pair<std::string, std::string> take_parameter(std::string_view& rest) {
    const auto name_end = rest.find_first_of("=;");
    if (name_end == std::string_view::npos || rest[name_end] == ';') {
        const std::string name(trimmed(rest.substr(0, name_end)));
        rest.remove_prefix(name_end == std::string_view::npos ? rest.size() : name_end + 1);
        return {lower_case(name), {}};
    }
    const std::string name = lower_case(trimmed(rest.substr(0, name_end)));
    rest.remove_prefix(name_end + 1);
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
    std::string value;
    if (rest.starts_with('"')) {
        rest.remove_prefix(1);
        while (!rest.empty() && rest.front() != '"') {
            if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
            value += rest.front();
            rest.remove_prefix(1);
        }
        const auto end = rest.find(';');
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        return {name, value};
    }
    const auto end = rest.find(';');
    value = trimmed(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return {name, value};
}

std::string decoded_body(std::string_view body, const MailPart& part) {
    const std::string* const header = part.header("content-transfer-encoding");
    const std::string encoding = header == nullptr ? "" : lower_case(trimmed(*header));
    if (encoding == "base64") return base64_decoded(body);
    if (encoding == "quoted-printable") return quoted_printable_decoded(body);
    return std::string(body);
}

class Reader {
public:
    MailPart read(std::string_view bytes, int depth, std::string_view default_type) {
        MailPart part;
        std::size_t begin = 0;
        part.headers = parse_headers(bytes, begin);
        const std::string_view body = bytes.substr(begin);
        const std::string* const type = part.header("content-type");
        part.type = type == nullptr ? std::string(default_type)
                                    : lower_case(trimmed(std::string_view(*type).substr(0, type->find(';'))));
        if (part.type.find('/') == std::string::npos) part.type = "text/plain";
        if (type != nullptr) part.charset = parameter_of(*type, "charset");
        if (depth >= kMaxDepth) return part;
        if (part.type.starts_with("multipart/") && type != nullptr) {
            read_parts(body, parameter_of(*type, "boundary"), depth, part);
            if (!part.parts.empty()) return part;
        }
        part.body = decoded_body(body, part);
        if (part.type == "message/rfc822" && count_ < kMaxParts) {
            ++count_;
            part.parts.push_back(read(part.body, depth + 1, "text/plain"));
        }
        return part;
    }

private:
    void read_parts(std::string_view body, const std::string& boundary, int depth, MailPart& into) {
        if (boundary.empty() || boundary.size() > kMaxBoundary) return;
        const std::string_view inner_type = into.type == "multipart/digest" ? "message/rfc822" : "text/plain";
        const std::string mark = "--" + boundary;
        const char* begin = nullptr;  // of the part being read
        std::string_view rest = body;
        const auto close = [&](const char* end) {
            if (begin == nullptr || count_ >= kMaxParts) return;
            ++count_;
            const auto length = static_cast<std::size_t>(end - begin);
            into.parts.push_back(read({begin, length}, depth + 1, inner_type));
        };
        while (!rest.empty()) {
            const char* const line_begin = rest.data();
            const std::string_view line = take_line(rest);
            if (!line.starts_with(mark)) continue;
            const std::string_view tail = trimmed(line.substr(mark.size()));
            if (!tail.empty() && tail != "--") continue;
            // The line end before a boundary belongs to the boundary.
            const char* end = line_begin;
            if (begin != nullptr && end > begin && end[-1] == '\n') --end;
            if (begin != nullptr && end > begin && end[-1] == '\r') --end;
            close(end);
            begin = tail == "--" ? nullptr : rest.data();
            if (tail == "--") return;
        }
        // The end is missing: what is there is the last part's.
        close(body.data() + body.size());
    }

    std::size_t count_ = 0;
};

}  // namespace

const std::string* MailPart::header(std::string_view name) const {
    for (const MailHeader& each : headers)
        if (each.name == name) return &each.value;
    return nullptr;
}

std::string MailPart::all(std::string_view name) const {
    std::string out;
    for (const MailHeader& each : headers)
        if (each.name == name) out.append(each.value).append("\n");
    return out;
}

std::vector<MailHeader> parse_headers(std::string_view bytes, std::size_t& body_begin) {
    std::vector<MailHeader> out;
    std::string_view rest = bytes;
    bool kept = false;  // the last header is, and so are its further lines
    while (!rest.empty()) {
        const std::string_view before = rest;
        const std::string_view line = take_line(rest);
        if (line.empty()) break;
        if (line.front() == ' ' || line.front() == '\t') {
            if (kept && out.back().value.size() < kMaxHeaderBytes)
                out.back().value.append(line.substr(0, kMaxHeaderBytes));
            continue;
        }
        const auto colon = line.find(':');
        const bool named = colon != std::string_view::npos && colon > 0 &&
                           trimmed(line.substr(0, colon)).find_first_of(" \t") == std::string_view::npos;
        if (!named) {
            // An mbox line may stand before the headers; anything else is a body whose blank line is missing.
            if (out.empty() && line.starts_with("From ")) continue;
            rest = before;
            break;
        }
        kept = out.size() < kMaxHeaders;
        if (kept)
            out.push_back({lower_case(trimmed(line.substr(0, colon))),
                           std::string(trimmed(line.substr(colon + 1).substr(0, kMaxHeaderBytes)))});
    }
    body_begin = bytes.size() - rest.size();
    return out;
}

std::string parameter_of(std::string_view value, std::string_view name, std::string* charset) {
    const auto first = value.find(';');
    if (first == std::string_view::npos) return {};
    std::string_view rest = value.substr(first + 1);
    std::map<int, std::string> pieces;
    std::string encoded_charset;
    for (std::size_t count = 0; !rest.empty() && count < kMaxParameters; ++count) {
        auto [key, text] = take_parameter(rest);
        if (key == name) {
            pieces[0] = std::move(text);
            continue;
        }
        if (!key.starts_with(std::string(name) + '*')) continue;
        std::string_view number = std::string_view(key).substr(name.size() + 1);
        const bool encoded = number.empty() || number.ends_with('*');
        if (number.ends_with('*')) number.remove_suffix(1);
        if (number.size() > 2 || number.find_first_not_of("0123456789") != std::string_view::npos) continue;
        const int index = number.empty() ? 0 : std::stoi(std::string(number));
        if (encoded && index == 0) {
            const auto quote = text.find('\'');
            const auto second = quote == std::string::npos ? quote : text.find('\'', quote + 1);
            if (second != std::string::npos) {
                encoded_charset = text.substr(0, quote);
                text.erase(0, second + 1);
            }
        }
        pieces[index] = encoded ? percent_decoded(text) : text;
    }
    std::string out;
    for (const auto& [index, text] : pieces) out += text;
    if (charset != nullptr) *charset = encoded_charset;
    return out;
}

MailPart parse_mail(std::string_view bytes) { return Reader().read(bytes, 0, "text/plain"); }

}  // namespace citybridge::email
