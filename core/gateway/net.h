#pragma once
// Descriptors and TCP helpers for the two event loops of the gateway (front
// door and stream hub). Linux: epoll and eventfd.
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/api/result.h"

namespace citybridge::gateway {

class UniqueFd {
public:
    UniqueFd() = default;
    explicit UniqueFd(int fd) : fd_(fd) {}
    UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept;
    UniqueFd(const UniqueFd&) = delete;
    UniqueFd& operator=(const UniqueFd&) = delete;
    ~UniqueFd() { reset(); }

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    void reset();

private:
    int fd_ = -1;
};

// A non-blocking listener. `host`: a numeric address. Code "gateway.listen_failed".
Result<UniqueFd> listen_on(const std::string& host, std::uint16_t port);
std::uint16_t local_port(int fd);
// Numeric address of the other side without its port; empty if unknown.
std::string peer_address(int fd);

// eventfd: any thread wakes an epoll loop.
UniqueFd make_wakeup();
void wake(int fd);
void clear_wakeup(int fd);

// Never blocks, never raises SIGPIPE. Bytes moved, 0: would block, -1: the connection is gone.
ssize_t send_some(int fd, std::string_view bytes);
enum class ReadStatus { data, would_block, closed };
// Appends what is there, at most `limit` bytes.
ReadStatus read_some(int fd, std::string& into, std::size_t limit);

}  // namespace citybridge::gateway
