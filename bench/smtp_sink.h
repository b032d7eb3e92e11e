#pragma once
// A mail server that takes everything at once and keeps nothing, in a process
// of its own, and the least a client can be.
#include <cstdint>
#include <string>

#include "bench/child.h"
#include "bench/sockets.h"

namespace citybridge::bench {

// To be made before any thread.
class SmtpSink {
public:
    SmtpSink();
    std::uint16_t port() const { return port_of(listener_); }

private:
    Socket listener_;
    Child child_;
};

class BareClient {
public:
    explicit BareClient(std::uint16_t port);
    // Addresses without brackets; `bytes` must have no line that begins with a dot. Throws std::runtime_error if the
    // server does not take the mail.
    void send(const std::string& from, const std::string& to, const std::string& bytes);

private:
    void ask(const std::string& line, char expected);

    Socket socket_;
    std::string rest_;  // of an answer, not read yet
};

}  // namespace citybridge::bench
