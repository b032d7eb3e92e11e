#include "bench/ws_client.h"

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace citybridge::bench {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr unsigned kClose = 8;
constexpr unsigned kPing = 9;

// Appends what comes; false: the stream ended.
bool read_more(int fd, std::string& into) {
    std::array<char, 65'536> bytes;
    const std::size_t size = receive(fd, bytes.data(), bytes.size());
    into.append(bytes.data(), size);
    return size != 0;
}

}  // namespace

std::string log_in(std::uint16_t port, const std::string& name, const std::string& password) {
    const std::string body = nlohmann::json{{"name", name}, {"password", password}}.dump();
    const Socket socket = connect_to_loopback(port);
    send_all(socket.fd(),
             "POST /v1/session HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nContent-Type: application/json\r\n"
             "Content-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + body);
    std::string answer;
    while (read_more(socket.fd(), answer)) {
    }
    const std::size_t head = answer.find(kHeadEnd);
    const auto json =
        nlohmann::json::parse(head == std::string::npos ? "" : answer.substr(head + kHeadEnd.size()), nullptr, false);
    if (!json.is_object() || !json.contains("token")) throw std::runtime_error("no log-in for " + name + ": " + answer);
    return json["token"].get<std::string>();
}

WsClient::WsClient(std::uint16_t port, const std::string& target, const std::string& token)
    : socket_(connect_to_loopback(port)) {
    send_all(fd(), "GET " + target +
                       " HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                       "Authorization: Bearer " +
                       token + "\r\n\r\n");
    while (buffer_.find(kHeadEnd) == std::string::npos)
        if (!read_more(fd(), buffer_)) throw std::runtime_error("the handshake was cut off: " + buffer_);
    if (!buffer_.starts_with("HTTP/1.1 101")) throw std::runtime_error("no stream: " + buffer_);
    buffer_.erase(0, buffer_.find(kHeadEnd) + kHeadEnd.size());
}

void WsClient::receive_some() {
    buffer_.erase(0, begin_);
    begin_ = 0;
    if (!read_more(fd(), buffer_)) throw std::runtime_error("a stream was closed by its server");
}

bool WsClient::next(std::string_view& text) {
    for (;;) {
        const std::string_view rest = std::string_view(buffer_).substr(begin_);
        const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(rest[i])); };
        if (rest.size() < 2) return false;
        // RFC 6455 section 5.2; a server does not mask.
        const unsigned short_length = byte(1) & 0x7fU;
        const std::size_t extra = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
        if (rest.size() < 2 + extra) return false;
        std::size_t length = extra == 0 ? short_length : 0;
        for (std::size_t i = 0; i < extra; ++i) length = (length << 8U) | byte(2 + i);
        if (rest.size() < 2 + extra + length) return false;
        begin_ += 2 + extra + length;
        const unsigned opcode = byte(0) & 0x0fU;
        if (opcode == kClose) throw std::runtime_error("a stream was closed by its server");
        if (opcode == kPing) {
            send_all(fd(), std::string("\x8a\x80\0\0\0\0", 6));  // an empty pong, masked with zeros
            continue;
        }
        text = rest.substr(2 + extra, length);
        return true;
    }
}

}  // namespace citybridge::bench
