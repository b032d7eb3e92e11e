#include "bench/http_load.h"

#include <sys/epoll.h>

#include <array>
#include <charconv>
#include <chrono>
#include <stdexcept>

namespace citybridge::bench {
namespace {

constexpr std::string_view kBodyFollows = "\r\n\r\n";
constexpr std::string_view kLength = "Content-Length: ";
constexpr int kPatienceMs = 30'000;

// Of a whole answer at the beginning of `bytes`; 0: there is more to come.
std::size_t whole_answer(std::string_view bytes) {
    const auto end = bytes.find(kBodyFollows);
    if (end == std::string_view::npos) return 0;
    std::size_t size = 0;
    if (const auto at = bytes.substr(0, end).find(kLength); at != std::string_view::npos)
        std::from_chars(bytes.data() + at + kLength.size(), bytes.data() + end, size);
    const auto all = end + kBodyFollows.size() + size;
    return bytes.size() >= all ? all : 0;
}

}  // namespace

std::string post_request(const std::string& path, const std::vector<std::pair<std::string, std::string>>& headers,
                         const std::string& body) {
    std::string out = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    for (const auto& [name, value] : headers) out += name + ": " + value + "\r\n";
    return out + std::string(kLength) + std::to_string(body.size()) + "\r\n\r\n" + body;
}

HttpLoad::HttpLoad(std::uint16_t port, std::size_t connections) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (std::size_t i = 0; i < connections; ++i) {
        connections_.push_back({connect_to_loopback(port), {}});
        epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
        if (::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, connections_.back().socket.fd(), &event) != 0)
            throw_errno("epoll_ctl");
    }
}

void HttpLoad::send_next(Connection& connection) {
    connection.busy = next_ < requests_.size();
    if (connection.busy) send_all(connection.socket.fd(), requests_[next_++]);
}

bool HttpLoad::answered(Connection& connection) {
    std::array<char, 16'384> piece;
    const std::size_t size = receive(connection.socket.fd(), piece.data(), piece.size());
    if (size == 0) throw std::runtime_error("the far side closed a connection");
    connection.answer.append(piece.data(), size);
    const std::size_t whole = whole_answer(connection.answer);
    if (whole == 0) return false;
    if (!connection.answer.starts_with("HTTP/1.1 2")) throw std::runtime_error(connection.answer);
    connection.answer.erase(0, whole);
    return true;
}

double HttpLoad::run(std::span<const std::string> requests) {
    requests_ = requests;
    next_ = 0;
    const auto began = std::chrono::steady_clock::now();
    for (Connection& connection : connections_) send_next(connection);
    std::array<epoll_event, 64> events{};
    for (std::size_t done = 0; done < requests.size();) {
        const int count = ::epoll_wait(epoll_.fd(), events.data(), static_cast<int>(events.size()), kPatienceMs);
        if (count <= 0) throw std::runtime_error("no answer for 30 s");
        for (int i = 0; i < count; ++i) {
            Connection& connection = connections_[events[static_cast<std::size_t>(i)].data.u64];
            if (!answered(connection)) continue;
            ++done;
            send_next(connection);
        }
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace citybridge::bench
