#include "plugins/erp_rest/request.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "plugins/erp_rest/settings.h"

namespace citybridge::erp_rest {
namespace {

Target target_of(const std::vector<std::pair<std::string, std::string>>& more) {
    RawSettings raw{{}, {{"url", "https://erp.example/api/", {}}}};
    for (const auto& [name, value] : more) raw.settings.push_back({name, value, {}});
    Problems problems;
    auto config = read_config(raw, problems);
    for (const auto& problem : problems) ADD_FAILURE() << to_string(problem);
    return config.target;
}

OutboxRecord message(std::string kind, std::string payload) {
    OutboxRecord out;
    out.id = "m1";
    out.order = "o1";
    out.kind = std::move(kind);
    out.payload = std::move(payload);
    return out;
}

std::string header(const HttpOutgoing& request, std::string_view name) {
    for (const auto& [key, value] : request.headers)
        if (key == name) return value;
    return {};
}

TEST(Request, EveryKindHasItsMethodAndPath) {
    const Target target = target_of({{"open_order_method", "PUT"},
                                     {"open_order_path", "/orders/{order}"},
                                     {"append_note_path", "/notes?of={order}"},
                                     {"other_path", "/events/{kind}"}});
    const auto open = delivery_request(target, message("open_order", "{}"), "");
    ASSERT_TRUE(open);
    EXPECT_EQ(open->method, "PUT");
    EXPECT_EQ(open->url, "https://erp.example/api/orders/o1");
    EXPECT_EQ(delivery_request(target, message("append_note", "{}"), "")->url, "https://erp.example/api/notes?of=o1");
    EXPECT_EQ(delivery_request(target, message("event", "{}"), "")->url, "https://erp.example/api/events/event");
}

TEST(Request, TheExternalIdComesFromTheContentThenTheMessageThenWhatWasLearned) {
    const Target target = target_of({});
    auto note = message("append_note", R"({"external_id":"P"})");
    note.external_id = "M";
    EXPECT_EQ(delivery_request(target, note, "L")->url, "https://erp.example/api/orders/P/notes");
    note.payload = R"({"external_id":null})";
    EXPECT_EQ(delivery_request(target, note, "L")->url, "https://erp.example/api/orders/M/notes");
    note.external_id.clear();
    EXPECT_EQ(delivery_request(target, note, "L")->url, "https://erp.example/api/orders/L/notes");
}

TEST(Request, TheKeyStandsInHeaderAndField) {
    const auto request = delivery_request(target_of({}), message("open_order", R"({"z":1,"a":2})"), "");
    EXPECT_EQ(header(*request, "Idempotency-Key"), "m1");
    EXPECT_EQ(request->body, R"({"z":1,"a":2,"citybridge_id":"m1"})");
    const auto bare =
        delivery_request(target_of({{"key_header", ""}, {"key_field", ""}}), message("open_order", R"({"z":1})"), "");
    EXPECT_EQ(header(*bare, "Idempotency-Key"), "");
    EXPECT_EQ(bare->body, R"({"z":1})");
}

TEST(Request, AuthenticationIsInEveryRequest) {
    EXPECT_EQ(header(*delivery_request(target_of({{"auth", "basic"}, {"user", "Aladdin"}, {"secret", "open sesame"}}),
                                       message("open_order", "{}"), ""),
                     "Authorization"),
              "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // the example of RFC 7617
    const Target by_header =
        target_of({{"auth", "header"}, {"auth_header", "X-Key"}, {"secret", "s"}, {"find_path", "/f/{id}"}});
    EXPECT_EQ(header(*delivery_request(by_header, message("open_order", "{}"), ""), "X-Key"), "s");
    EXPECT_EQ(header(*find_request(by_header, message("open_order", "{}"), ""), "X-Key"), "s");
}

TEST(Request, ContentThatIsNoObjectIsRefused) {
    for (const char* payload : {"", "[]", "1", "{", "null"}) {
        const auto request = delivery_request(target_of({}), message("open_order", payload), "");
        ASSERT_FALSE(request) << payload;
        EXPECT_EQ(request.error().code, "erp_rest.bad_payload");
    }
}

}  // namespace
}  // namespace citybridge::erp_rest
