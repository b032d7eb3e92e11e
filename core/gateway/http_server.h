#pragma once
// The front door: one thread owns the listener and every HTTP connection,
// reads requests and writes answers without ever blocking. Only a complete
// request reaches a worker, and a worker only computes the answer; so no slow,
// idle or lying client can hold a thread (P9).
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/api/result.h"
#include "core/api/time.h"
#include "core/gateway/connection.h"
#include "core/gateway/http_types.h"
#include "core/gateway/worker_pool.h"

namespace citybridge::gateway {

// Which pool answers a request. `instant` handlers wait for nothing, `live`
// ones may wait for the live strand, `password` ones burn CPU on purpose,
// `durable` ones wait for the store, `media` ones for files and other machines;
// the latter also fetch the pieces of bodies that have a source.
enum class LaneKind { instant, live, password, durable, media };
inline constexpr std::size_t kLaneKinds = 5;

struct HttpServerSettings {
    std::string host;
    std::uint16_t port = 0;  // 0: the system chooses, see port()
    std::size_t max_connections = 1024;
    Millis request_timeout{10'000};  // first byte to complete request
    Millis idle_timeout{30'000};     // between requests
    Millis write_timeout{10'000};    // answer, or a piece of it, computed to taken by the client's socket
    std::array<std::size_t, kLaneKinds> workers{1, 3, 2, 64, 4};
    std::size_t queue = 256;  // waiting requests per lane
    HttpLimits limits;
};

struct HttpServerHooks {
    // Worker threads. Must not throw.
    std::function<HttpResponse(const HttpRequest&)> answer;
    // Front-door thread; must be quick.
    std::function<LaneKind(const HttpRequest&)> lane_of;
    // Turns a refusal (code, sentence) into an answer. Any thread.
    std::function<HttpResponse(const Error&)> refuse;
    std::function<void(std::size_t)> connections_changed;     // may be empty
    std::function<void(const char* why)> connection_dropped;  // may be empty
};

class HttpServer {
public:
    HttpServer(HttpServerSettings settings, HttpServerHooks hooks);
    ~HttpServer() { stop(); }

    // Code "gateway.listen_failed".
    Result<> start();
    // Lets running handlers finish and their answers go out (at most 2 s), drops
    // requests that only wait, then closes everything. Idempotent.
    void stop();
    std::uint16_t port() const { return port_; }

private:
    using Id = std::uint64_t;
    struct Answer {
        Id connection;
        HttpResponse response;
    };
    struct Piece {
        Id connection;
        Result<std::string> bytes;
    };

    void run();
    void accept_all();
    bool make_room();
    void on_ready(Id id, std::uint32_t events);
    void read_from(Connection& connection);
    void advance(Connection& connection, RequestReader::Step step);
    void hand_to_worker(Connection& connection);
    void refuse(Connection& connection, const Error& why);
    void take_answers();
    void take_pieces();
    void fetch_piece(Connection& connection);
    void answer(Connection& connection, HttpResponse response);
    void hand_over(Connection& connection, HttpResponse response);
    void flush(Connection& connection);
    void watch(Connection& connection);
    void check_times();
    void drop(Connection& connection, const char* why);
    bool drained(bool workers_done) const;

    const HttpServerSettings settings_;
    const HttpServerHooks hooks_;
    std::uint16_t port_ = 0;
    UniqueFd listener_, epoll_, wakeup_;
    std::array<std::unique_ptr<WorkerPool>, kLaneKinds> pools_;
    std::thread thread_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> workers_done_{false};  // no further answer will come

    // Front-door thread only.
    std::unordered_map<Id, std::unique_ptr<Connection>> connections_;
    Id last_id_ = 1;  // 0 and 1 name the listener and the wake-up
    MonoTime now_{};
    bool listening_ = true;

    std::mutex answers_mutex_;
    std::vector<Answer> answers_;
    std::vector<Piece> pieces_;
};

}  // namespace citybridge::gateway
