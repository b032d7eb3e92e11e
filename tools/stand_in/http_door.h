#pragma once
// A small HTTP/1.1 server for one machine: a thread a connection, keep-alive,
// bodies by Content-Length. Made for few hundred connections of one test or demo.
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/api/result.h"
#include "core/api/time.h"

namespace citybridge::stand_in {

struct Request {
    std::string method;
    std::string target;                                        // path with query, as sent
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;

    // Empty: not there.
    std::string_view header(std::string_view name) const;
};

struct Reply {
    int status = 200;
    std::string body;
    std::string extra_headers;  // whole lines with CR LF
    Millis wait{0};             // before it is sent
    bool drop = false;          // the connection is closed instead
};

class HttpDoor {
public:
    struct Handlers {
        // True: the request that has arrived is not even read, the connection is closed.
        std::function<bool()> slam;
        std::function<Reply(const Request&)> answer;
    };

    explicit HttpDoor(Handlers handlers) : handlers_(std::move(handlers)) {}
    ~HttpDoor() { stop(); }

    // `port` 0: any free one. Error "stand_in.port": it cannot be listened on.
    Result<> start(std::uint16_t port);
    std::uint16_t port() const { return port_; }
    // Cuts every connection; returns when all threads have ended.
    void stop();
    // Waits as long, or until stop(). True: the time has passed.
    bool pause(Millis wait);

private:
    struct Connection {
        int fd = -1;
        bool ended = false;  // guarded by mutex_
        std::thread thread;
    };
    void accept_all();
    void serve(Connection& connection);
    bool serve_one(int fd, std::string& buffer);
    void reap(bool all);

    Handlers handlers_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::thread acceptor_;
    std::mutex mutex_;
    std::condition_variable stop_signal_;
    bool stopping_ = false;              // guarded by mutex_
    std::list<Connection> connections_;  // guarded by mutex_; joined by the acceptor and by stop() after it
};

}  // namespace citybridge::stand_in
