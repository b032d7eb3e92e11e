#include "core/node/api_client.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kTimeoutSeconds = 10;

Error problem_of(const Json& body, int status) {
    if (body.is_object() && body.contains("code"))
        return {body["code"].get<std::string>(), body.value("detail", body.value("title", std::string{}))};
    return {"cli.bad_answer", "the node answered with status " + std::to_string(status) + " and no problem document"};
}

}  // namespace

Result<Json> ApiClient::send(const std::string& method, const std::string& path, const std::string& body) {
    try {
        const Poco::URI uri(target_.url);
        if (uri.getScheme() != "http" || uri.getHost().empty())
            return Error{"cli.bad_url", target_.url + " is no address of a node; write http://HOST:PORT"};
        Poco::Net::HTTPClientSession session(uri.getHost(), uri.getPort());
        session.setTimeout(Poco::Timespan(kTimeoutSeconds, 0));
        Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
        if (!target_.token.empty()) request.set("Authorization", "Bearer " + target_.token);
        if (!body.empty()) request.setContentType("application/json");
        request.setContentLength(static_cast<std::streamsize>(body.size()));
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        std::string text;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
        const Json answer = text.empty() ? Json(nullptr) : Json::parse(text, nullptr, false);
        if (answer.is_discarded()) return Error{"cli.bad_answer", target_.url + path + " did not answer with JSON"};
        if (response.getStatus() >= 400) return problem_of(answer, response.getStatus());
        return answer;
    } catch (const Poco::Exception& e) {
        return Error{"cli.unreachable",
                     "no answer from " + target_.url + ": " + e.displayText() + "; is citybridged running there?"};
    }
}

Result<> ApiClient::log_in() {
    if (!target_.token.empty() || target_.user.empty()) return ok();
    auto session = send("POST", "/v1/session", Json{{"name", target_.user}, {"password", target_.password}}.dump());
    if (!session) return session.error();
    if (!session->contains("token")) return Error{"cli.bad_answer", "the node gave no session token"};
    target_.token = (*session)["token"].get<std::string>();
    return ok();
}

Result<Json> ApiClient::get(const std::string& path) {
    if (auto in = log_in(); !in) return in.error();
    return send("GET", path, {});
}

Result<Json> ApiClient::list(const std::string& path) {
    Json all = Json::array();
    std::string cursor;
    do {
        const std::string mark = path.find('?') == std::string::npos ? "?" : "&";
        std::string encoded;
        Poco::URI::encode(cursor, "+&=?#/", encoded);
        auto page = get(path + mark + "limit=200" + (cursor.empty() ? "" : "&cursor=" + encoded));
        if (!page) return page.error();
        if (!page->is_object() || !page->contains("items")) return Error{"cli.bad_answer", path + " gave no list"};
        for (const Json& item : (*page)["items"]) all.push_back(item);
        const Json next = page->value("next_cursor", Json(nullptr));
        cursor = next.is_string() ? next.get<std::string>() : std::string{};
    } while (!cursor.empty());
    return all;
}

}  // namespace citybridge
