#pragma once
// The command line's side of the HTTP API.
#include <nlohmann/json.hpp>
#include <string>

#include "core/api/result.h"

namespace citybridge {

struct ApiTarget {
    std::string url = "http://127.0.0.1:8080";
    std::string token;  // bearer; or name and password:
    std::string user;
    std::string password;
};

class ApiClient {
public:
    explicit ApiClient(ApiTarget target) : target_(std::move(target)) {}

    // Errors: "cli.unreachable", "cli.bad_url", "cli.bad_answer", or the code of the node's problem document.
    Result<nlohmann::ordered_json> get(const std::string& path);
    // All pages of a list endpoint, in one array.
    Result<nlohmann::ordered_json> list(const std::string& path);

private:
    Result<nlohmann::ordered_json> send(const std::string& method, const std::string& path, const std::string& body);
    Result<> log_in();

    ApiTarget target_;
};

}  // namespace citybridge
