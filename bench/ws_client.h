#pragma once
// The client's side of a stream, by hand: log-in, handshake, frames.
#include <cstdint>
#include <string>
#include <string_view>

#include "bench/sockets.h"

namespace citybridge::bench {

// POST /v1/session; returns the token. Throws std::runtime_error with the answer if refused.
std::string log_in(std::uint16_t port, const std::string& name, const std::string& password);

class WsClient {
public:
    // GET `target` and the upgrade. Throws std::runtime_error with the answer if refused.
    WsClient(std::uint16_t port, const std::string& target, const std::string& token);

    int fd() const { return socket_.fd(); }
    // Reads once what is there. Throws when the server has closed.
    void receive_some();
    // The next complete text, valid until receive_some(); false: none. Pings are answered on the way.
    bool next(std::string_view& text);

private:
    Socket socket_;
    std::string buffer_;
    std::size_t begin_ = 0;
};

}  // namespace citybridge::bench
