#include "tools/demo/api.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

namespace citybridge::demo {
namespace {

constexpr int kTimeoutSeconds = 15;

}  // namespace

Api::Api(std::uint16_t port) : session_("127.0.0.1", port) {
    session_.setKeepAlive(true);
    session_.setTimeout(Poco::Timespan(kTimeoutSeconds, 0));
}

Result<> Api::log_in(const std::string& user, const std::string& password) {
    const auto answer = call("POST", "/v1/session", nlohmann::json{{"name", user}, {"password", password}}.dump());
    if (!answer) return answer.error();
    if (answer->body.is_object()) token_ = answer->body.value("token", std::string{});
    if (token_.empty()) return Error{"demo.login", "the node gave " + user + " no session token"};
    return ok();
}

void Api::send(const std::string& method, const std::string& path, const std::string& body, const std::string& key) {
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    if (!token_.empty()) request.set("Authorization", "Bearer " + token_);
    if (!key.empty()) request.set("Idempotency-Key", key);
    if (!body.empty()) request.setContentType("application/json");
    request.setContentLength(static_cast<std::streamsize>(body.size()));
    session_.sendRequest(request) << body << std::flush;
}

Result<Api::Answer> Api::call(const std::string& method, const std::string& path, const std::string& body,
                              const std::string& key) {
    try {
        send(method, path, body, key);
        Poco::Net::HTTPResponse response;
        std::string text;
        Poco::StreamCopier::copyToString(session_.receiveResponse(response), text);
        return Answer{static_cast<int>(response.getStatus()), Json::parse(text, nullptr, false)};
    } catch (const Poco::Exception& e) {
        session_.reset();
        return Error{"demo.unreachable", method + ' ' + path + ": " + e.displayText()};
    }
}

void Api::send_and_hang_up(const std::string& path, const std::string& body, const std::string& key) {
    try {
        send("POST", path, body, key);
    } catch (const Poco::Exception&) {
        // Then it was cut off even earlier.
    }
    session_.reset();
}

Result<std::vector<Api::Json>> Api::list(const std::string& path) {
    std::vector<Json> items;
    std::string cursor;
    do {
        std::string page = path + (path.find('?') == std::string::npos ? "?limit=200" : "&limit=200");
        if (!cursor.empty()) {
            std::string encoded;
            Poco::URI::encode(cursor, "+/=&", encoded);
            page += "&cursor=" + encoded;
        }
        const auto answer = call("GET", page);
        if (!answer) return answer.error();
        if (answer->status != 200 || !answer->body.contains("items"))
            return Error{"demo.list", "GET " + page + " was answered with " + std::to_string(answer->status)};
        for (const Json& item : answer->body["items"]) items.push_back(item);
        const Json next = answer->body.value("next_cursor", Json(nullptr));
        cursor = next.is_string() ? next.get<std::string>() : std::string{};
    } while (!cursor.empty());
    return items;
}

}  // namespace citybridge::demo
