#include "bench/receiver.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <map>
#include <stdexcept>
#include <string_view>

#include "bench/durable_node.h"
#include "plugins/webhook/signing.h"

namespace citybridge::bench {
namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 204 No Content\r\n\r\n";
constexpr std::string_view kHeadEnds = "\r\n\r\n";
constexpr std::uint64_t kCheckEvery = 64;

// Of a head whose names are written as the webhook plugin or this folder writes them.
std::string_view header(std::string_view head, std::string_view name) {
    const auto at = head.find(name);
    if (at == std::string_view::npos) return {};
    const auto from = at + name.size();
    return head.substr(from, head.find("\r\n", from) - from);
}

}  // namespace

std::int64_t now_ns() { return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void Receiver::Unmap::operator()(Shared* shared) const { ::munmap(shared, sizeof *shared); }

class Receiver::Loop {
public:
    Loop(const Socket& listener, Shared& shared, const webhook::SigningKey& key)
        : listener_(listener), shared_(shared), key_(key), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        watch(listener_.fd());
    }

    [[noreturn]] void run() {
        std::array<epoll_event, 256> events{};
        for (;;) {
            const int count = ::epoll_wait(epoll_.fd(), events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < count; ++i) {
                const int fd = events[static_cast<std::size_t>(i)].data.fd;
                fd == listener_.fd() ? accept() : serve(fd);
            }
        }
    }

private:
    struct Connection {
        Socket socket;
        std::string bytes;
    };

    void watch(int fd) const {
        epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
        if (::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, fd, &event) != 0) throw_errno("epoll_ctl");
    }

    void accept() {
        Socket socket = accept_from(listener_);
        const int fd = socket.fd();
        watch(fd);
        connections_[fd].socket = std::move(socket);
    }

    void serve(int fd) {
        Connection& connection = connections_.at(fd);
        std::array<char, 65'536> piece;
        const auto size = ::read(fd, piece.data(), piece.size());
        if (size <= 0) {
            connections_.erase(fd);
            return;
        }
        connection.bytes.append(piece.data(), static_cast<std::size_t>(size));
        while (take_one(connection)) send_all(fd, kAnswer);
    }

    bool take_one(Connection& connection) {
        const std::string_view bytes = connection.bytes;
        const auto end = bytes.find(kHeadEnds);
        if (end == std::string_view::npos) return false;
        const std::string_view head = bytes.substr(0, end + 2);
        const std::string_view length = header(head, "Content-Length: ");
        std::size_t size = 0;
        std::from_chars(length.data(), length.data() + length.size(), size);
        const auto body = end + kHeadEnds.size();
        if (bytes.size() < body + size) return false;
        note(head, bytes.substr(body, size));
        connection.bytes.erase(0, body + size);
        return true;
    }

    void note(std::string_view head, std::string_view body) {
        const std::string_view id = header(head, "webhook-id: ");
        const std::string_view signature = header(head, "webhook-signature: ");
        if (const auto n = number_in(id); n && *n < kNotedMost) {
            std::int64_t never = 0;
            shared_.arrived[*n].compare_exchange_strong(never, now_ns());
        }
        const std::uint64_t received = shared_.received++;
        if (signature.empty()) ++shared_.wrong;
        if (received % kCheckEvery != 0) return;
        ++shared_.checked;
        if (key_.sign(id, header(head, "webhook-timestamp: "), body) != signature) ++shared_.wrong;
    }

    const Socket& listener_;
    Shared& shared_;
    const webhook::SigningKey& key_;
    Socket epoll_;
    std::map<int, Connection> connections_;
};

Receiver::Receiver(const std::string& secret) {
    void* const memory =
        ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw_errno("mmap");
    shared_.reset(static_cast<Shared*>(memory));  // zeroes, which is what these atomics are when new
    child_ = std::make_unique<Child>([this, secret] {
        const auto key = or_throw(webhook::SigningKey::parse(secret));
        Loop(listener_, *shared_, key).run();
    });
}

}  // namespace citybridge::bench
