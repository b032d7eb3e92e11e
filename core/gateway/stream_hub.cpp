#include "core/gateway/stream_hub.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/gateway/crypto.h"
#include "core/gateway/stream_json.h"

namespace citybridge::gateway {
namespace {

using Life = StreamClient::Life;

constexpr int kTickMs = 100;
constexpr Millis kLookAtClients{100};
constexpr Millis kAskAboutSessions{1'000};
constexpr std::size_t kReadBytes = 16'384;
// A client has nothing to tell; one that sends more than this between two looks is flooding.
constexpr int kMaxMessagesPerLook = 200;

// The frame's memory, shared with the ring.
std::shared_ptr<const std::string> frame_of(const StreamEventPtr& event) { return {event, &event->frame}; }

}  // namespace

StreamPlace::~StreamPlace() { hub_.release(number_); }

StreamHub::StreamHub(StreamHubSettings settings, StreamHubHooks hooks)
    : settings_(settings),
      hooks_(std::move(hooks)),
      generation_(random_hex(8)),
      ring_(settings.ring_events, settings.ring_bytes) {}

Result<> StreamHub::start() {
    epoll_ = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
    wakeup_ = make_wakeup();
    epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wakeup_.get(), &event) != 0)
        return Error{"gateway.listen_failed", "The system gives no epoll descriptors; raise the open-files limit."};
    thread_ = std::thread([this] { run(); });
    return ok();
}

void StreamHub::stop() {
    if (stopping_.exchange(true) || !thread_.joinable()) return;
    wake(wakeup_.get());
    thread_.join();
}

std::string StreamHub::id_of(std::uint64_t sequence) const { return generation_ + "-" + std::to_string(sequence); }

std::optional<std::uint64_t> StreamHub::resume_at(std::string_view last_event_id) const {
    if (!last_event_id.starts_with(generation_ + "-")) return std::nullopt;
    last_event_id.remove_prefix(generation_.size() + 1);
    std::uint64_t sequence = 0;
    const char* end = last_event_id.data() + last_event_id.size();
    const auto [at, error] = std::from_chars(last_event_id.data(), end, sequence);
    if (error != std::errc{} || at != end || !ring_.can_resume_after(sequence)) return std::nullopt;
    return sequence + 1;
}

void StreamHub::publish(const EventPtr& event) {
    const auto item = std::make_shared<const StreamEvent>(
        StreamEvent{event->sequence, audience_of(event->event),
                    ws_frame(WsOpcode::text, event_text(id_of(event->sequence), *event))});
    const std::uint64_t previous = ring_.push(item);
    const MonoTime now = system_now().mono;
    const std::lock_guard lock(clients_mutex_);
    for (const auto& client : clients_) {
        const std::lock_guard client_lock(client->mutex);
        // Behind or busy: the hub thread is on its way through the ring and will come to this event.
        // Ahead: its snapshot, or the hub thread, already had it.
        const bool caught_up = client->cursor > previous && !client->writing();
        if (client->life != Life::open || !caught_up || client->cursor > item->sequence) continue;
        client->cursor = item->sequence + 1;
        if (!may_see(client->viewer, item->audience)) continue;
        client->send(frame_of(item), now);
        client->flush(now);
    }
}

Result<std::shared_ptr<StreamPlace>> StreamHub::reserve(const Viewer& viewer, const std::string& session) {
    const std::lock_guard lock(clients_mutex_);
    if (stopping_ || clients_.size() + reserved_.size() >= settings_.max_clients)
        return Error{"stream.too_many", "All places for stream clients are taken."};
    const auto own =
        std::count_if(clients_.begin(), clients_.end(), [&](const auto& c) { return c->viewer.user == viewer.user; }) +
        std::count_if(reserved_.begin(), reserved_.end(),
                      [&](const Reserved& place) { return place.user == viewer.user; });
    if (static_cast<std::size_t>(own) >= settings_.max_clients_per_user)
        return Error{"stream.too_many_of_user", "This user has " + std::to_string(own) + " streams open; close one."};
    if (settings_.refuse_second_place && elsewhere(viewer.agent, session))
        return Error{"session.second_place", "His desktop is connected at another place; log out there first."};
    reserved_.push_back({++places_, viewer.user, viewer.agent, session});
    return std::make_shared<StreamPlace>(*this, places_);
}

void StreamHub::release(std::uint64_t place) {
    const std::lock_guard lock(clients_mutex_);
    std::erase_if(reserved_, [&](const Reserved& each) { return each.number == place; });
}

// Precondition: clients_mutex_ is held.
bool StreamHub::elsewhere(const std::string& agent, const std::string& session) const {
    if (agent.empty()) return false;
    const auto other = [&](const auto& whose, const auto& his) { return whose == agent && his != session; };
    return std::any_of(clients_.begin(), clients_.end(),
                       [&](const auto& client) {
                           const std::lock_guard client_lock(client->mutex);
                           return other(client->viewer.agent, client->session) && client->life == Life::open &&
                                  !client->session_ended;
                       }) ||
           std::any_of(reserved_.begin(), reserved_.end(),
                       [&](const Reserved& place) { return other(place.agent, place.session); });
}

bool StreamHub::is_elsewhere(const std::string& agent, const std::string& session) const {
    const std::lock_guard lock(clients_mutex_);
    return elsewhere(agent, session);
}

void StreamHub::join(Upgraded connection, const Viewer& viewer, const std::string& session, std::string first,
                     std::uint64_t cursor) {
    const MonoTime now = system_now().mono;
    auto client = std::make_shared<StreamClient>();
    client->viewer = viewer;
    client->session = session;
    client->socket = std::move(connection.socket);
    client->cursor = cursor;
    client->next_ping = now + settings_.ping;
    client->send(std::make_shared<const std::string>(std::move(connection.out) + std::move(first)), now);
    // Else the kernel lets several megabytes pile up for each client that does not read.
    ::setsockopt(client->socket.get(), SOL_SOCKET, SO_SNDBUF, &settings_.socket_bytes, sizeof settings_.socket_bytes);
    std::vector<WsMessage> early;
    const bool sane = client->reader.feed(connection.in, early);
    for (const WsMessage& message : early) on_message(*client, message, now);
    if (!sane) client->begin_close(client->reader.close_code(), client->reader.close_reason(), now);

    bool joined = false;
    {
        const std::lock_guard lock(clients_mutex_);
        if (stopping_) return;
        clients_.push_back(client);
        // A writable socket is an edge at once: it makes the hub thread send what is there.
        epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.ptr = client.get()}};
        joined = ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, client->socket.get(), &event) == 0;
        if (!joined) clients_.pop_back();
        if (hooks_.clients_changed) hooks_.clients_changed(clients_.size());
    }
    if (joined && !viewer.agent.empty()) tell_desktop_came(viewer.agent);
}

void StreamHub::end_session(const std::string& session) {
    const std::lock_guard lock(clients_mutex_);
    for (const auto& client : clients_) {
        const std::lock_guard client_lock(client->mutex);
        if (client->session == session) client->session_ended = true;
    }
    wake(wakeup_.get());
}

std::vector<std::string> StreamHub::take_over(const std::string& agent, const std::string& session) {
    std::vector<std::string> ended;
    if (agent.empty()) return ended;
    const MonoTime now = system_now().mono;
    const std::string goodbye = ws_frame(WsOpcode::text, goodbye_text(system_now().wall, "second_login"));
    const std::lock_guard lock(clients_mutex_);
    for (const auto& client : clients_) {
        const std::lock_guard client_lock(client->mutex);
        if (client->viewer.agent != agent || client->session == session) continue;
        ended.push_back(client->session);
        if (client->life != Life::open) continue;
        client->farewell = goodbye;
        client->begin_close(ws_close::kPolicy, "logged in at a second place", now);
    }
    if (!ended.empty()) wake(wakeup_.get());
    return ended;
}

std::size_t StreamHub::clients() const {
    const std::lock_guard lock(clients_mutex_);
    return clients_.size();
}

void StreamHub::run() {
    std::array<epoll_event, 256> ready{};
    MonoTime looked{};
    while (!stopping_) {
        const int count = ::epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), kTickMs);
        bool woken = false;
        for (int i = 0; i < count; ++i) {
            void* owner = ready[static_cast<std::size_t>(i)].data.ptr;
            if (owner)
                on_ready(*static_cast<StreamClient*>(owner));
            else
                woken = true;
        }
        if (woken) clear_wakeup(wakeup_.get());
        const MonoTime now = system_now().mono;
        if (woken || now - looked >= kLookAtClients) {
            check_times(now);
            looked = now;
        }
        remove_gone();
    }
    say_goodbye();
}

void StreamHub::on_ready(StreamClient& client) {
    const MonoTime now = system_now().mono;
    const bool open = read_from(client, now);
    const std::lock_guard lock(client.mutex);
    if (!open) client.life = Life::gone;
    pump(client, now);
}

// Reads until the socket is empty, which edge-triggered epoll needs. False: the client is gone.
bool StreamHub::read_from(StreamClient& client, MonoTime now) {
    std::string bytes;
    std::vector<WsMessage> messages;
    for (;;) {
        bytes.clear();
        const ReadStatus status = read_some(client.socket.get(), bytes, kReadBytes);
        if (status == ReadStatus::closed) return false;
        if (status == ReadStatus::would_block) return true;
        messages.clear();
        const bool sane = client.reader.feed(bytes, messages);
        const std::lock_guard lock(client.mutex);
        for (const WsMessage& message : messages) on_message(client, message, now);
        if (client.life == Life::gone) return false;
        if (!sane) client.begin_close(client.reader.close_code(), client.reader.close_reason(), now);
        // Bytes after a close count too: nobody may keep this thread busy.
        client.messages += static_cast<int>(messages.size()) + 1;
        if (client.messages > 2 * kMaxMessagesPerLook) return false;
        if (client.messages > kMaxMessagesPerLook) client.begin_close(ws_close::kPolicy, "too many messages", now);
    }
}

void StreamHub::on_message(StreamClient& client, const WsMessage& message, MonoTime now) {
    switch (message.opcode) {
        case WsOpcode::ping: client.pong = message.payload; return;
        case WsOpcode::pong: client.pings_unanswered = 0; return;
        case WsOpcode::close:
            // The other half of the handshake: after our own close nothing more is owed.
            if (client.life == Life::closing && client.close_frame.empty() && !client.writing())
                client.life = Life::gone;
            client.begin_close(ws_close::kNormal, {}, now);
            return;
        // Clients have nothing to say on this stream; a text keeps proxies from closing it.
        case WsOpcode::text:
        case WsOpcode::continuation:
        case WsOpcode::binary: return;
    }
}

// Precondition: client.mutex is held.
void StreamHub::pump(StreamClient& client, MonoTime now) {
    // Every way to a close of ours comes through here.
    if (client.close_code != client.close_told) {
        client.close_told = client.close_code;
        if (hooks_.client_closed && client.close_code != ws_close::kNormal) hooks_.client_closed(client.close_code);
    }
    while (client.flush(now)) {
        if (client.next_control(now)) continue;
        if (client.life != Life::open) return;
        const StreamRing::Next next = ring_.next(client.cursor);
        if (next.lost) {
            client.begin_close(ws_close::kTryAgainLater, "fell behind", now);
            return pump(client, now);
        }
        if (!next.event) return;
        client.cursor = next.event->sequence + 1;
        if (may_see(client.viewer, next.event->audience)) client.send(frame_of(next.event), now);
    }
}

void StreamHub::check_times(MonoTime now) {
    const bool ask = now - asked_ >= kAskAboutSessions;
    if (ask) asked_ = now;
    std::vector<std::shared_ptr<StreamClient>> clients;
    {
        const std::lock_guard lock(clients_mutex_);
        clients = clients_;
    }
    for (const auto& client : clients) {
        const bool valid = !ask || !hooks_.still_valid || hooks_.still_valid(client->session);
        const std::lock_guard lock(client->mutex);
        client->session_ended = client->session_ended || !valid;
        check_one(*client, now);
        pump(*client, now);
    }
}

// Precondition: client.mutex is held.
void StreamHub::check_one(StreamClient& client, MonoTime now) {
    client.messages = 0;
    if (client.session_ended) client.begin_close(ws_close::kPolicy, "session ended", now);
    if (client.writing() && now - client.progress > settings_.stall)
        client.begin_close(ws_close::kTryAgainLater, "not reading", now);
    if (client.writing() && ring_.bytes_from(client.cursor) > settings_.lag_bytes)
        client.begin_close(ws_close::kTryAgainLater, "fell behind", now);
    if (client.life == Life::open && now >= client.next_ping) {
        client.next_ping = now + settings_.ping;
        if (client.pings_unanswered >= 2)
            client.begin_close(ws_close::kTryAgainLater, "no pong", now);
        else
            client.ping_due = true;
        ++client.pings_unanswered;
    }
    if (client.life == Life::closing && now >= client.close_by) client.life = Life::gone;
}

void StreamHub::remove_gone() {
    std::vector<std::string> agents;
    {
        const std::lock_guard lock(clients_mutex_);
        const auto removed = std::erase_if(clients_, [&](const auto& client) {
            const std::lock_guard client_lock(client->mutex);
            if (client->life != Life::gone) return false;
            if (!client->viewer.agent.empty()) agents.push_back(client->viewer.agent);
            return true;
        });
        if (removed > 0 && hooks_.clients_changed) hooks_.clients_changed(clients_.size());
    }
    if (!agents.empty()) tell_desktops(agents);
}

bool StreamHub::has_desktop(const std::string& agent) const {
    const std::lock_guard lock(clients_mutex_);
    return std::any_of(clients_.begin(), clients_.end(), [&](const auto& c) { return c->viewer.agent == agent; });
}

// What is told is looked up under the lock that orders the telling: of two threads, one with a
// stream that came and one with a stream that went, the last one tells what both left behind.
void StreamHub::tell_desktops(const std::vector<std::string>& agents) {
    if (!hooks_.desktop) return;
    const std::lock_guard lock(telling_);
    for (const std::string& agent : agents) hooks_.desktop(agent, has_desktop(agent));
}

// It was there, even if the hub thread has seen it go meanwhile.
void StreamHub::tell_desktop_came(const std::string& agent) {
    if (!hooks_.desktop) return;
    const std::lock_guard lock(telling_);
    hooks_.desktop(agent, true);
    if (!has_desktop(agent)) hooks_.desktop(agent, false);
}

void StreamHub::say_goodbye() {
    const MonoTime now = system_now().mono;
    const std::lock_guard lock(clients_mutex_);
    for (const auto& client : clients_) {
        const std::lock_guard client_lock(client->mutex);
        client->begin_close(ws_close::kGoingAway, "the node stops", now);
        // No wait: what the sockets take at once is all a stopping node can give.
        while (client->flush(now) && client->next_control(now)) {
        }
    }
    clients_.clear();
}

}  // namespace citybridge::gateway
