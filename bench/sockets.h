#pragma once
// Blocking loopback sockets for the programs of this folder. All throw
// std::system_error: a benchmark without its sockets has nothing to measure.
#include <cstdint>
#include <string_view>
#include <utility>

namespace citybridge::bench {

class Socket {
public:
    Socket() = default;
    explicit Socket(int fd) : fd_(fd) {}
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket();

    int fd() const { return fd_; }

private:
    int fd_ = -1;
};

Socket listen_on_loopback();  // the system chooses the port
std::uint16_t port_of(const Socket& listener);
Socket accept_from(const Socket& listener);
Socket connect_to_loopback(std::uint16_t port);
void send_all(int fd, std::string_view bytes);
// Bytes read, 0 at the end of the stream.
std::size_t receive(int fd, char* into, std::size_t size);
[[noreturn]] void throw_errno(const char* what);

}  // namespace citybridge::bench
