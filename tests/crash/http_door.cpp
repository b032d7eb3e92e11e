#include "tests/crash/http_door.h"

#include <cstdio>
#include <thread>

namespace citybridge::crash {
namespace {

using Json = nlohmann::json;

std::string path_of(const Wish& wish) {
    switch (wish.what) {
        case Wish::What::open: return "/v1/orders";
        case Wish::What::note: return "/v1/orders/" + wish.order + "/notes";
        case Wish::What::act: return "/v1/orders/" + wish.order + "/" + wish.action;
        case Wish::What::dial: return "/v1/calls";
    }
    return {};
}

// "caller7-123" -> 7 and 123.
std::string number_of(const std::string& key) {
    int caller = 0, count = 0;
    std::sscanf(key.c_str(), "caller%d-%d", &caller, &count);
    char text[16];
    std::snprintf(text, sizeof text, "139%02d%06d", caller % 100, count % 1'000'000);
    return text;
}

std::string body_of(const Wish& wish) {
    switch (wish.what) {
        case Wish::What::open:
            return Json{{"kind", "sales_lead"},
                        {"phone", "1380010" + std::to_string(1000 + std::hash<std::string>()(wish.key) % 200)},
                        {"customer_name", "Chen"},
                        {"fields", {{"lead_kind", "buy"}, {"wish", wish.key}}}}
                .dump();
        case Wish::What::note: return Json{{"text", wish.key}}.dump();
        case Wish::What::act: return Json{{"note", wish.key}}.dump();
        case Wish::What::dial: return Json{{"number", number_of(wish.key)}}.dump();
    }
    return {};
}

}  // namespace

bool HttpDoor::ready() {
    const int life = node_.life;
    if (client_ != nullptr && life == client_life_) return true;
    client_.reset();
    if (node_.port == 0) return false;
    client_ = std::make_unique<test::Client>(node_.port);
    client_life_ = life;
    const test::Reply reply =
        client_->ask("POST", "/v1/session", {}, Json{{"name", user_}, {"password", user_}}.dump());
    if (reply.status == 201) token_ = reply.json().value("token", "");
    if (reply.status != 201) client_.reset();
    return reply.status == 201;
}

test::Reply HttpDoor::request(const std::string& method, const std::string& path,
                              const std::optional<std::string>& body, const std::string& headers) {
    try {
        if (!ready()) return {};
        test::Reply reply = client_->ask(method, path, token_, body, headers);
        const auto connection = reply.headers.find("connection");
        const bool closes = connection != reply.headers.end() && connection->second == "close";
        if (reply.status == 0 || reply.status == 401 || closes) client_.reset();
        return reply.status == 401 ? test::Reply{} : reply;
    } catch (const std::exception&) {  // nobody listens, or half an answer came
        client_.reset();
        return {};
    }
}

Answer HttpDoor::ask(const Wish& wish) {
    if (think_ > Millis{0}) std::this_thread::sleep_for(think_);
    Answer answer;
    answer.life = node_.life;
    const test::Reply reply = request("POST", path_of(wish), body_of(wish), "Idempotency-Key: " + wish.key + "\r\n");
    answer.status = reply.status;
    answer.body = reply.body;
    answer.code = reply.code();
    answer.replayed = reply.headers.contains("idempotency-replayed");
    if (wish.what == Wish::What::open && reply.status == 201) answer.order = reply.json().value("id", "");
    return answer;
}

}  // namespace citybridge::crash
