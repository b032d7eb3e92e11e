// Whatever a stranger sends: no crash, and never accepted.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "plugins/webhook/incoming.h"
#include "tests/unit/webhook/signed_at.h"

namespace citybridge::webhook {
namespace {

const SigningKey& only_key() {
    static const SigningKey made = *SigningKey::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    return made;
}

const Receiver& one_key_receiver() {
    static const Receiver made("erp", {only_key()}, std::chrono::seconds(300));
    return made;
}

HeaderList headers_of(std::string id, std::string timestamp, std::string signatures) {
    return {{"webhook-id", std::move(id)},
            {"webhook-timestamp", std::move(timestamp)},
            {"webhook-signature", std::move(signatures)}};
}

// Bytes of all kinds, often such as a forger would try.
rc::Gen<std::string> hostile() {
    return rc::gen::oneOf(rc::gen::arbitrary<std::string>(),
                          rc::gen::element<std::string>("v1,", "v1,=", "v1", ",", " ", "v1, v1,", "{}", "1614265330",
                                                        std::string(100'000, 'v'), std::string("\0", 1)),
                          rc::gen::map(rc::gen::container<std::string>(rc::gen::inRange('+', 'z')),
                                       [](const std::string& text) { return "v1," + text; }));
}

TEST(WebhookIncomingProperty, NoForgedHeaderIsEverAccepted) {
    EXPECT_TRUE(rc::check([] {
        const std::string body = *rc::gen::oneOf(hostile(), rc::gen::just<std::string>(R"({"type":"a.b","data":{}})"));
        const auto result = one_key_receiver().accept(
            headers_of(*hostile(), *rc::gen::oneOf(hostile(), rc::gen::just(std::to_string(kSent))), *hostile()), body,
            kNow);
        RC_ASSERT(!result);
        RC_ASSERT(result.error().code == "hook.bad_signature");
    }));
}

TEST(WebhookIncomingProperty, AnyListOfHeadersIsJudgedWithoutACrash) {
    EXPECT_TRUE(rc::check([] {
        const auto names = rc::gen::oneOf(
            rc::gen::element<std::string>("webhook-id", "webhook-timestamp", "webhook-signature"), hostile());
        const auto list = *rc::gen::container<HeaderList>(rc::gen::pair(names, hostile()));
        RC_ASSERT(!one_key_receiver().accept(list, *hostile(), kNow));
    }));
}

TEST(WebhookIncomingProperty, ASignedBodyOfAnyBytesIsAcceptedOrCalledABadMessage) {
    EXPECT_TRUE(rc::check([] {
        const std::string body = *hostile();
        const std::string at = std::to_string(kSent);
        const auto result = one_key_receiver().accept(headers_of("m", at, only_key().sign("m", at, body)), body, kNow);
        RC_ASSERT(!result);
        RC_ASSERT(result.error().code == "hook.bad_message");
    }));
}

TEST(WebhookIncomingProperty, ContentComesThroughUnchanged) {
    EXPECT_TRUE(rc::check([](const std::map<std::uint16_t, std::int64_t>& values) {
        nlohmann::ordered_json data = nlohmann::ordered_json::object();
        for (const auto& [name, value] : values) data["f" + std::to_string(name)] = value;
        const std::string body = nlohmann::ordered_json{{"type", "order.noted"}, {"data", data}}.dump();
        const std::string at = std::to_string(kSent);
        const auto result = one_key_receiver().accept(headers_of("m", at, only_key().sign("m", at, body)), body, kNow);
        RC_ASSERT(static_cast<bool>(result));
        RC_ASSERT(result->data == data);
    }));
}

}  // namespace
}  // namespace citybridge::webhook
