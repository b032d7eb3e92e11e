#include "tests/contract/city_link/line.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <array>

#include "tests/support/free_port.h"

namespace citybridge::test {
namespace {

constexpr int kLookMs = 20;

}  // namespace

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
