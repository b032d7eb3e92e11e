#include "bench/sockets.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace citybridge::bench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

// Without it the kernel may hold small pieces back for a delayed acknowledgement.
void send_at_once(int fd) {
    const int on = 1;
    if (::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) throw_errno("TCP_NODELAY");
}

}  // namespace

void throw_errno(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

Socket::~Socket() {
    if (fd_ >= 0) ::close(fd_);
}

Socket listen_on_loopback() {
    Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(0);
    if (listener.fd() < 0 || ::bind(listener.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener.fd(), 512) != 0)
        throw_errno("listen");
    return listener;
}

std::uint16_t port_of(const Socket& listener) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size) != 0) throw_errno("getsockname");
    return ntohs(address.sin_port);
}

Socket accept_from(const Socket& listener) {
    Socket accepted(::accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    if (accepted.fd() < 0) throw_errno("accept");
    send_at_once(accepted.fd());
    return accepted;
}

Socket connect_to_loopback(std::uint16_t port) {
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    if (socket.fd() < 0 || ::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw_errno("connect");
    send_at_once(socket.fd());
    return socket;
}

void send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) throw_errno("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::size_t receive(int fd, char* into, std::size_t size) {
    for (;;) {
        const ssize_t got = ::recv(fd, into, size, 0);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) throw_errno("recv");
    }
}

}  // namespace citybridge::bench
