#pragma once
// epoll and an eventfd to wake it. Used directly instead of Poco::Net::PollSet
// because that builds a map of socket objects at every wait, on the path of
// every byte from the PBX.
#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>

namespace citybridge {

class WaitSet {
public:
    WaitSet();  // throws std::system_error
    ~WaitSet();
    WaitSet(const WaitSet&) = delete;
    WaitSet& operator=(const WaitSet&) = delete;

    // `key` comes back with each event; 0 is taken. False: the system refused.
    bool add(int fd, std::uint32_t events, std::uint64_t key);
    bool change(int fd, std::uint32_t events, std::uint64_t key);
    void remove(int fd);

    // Blocks up to timeout_ms (-1: without limit); level-triggered. The span is valid until the next wait.
    std::span<const epoll_event> wait(int timeout_ms);
    void wake();  // any thread; one wait returns early

private:
    int epoll_ = -1;
    int wake_ = -1;
    std::array<epoll_event, 64> events_{};
};

}  // namespace citybridge
