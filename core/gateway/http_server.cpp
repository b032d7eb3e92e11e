#include "core/gateway/http_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <tuple>

namespace citybridge::gateway {
namespace {

using Phase = Connection::Phase;

constexpr std::uint64_t kListener = 0;
constexpr std::uint64_t kWakeup = 1;
constexpr int kLoopMs = 100;
constexpr std::size_t kRequestBytes = 16'384;
constexpr Millis kDrainTime{1'000};
constexpr std::size_t kDrainBytes = 1 << 20;
constexpr Millis kStopGrace{2'000};
// Per connection that sends a body from a source: what it holds of it.
constexpr std::uint64_t kPieceBytes = 128 << 10;

}  // namespace

HttpServer::HttpServer(HttpServerSettings settings, HttpServerHooks hooks)
    : settings_(std::move(settings)), hooks_(std::move(hooks)) {}

Result<> HttpServer::start() {
    auto listener = listen_on(settings_.host, settings_.port);
    if (!listener) return listener.error();
    listener_ = std::move(*listener);
    port_ = local_port(listener_.get());
    epoll_ = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
    wakeup_ = make_wakeup();
    epoll_event event{.events = EPOLLIN, .data = {.u64 = kListener}};
    const int listening = ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), &event);
    event.data.u64 = kWakeup;
    if (listening != 0 || ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wakeup_.get(), &event) != 0)
        return Error{"gateway.listen_failed", "The system gives no epoll descriptors; raise the open-files limit."};
    for (std::size_t i = 0; i < kLaneKinds; ++i)
        pools_[i] = std::make_unique<WorkerPool>(settings_.workers[i], settings_.queue);
    thread_ = std::thread([this] { run(); });
    return ok();
}

void HttpServer::stop() {
    if (stopping_.exchange(true)) return;
    // Workers first: their last answers are then waiting for the front door's last rounds.
    for (auto& pool : pools_)
        if (pool) pool->stop();
    workers_done_ = true;
    if (!thread_.joinable()) return;
    wake(wakeup_.get());
    thread_.join();
}

void HttpServer::run() {
    std::array<epoll_event, 256> ready{};
    std::optional<MonoTime> stop_at;
    MonoTime checked{};
    for (;;) {
        const int count = ::epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), kLoopMs);
        now_ = system_now().mono;
        for (int i = 0; i < count; ++i) {
            const epoll_event& event = ready[static_cast<std::size_t>(i)];
            if (event.data.u64 == kListener)
                accept_all();
            else if (event.data.u64 == kWakeup)
                clear_wakeup(wakeup_.get());
            else
                on_ready(event.data.u64, event.events);
        }
        const bool workers_done = workers_done_;  // before the answers are taken: else the last one could be missed
        take_answers();
        take_pieces();
        if (now_ - checked >= Millis(kLoopMs)) {
            check_times();
            checked = now_;
        }
        if (!stopping_) continue;
        listener_.reset();
        if (!stop_at && workers_done) stop_at = now_ + kStopGrace;
        if (drained(workers_done) || (stop_at && now_ >= *stop_at)) break;
    }
    connections_.clear();
}

bool HttpServer::drained(bool workers_done) const {
    return std::none_of(connections_.begin(), connections_.end(), [&](const auto& entry) {
        const Phase phase = entry.second->phase;
        return phase == Phase::writing || (phase == Phase::serving && !workers_done);
    });
}

void HttpServer::accept_all() {
    while (!stopping_) {
        UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket) {
            if (errno == EINTR || errno == ECONNABORTED) continue;
            // Out of descriptors: without room the listener would stay readable and spin; a tick looks again.
            if ((errno == EMFILE || errno == ENFILE) && !make_room()) {
                ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_.get(), nullptr);
                listening_ = false;
            }
            return;
        }
        const bool room = connections_.size() < settings_.max_connections || make_room();
        const int on = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (!room) {
            const Error why{"http.too_many_connections", "All connections are in use; try again in a moment."};
            send_some(socket.get(), to_bytes(hooks_.refuse(why), false, false));
            if (hooks_.connection_dropped) hooks_.connection_dropped("full");
            continue;
        }
        const Id id = ++last_id_;
        auto connection = std::make_unique<Connection>(id, std::move(socket), settings_.limits, now_);
        epoll_event event{.events = EPOLLIN, .data = {.u64 = id}};
        connection->watched = EPOLLIN;
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connection->socket.get(), &event) != 0) continue;
        connections_.emplace(id, std::move(connection));
        if (hooks_.connections_changed) hooks_.connections_changed(connections_.size());
    }
}

// Closes the connection that has waited longest without a complete request:
// idle ones first, then those that dribble. An honest request is complete
// within milliseconds, so it is never the oldest under an attack.
bool HttpServer::make_room() {
    Connection* victim = nullptr;
    for (const auto& [id, connection] : connections_) {
        if (connection->phase != Phase::reading && connection->phase != Phase::draining) continue;
        const auto rank = [](const Connection& c) { return std::tuple(!c.waits, c.since, c.id); };
        if (!victim || rank(*connection) < rank(*victim)) victim = connection.get();
    }
    if (!victim) return false;
    drop(*victim, "evicted");
    return true;
}

void HttpServer::on_ready(Id id, std::uint32_t events) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;  // dropped earlier in this round
    Connection& connection = *found->second;
    switch (connection.phase) {
        case Phase::reading:
        case Phase::draining: return read_from(connection);
        case Phase::writing:
            if (events & EPOLLERR) return drop(connection, "gone");
            return flush(connection);
        case Phase::serving:
            // Hang-up is reported again and again; the descriptor leaves epoll until the answer is there.
            connection.peer_gone = true;
            ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, connection.socket.get(), nullptr);
            return;
    }
}

void HttpServer::read_from(Connection& connection) {
    std::string bytes;
    const ReadStatus status = read_some(connection.socket.get(), bytes, kRequestBytes);
    if (status == ReadStatus::would_block) return;
    if (status == ReadStatus::closed) return drop(connection, nullptr);
    if (connection.phase == Phase::draining) {
        connection.drained += bytes.size();
        if (connection.drained > kDrainBytes) drop(connection, nullptr);
        return;
    }
    if (connection.waits) connection.since = now_;
    connection.waits = false;
    advance(connection, connection.reader.feed(bytes));
}

void HttpServer::advance(Connection& connection, RequestReader::Step step) {
    switch (step) {
        case RequestReader::Step::need_continue:
            if (send_some(connection.socket.get(), kContinue) != static_cast<ssize_t>(kContinue.size()))
                drop(connection, "gone");
            return;
        case RequestReader::Step::need_more: connection.waits = connection.reader.idle(); return;
        case RequestReader::Step::complete: return hand_to_worker(connection);
        case RequestReader::Step::refused: return refuse(connection, connection.reader.refusal());
    }
}

void HttpServer::hand_to_worker(Connection& connection) {
    auto request = std::make_shared<HttpRequest>(connection.reader.take());
    request->peer = connection.peer;
    connection.phase = Phase::serving;
    connection.head_only = request->method == "HEAD";
    connection.keep_alive = request->keep_alive && !stopping_;
    watch(connection);
    const auto lane = static_cast<std::size_t>(hooks_.lane_of(*request));
    const bool taken = pools_[lane]->post([this, request, id = connection.id] {
        HttpResponse response = hooks_.answer(*request);
        {
            const std::lock_guard lock(answers_mutex_);
            answers_.push_back({id, std::move(response)});
        }
        wake(wakeup_.get());
    });
    if (taken) return;
    connection.keep_alive = false;  // also bounds the recursion over pipelined requests
    answer(connection, hooks_.refuse({"http.busy", "Too many requests are waiting; try again in a moment."}));
}

void HttpServer::refuse(Connection& connection, const Error& why) {
    connection.head_only = false;
    connection.keep_alive = false;
    answer(connection, hooks_.refuse(why));
}

void HttpServer::take_answers() {
    std::vector<Answer> answers;
    {
        const std::lock_guard lock(answers_mutex_);
        answers.swap(answers_);
    }
    for (Answer& entry : answers) {
        const auto found = connections_.find(entry.connection);
        if (found == connections_.end()) continue;
        if (found->second->peer_gone)
            drop(*found->second, "gone");
        else
            answer(*found->second, std::move(entry.response));
    }
}

// The client has taken what there was. Whoever reads slowly fetches slowly, so nothing piles up here.
void HttpServer::fetch_piece(Connection& connection) {
    connection.phase = Phase::serving;
    watch(connection);
    const auto most = static_cast<std::size_t>(std::min(connection.left, kPieceBytes));
    const bool taken = pools_[static_cast<std::size_t>(LaneKind::media)]->post(
        [this, source = connection.source, most, id = connection.id] {
            Piece piece{id, source->read(most)};
            {
                const std::lock_guard lock(answers_mutex_);
                pieces_.push_back(std::move(piece));
            }
            wake(wakeup_.get());
        });
    if (!taken) drop(connection, "busy");
}

void HttpServer::take_pieces() {
    std::vector<Piece> pieces;
    {
        const std::lock_guard lock(answers_mutex_);
        pieces.swap(pieces_);
    }
    for (Piece& piece : pieces) {
        const auto found = connections_.find(piece.connection);
        if (found == connections_.end()) continue;
        Connection& connection = *found->second;
        const bool usable = piece.bytes && !piece.bytes->empty() && piece.bytes->size() <= connection.left;
        if (connection.peer_gone || !usable) {
            drop(connection, connection.peer_gone ? "gone" : "body_failed");
            continue;
        }
        connection.left -= piece.bytes->size();
        connection.out = std::move(*piece.bytes);
        connection.out_at = 0;
        connection.phase = Phase::writing;
        connection.since = now_;
        flush(connection);
    }
}

void HttpServer::answer(Connection& connection, HttpResponse response) {
    if (response.take_over) return hand_over(connection, std::move(response));
    response.with("Date", http_date(system_now().wall));
    if (response.close || stopping_) connection.keep_alive = false;
    connection.out = to_bytes(response, connection.head_only, connection.keep_alive);
    connection.out_at = 0;
    if (response.source && !connection.head_only) {
        connection.left = response.source->length();
        connection.source = std::move(response.source);
    }
    connection.phase = Phase::writing;
    connection.since = now_;
    flush(connection);
}

void HttpServer::hand_over(Connection& connection, HttpResponse response) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, connection.socket.get(), nullptr);
    Upgraded upgraded{std::move(connection.socket), to_bytes(response, false, true), connection.reader.take_rest()};
    const auto take_over = std::move(response.take_over);
    connections_.erase(connection.id);
    if (hooks_.connections_changed) hooks_.connections_changed(connections_.size());
    take_over(std::move(upgraded));
}

void HttpServer::flush(Connection& connection) {
    while (connection.out_at < connection.out.size()) {
        const ssize_t sent =
            send_some(connection.socket.get(), std::string_view(connection.out).substr(connection.out_at));
        if (sent < 0) return drop(connection, "gone");
        if (sent == 0) return watch(connection);
        connection.out_at += static_cast<std::size_t>(sent);
    }
    connection.out = {};
    if (connection.left > 0) return fetch_piece(connection);
    connection.source.reset();
    connection.served = true;
    connection.since = now_;
    if (!connection.keep_alive) {
        // Closing with unread bytes would send a reset, which can destroy the answer on its way.
        ::shutdown(connection.socket.get(), SHUT_WR);
        connection.phase = Phase::draining;
        return watch(connection);
    }
    connection.phase = Phase::reading;
    connection.waits = connection.reader.idle();
    watch(connection);
    // A pipelined request may be complete already, and no further byte would tell.
    if (!connection.waits) advance(connection, connection.reader.feed({}));
}

void HttpServer::watch(Connection& connection) {
    std::uint32_t wanted = EPOLLIN;
    if (connection.phase == Phase::writing) wanted = EPOLLOUT;
    if (connection.phase == Phase::serving) wanted = 0;
    if (wanted == connection.watched) return;
    connection.watched = wanted;
    epoll_event event{.events = wanted, .data = {.u64 = connection.id}};
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, connection.socket.get(), &event);
}

void HttpServer::check_times() {
    std::vector<Connection*> late;
    for (const auto& [id, connection] : connections_) {
        const Millis age = now_ - connection->since;
        const bool idle = connection->waits && connection->served;
        const Millis limit = idle ? settings_.idle_timeout : settings_.request_timeout;
        if (connection->phase == Phase::reading && age > limit) late.push_back(connection.get());
        if (connection->phase == Phase::writing && age > settings_.write_timeout) late.push_back(connection.get());
        if (connection->phase == Phase::draining && age > kDrainTime) late.push_back(connection.get());
    }
    for (Connection* connection : late) {
        if (connection->phase == Phase::reading && !connection->waits)
            refuse(*connection, {"http.timeout", "The request was not complete in time."});
        else
            drop(*connection, connection->phase == Phase::writing ? "slow_reader" : nullptr);
    }
    if (!listening_ && listener_) {
        epoll_event event{.events = EPOLLIN, .data = {.u64 = kListener}};
        listening_ = ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener_.get(), &event) == 0;
    }
}

void HttpServer::drop(Connection& connection, const char* why) {
    if (why && hooks_.connection_dropped) hooks_.connection_dropped(why);
    connections_.erase(connection.id);
    if (hooks_.connections_changed) hooks_.connections_changed(connections_.size());
}

}  // namespace citybridge::gateway
