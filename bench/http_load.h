#pragma once
// Prepared requests over a number of kept connections, as fast as they are
// answered: one thread, one epoll loop, no library.
#include <span>
#include <string>
#include <vector>

#include "bench/sockets.h"

namespace citybridge::bench {

// "POST path" with these headers and this body, ready to be sent.
std::string post_request(const std::string& path, const std::vector<std::pair<std::string, std::string>>& headers,
                         const std::string& body);

class HttpLoad {
public:
    HttpLoad(std::uint16_t port, std::size_t connections);

    // Each of them once. Seconds from the first byte sent to the last answer. Throws std::runtime_error at the first
    // answer that is not of 200 to 299.
    double run(std::span<const std::string> requests);

private:
    struct Connection {
        Socket socket;
        std::string answer;
        bool busy = false;
    };
    bool answered(Connection& connection);
    void send_next(Connection& connection);

    Socket epoll_;
    std::vector<Connection> connections_;
    std::span<const std::string> requests_;
    std::size_t next_ = 0;
};

}  // namespace citybridge::bench
