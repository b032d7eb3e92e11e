#pragma once
// One connection of HostileHttpServer: bytes over TCP or TLS, and a request read from them.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "tests/support/hostile_http_server.h"

namespace citybridge::test {

class HostileHttpServer::Connection {
public:
    Connection(int fd, std::size_t number) : fd_(fd), number_(number) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() {
        if (thread.joinable()) thread.join();
        SSL_free(tls_);
        ::close(fd_);
    }

    bool shake_hands(SSL_CTX* context) {
        if (context == nullptr) return true;
        tls_ = SSL_new(context);
        SSL_set_fd(tls_, fd_);
        return SSL_accept(tls_) == 1;
    }
    bool write(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto size = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                              : static_cast<int>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
            if (size <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(size));
        }
        return true;
    }
    // Nothing: the client has gone.
    std::optional<ReceivedRequest> read_request() {
        std::size_t head = std::string::npos;
        while ((head = buffer_.find("\r\n\r\n")) == std::string::npos)
            if (!read_more()) return {};
        ReceivedRequest out = parse_head(std::string_view(buffer_).substr(0, head));
        const std::string length = out.header("content-length");
        const std::size_t size = length.empty() ? 0 : std::stoul(length);
        while (buffer_.size() < head + 4 + size)
            if (!read_more()) return {};
        out.body = buffer_.substr(head + 4, size);
        buffer_.erase(0, head + 4 + size);
        return out;
    }
    // From any thread: reads and writes of this connection end. The descriptor stays until the thread has ended.
    void shut() { ::shutdown(fd_, SHUT_RDWR); }
    void reset() {
        // A socket is reset when it is closed with this option or with unread bytes; the number must stay taken.
        const linger hard{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        const int spare = ::socket(AF_INET, SOCK_STREAM, 0);
        ::dup2(spare, fd_);
        ::close(spare);
    }

    std::thread thread;

private:
    bool read_more() {
        char bytes[16 * 1024];
        const auto size = tls_ != nullptr ? SSL_read(tls_, bytes, sizeof bytes)
                                          : static_cast<int>(::recv(fd_, bytes, sizeof bytes, 0));
        if (size <= 0) return false;
        buffer_.append(bytes, static_cast<std::size_t>(size));
        return true;
    }
    ReceivedRequest parse_head(std::string_view head) const {
        ReceivedRequest out;
        out.connection = number_;
        const std::string_view first = head.substr(0, head.find("\r\n"));
        out.method = first.substr(0, first.find(' '));
        const auto rest = first.substr(std::min(first.size(), out.method.size() + 1));
        out.target = rest.substr(0, rest.find(' '));
        head.remove_prefix(std::min(head.size(), first.size() + 2));
        while (!head.empty()) {
            const std::string_view line = head.substr(0, head.find("\r\n"));
            head.remove_prefix(std::min(head.size(), line.size() + 2));
            const auto colon = line.find(':');
            if (colon == std::string_view::npos) continue;
            std::string name(line.substr(0, colon));
            for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            auto value = line.substr(colon + 1);
            while (value.starts_with(' ')) value.remove_prefix(1);
            out.headers.emplace_back(std::move(name), value);
        }
        return out;
    }

    const int fd_;
    const std::size_t number_;
    SSL* tls_ = nullptr;
    std::string buffer_;
};

}  // namespace citybridge::test
