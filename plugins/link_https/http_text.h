#pragma once
// The little HTTP/1.1 that one city's node speaks with another: a POST with a
// length, an answer with a length. Pure.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace citybridge::link_https {

struct RequestHead {
    std::string method;
    std::string target;
    std::size_t body_bytes = 0;
    bool keep_alive = true;
    int status = 0;  // 0: to be answered; else what is wrong with it, and the connection ends
};

// `text`: from the first byte to the empty line, without it. A length that is missing, repeated or no number, a
// transfer coding, a broken or folded line: refused, because two readers could see two messages.
RequestHead read_head(std::string_view text, std::size_t most_body_bytes);

// A whole answer. `content_type` may be empty with the body.
std::string http_answer(int status, std::string_view content_type, std::string_view body, bool keep_alive);

}  // namespace citybridge::link_https
