#include "tests/contract/city_link/line.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <random>
#include <stdexcept>

namespace citybridge::test {
namespace {

constexpr int kLookMs = 20;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    out.sin_port = htons(port);
    return out;
}

int listen_at(std::uint16_t& port) {
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

bool is_free(std::uint16_t port) {
    try {
        ::close(listen_at(port));
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

}  // namespace

// Not of those that the system gives to connections: one of a hundred servers' would be taken before it listens.
std::uint16_t free_port() {
    constexpr std::uint16_t kFirst = 20'000;
    constexpr std::uint16_t kCount = 12'000;
    static std::atomic<unsigned> next{std::random_device{}()};
    for (int tries = 0; tries < kCount; ++tries)
        if (const auto port = static_cast<std::uint16_t>(kFirst + next++ % kCount); is_free(port)) return port;
    throw std::runtime_error("no port is free");
}

Line::Line(std::uint16_t far_port) : far_port_(far_port), listener_(listen_at(port_)) {
    acceptor_ = std::thread([this] { accept_loop(); });
}

Line::~Line() {
    stopping_ = true;
    acceptor_.join();
    ::close(listener_);
    for (Pair& each : pairs_) each.thread.join();
}

void Line::set(Mode mode) {
    mode_ = mode;
    if (mode == Mode::cut) ++cuts_;
}

void Line::accept_loop() {
    while (!stopping_) {
        pollfd ready{listener_, POLLIN, 0};
        if (::poll(&ready, 1, kLookMs) != 1) continue;
        const int near = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (near < 0) continue;
        const int far = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(far_port_);
        if (mode_ == Mode::cut || ::connect(far, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(near);
            ::close(far);
            continue;
        }
        const int on = 1;  // a line keeps nothing back
        ::setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ::setsockopt(far, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const std::lock_guard lock(mutex_);
        pairs_.remove_if([](Pair& each) {
            if (each.over) each.thread.join();
            return each.over.load();
        });
        Pair& pair = pairs_.emplace_back();
        pair.near = near;
        pair.far = far;
        pair.thread = std::thread([this, &pair] { carry(pair); });
    }
}

void Line::carry(Pair& pair) {
    const unsigned cuts = cuts_;
    while (!stopping_ && cuts == cuts_) {
        std::array<pollfd, 2> ready{{{pair.near, POLLIN, 0}, {pair.far, POLLIN, 0}}};
        if (mode_ == Mode::silent) {
            std::this_thread::sleep_for(std::chrono::milliseconds(kLookMs));
            continue;
        }
        if (::poll(ready.data(), ready.size(), kLookMs) <= 0) continue;
        if (mode_ == Mode::silent) continue;
        if (ready[0].revents != 0 && !pass(pair.near, pair.far)) break;
        if (ready[1].revents != 0 && !pass(pair.far, pair.near)) break;
    }
    ::close(pair.near);
    ::close(pair.far);
    pair.over = true;
}

bool Line::pass(int from, int to) {
    std::array<char, 64U << 10U> bytes;
    const ssize_t got = ::recv(from, bytes.data(), bytes.size(), 0);
    if (got <= 0) return false;
    if (mode_ == Mode::altering)
        for (std::size_t at = 50; at < static_cast<std::size_t>(got); at += 100) bytes.at(at) ^= 0x10;
    for (ssize_t sent = 0; sent < got;) {
        const ssize_t now = ::send(to, bytes.data() + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
        if (now <= 0) return false;
        sent += now;
    }
    return true;
}

}  // namespace citybridge::test
