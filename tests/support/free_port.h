#pragma once
// A port for a server that a test starts.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <random>
#include <stdexcept>

namespace citybridge::test {

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    out.sin_port = htons(port);
    return out;
}

// A socket that listens at 127.0.0.1; port 0: at any, which is written back.
inline int listen_at(std::uint16_t& port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(port);
    socklen_t size = sizeof address;
    if (socket < 0 || ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(socket, 64) != 0) {
        ::close(socket);
        throw std::runtime_error("no port to listen at");
    }
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    return socket;
}

// One of 127.0.0.1 that nobody has at the moment. Not of those that the system gives to connections: one of a hundred
// servers' would be taken before it listens.
inline std::uint16_t free_port() {
    constexpr std::uint16_t kFirst = 20'000;
    constexpr std::uint16_t kCount = 12'000;
    static std::atomic<unsigned> next{std::random_device{}()};
    for (int tries = 0; tries < kCount; ++tries) {
        auto port = static_cast<std::uint16_t>(kFirst + next++ % kCount);
        try {
            ::close(listen_at(port));
            return port;
        } catch (const std::runtime_error&) {  // somebody has it
        }
    }
    throw std::runtime_error("no port is free");
}

}  // namespace citybridge::test
