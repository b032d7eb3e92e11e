#pragma once
// HTTP as a plugin may use it: one request out, one outcome back. The host owns
// sockets, TLS and time-outs; a plugin says where, what and how long, and reads
// what came back. Certificates and host names are always verified, redirects
// are never followed, and bodies are bounded.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/time.h"

namespace citybridge {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpOutgoing {
    std::string method = "POST";
    std::string url;  // http:// or https://; its origin must be one this plugin declared (HttpClient::allow)
    HttpHeaders headers;
    std::string body;
    Millis connect_timeout{5'000};
    Millis timeout{30'000};  // for the whole exchange, however slowly bytes come
    std::size_t max_answer_bytes = 256 << 10;
    std::string ca_file;  // PEM; empty: the system's
};

// How far an exchange got. Only `answered` has a status.
enum class HttpProgress {
    answered,  // a complete, well-formed answer
    not_sent,  // the far side cannot have acted: refused origin, no connection, TLS refused, local queue full
    unclear,   // the request or part of it went out, and no complete answer came: it may have taken effect
};

struct HttpOutcome {
    HttpProgress progress = HttpProgress::unclear;
    int status = 0;
    HttpHeaders headers;  // names in lower case
    std::string body;
    std::string code;    // stable, when not answered: http.refused_origin, http.no_connection, http.tls,
                         // http.timeout, http.closed_early, http.bad_answer, http.answer_too_large, http.busy
    std::string detail;  // for people; no secret

    // First value or nullptr. `name` in lower case.
    const std::string* header(std::string_view name) const {
        for (const auto& [key, value] : headers)
            if (key == name) return &value;
        return nullptr;
    }
};

// Lent by the host. Connections are kept alive and shared by the requests of
// one plugin instance to one origin.
class HttpClient {
public:
    // In configure() or later: lets requests go to this url's scheme, host and
    // port. False: not an http(s) url, with user information, or not on the node's allow-list.
    virtual bool allow(std::string_view url) = 0;
    // Lane thread. `done` is called exactly once, on the lane, never from within
    // send(); after the plugin's stop() returned, not at all.
    virtual void send(HttpOutgoing request, std::function<void(HttpOutcome)> done) = 0;

protected:
    ~HttpClient() = default;
};

}  // namespace citybridge
