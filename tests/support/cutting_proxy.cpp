#include "tests/support/cutting_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace citybridge::store {

namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

bool send_all(int socket, const char* bytes, ssize_t size) {
    while (size > 0) {
        const auto sent = ::send(socket, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent;
        size -= sent;
    }
    return true;
}

// Sees whether bytes of a client carry a COMMIT out, said in full or prepared before under a name
// (PostgreSQL 15, 55.7 "Message Formats": Parse is name, query; Bind is portal, name; both end with a zero byte).
class CommitWatch {
public:
    bool carries_out(std::string_view bytes) {
        using namespace std::string_view_literals;
        if (!name_.empty() && bytes.find('\0' + name_ + '\0') != std::string_view::npos) return true;
        const auto query = bytes.find("commit\0"sv);
        if (query == std::string_view::npos) return false;
        if (bytes.front() != 'P') return true;
        constexpr std::size_t kHead = 5;  // type and length
        name_ = std::string(bytes.substr(kHead, bytes.find('\0', kHead) - kHead));
        return name_.empty();
    }

private:
    std::string name_;  // of the prepared COMMIT
};

}  // namespace

CuttingProxy::CuttingProxy(int server_port) : server_port_(server_port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 8) != 0)
        throw std::runtime_error("no port for the proxy");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

CuttingProxy::~CuttingProxy() {
    stopping_ = true;
    thread_.join();
    for (std::thread& connection : connections_) connection.join();
    ::close(listener_);
}

void CuttingProxy::serve() {
    while (!stopping_) {
        pollfd waiting{listener_, POLLIN, 0};
        if (::poll(&waiting, 1, 20) <= 0) continue;
        const int client = ::accept(listener_, nullptr, nullptr);
        if (client < 0) continue;
        connections_.emplace_back([this, client] {
            forward(client);
            ::close(client);
        });
    }
}

void CuttingProxy::forward(int client) {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(server_port_);
    std::array<char, 65536> buffer{};
    bool answer_is_the_last = false;
    CommitWatch watch;
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(server);
        return;
    }
    while (!stopping_) {
        std::array<pollfd, 2> both{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        if (::poll(both.data(), both.size(), 20) <= 0) continue;
        if (both[0].revents != 0) {
            const auto size = ::recv(client, buffer.data(), buffer.size(), 0);
            if (size <= 0) break;
            const bool commits = watch.carries_out({buffer.data(), static_cast<std::size_t>(size)});
            const auto when = commits ? cut_.exchange(Cut::never) : Cut::never;
            if (when != Cut::never) ++cuts_;
            if (when == Cut::before_commit) break;
            if (when == Cut::after_commit) answer_is_the_last = true;
            if (!send_all(server, buffer.data(), size)) break;
        }
        if (both[1].revents != 0) {
            const auto size = ::recv(server, buffer.data(), buffer.size(), 0);
            if (size <= 0 || answer_is_the_last) break;
            if (!send_all(client, buffer.data(), size)) break;
        }
    }
    ::close(server);
}

}  // namespace citybridge::store
