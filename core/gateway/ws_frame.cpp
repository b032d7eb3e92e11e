#include "core/gateway/ws_frame.h"

#include <algorithm>

#include "core/api/text.h"
#include "core/gateway/crypto.h"

namespace citybridge::gateway {
namespace {

constexpr std::size_t kMaxControl = 125;

std::uint8_t byte_at(std::string_view bytes, std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); }

void append_number(std::string& out, std::uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xffU));
}

bool is_control_frame(WsOpcode opcode) { return (static_cast<std::uint8_t>(opcode) & 8U) != 0; }

// RFC 6455 sections 7.4.1 and 7.4.2: what may appear in a close frame.
bool is_close_code(std::uint16_t code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

}  // namespace

std::string ws_frame(WsOpcode opcode, std::string_view payload) {
    std::string out;
    out.reserve(payload.size() + 10);
    out.push_back(static_cast<char>(0x80U | static_cast<std::uint8_t>(opcode)));
    if (payload.size() < 126) {
        out.push_back(static_cast<char>(payload.size()));
    } else if (payload.size() <= 0xffff) {
        out.push_back(126);
        append_number(out, payload.size(), 2);
    } else {
        out.push_back(127);
        append_number(out, payload.size(), 8);
    }
    out.append(payload);
    return out;
}

std::string ws_close_frame(std::uint16_t code, std::string_view reason) {
    std::string payload;
    append_number(payload, code, 2);
    payload.append(reason.substr(0, kMaxControl - 2));
    return ws_frame(WsOpcode::close, payload);
}

bool WsReader::feed(std::string_view bytes, std::vector<WsMessage>& out) {
    if (close_code_ != 0) return false;
    buffer_.append(bytes);
    for (;;) {
        Header header;
        if (!read_header(header)) return false;
        if (header.size == 0 || buffer_.size() < header.size + header.length) return true;
        if (!take_frame(header, out)) return false;
    }
}

bool WsReader::fail(std::uint16_t code, std::string_view reason) {
    close_code_ = code;
    close_reason_ = reason;
    buffer_.clear();
    return false;
}

bool WsReader::read_header(Header& header) {
    if (buffer_.size() < 2) return true;
    const std::uint8_t first = byte_at(buffer_, 0), second = byte_at(buffer_, 1);
    header.fin = (first & 0x80U) != 0;
    header.opcode = static_cast<WsOpcode>(first & 0x0fU);
    header.length = second & 0x7fU;
    if (!check_header(header, first, second)) return false;
    const std::size_t extra = header.length == 126 ? 2 : header.length == 127 ? 8 : 0;
    if (buffer_.size() < 2 + extra) return true;
    if (extra > 0) {
        header.length = 0;
        for (std::size_t i = 0; i < extra; ++i) header.length = header.length << 8U | byte_at(buffer_, 2 + i);
        const std::uint64_t least = extra == 2 ? 126 : 65'536;
        if (header.length < least) return fail(ws_close::kProtocolError, "length not in its shortest form");
    }
    // Judged before the payload arrives: nothing of an oversized message is collected.
    if (!is_control_frame(header.opcode) && header.length + text_.size() > max_message_)
        return fail(ws_close::kTooBig, "message too big");
    if (buffer_.size() < 2 + extra + 4) return true;
    header.mask = buffer_.substr(2 + extra, 4);
    header.size = 2 + extra + 4;
    return true;
}

bool WsReader::check_header(const Header& header, std::uint8_t first, std::uint8_t second) {
    if ((first & 0x70U) != 0) return fail(ws_close::kProtocolError, "reserved bits set");
    if ((second & 0x80U) == 0) return fail(ws_close::kProtocolError, "frame not masked");
    switch (header.opcode) {
        case WsOpcode::continuation:
            if (!fragmented_) return fail(ws_close::kProtocolError, "continuation of nothing");
            return true;
        case WsOpcode::text:
            if (fragmented_) return fail(ws_close::kProtocolError, "new message inside a fragmented one");
            return true;
        case WsOpcode::binary: return fail(ws_close::kUnsupported, "only text is accepted");
        case WsOpcode::close:
        case WsOpcode::ping:
        case WsOpcode::pong:
            if (!header.fin) return fail(ws_close::kProtocolError, "fragmented control frame");
            if (header.length > kMaxControl) return fail(ws_close::kProtocolError, "control frame too long");
            return true;
    }
    return fail(ws_close::kProtocolError, "unknown opcode");
}

bool WsReader::take_frame(const Header& header, std::vector<WsMessage>& out) {
    std::string payload = buffer_.substr(header.size, header.length);
    buffer_.erase(0, header.size + header.length);
    for (std::size_t i = 0; i < payload.size(); ++i)
        payload[i] = static_cast<char>(byte_at(payload, i) ^ byte_at(header.mask, i % 4));
    if (header.opcode == WsOpcode::close) {
        if (payload.size() == 1) return fail(ws_close::kProtocolError, "close code cut short");
        const unsigned code = payload.empty() ? ws_close::kNormal : byte_at(payload, 0) * 256U + byte_at(payload, 1);
        if (!is_close_code(static_cast<std::uint16_t>(code))) return fail(ws_close::kProtocolError, "bad close code");
        if (payload.size() > 2 && !is_utf8(std::string_view(payload).substr(2)))
            return fail(ws_close::kNotUtf8, "close reason not UTF-8");
    }
    if (is_control_frame(header.opcode)) {
        out.push_back({header.opcode, std::move(payload)});
        return true;
    }
    text_ += payload;
    fragmented_ = !header.fin;
    if (fragmented_) return true;
    if (!is_utf8(text_)) return fail(ws_close::kNotUtf8, "text not UTF-8");
    out.push_back({WsOpcode::text, std::move(text_)});
    text_.clear();
    return true;
}

std::string ws_accept(std::string_view key) {
    return to_base64(sha1(std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
}

}  // namespace citybridge::gateway
