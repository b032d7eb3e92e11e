#include "core/node/cli/api_client.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <Poco/UUIDGenerator.h>

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kTimeoutSeconds = 30;  // the node itself gives up after 15
constexpr int kFileTimeoutSeconds = 600;
constexpr int kTries = 3;
const std::string kReserved = "/?#&=+%";

// Lists of what is wrong, a line each.
std::string all_of(const Json& problem) {
    std::string out;
    for (const Json& each : problem.value("problems", Json::array()))
        out += "\n  " + each.value("file", "") + ':' + std::to_string(each.value("line", 0)) + ':' +
               std::to_string(each.value("column", 0)) + ": " + each.value("message", "");
    for (const Json& each : problem.value("orders", Json::array())) {
        out += "\n  " + each.value("id", "") + ':';
        for (const Json& why : each.value("why", Json::array())) out += ' ' + why.get<std::string>() + ';';
    }
    return out;
}

Error problem_of(const Json& body, int status) {
    if (body.is_object() && body.contains("code"))
        return {body["code"].get<std::string>(),
                body.value("detail", body.value("title", std::string{})) + all_of(body)};
    return {"cli.bad_answer", "the node answered with status " + std::to_string(status) + " and no problem document"};
}

}  // namespace

std::string path_segment(const std::string& text) {
    std::string out;
    Poco::URI::encode(text, kReserved, out);
    return out;
}

std::string query_of(const std::vector<std::pair<std::string, std::string>>& parameters) {
    std::string out;
    for (const auto& [name, value] : parameters)
        if (!value.empty()) out += (out.empty() ? '?' : '&') + name + '=' + path_segment(value);
    return out;
}

nlohmann::ordered_json without_empty(nlohmann::ordered_json body) {
    for (auto it = body.begin(); it != body.end();) {
        if (*it == "")
            it = body.erase(it);
        else
            ++it;
    }
    return body;
}

ApiClient::~ApiClient() {
    if (logged_in_) (void)send("DELETE", "/v1/session", {});
}

Result<ApiClient::Raw> ApiClient::talk(const std::string& method, const std::string& path, const std::string& body,
                                       const std::string& key, int timeout_s, const std::string& media_type) {
    try {
        const Poco::URI uri(target_.url);
        if (uri.getScheme() != "http" || uri.getHost().empty())
            return Error{"cli.bad_url", target_.url + " is no address of a node; write http://HOST:PORT"};
        Poco::Net::HTTPClientSession session(uri.getHost(), uri.getPort());
        session.setTimeout(Poco::Timespan(timeout_s, 0));
        Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
        if (!target_.token.empty()) request.set("Authorization", "Bearer " + target_.token);
        if (!key.empty()) request.set("Idempotency-Key", key);
        if (!body.empty()) request.setContentType(media_type);
        request.setContentLength(static_cast<std::streamsize>(body.size()));
        session.sendRequest(request) << body;
        Poco::Net::HTTPResponse response;
        std::string text;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
        return Raw{static_cast<int>(response.getStatus()), std::move(text)};
    } catch (const Poco::Exception& e) {
        return Error{"cli.unreachable",
                     "no answer from " + target_.url + ": " + e.displayText() + "; is citybridged running there?"};
    }
}

Result<Json> ApiClient::send(const std::string& method, const std::string& path, const std::string& body,
                             const std::string& key) {
    const auto raw = talk(method, path, body, key, kTimeoutSeconds);
    if (!raw) return raw.error();
    const Json answer = raw->body.empty() ? Json(nullptr) : Json::parse(raw->body, nullptr, false);
    if (answer.is_discarded()) return Error{"cli.bad_answer", target_.url + path + " did not answer with JSON"};
    if (raw->status >= 400) return problem_of(answer, raw->status);
    return answer;
}

Result<std::string> ApiClient::fetch(const std::string& path) {
    if (auto in = log_in(); !in) return in.error();
    auto raw = talk("GET", path, {}, {}, kFileTimeoutSeconds);
    if (!raw) return raw.error();
    if (raw->status >= 400) return problem_of(Json::parse(raw->body, nullptr, false), raw->status);
    return std::move(raw->body);
}

Result<> ApiClient::log_in() {
    if (!target_.token.empty() || target_.user.empty()) return ok();
    auto session = send("POST", "/v1/session", Json{{"name", target_.user}, {"password", target_.password}}.dump());
    if (!session) return session.error();
    if (!session->contains("token")) return Error{"cli.bad_answer", "the node gave no session token"};
    target_.token = (*session)["token"].get<std::string>();
    logged_in_ = true;
    return ok();
}

Result<Json> ApiClient::change(const std::string& method, const std::string& path, const Json& body) {
    if (auto in = log_in(); !in) return in.error();
    const std::string key = Poco::UUIDGenerator::defaultGenerator().createRandom().toString();
    const std::string text = body.is_null() ? std::string{} : body.dump(-1, ' ', false, Json::error_handler_t::replace);
    Result<Json> answer = send(method, path, text, key);
    for (int i = 1; i < kTries && !answer && answer.error().code == "store.outcome_unknown"; ++i)
        answer = send(method, path, text, key);
    return answer;
}

Result<Json> ApiClient::upload(const std::string& path, const std::string& media_type, const std::string& bytes) {
    if (auto in = log_in(); !in) return in.error();
    const std::string key = Poco::UUIDGenerator::defaultGenerator().createRandom().toString();
    const auto raw = talk("POST", path, bytes, key, kFileTimeoutSeconds, media_type);
    if (!raw) return raw.error();
    const Json answer = Json::parse(raw->body, nullptr, false);
    if (raw->status >= 400) return problem_of(answer, raw->status);
    if (answer.is_discarded()) return Error{"cli.bad_answer", target_.url + path + " did not answer with JSON"};
    return answer;
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
        auto page = get(path + mark + "limit=200" + (cursor.empty() ? "" : "&cursor=" + path_segment(cursor)));
        if (!page) return page.error();
        if (!page->is_object() || !page->contains("items")) return Error{"cli.bad_answer", path + " gave no list"};
        for (const Json& item : (*page)["items"]) all.push_back(item);
        const Json next = page->value("next_cursor", Json(nullptr));
        cursor = next.is_string() ? next.get<std::string>() : std::string{};
    } while (!cursor.empty());
    return all;
}

}  // namespace citybridge
