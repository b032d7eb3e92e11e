#include "tests/support/hostile_http_server.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <stdexcept>

#include "tests/support/hostile_connection.h"

namespace citybridge::test {
namespace {

using Kind = HostileAnswer::Kind;
constexpr std::chrono::seconds kPatience{30};

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
}

int bound_socket(std::uint16_t& port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (fd < 0 || ::bind(fd, raw, size) != 0 || ::getsockname(fd, raw, &size) != 0)
        throw std::runtime_error("no free port on 127.0.0.1");
    port = ntohs(address.sin_port);
    return fd;
}

std::string head_of(const HostileAnswer& answer, std::size_t length) {
    std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " As Told\r\n";
    for (const auto& [name, value] : answer.headers) out += name + ": " + value + "\r\n";
    return out + "Content-Type: application/json\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

std::string whole(const HostileAnswer& answer) { return head_of(answer, answer.body.size()) + answer.body; }

}  // namespace

std::string ReceivedRequest::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

HostileHttpServer::HostileHttpServer(Script script, const TestCertificate* tls)
    : script_(script ? std::move(script) : [](const ReceivedRequest&) { return HostileAnswer{}; }) {
    if (tls != nullptr) {
        tls_ = SSL_CTX_new(TLS_server_method());
        tls->use_in(tls_);
    }
    listener_ = bound_socket(port_);
    if (::listen(listener_, 1024) != 0) throw std::runtime_error("listen");
    acceptor_ = std::thread([this] { accept_loop(); });
}

HostileHttpServer::~HostileHttpServer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    close_connections();
    connections_.clear();
    ::close(listener_);
    SSL_CTX_free(tls_);
}

std::string HostileHttpServer::url(std::string_view path) const {
    return (tls_ != nullptr ? "https" : "http") + ("://127.0.0.1:" + std::to_string(port_)) + std::string(path);
}

void HostileHttpServer::answer_by(Script script) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(script);
}

void HostileHttpServer::answer_with(HostileAnswer answer) {
    answer_by([answer = std::move(answer)](const ReceivedRequest&) { return answer; });
}

void HostileHttpServer::release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
}

void HostileHttpServer::close_connections() {
    const std::lock_guard lock(mutex_);
    for (const auto& connection : connections_) connection->shut();
}

std::vector<ReceivedRequest> HostileHttpServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::size_t HostileHttpServer::connections() const {
    const std::lock_guard lock(mutex_);
    return accepted_;
}

bool HostileHttpServer::wait_for_requests(std::size_t count) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return requests_.size() >= count; });
}

void HostileHttpServer::accept_loop() {
    while (true) {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        const int yes = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        const std::lock_guard lock(mutex_);
        auto& connection = connections_.emplace_back(std::make_unique<Connection>(fd, ++accepted_));
        connection->thread = std::thread([this, &connection = *connection] {
            serve(connection);
            connection.shut();
        });
    }
}

void HostileHttpServer::serve(Connection& connection) {
    if (!connection.shake_hands(tls_)) return;
    while (auto request = connection.read_request()) {
        HostileAnswer wanted;
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) return;
            wanted = script_(*request);
            requests_.push_back(std::move(*request));
            changed_.notify_all();
        }
        if (!answer(connection, wanted)) return;
    }
}

// False when the server ends first.
bool HostileHttpServer::wait_released() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return released_ || stopping_; });
    return !stopping_;
}

bool HostileHttpServer::wait_stopping(Millis time) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [&] { return stopping_; });
}

bool HostileHttpServer::answer(Connection& connection, const HostileAnswer& answer) {
    const std::string& body = answer.body;
    switch (answer.kind) {
        case Kind::whole: return connection.write(whole(answer));
        case Kind::whole_then_close: connection.write(whole(answer)); return false;
        case Kind::close_before: return false;
        case Kind::close_middle:
            connection.write(head_of(answer, body.size()) + body.substr(0, body.size() / 2));
            return false;
        case Kind::slow:
            for (const char c : whole(answer))
                if (wait_stopping(answer.pace) || !connection.write({&c, 1})) return false;
            return true;
        case Kind::endless_body:
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (connection.write("1000\r\n" + std::string(0x1000, 'x') + "\r\n")) continue;
            return false;
        case Kind::endless_header:
            connection.write("HTTP/1.1 200 OK\r\n");
            while (connection.write("X-More: " + std::string(100, 'x') + "\r\n")) continue;
            return false;
        case Kind::too_short: connection.write(head_of(answer, body.size() + 10) + body); return false;
        case Kind::too_long: return connection.write(head_of(answer, body.size()) + body + "more than announced");
        case Kind::never:
            while (!wait_stopping(kPatience)) continue;
            return false;
        case Kind::late: return wait_released() && connection.write(whole(answer));
        case Kind::garbage: connection.write("\x16\x03\x01 who are you\r\n\r\n"); return false;
        case Kind::reset: connection.reset(); return false;
        case Kind::interim:
            return connection.write(
                       "HTTP/1.1 102 Processing\r\nX-Interim: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n") &&
                   connection.write(whole(answer));
        case Kind::only_interim: connection.write("HTTP/1.1 102 Processing\r\n\r\n"); return false;
    }
    return false;
}

std::uint16_t closed_port() {
    std::uint16_t port = 0;
    ::close(bound_socket(port));
    return port;
}

}  // namespace citybridge::test
