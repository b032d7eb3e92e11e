#pragma once
// An HTTP/1.1 server on 127.0.0.1 that behaves as badly as it is told, request
// by request, and records what it received. Plain or TLS. One thread per
// connection; everything ends with the object.
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/api/http.h"
#include "tests/support/test_certificate.h"

namespace citybridge::test {

struct ReceivedRequest {
    std::string method;
    std::string target;
    HttpHeaders headers;  // names in lower case
    std::string body;
    std::size_t connection = 0;  // from 1, in the order of their coming

    std::string header(std::string_view name) const;  // empty if there is none
};

// What the server does with one request. Connections are kept alive unless it says otherwise.
struct HostileAnswer {
    enum class Kind {
        whole,             // a complete answer
        whole_then_close,  // the same, then the connection is closed without having said so
        close_before,      // closes without a byte of an answer
        close_middle,      // half of the body, then closes
        slow,              // one byte every `pace`
        endless_body,      // chunks without end
        endless_header,    // header lines without end
        too_short,         // Content-Length says more than comes, then closes
        too_long,          // Content-Length says less than comes
        never,             // reads and says nothing until the server's end
        late,              // says nothing until release(), then answers
        garbage,           // bytes that are no HTTP
        reset,             // RST instead of an answer
        interim,           // 102 and 103 before the answer
        only_interim,      // 102, then closes
    };
    Kind kind = Kind::whole;
    int status = 200;
    HttpHeaders headers{};
    std::string body = R"({"id":"ERP-1"})";
    Millis pace{1'000};
};

class HostileHttpServer {
public:
    // Called on the connections' threads, one at a time. Without it: 200 for everybody.
    using Script = std::function<HostileAnswer(const ReceivedRequest&)>;

    explicit HostileHttpServer(Script script = {}, const TestCertificate* tls = nullptr);
    ~HostileHttpServer();
    HostileHttpServer(const HostileHttpServer&) = delete;
    HostileHttpServer& operator=(const HostileHttpServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(std::string_view path = "/") const;
    void answer_by(Script script);
    void answer_with(HostileAnswer answer);
    void release();            // answers that are `late` go out now, and later ones at once
    void close_connections();  // all that are open, without a word

    std::vector<ReceivedRequest> requests() const;
    std::size_t connections() const;  // ever accepted
    // True as soon as `count` requests have come completely; false after 30 s.
    bool wait_for_requests(std::size_t count) const;

private:
    class Connection;
    void accept_loop();
    void serve(Connection& connection);
    bool answer(Connection& connection, const HostileAnswer& answer);  // false: the connection is over
    bool wait_released();
    bool wait_stopping(Millis time) const;

    int listener_ = -1;
    std::uint16_t port_ = 0;
    SSL_CTX* tls_ = nullptr;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    Script script_;
    std::vector<ReceivedRequest> requests_;
    std::list<std::unique_ptr<Connection>> connections_;  // with their threads; kept to the end
    std::size_t accepted_ = 0;
    bool released_ = false;
    bool stopping_ = false;
    std::thread acceptor_;
};

// A port on which nobody listens.
std::uint16_t closed_port();

}  // namespace citybridge::test
