#include "core/gateway/net.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace citybridge::gateway {

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
    if (this == &other) return *this;
    reset();
    fd_ = std::exchange(other.fd_, -1);
    return *this;
}

void UniqueFd::reset() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

Result<UniqueFd> listen_on(const std::string& host, std::uint16_t port) {
    const auto failed = [&](const std::string& why) {
        return Error{"gateway.listen_failed", "Cannot listen on " + host + " port " + std::to_string(port) + ": " +
                                                  why + ". Choose another address or port."};
    };
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    addrinfo* found = nullptr;
    if (const int rc = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); rc != 0)
        return failed(::gai_strerror(rc));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> address(found, &::freeaddrinfo);

    UniqueFd fd(::socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd) return failed(std::strerror(errno));
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(fd.get(), address->ai_addr, address->ai_addrlen) != 0) return failed(std::strerror(errno));
    if (::listen(fd.get(), 1024) != 0) return failed(std::strerror(errno));
    return fd;
}

std::uint16_t local_port(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
    if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6*>(&address)->sin6_port);
    return ntohs(reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

std::string peer_address(int fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    std::array<char, NI_MAXHOST> text{};
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
    if (::getnameinfo(reinterpret_cast<sockaddr*>(&address), size, text.data(), text.size(), nullptr, 0,
                      NI_NUMERICHOST) != 0)
        return {};
    return text.data();
}

UniqueFd make_wakeup() { return UniqueFd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

void wake(int fd) {
    const std::uint64_t one = 1;
    // A full counter means the loop is already awake.
    [[maybe_unused]] const ssize_t written = ::write(fd, &one, sizeof one);
}

void clear_wakeup(int fd) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(fd, &count, sizeof count);
}

ssize_t send_some(int fd, std::string_view bytes) {
    for (;;) {
        const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0) return sent;
        if (errno == EINTR) continue;
        return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
    }
}

ReadStatus read_some(int fd, std::string& into, std::size_t limit) {
    const std::size_t before = into.size();
    into.resize(before + limit);
    ssize_t got = 0;
    do got = ::recv(fd, into.data() + before, limit, MSG_DONTWAIT);
    while (got < 0 && errno == EINTR);
    const int error = errno;
    into.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got > 0) return ReadStatus::data;
    if (got < 0 && (error == EAGAIN || error == EWOULDBLOCK)) return ReadStatus::would_block;
    return ReadStatus::closed;
}

}  // namespace citybridge::gateway
