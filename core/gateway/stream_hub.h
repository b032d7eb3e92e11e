#pragma once
// All stream clients. The live strand writes an event straight to every
// client that has caught up (one non-blocking send each); a client that has
// not is served by the hub's own thread from the ring, at the speed it reads.
//
// Locks, outer first: telling_, clients_mutex_, StreamClient::mutex, the ring's own.
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
    bool refuse_second_place = false;  // else the second takes over
};

struct StreamHubHooks {
    // Whether the log-in behind a stream still holds; asked about once a second. May be empty.
    std::function<bool(const std::string& session)> still_valid;
    std::function<void(std::size_t)> clients_changed;       // may be empty
    std::function<void(std::uint16_t code)> client_closed;  // closed by us; may be empty
    // An agent's first stream is there, his last one is gone; not told when the hub stops. One
    // call at a time, the latest is the truth. May be empty.
    std::function<void(const std::string& agent, bool there)> desktop;
};

class StreamHub;

// A place among the clients, given back when the last copy is gone, also if
// the handshake's answer never reaches its client.
class StreamPlace {
public:
    StreamPlace(StreamHub& hub, std::uint64_t number) : hub_(hub), number_(number) {}
    ~StreamPlace();
    StreamPlace(const StreamPlace&) = delete;
    StreamPlace& operator=(const StreamPlace&) = delete;

private:
    StreamHub& hub_;
    std::uint64_t number_;
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

    // Any thread. Codes "stream.too_many", "stream.too_many_of_user",
    // "session.second_place"; to be asked before the handshake is answered and
    // held until after join().
    Result<std::shared_ptr<StreamPlace>> reserve(const Viewer& viewer, const std::string& session);
    void release(std::uint64_t place);
    // Takes over a socket whose place is reserved. `first`: frames to send
    // before events; `cursor`: the first event's sequence.
    void join(Upgraded connection, const Viewer& viewer, const std::string& session, std::string first,
              std::uint64_t cursor);
    // Closes the streams of a log-in that has ended.
    void end_session(const std::string& session);
    // Closes this agent's streams of other log-ins and tells them why; returns those log-ins.
    std::vector<std::string> take_over(const std::string& agent, const std::string& session);
    // He has a stream, or one on its way, of another log-in than this.
    bool is_elsewhere(const std::string& agent, const std::string& session) const;
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
    void tell_desktops(const std::vector<std::string>& agents);
    void tell_desktop_came(const std::string& agent);
    bool has_desktop(const std::string& agent) const;
    bool elsewhere(const std::string& agent, const std::string& session) const;
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
    struct Reserved {
        std::uint64_t number = 0;
        std::string user, agent, session;
    };
    std::vector<Reserved> reserved_;  // whose handshake is on its way
    std::uint64_t places_ = 0;
    std::mutex telling_;  // before clients_mutex_; orders what is said of desktops
};

}  // namespace citybridge::gateway
