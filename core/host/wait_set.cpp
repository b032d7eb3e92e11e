#include "core/host/wait_set.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace citybridge {

WaitSet::WaitSet() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (epoll_ >= 0 && wake_ >= 0 && add(wake_, EPOLLIN, 0)) return;
    const int error = errno;
    if (epoll_ >= 0) ::close(epoll_);
    if (wake_ >= 0) ::close(wake_);
    throw std::system_error(error, std::generic_category(), "epoll");
}

WaitSet::~WaitSet() {
    ::close(wake_);
    ::close(epoll_);
}

bool WaitSet::add(int fd, std::uint32_t events, std::uint64_t key) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = key;
    return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool WaitSet::change(int fd, std::uint32_t events, std::uint64_t key) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = key;
    return ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event) == 0;
}

void WaitSet::remove(int fd) { ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr); }

std::span<const epoll_event> WaitSet::wait(int timeout_ms) {
    const int found = ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), timeout_ms);
    if (found <= 0) return {};
    const auto last = events_.begin() + found;
    const auto woken = std::find_if(events_.begin(), last, [](const epoll_event& e) { return e.data.u64 == 0; });
    if (woken == last) return {events_.data(), static_cast<std::size_t>(found)};
    std::uint64_t count = 0;
    [[maybe_unused]] const auto drained = ::read(wake_, &count, sizeof count);
    std::move(woken + 1, last, woken);
    return {events_.data(), static_cast<std::size_t>(found - 1)};
}

void WaitSet::wake() {
    // Fails only when the counter is full: then a wake is pending anyway.
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
}

}  // namespace citybridge
