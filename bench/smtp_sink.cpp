#include "bench/smtp_sink.h"

#include <array>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace citybridge::bench {
namespace {

constexpr std::string_view kEndOfMail = "\r\n.\r\n";

// One client's session, until it goes.
void serve(const Socket& socket) {
    send_all(socket.fd(), "220 sink\r\n");
    std::string bytes;
    std::array<char, 65'536> chunk;
    bool in_mail = false;
    while (const std::size_t count = receive(socket.fd(), chunk.data(), chunk.size())) {
        bytes.append(chunk.data(), count);
        while (true) {
            const auto end = bytes.find(in_mail ? kEndOfMail : std::string_view("\r\n"));
            if (end == std::string::npos) break;
            if (in_mail) {
                bytes.erase(0, end + kEndOfMail.size());
                in_mail = false;
                send_all(socket.fd(), "250 2.0.0 Ok: queued as 1\r\n");
                continue;
            }
            in_mail = std::string_view(bytes).starts_with("DATA");
            const bool bye = std::string_view(bytes).starts_with("QUIT");
            bytes.erase(0, end + 2);
            send_all(socket.fd(), in_mail ? "354 go on\r\n" : "250 ok\r\n");
            if (bye) return;
        }
    }
}

void accept_all(const Socket& listener) {
    while (true) {
        auto socket = accept_from(listener);
        std::thread([socket = std::move(socket)] {
            try {
                serve(socket);
            } catch (const std::exception&) {
                // The client has gone; it counts for itself what was taken.
            }
        }).detach();
    }
}

}  // namespace

SmtpSink::SmtpSink() : listener_(listen_on_loopback()), child_([this] { accept_all(listener_); }) {}

BareClient::BareClient(std::uint16_t port) : socket_(connect_to_loopback(port)) {
    ask("", '2');
    ask("EHLO bench\r\n", '2');
}

void BareClient::ask(const std::string& line, char expected) {
    if (!line.empty()) send_all(socket_.fd(), line);
    std::array<char, 1'024> chunk;
    while (rest_.find("\r\n") == std::string::npos) {
        const std::size_t count = receive(socket_.fd(), chunk.data(), chunk.size());
        if (count == 0) throw std::runtime_error("the sink hung up");
        rest_.append(chunk.data(), count);
    }
    if (rest_[0] != expected) throw std::runtime_error("the sink said " + rest_);
    rest_.erase(0, rest_.find("\r\n") + 2);
}

void BareClient::send(const std::string& from, const std::string& to, const std::string& bytes) {
    ask("MAIL FROM:<" + from + ">\r\n", '2');
    ask("RCPT TO:<" + to + ">\r\n", '2');
    ask("DATA\r\n", '3');
    ask(bytes + ".\r\n", '2');
}

}  // namespace citybridge::bench
