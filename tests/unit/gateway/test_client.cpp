#include "tests/unit/gateway/test_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace citybridge::test {
namespace {

constexpr int kTimeoutSeconds = 20;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

}  // namespace

Client::Client(std::uint16_t port, int receive_buffer) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const timeval timeout{kTimeoutSeconds, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect to the gateway");
}

Client::Client(Client&& other) noexcept : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}

Client::~Client() {
    if (fd_ >= 0) ::close(fd_);
}

bool Client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool Client::fill() {
    std::array<char, 65536> chunk{};
    const ssize_t got = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (got <= 0) return false;
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
    return true;
}

Reply Client::reply(bool head) {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
        if (!fill()) return {};
    Reply out;
    const std::string top = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    out.status = std::stoi(top.substr(9, 3));
    for (std::size_t at = top.find("\r\n") + 2; at < top.size();) {
        const std::size_t stop = top.find("\r\n", at);
        const std::string line = top.substr(at, stop - at);
        const std::size_t colon = line.find(": ");
        out.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
        at = stop + 2;
    }
    const auto length = out.headers.find("content-length");
    if (head || length == out.headers.end()) return out;
    const std::size_t bytes = std::stoul(length->second);
    while (buffer_.size() < bytes)
        if (!fill()) return {};
    out.body = buffer_.substr(0, bytes);
    buffer_.erase(0, bytes);
    return out;
}

Reply Client::ask(const std::string& method, const std::string& target, const std::string& token,
                  const std::optional<std::string>& body, const std::string& more_headers) {
    std::string request = method + " " + target + " HTTP/1.1\r\nHost: test\r\n" + more_headers;
    if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
    if (body) {
        request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body->size()) + "\r\n";
    }
    send(request + "\r\n" + body.value_or(""));
    return reply(method == "HEAD");
}

std::string Client::read_to_end() {
    while (fill()) {
    }
    return std::exchange(buffer_, {});
}

bool Client::closes() {
    std::array<char, 65536> chunk{};
    for (;;) {
        const ssize_t got = ::recv(fd_, chunk.data(), chunk.size(), 0);
        if (got > 0) continue;
        return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    }
}

void Client::shut_write() { ::shutdown(fd_, SHUT_WR); }

std::uint16_t Frame::close_code() const {
    if (opcode != 8 || payload.size() < 2) return 0;
    return static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) * 256 +
                                      static_cast<unsigned char>(payload[1]));
}

Reply StreamClient::connect(const std::string& token, const std::string& query, const std::string& more_headers) {
    return ask("GET", "/v1/stream" + query, token, {},
               "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                   more_headers);
}

Frame StreamClient::frame() {
    const auto need = [&](std::size_t bytes) {
        while (buffer_.size() < bytes)
            if (!fill()) return false;
        return true;
    };
    const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(buffer_[i])); };
    if (!need(2)) return {};
    std::size_t head = 2, length = byte(1) & 0x7fU;
    if (length >= 126) {
        const std::size_t extra = length == 126 ? 2 : 8;
        if (!need(2 + extra)) return {};
        length = 0;
        for (std::size_t i = 0; i < extra; ++i) length = length * 256 + byte(2 + i);
        head += extra;
    }
    if (!need(head + length)) return {};
    Frame out{static_cast<int>(byte(0) & 0x0fU), buffer_.substr(head, length)};
    buffer_.erase(0, head + length);
    return out;
}

nlohmann::json StreamClient::next() {
    for (;;) {
        const Frame got = frame();
        if (got.opcode == 1) return got.json();
        if (got.opcode == 9)
            send_frame(10, got.payload);
        else if (got.opcode != 10)
            return nlohmann::json(nlohmann::json::value_t::discarded);
    }
}

bool StreamClient::send_frame(int opcode, std::string_view payload, bool fin) {
    return send(client_frame(opcode, payload, fin));
}

std::string client_frame(int opcode, std::string_view payload, bool fin, bool masked) {
    std::string out;
    out.push_back(static_cast<char>((fin ? 0x80 : 0) | opcode));
    const char mask_bit = masked ? static_cast<char>(0x80) : '\0';
    if (payload.size() < 126) {
        out.push_back(static_cast<char>(mask_bit | static_cast<char>(payload.size())));
    } else {
        out.push_back(static_cast<char>(mask_bit | 126));
        out.push_back(static_cast<char>(payload.size() >> 8));
        out.push_back(static_cast<char>(payload.size() & 0xff));
    }
    const std::string mask = masked ? "\x12\x34\x56\x78" : std::string(4, '\0');
    if (masked) out += mask;
    for (std::size_t i = 0; i < payload.size(); ++i) out.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
    return out;
}

}  // namespace citybridge::test
