#include "tools/stand_in/http_door.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <optional>

#include "core/api/text.h"

namespace citybridge::stand_in {
namespace {

constexpr std::size_t kLongestHead = 64 << 10;
constexpr std::size_t kLongestBody = 16 << 20;

const char* reason_of(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 404: return "Not Found";
        case 500: return "Internal Server Error";
        case 503: return "Service Unavailable";
        default: return "Answer";
    }
}

bool send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto size = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (size <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

bool read_more(int fd, std::string& buffer) {
    char piece[16 << 10];
    const auto size = ::recv(fd, piece, sizeof piece, 0);
    if (size <= 0) return false;
    buffer.append(piece, static_cast<std::size_t>(size));
    return true;
}

// Without the empty line at its end.
std::optional<Request> parse_head(std::string_view head) {
    Request request;
    std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view first = head.substr(0, end);
    const std::size_t space = first.find(' ');
    const std::size_t last = first.rfind(' ');
    if (space == std::string_view::npos || last == space) return std::nullopt;
    request.method = first.substr(0, space);
    request.target = first.substr(space + 1, last - space - 1);
    while (end < head.size()) {
        const std::size_t begin = end + 2;
        end = std::min(head.find("\r\n", begin), head.size());
        const std::string_view line = head.substr(begin, end - begin);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        request.headers.emplace_back(lower_case(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
    return request;
}

// nullopt: a body of unknown or inadmissible length.
std::optional<std::size_t> body_length(const Request& request) {
    if (!request.header("transfer-encoding").empty()) return std::nullopt;
    const std::string_view text = request.header("content-length");
    if (text.empty()) return 0;
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc() || end != text.data() + text.size() || length > kLongestBody) return std::nullopt;
    return length;
}

std::string wire(const Reply& reply) {
    return "HTTP/1.1 " + std::to_string(reply.status) + ' ' + reason_of(reply.status) +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(reply.body.size()) + "\r\n" +
           reply.extra_headers + "\r\n" + reply.body;
}

// A cut that the peer cannot take for an orderly end.
void reset(int fd) {
    const linger hard{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

bool wait_readable(int fd) {
    pollfd one{fd, POLLIN, 0};
    while (true) {
        const int ready = ::poll(&one, 1, -1);
        if (ready < 0 && errno == EINTR) continue;
        return ready > 0 && (one.revents & POLLIN) != 0;
    }
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

Result<> HttpDoor::start(std::uint16_t port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    here.sin_port = htons(port);
    socklen_t size = sizeof here;
    auto* const address = reinterpret_cast<sockaddr*>(&here);
    if (listener_ < 0 || ::bind(listener_, address, size) != 0 || ::listen(listener_, 512) != 0 ||
        ::getsockname(listener_, address, &size) != 0) {
        const Error why{"stand_in.port", "cannot listen on 127.0.0.1:" + std::to_string(port) + ": " + strerror(errno)};
        if (listener_ >= 0) ::close(std::exchange(listener_, -1));
        return why;
    }
    port_ = ntohs(here.sin_port);
    {
        std::lock_guard lock(mutex_);
        stopping_ = false;
    }
    acceptor_ = std::thread([this] { accept_all(); });
    return ok();
}

void HttpDoor::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        for (const Connection& connection : connections_)
            if (!connection.ended) ::shutdown(connection.fd, SHUT_RDWR);
    }
    stop_signal_.notify_all();
    if (listener_ >= 0) ::shutdown(listener_, SHUT_RDWR);
    if (acceptor_.joinable()) acceptor_.join();
    reap(true);
    if (listener_ >= 0) ::close(std::exchange(listener_, -1));
}

bool HttpDoor::pause(Millis wait) {
    std::unique_lock lock(mutex_);
    return !stop_signal_.wait_for(lock, wait, [this] { return stopping_; });
}

void HttpDoor::accept_all() {
    while (true) {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
        if (fd < 0) return;
        const int yes = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        reap(false);
        std::lock_guard lock(mutex_);
        if (stopping_) {
            ::close(fd);
            return;
        }
        Connection& connection = connections_.emplace_back();
        connection.fd = fd;
        connection.thread = std::thread([this, &connection] { serve(connection); });
    }
}

void HttpDoor::reap(bool all) {
    std::list<Connection> done;
    {
        std::lock_guard lock(mutex_);
        for (auto it = connections_.begin(); it != connections_.end();) {
            const auto next = std::next(it);
            if (all || it->ended) done.splice(done.end(), connections_, it);
            it = next;
        }
    }
    for (Connection& connection : done) connection.thread.join();
}

void HttpDoor::serve(Connection& connection) {
    std::string buffer;
    while (serve_one(connection.fd, buffer)) {
    }
    // The number may be another connection's as soon as it is closed, so stop() must not see it any more.
    std::lock_guard lock(mutex_);
    connection.ended = true;
    ::close(connection.fd);
}

bool HttpDoor::serve_one(int fd, std::string& buffer) {
    if (buffer.empty() && !wait_readable(fd)) return false;
    if (handlers_.slam()) {
        reset(fd);
        return false;
    }
    std::size_t head = 0;
    while ((head = buffer.find("\r\n\r\n")) == std::string::npos)
        if (buffer.size() > kLongestHead || !read_more(fd, buffer)) return false;
    std::optional<Request> request = parse_head(std::string_view(buffer).substr(0, head));
    const std::optional<std::size_t> length = request ? body_length(*request) : std::nullopt;
    if (!length) {
        send_all(fd, wire({400, R"({"error":"a request with Content-Length is needed"})", {}, Millis{0}, false}));
        return false;
    }
    if (!request->header("expect").empty() && !send_all(fd, "HTTP/1.1 100 Continue\r\n\r\n")) return false;
    while (buffer.size() < head + 4 + *length)
        if (!read_more(fd, buffer)) return false;
    request->body = buffer.substr(head + 4, *length);
    buffer.erase(0, head + 4 + *length);
    const Reply reply = handlers_.answer(*request);
    if (reply.wait > Millis{0} && !pause(reply.wait)) return false;
    if (reply.drop) {
        reset(fd);
        return false;
    }
    return send_all(fd, wire(reply)) && lower_case(request->header("connection")) != "close";
}

}  // namespace citybridge::stand_in
