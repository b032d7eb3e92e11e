#pragma once
// One connection at the door, from its first byte: TLS, then requests one after
// the other. Never blocks; whoever holds it says when the socket is ready.
// Door thread only.
#include <openssl/ssl.h>

#include <functional>
#include <optional>
#include <string>

#include "core/api/time.h"
#include "plugins/link_https/certificates.h"
#include "plugins/link_https/http_text.h"
#include "plugins/link_https/settings.h"

namespace citybridge::link_https {

class DoorConnection {
public:
    enum class State { handshake, idle, request, taking, answer, over };
    // Why it ended against its city's will, or before it had one. Altered: TLS found other bytes than were sent, or the
    // same once more.
    enum class Refused { none, certificate, handshake, altered };

    // Takes the socket, which is non-blocking. `ssl` is of a context of Identity::door().
    DoorConnection(int socket, SSL* ssl, const Pins& pins, const DoorLimits& limits, MonoTime now);
    ~DoorConnection();
    DoorConnection(const DoorConnection&) = delete;
    DoorConnection& operator=(const DoorConnection&) = delete;

    // The socket is ready, or may be: goes as far as it can. True: a whole request is in body(), and the
    // connection waits for answer().
    bool advance(MonoTime now);
    void answer(int status, std::string_view content_type, std::string_view body, MonoTime now);

    int socket() const { return socket_; }
    short wanted_events() const;
    State state() const { return state_; }
    bool over() const { return state_ == State::over; }
    // Its time is over: it is to be ended, unless it is `taking`.
    bool late(MonoTime now) const { return now >= deadline_; }
    MonoTime deadline() const { return deadline_; }
    Refused refused() const { return refused_; }
    const std::string& city() const { return city_; }  // empty until both certificates were shown
    const RequestHead& head() const { return head_; }
    std::string_view body() const { return std::string_view(input_).substr(head_end_, head_.body_bytes); }
    void set_deadline(MonoTime deadline) { deadline_ = deadline; }
    void drop() { end(); }  // without another word

private:
    void shake_hands(MonoTime now);
    bool read(MonoTime now);
    bool read_request(MonoTime now);
    void write(MonoTime now);
    void blocked(int result);
    void end(Refused why = Refused::none);

    const int socket_;
    SSL* const ssl_;
    const Pins& pins_;
    const DoorLimits& limits_;
    State state_ = State::handshake;
    Refused refused_ = Refused::none;
    MonoTime deadline_;
    bool wants_write_ = false;
    std::string city_;
    std::string input_;
    std::size_t head_end_ = 0;  // 0: the head is not complete
    RequestHead head_;
    std::string output_;
    std::size_t written_ = 0;
    bool closes_ = false;
};

}  // namespace citybridge::link_https
