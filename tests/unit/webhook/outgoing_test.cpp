#include "plugins/webhook/outgoing.h"

#include <gtest/gtest.h>

#include "tests/unit/webhook/signed_at.h"

namespace citybridge::webhook {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

const WallTime kLate = kNow + 999ms;  // headers carry whole seconds

Destination destination() {
    Destination out;
    out.url = "https://erp.example/hooks";
    out.ca_file = "/etc/erp.pem";
    out.timeout = 20s;
    out.keys = {*SigningKey::parse(kSecret)};
    return out;
}

OutboxRecord outgoing_message() {
    OutboxRecord out;
    out.id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    out.payload = R"({"test": 2432232314})";
    return out;
}

std::string header(const HttpOutgoing& request, std::string_view name) {
    for (const auto& [key, value] : request.headers)
        if (key == name) return value;
    return "(absent)";
}

DeliveryReply answer(int status, HttpHeaders headers = {}, std::string body = {}) {
    HttpOutcome outcome;
    outcome.progress = HttpProgress::answered;
    outcome.status = status;
    outcome.headers = std::move(headers);
    outcome.body = std::move(body);
    return read_answer(outcome, kLate);
}

// Secret, id, time, body and signature are those published with the specification's libraries.
TEST(WebhookOutgoing, IsOneSignedPostOfThePayloadAsStored) {
    const auto request = make_request(destination(), outgoing_message(), kLate);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->method, "POST");
    EXPECT_EQ(request->url, "https://erp.example/hooks");
    EXPECT_EQ(request->ca_file, "/etc/erp.pem");
    EXPECT_EQ(request->timeout, Millis(20'000));
    EXPECT_LE(request->connect_timeout, request->timeout);
    EXPECT_EQ(request->body, R"({"test": 2432232314})");
    EXPECT_EQ(header(*request, "webhook-id"), "msg_p5jXN8AQM9LWM0D4loKWxJek");
    EXPECT_EQ(header(*request, "webhook-timestamp"), "1614265330");
    EXPECT_EQ(header(*request, "webhook-signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    EXPECT_EQ(header(*request, "Content-Type"), "application/json");
    EXPECT_EQ(header(*request, "User-Agent"), "CityBridge-Webhook/1");
}

TEST(WebhookOutgoing, KeepsTheIdAndStampsEachAttemptAnew) {
    const auto first = make_request(destination(), outgoing_message(), kLate);
    const auto second = make_request(destination(), outgoing_message(), kLate + 5s);
    EXPECT_EQ(header(*first, "webhook-id"), header(*second, "webhook-id"));
    EXPECT_EQ(header(*second, "webhook-timestamp"), "1614265335");
    EXPECT_NE(header(*first, "webhook-signature"), header(*second, "webhook-signature"));
}

TEST(WebhookOutgoing, SignsWithBothSecretsDuringRotation) {
    Destination rotating = destination();
    rotating.keys.push_back(*SigningKey::parse(kOldSecret));
    const std::string old = rotating.keys[1].sign(outgoing_message().id, "1614265330", outgoing_message().payload);
    EXPECT_EQ(header(*make_request(rotating, outgoing_message(), kLate), "webhook-signature"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= " + old);
}

TEST(WebhookOutgoing, ConnectsInNoMoreThanTheWholeTime) {
    Destination hurried = destination();
    hurried.timeout = 100ms;
    EXPECT_EQ(make_request(hurried, outgoing_message(), kLate)->connect_timeout, Millis(100));
}

TEST(WebhookOutgoing, RefusesAnIdThatWouldBreakOutOfItsHeader) {
    for (const char* id : {"", "a b", "a\r\nx: y", "a\n", "单"}) {
        OutboxRecord bad = outgoing_message();
        bad.id = id;
        const auto request = make_request(destination(), bad, kLate);
        ASSERT_FALSE(request) << id;
        EXPECT_EQ(request.error().code, "webhook.bad_id");
    }
}

TEST(WebhookOutgoing, IsDeliveredByAny2xx) {
    for (const int status : {200, 201, 202, 204, 299}) {
        const DeliveryReply reply = answer(status, {{"retry-after", "5"}}, "ok");
        EXPECT_EQ(reply.outcome, DeliveryOutcome::delivered) << status;
        EXPECT_EQ(reply.code, "");
        EXPECT_FALSE(reply.retry_after);
    }
}

TEST(WebhookOutgoing, EndsAllBy410) {
    EXPECT_EQ(answer(410).outcome, DeliveryOutcome::gone);
    EXPECT_EQ(answer(410).code, "delivery.gone");
}

// The specification: every other status is a failure, and failures are tried again.
TEST(WebhookOutgoing, IsTriedAgainAfterEveryOtherStatus) {
    for (int status = 300; status < 600; ++status) {
        if (status == 410) continue;
        const bool may_have_worked = status == 408 || (status >= 500 && status != 503);
        const DeliveryReply reply = answer(status);
        EXPECT_EQ(reply.outcome, may_have_worked ? DeliveryOutcome::unclear : DeliveryOutcome::not_done) << status;
        EXPECT_NE(reply.code, "") << status;
        EXPECT_NE(reply.detail.find(std::to_string(status)), std::string::npos);
    }
}

TEST(WebhookOutgoing, WaitsAsLongAsTheReceiverAsks) {
    EXPECT_EQ(answer(429, {{"retry-after", "120"}}).retry_after, Millis(120s));
    EXPECT_EQ(answer(503, {{"retry-after", "0"}}).retry_after, Millis(0));
    // kLate is Thursday 2021-02-25 15:02:10.999 UTC.
    EXPECT_EQ(answer(503, {{"retry-after", "Thu, 25 Feb 2021 15:03:11 GMT"}}).retry_after, Millis(60'001));
    EXPECT_EQ(answer(429, {{"retry-after", "Thu, 25 Feb 2021 15:00:00 GMT"}}).retry_after, Millis(0));
    EXPECT_EQ(answer(429, {{"retry-after", "99999999"}}).retry_after, Millis(24h));
    EXPECT_FALSE(answer(429, {{"retry-after", "soon"}}).retry_after);
    EXPECT_FALSE(answer(429).retry_after);
}

TEST(WebhookOutgoing, ShowsTheBeginningOfWhatTheReceiverSaid) {
    const DeliveryReply reply = answer(400, {}, "no such\norder " + std::string(10'000, 'x'));
    EXPECT_EQ(reply.detail.find("status 400: no such order xxx"), 0U) << reply.detail;
    EXPECT_LT(reply.detail.size(), 400U);
}

TEST(WebhookOutgoing, KnowsWhatCannotHaveArrivedFromWhatMayHave) {
    HttpOutcome outcome;
    outcome.code = "http.no_connection";
    outcome.detail = "nobody listens";
    outcome.progress = HttpProgress::not_sent;
    EXPECT_EQ(read_answer(outcome, kLate).outcome, DeliveryOutcome::not_done);
    EXPECT_EQ(read_answer(outcome, kLate).code, "http.no_connection");
    EXPECT_EQ(read_answer(outcome, kLate).detail, "nobody listens");
    outcome.progress = HttpProgress::unclear;
    outcome.code = "http.timeout";
    EXPECT_EQ(read_answer(outcome, kLate).outcome, DeliveryOutcome::unclear);
    EXPECT_EQ(read_answer(outcome, kLate).code, "http.timeout");
}

}  // namespace
}  // namespace citybridge::webhook
