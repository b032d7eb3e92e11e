#pragma once
// HTTP/1.1 messages (RFC 9112) between bytes and structs. POCO's HTTP classes
// parse and write them; this is the only place that knows POCO's HTTP.
// No socket, no clock. Not thread-safe; one reader per connection.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/api/result.h"
#include "core/api/time.h"
#include "core/gateway/http_types.h"

namespace citybridge::gateway {

struct HttpLimits {
    std::size_t head_bytes = 16'384;
    std::size_t body_bytes = 65'536;
    // Of this request, whose head is all there is of it yet; empty: body_bytes.
    std::function<std::size_t(const HttpRequest& head)> body_bytes_of{};
};

// Collects bytes until a whole request, head and body, is there. Strict where
// two readers of the same bytes could disagree (request smuggling, RFC 9112
// section 11.2): bare CR or LF, spaces before a colon, folded lines, repeated
// or signed Content-Length, Content-Length beside Transfer-Encoding. Chunked
// bodies are refused with 411: every client of this API knows its length.
class RequestReader {
public:
    enum class Step {
        need_more,
        need_continue,  // told once: answer "100 Continue", then go on
        complete,       // take() it
        refused,        // see refusal(); the connection cannot go on
    };
    explicit RequestReader(HttpLimits limits = {}) : limits_(std::move(limits)) {}

    Step feed(std::string_view bytes);
    // After `complete`. What follows the request stays; feed("") looks at it.
    HttpRequest take();
    // A problem code (problem.h) and a sentence.
    const Error& refusal() const { return refusal_; }
    // Nothing of a request has arrived.
    bool idle() const { return buffer_.empty() && !head_; }
    // What arrived after the last taken request (for an upgrade).
    std::string take_rest() { return std::move(buffer_); }

private:
    Step advance();
    Step look_for_head();
    Step refuse(std::string code, std::string detail);
    Result<> read_head(std::string_view head);
    Result<> frame_body();

    HttpLimits limits_;
    std::string buffer_;
    std::size_t scanned_ = 0;          // no head end and no bad byte before this
    std::optional<HttpRequest> head_;  // set once the head is complete
    std::size_t body_bytes_ = 0;
    bool continue_wanted_ = false;
    bool refused_ = false;
    Error refusal_;
};

inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// The bytes of a response, without those of its source. `head_only`: answer to HEAD, the length is told but the body
// left out.
std::string to_bytes(const HttpResponse& response, bool head_only, bool keep_alive);

// RFC 9110 section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(WallTime time);

// Whether a comma-separated header value names `word` (lower case), in any case.
bool lists_token(std::string_view list, std::string_view word);

// Nothing on a malformed escape or a control character.
std::optional<std::string> percent_decode(std::string_view text);
std::string percent_encode(std::string_view text);

}  // namespace citybridge::gateway
