#pragma once
// WebSocket frames (RFC 6455 section 5), server side: bytes in, messages out.
// Pure. POCO's WebSocket can only block a thread per client, and the stream
// has to serve hundreds from one.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace citybridge::gateway {

enum class WsOpcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// Close codes, RFC 6455 section 7.4.1 and the IANA registry (1013).
namespace ws_close {
inline constexpr std::uint16_t kNormal = 1000;
inline constexpr std::uint16_t kGoingAway = 1001;
inline constexpr std::uint16_t kProtocolError = 1002;
inline constexpr std::uint16_t kUnsupported = 1003;
inline constexpr std::uint16_t kNotUtf8 = 1007;
inline constexpr std::uint16_t kPolicy = 1008;
inline constexpr std::uint16_t kTooBig = 1009;
inline constexpr std::uint16_t kTryAgainLater = 1013;
}  // namespace ws_close

// One unfragmented, unmasked frame, as a server sends it.
std::string ws_frame(WsOpcode opcode, std::string_view payload);
// `reason` is cut to what a control frame holds.
std::string ws_close_frame(std::uint16_t code, std::string_view reason);

struct WsMessage {
    WsOpcode opcode = WsOpcode::text;  // text, close, ping or pong
    std::string payload;               // close: code and reason as sent
};

// Collects a client's frames into messages. Frames must be masked; text may
// be fragmented with control frames between the parts; binary is refused.
class WsReader {
public:
    explicit WsReader(std::size_t max_message = 4096) : max_message_(max_message) {}

    // Appends the messages completed by `bytes`. False: the client broke the
    // protocol; close with close_code() and feed nothing more.
    bool feed(std::string_view bytes, std::vector<WsMessage>& out);
    std::uint16_t close_code() const { return close_code_; }
    std::string_view close_reason() const { return close_reason_; }

private:
    struct Header {
        bool fin = false;
        WsOpcode opcode = WsOpcode::text;
        std::uint64_t length = 0;
        std::size_t size = 0;  // with the mask; 0: more bytes are needed
        std::string mask;
    };
    bool fail(std::uint16_t code, std::string_view reason);
    bool read_header(Header& header);
    bool check_header(const Header& header, std::uint8_t first, std::uint8_t second);
    bool take_frame(const Header& header, std::vector<WsMessage>& out);

    const std::size_t max_message_;
    std::string buffer_;
    std::string text_;  // parts of a fragmented text so far
    bool fragmented_ = false;
    std::uint16_t close_code_ = 0;
    std::string_view close_reason_;
};

// Sec-WebSocket-Accept of a Sec-WebSocket-Key, RFC 6455 section 4.2.2.
std::string ws_accept(std::string_view key);

}  // namespace citybridge::gateway
