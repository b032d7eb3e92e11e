#include "plugins/link_https/http_text.h"

#include <charconv>
#include <utility>

#include "core/api/text.h"

namespace citybridge::link_https {
namespace {

std::string_view reason_of(int status) {
    switch (status) {
        case 200: return "OK";
        case 400: return "Bad Request";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 411: return "Length Required";
        case 413: return "Content Too Large";
        case 503: return "Service Unavailable";
        default: return "Error";
    }
}

// The next line, without its CR LF.
std::string_view next_line(std::string_view& text) {
    const auto end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    return line;
}

bool has_control(std::string_view line) {
    for (const char c : line)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f') return true;
    return false;
}

// What one header means for the request; 0 if it is right.
int take_header(std::string_view name, std::string_view value, RequestHead& head, bool& has_length,
                std::size_t most_body_bytes) {
    if (name == "transfer-encoding") return 411;
    if (name == "connection" && lower_case(value) == "close") head.keep_alive = false;
    if (name != "content-length") return 0;
    if (std::exchange(has_length, true)) return 400;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), head.body_bytes);
    if (error == std::errc::result_out_of_range) return 413;
    if (error != std::errc() || end != value.data() + value.size()) return 400;
    return head.body_bytes > most_body_bytes ? 413 : 0;
}

int read_into(RequestHead& head, std::string_view text, std::size_t most_body_bytes) {
    const std::string_view first = next_line(text);
    const auto space = first.find(' ');
    const auto second = space == std::string_view::npos ? space : first.find(' ', space + 1);
    if (second == std::string_view::npos || first.substr(second + 1) != "HTTP/1.1" || has_control(first)) return 400;
    head.method = first.substr(0, space);
    head.target = first.substr(space + 1, second - space - 1);
    if (head.method.empty() || head.target.empty()) return 400;
    bool has_length = false;
    while (!text.empty()) {
        const std::string_view line = next_line(text);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0 || has_control(line)) return 400;
        const std::string name = lower_case(line.substr(0, colon));
        if (name.find_first_of(" \t") != std::string::npos) return 400;
        if (const int wrong = take_header(name, trimmed(line.substr(colon + 1)), head, has_length, most_body_bytes);
            wrong != 0)
            return wrong;
    }
    return head.method == "POST" && !has_length ? 411 : 0;
}

}  // namespace

RequestHead read_head(std::string_view text, std::size_t most_body_bytes) {
    RequestHead head;
    head.status = read_into(head, text, most_body_bytes);
    return head;
}

std::string http_answer(int status, std::string_view content_type, std::string_view body, bool keep_alive) {
    std::string out = "HTTP/1.1 " + std::to_string(status) + ' ';
    out += reason_of(status);
    out += "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    if (!content_type.empty()) out.append("Content-Type: ").append(content_type).append("\r\n");
    if (!keep_alive) out += "Connection: close\r\n";
    return out.append("\r\n").append(body);
}

}  // namespace citybridge::link_https
