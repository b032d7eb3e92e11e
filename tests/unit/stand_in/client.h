#pragma once
// A client of the stand-in, as a vendor's customer would write one.
#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/api/time.h"
#include "tools/stand_in/signature.h"

namespace citybridge::stand_in::test {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Answer {
    int status = 0;  // 0: the connection broke, or nothing came in time
    std::string body;
    std::string retry_after;

    std::string id() const {
        const auto document = nlohmann::json::parse(body, nullptr, false);
        return document.is_object() ? document.value("id", std::string()) : std::string();
    }
};

class Client {
public:
    explicit Client(std::uint16_t port, Millis timeout = Millis(10'000)) : session_("127.0.0.1", port) {
        session_.setKeepAlive(true);
        session_.setTimeout(Poco::Timespan(timeout.count() * 1'000));
    }

    Answer send(const std::string& method, const std::string& path, const std::string& body = {},
                const Headers& headers = {}) {
        Answer answer;
        try {
            Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
            for (const auto& [name, value] : headers) request.set(name, value);
            request.setContentLength(static_cast<std::streamsize>(body.size()));
            session_.sendRequest(request) << body;
            Poco::Net::HTTPResponse response;
            Poco::StreamCopier::copyToString(session_.receiveResponse(response), answer.body);
            answer.status = static_cast<int>(response.getStatus());
            answer.retry_after = response.get("Retry-After", "");
        } catch (const Poco::Exception&) {
            session_.reset();
        }
        return answer;
    }
    Answer post_order(const std::string& key, const std::string& order, const std::string& path = "/orders") {
        return send("POST", path, nlohmann::json{{"order", order}}.dump(), {{"Idempotency-Key", key}});
    }
    Answer post_signed(const std::string& name, const std::string& secret, const std::string& id,
                       const std::string& body, std::chrono::seconds off = std::chrono::seconds(0)) {
        const auto now = std::chrono::floor<std::chrono::seconds>(system_now().wall + off).time_since_epoch();
        const std::string timestamp = std::to_string(now.count());
        return send("POST", "/hook/" + name, body,
                    {{"webhook-id", id},
                     {"webhook-timestamp", timestamp},
                     {"webhook-signature", sign(secret, id, timestamp, body)}});
    }

private:
    Poco::Net::HTTPClientSession session_;
};

}  // namespace citybridge::stand_in::test
