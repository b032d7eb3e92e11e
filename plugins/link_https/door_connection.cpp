#include "plugins/link_https/door_connection.h"

#include <openssl/err.h>
#include <poll.h>
#include <unistd.h>

#include <array>

namespace citybridge::link_https {

DoorConnection::DoorConnection(int socket, SSL* ssl, const Pins& pins, const DoorLimits& limits, MonoTime now)
    : socket_(socket), ssl_(ssl), pins_(pins), limits_(limits), deadline_(now + limits.handshake) {
    SSL_set_fd(ssl_, socket_);
    SSL_set_accept_state(ssl_);
}

DoorConnection::~DoorConnection() {
    SSL_free(ssl_);
    ::close(socket_);
}

short DoorConnection::wanted_events() const {
    if (state_ == State::taking) return 0;  // a connection that breaks is told all the same
    return wants_write_ ? POLLOUT : POLLIN;
}

bool DoorConnection::advance(MonoTime now) {
    ERR_clear_error();
    wants_write_ = false;
    if (state_ == State::handshake) shake_hands(now);
    if (state_ == State::answer) write(now);
    if (state_ == State::idle || state_ == State::request) return read(now);
    return false;
}

void DoorConnection::shake_hands(MonoTime now) {
    const int result = SSL_do_handshake(ssl_);
    if (result != 1) return blocked(result);
    const Certificate shown(SSL_get1_peer_certificate(ssl_));
    const std::string* const city = shown ? pins_.city_of(shown.get()) : nullptr;
    if (city == nullptr) return end(Refused::certificate);
    city_ = *city;
    state_ = State::idle;
    deadline_ = now + limits_.idle;
}

// OpenSSL could not go on: it waits for the socket, or it is over.
void DoorConnection::blocked(int result) {
    const int error = SSL_get_error(ssl_, result);
    const bool forged =
        error == SSL_ERROR_SSL && ERR_GET_REASON(ERR_peek_error()) != SSL_R_UNEXPECTED_EOF_WHILE_READING;
    switch (error) {
        case SSL_ERROR_WANT_READ: return;
        case SSL_ERROR_WANT_WRITE: wants_write_ = true; return;
        default: break;
    }
    // A connection that merely breaks is SSL_ERROR_SSL, too, when its end was not announced.
    if (state_ != State::handshake) return end(forged ? Refused::altered : Refused::none);
    end(SSL_get_verify_result(ssl_) == X509_V_OK ? Refused::handshake : Refused::certificate);
}

bool DoorConnection::read(MonoTime now) {
    std::array<char, 16U << 10U> buffer;
    // A head and a body at most; what a peer sends besides stays in the socket.
    while (!read_request(now)) {
        if (state_ != State::idle && state_ != State::request) return false;
        const int got = SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()));
        if (got <= 0) {
            blocked(got);
            return false;
        }
        if (state_ == State::idle) {
            // A certificate may have run out since the connection began.
            const Certificate shown(SSL_get1_peer_certificate(ssl_));
            if (!shown || !in_its_time(shown.get())) {
                end(Refused::certificate);
                return false;
            }
            state_ = State::request;
            deadline_ = now + limits_.request;
        }
        input_.append(buffer.data(), static_cast<std::size_t>(got));
    }
    state_ = State::taking;
    return true;
}

// True: a whole request is there. A wrong one is answered at once.
bool DoorConnection::read_request(MonoTime now) {
    if (input_.empty()) return false;
    if (head_end_ == 0) {
        const auto end_of_head = input_.find("\r\n\r\n");
        if (end_of_head == std::string::npos) {
            if (input_.size() > limits_.head_bytes) answer(413, {}, {}, now);
            return false;
        }
        head_ = read_head(std::string_view(input_).substr(0, end_of_head + 2), limits_.body_bytes);
        head_end_ = end_of_head + 4;
        closes_ = !head_.keep_alive || head_.status != 0;
        if (head_.status != 0) {
            answer(head_.status, {}, {}, now);
            return false;
        }
    }
    return input_.size() >= head_end_ + head_.body_bytes;
}

void DoorConnection::answer(int status, std::string_view content_type, std::string_view body, MonoTime now) {
    closes_ = closes_ || status >= 400;
    output_ = http_answer(status, content_type, body, !closes_);
    written_ = 0;
    input_.erase(0, std::min(input_.size(), head_end_ + head_.body_bytes));
    input_.shrink_to_fit();
    head_end_ = 0;
    head_ = {};
    state_ = State::answer;
    deadline_ = now + limits_.request;
    write(now);
}

void DoorConnection::write(MonoTime now) {
    while (written_ < output_.size()) {
        const int sent = SSL_write(ssl_, output_.data() + written_, static_cast<int>(output_.size() - written_));
        if (sent <= 0) return blocked(sent);
        written_ += static_cast<std::size_t>(sent);
    }
    output_ = {};
    if (closes_) {
        SSL_shutdown(ssl_);
        return end();
    }
    state_ = input_.empty() ? State::idle : State::request;
    deadline_ = now + (input_.empty() ? limits_.idle : limits_.request);
}

void DoorConnection::end(Refused why) {
    state_ = State::over;
    refused_ = why;
}

}  // namespace citybridge::link_https
