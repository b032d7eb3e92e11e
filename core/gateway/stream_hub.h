#pragma once
// All stream clients. The live strand writes an event straight to every
// client that has caught up (one non-blocking send each); a client that has
// not is served by the hub's own thread from the ring, at the speed it reads.
//
// Locks, outer first: clients_mutex_, StreamClient::mutex, the ring's own.
// Never lost, never twice: publish() puts the event into the ring *before* it
// looks at the clients, and each client's cursor moves only under its mutex.
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/api/events.h"
#include "core/api/result.h"
#include "core/api/time.h"
#include "core/gateway/http_types.h"
#include "core/gateway/stream_client.h"
#include "core/gateway/stream_ring.h"

namespace citybridge::gateway {

struct StreamHubSettings {
    std::size_t max_clients = 1000;
    std::size_t max_clients_per_user = 8;
    std::size_t ring_events = 10'000;
    std::size_t ring_bytes = 64 << 20;
    std::size_t lag_bytes = 8 << 20;
    Millis stall{10'000};
    Millis ping{20'000};
    int socket_bytes = 256 << 10;
};

struct StreamHubHooks {
    // Whether the log-in behind a stream still holds; asked about once a second. May be empty.
    std::function<bool(const std::string& session)> still_valid;
    std::function<void(std::size_t)> clients_changed;       // may be empty
    std::function<void(std::uint16_t code)> client_closed;  // closed by us; may be empty
};

class StreamHub;

// A place among the clients, given back when the last copy is gone, also if
// the handshake's answer never reaches its client.
class StreamPlace {
public:
    StreamPlace(StreamHub& hub, std::string user) : hub_(hub), user_(std::move(user)) {}
    ~StreamPlace();
    StreamPlace(const StreamPlace&) = delete;
    StreamPlace& operator=(const StreamPlace&) = delete;

private:
    StreamHub& hub_;
    std::string user_;
};

class StreamHub {
public:
    StreamHub(StreamHubSettings settings, StreamHubHooks hooks);
    ~StreamHub() { stop(); }

    Result<> start();
    void stop();  // tells every client 1001; idempotent

    // The live strand only.
    void publish(const EventPtr& event);

    // "<generation>-<sequence>": names an event of this process and no other.
    std::string id_of(std::uint64_t sequence) const;
    // The sequence to go on with after `last_event_id`; nothing if the client needs a snapshot.
    std::optional<std::uint64_t> resume_at(std::string_view last_event_id) const;

    // Any thread. Codes "stream.too_many", "stream.too_many_of_user"; to be
    // asked before the handshake is answered and held until after join().
    Result<std::shared_ptr<StreamPlace>> reserve(const std::string& user);
    void release(const std::string& user);
    // Takes over a socket whose place is reserved. `first`: frames to send
    // before events; `cursor`: the first event's sequence.
    void join(Upgraded connection, const Viewer& viewer, const std::string& session, std::string first,
              std::uint64_t cursor);
    // Closes the streams of a log-in that has ended.
    void end_session(const std::string& session);
    std::size_t clients() const;

private:
    void run();
    void on_ready(StreamClient& client);
    bool read_from(StreamClient& client, MonoTime now);
    void on_message(StreamClient& client, const WsMessage& message, MonoTime now);
    void pump(StreamClient& client, MonoTime now);
    void check_times(MonoTime now);
    void check_one(StreamClient& client, MonoTime now);
    void remove_gone();
    void say_goodbye();

    const StreamHubSettings settings_;
    const StreamHubHooks hooks_;
    const std::string generation_;
    StreamRing ring_;
    UniqueFd epoll_, wakeup_;
    std::thread thread_;
    std::atomic<bool> stopping_{false};
    MonoTime asked_{};  // hub thread: last time log-ins were checked

    mutable std::mutex clients_mutex_;
    // Only the hub thread takes clients out, so its epoll events never name one that is gone.
    std::vector<std::shared_ptr<StreamClient>> clients_;
    std::vector<std::string> reserved_;  // users whose handshake is on its way
};

}  // namespace citybridge::gateway
