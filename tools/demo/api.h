#pragma once
// One user's view of a node's HTTP API, over one kept connection. One thread at a time.
#include <Poco/Net/HTTPClientSession.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/api/result.h"

namespace citybridge::demo {

class Api {
public:
    using Json = nlohmann::ordered_json;
    struct Answer {
        int status = 0;
        Json body;
    };

    explicit Api(std::uint16_t port);

    // Error "demo.login", "demo.unreachable".
    Result<> log_in(const std::string& user, const std::string& password);
    const std::string& token() const { return token_; }

    // Any status is an answer. Error "demo.unreachable": none came. `key`: Idempotency-Key, if any.
    Result<Answer> call(const std::string& method, const std::string& path, const std::string& body = {},
                        const std::string& key = {});
    // Sends it, and is gone before the answer comes.
    void send_and_hang_up(const std::string& path, const std::string& body, const std::string& key);
    // All pages of a list. Error "demo.unreachable", "demo.list".
    Result<std::vector<Json>> list(const std::string& path);

private:
    void send(const std::string& method, const std::string& path, const std::string& body, const std::string& key);

    Poco::Net::HTTPClientSession session_;
    std::string token_;
};

}  // namespace citybridge::demo
