#pragma once
// The far end of a link: plain blocking sockets on 127.0.0.1.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace citybridge::test {

class Socket {
public:
    explicit Socket(int fd) : fd_(fd) {
        if (fd < 0) throw std::runtime_error("socket");
    }
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket& operator=(Socket&&) = delete;
    ~Socket() { close(); }
    void close() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }
    // RST instead of FIN.
    void reset() {
        const linger hard{1, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        close();
    }
    int fd() const { return fd_; }
    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (size <= 0) throw std::runtime_error("send");
            bytes.remove_prefix(static_cast<std::size_t>(size));
        }
    }
    // Exactly `size` bytes, fewer only at the end of the stream.
    std::string read(std::size_t size) const {
        std::string out(size, '\0');
        std::size_t have = 0;
        while (have < size) {
            const auto got = ::recv(fd_, out.data() + have, size - have, 0);
            if (got <= 0) break;
            have += static_cast<std::size_t>(got);
        }
        out.resize(have);
        return out;
    }

private:
    int fd_;
};

class Listener {
public:
    explicit Listener(int backlog = 16) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const raw = reinterpret_cast<sockaddr*>(&address);
        if (::bind(socket_.fd(), raw, size) != 0 || ::listen(socket_.fd(), backlog) != 0 ||
            ::getsockname(socket_.fd(), raw, &size) != 0)
            throw std::runtime_error("listen");
        address_ = address;
    }
    std::uint16_t port() const { return ntohs(address_.sin_port); }
    // Throws if nobody comes: a test that waits for ever tells nobody why.
    Socket accept() const {
        pollfd waiting{socket_.fd(), POLLIN, 0};
        if (::poll(&waiting, 1, 20'000) != 1) throw std::runtime_error("nobody connected within 20 s");
        return Socket(::accept(socket_.fd(), nullptr, nullptr));
    }
    void close() { socket_.close(); }

    // Fills the queue of waiting connections: further ones get no answer at all.
    std::vector<Socket> fill() const {
        std::vector<Socket> waiting;
        for (int i = 0; i < 8; ++i) {
            waiting.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            std::ignore = ::connect(waiting.back().fd(), reinterpret_cast<const sockaddr*>(&address_), sizeof address_);
        }
        return waiting;
    }

private:
    Socket socket_;
    sockaddr_in address_{};
};

}  // namespace citybridge::test
