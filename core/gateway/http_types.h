#pragma once
// A request and a response as handlers see them: plain data, complete, no
// socket and no stream. Handlers are functions from one to the other.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/gateway/body_source.h"
#include "core/gateway/net.h"

namespace citybridge::gateway {

using NameValues = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method;
    std::string path;          // as sent, still percent-encoded, without the query
    NameValues query;          // decoded, in order
    std::string query_text{};  // as sent, without "?"
    NameValues headers;        // names in lower case, in order
    std::string body;
    std::string peer;  // the client's address, without its port
    bool http_1_0 = false;
    bool keep_alive = true;

    // First value or null. `name` in lower case.
    const std::string* header(std::string_view name) const;
    std::optional<std::string> parameter(std::string_view name) const;
};

// What takes over a connection after a 101: the socket, bytes still to be
// written to it (the 101 itself), and bytes that already arrived after the request.
struct Upgraded {
    UniqueFd socket;
    std::string out;
    std::string in;
};

struct HttpResponse {
    int status = 200;
    NameValues headers;
    std::string body;
    std::shared_ptr<BodySource> source{};     // instead of `body`
    bool close = false;                       // no further request on this connection
    std::function<void(Upgraded)> take_over;  // only with status 101

    HttpResponse& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

}  // namespace citybridge::gateway
