#include "core/host/lane_connection.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketImpl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "core/host/host_lane.h"

namespace citybridge {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

// A client that dials a closed local port from the same port range can meet
// itself; such a connection would echo our own bytes.
bool is_self(const Poco::Net::StreamSocket& socket) {
    try {
        return socket.address() == socket.peerAddress();
    } catch (const Poco::Exception&) {
        return false;  // gone again already: reading tells
    }
}

}  // namespace

LaneConnection::LaneConnection(HostLane& lane, std::uint64_t id, const LinkOptions& options, LinkCallbacks callbacks)
    : lane_(lane), id_(id), options_(options), callbacks_(std::move(callbacks)) {}

std::string LaneConnection::peer() const { return options_.host + ':' + std::to_string(options_.port); }

int LaneConnection::fd() const { return socket_->impl()->sockfd(); }

void LaneConnection::begin() {
    connect_timer_ = lane_.timers_.add(lane_.now().mono + options_.connect_timeout, [this] {
        connect_timer_ = 0;
        fail({"link.connect_timeout", "no connection to " + peer() + " within " +
                                          std::to_string(options_.connect_timeout.count()) +
                                          " ms; check address, port and firewall"});
    });
    if (const auto address = numeric_address(options_.host, options_.port)) {
        addresses_ = {*address};
        connect_next();
        return;
    }
    state_ = State::resolving;
    const auto asked = lane_.lookup(id_, options_.host, options_.port);
    if (!asked) fail(asked.error());
}

void LaneConnection::resolved(Result<Addresses> answer) {
    if (state_ != State::resolving) return;
    if (!answer) {
        fail(answer.error());
        return;
    }
    addresses_ = std::move(*answer);
    std::reverse(addresses_.begin(), addresses_.end());
    connect_next();
}

// A name may have several addresses of which only one answers ("localhost": ::1
// and 127.0.0.1). The time-out is for all of them together.
void LaneConnection::connect_next() {
    while (!addresses_.empty()) {
        const auto address = addresses_.back();
        addresses_.pop_back();
        try {
            socket_.emplace();
            socket_->connectNB(address);
            socket_->setNoDelay(true);
            socket_->setKeepAlive(true);
            state_ = State::connecting;
            if (lane_.waits_.add(fd(), EPOLLOUT, id_)) return;
            last_failure_ = Error{"link.connect", "cannot watch the connection to " + peer() + ": " + reason(errno)};
        } catch (const Poco::Exception& e) {
            last_failure_ = Error{"link.connect", "cannot connect to " + peer() + ": " + e.displayText()};
        }
        socket_.reset();
    }
    fail(last_failure_.value_or(Error{"link.connect", "no address to connect to for " + peer()}));
}

void LaneConnection::ready(std::uint32_t events) {
    if (state_ == State::connecting) {
        connected();
        return;
    }
    if (state_ == State::open && (events & EPOLLOUT) != 0) flush();
    if (state_ == State::open && (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) receive();
}

void LaneConnection::connected() {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == 0 && is_self(*socket_)) error = ECONNREFUSED;
    if (error != 0) {
        last_failure_ = error == ECONNREFUSED
                            ? Error{"link.refused", peer() + " refused the connection; is the service running?"}
                            : Error{"link.connect", "cannot connect to " + peer() + ": " + reason(error)};
        drop_socket();
        connect_next();
        return;
    }
    lane_.timers_.cancel(connect_timer_);
    connect_timer_ = 0;
    state_ = State::open;
    wants_write_ = !unsent_.empty();
    watch();
    if (callbacks_.opened) lane_.guarded(callbacks_.opened);
}

void LaneConnection::receive() {
    auto& buffer = lane_.read_buffer_;
    const ssize_t size = ::recv(fd(), buffer.data(), buffer.size(), 0);
    if (size > 0) {
        const std::string_view bytes(buffer.data(), static_cast<std::size_t>(size));
        if (callbacks_.received) lane_.guarded([&] { callbacks_.received(bytes); });
        return;
    }
    if (size == 0) {
        fail({"link.peer_closed", peer() + " closed the connection"});
        return;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return;
    fail({"link.lost", "connection to " + peer() + " lost: " + reason(errno)});
}

void LaneConnection::send(std::string_view bytes) {
    if (!in_use()) return;
    const bool goes_at_once = state_ == State::open && unsent_.empty();
    if (!goes_at_once && unsent_.size() + bytes.size() > options_.send_buffer_bytes) {
        overflow();
        return;
    }
    unsent_.append(bytes);
    if (goes_at_once) flush();
}

void LaneConnection::overflow() {
    fail({"link.overflow", peer() + " does not read: more than " + std::to_string(options_.send_buffer_bytes) +
                               " bytes wait to be sent"});
}

void LaneConnection::flush() {
    while (sent_ < unsent_.size()) {
        const ssize_t size = ::send(fd(), unsent_.data() + sent_, unsent_.size() - sent_, MSG_NOSIGNAL);
        if (size >= 0) {
            sent_ += static_cast<std::size_t>(size);
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            fail({"link.lost", "connection to " + peer() + " lost: " + reason(errno)});
            return;
        }
        break;
    }
    unsent_.erase(0, sent_);
    sent_ = 0;
    if (unsent_.size() > options_.send_buffer_bytes) {
        overflow();
        return;
    }
    if (wants_write_ == !unsent_.empty()) return;
    wants_write_ = !unsent_.empty();
    watch();
}

void LaneConnection::watch() {
    const std::uint32_t events = EPOLLIN | (wants_write_ ? static_cast<std::uint32_t>(EPOLLOUT) : 0U);
    lane_.waits_.change(fd(), events, id_);
}

// `closed` is told from the loop, never from inside send() or connect(): the
// plugin is in the middle of something there.
void LaneConnection::fail(Error why) {
    if (!in_use()) return;
    state_ = State::closing;
    drop_socket();
    lane_.timers_.cancel(connect_timer_);
    close_timer_ = lane_.timers_.add(lane_.now().mono, [this, why = std::move(why)] {
        close_timer_ = 0;
        tell_closed(why);
    });
}

void LaneConnection::tell_closed(const Error& why) {
    // The lane's entry is the last owner if the plugin let go of its handle inside the callback.
    const auto self = lane_.forget(id_);
    state_ = State::closed;
    // Taken out, because they may own whoever holds the handle: nothing calls them again.
    const LinkCallbacks last = std::move(callbacks_);
    if (last.closed) lane_.guarded([&] { last.closed(why); });
}

void LaneConnection::close_quietly() {
    if (state_ == State::closed) return;
    state_ = State::closed;
    drop_socket();
    lane_.timers_.cancel(connect_timer_);
    lane_.timers_.cancel(close_timer_);
    lane_.forget(id_);
}

void LaneConnection::drop_socket() {
    if (!socket_) return;
    lane_.waits_.remove(fd());
    socket_.reset();
}

}  // namespace citybridge
