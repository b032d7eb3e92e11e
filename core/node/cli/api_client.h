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
    ~ApiClient();  // ends its log-in: a user has only so many, and his oldest may be his desktop's
    ApiClient(const ApiClient&) = delete;
    ApiClient& operator=(const ApiClient&) = delete;

    // Errors of all: "cli.unreachable", "cli.bad_url", "cli.bad_answer", or the code of the node's problem document.
    Result<nlohmann::ordered_json> get(const std::string& path);
    // All pages of a list endpoint, in one array.
    Result<nlohmann::ordered_json> list(const std::string& path);
    // The answer's bytes as they are, for files. Waits as long as a report may take.
    Result<std::string> fetch(const std::string& path);
    // POST, PATCH, PUT or DELETE. With an Idempotency-Key of its own, by which it asks again when the node could not
    // say whether the request was carried out. `body`: null for none.
    Result<nlohmann::ordered_json> change(const std::string& method, const std::string& path,
                                          const nlohmann::ordered_json& body = nullptr);
    // A file as it is, as the body of a POST; with an Idempotency-Key of its own.
    Result<nlohmann::ordered_json> upload(const std::string& path, const std::string& media_type,
                                          const std::string& bytes);

private:
    Result<nlohmann::ordered_json> send(const std::string& method, const std::string& path, const std::string& body,
                                        const std::string& key = {});
    // Status and body. Code "cli.unreachable" or "cli.bad_url".
    struct Raw {
        int status = 0;
        std::string body;
    };
    Result<Raw> talk(const std::string& method, const std::string& path, const std::string& body,
                     const std::string& key, int timeout_s, const std::string& media_type = "application/json");
    Result<> log_in();

    ApiTarget target_;
    bool logged_in_ = false;
};

// One segment of a path, whatever the text holds.
std::string path_segment(const std::string& text);
// "?a=1&b=2" of the pairs whose value is not empty; nothing if none is.
std::string query_of(const std::vector<std::pair<std::string, std::string>>& parameters);
// A request's body without the fields that are empty texts: what was not given on the command line.
nlohmann::ordered_json without_empty(nlohmann::ordered_json body);

}  // namespace citybridge
