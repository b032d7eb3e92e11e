// Every way in which a far side can misbehave, and what the client makes of it:
// "certainly not sent" and "may have taken effect" are what P2 rests on.
#include <gtest/gtest.h>

#include "tests/support/hostile_http_server.h"
#include "tests/unit/host/http_fixture.h"

namespace citybridge::test {
namespace {

using Kind = HostileAnswer::Kind;

HttpOutgoing json_post_to(const std::string& url) {
    HttpOutgoing out;
    out.url = url;
    out.headers = {{"Content-Type", "application/json"}};
    out.body = R"({"a":1})";
    return out;
}

struct HttpOutcomeTest : ::testing::Test {
    HttpOutcomeTest() { EXPECT_TRUE(http.allow(server.url())); }
    HttpOutcome ask(HostileAnswer answer, Millis timeout = Millis(20'000)) {
        server.answer_with(std::move(answer));
        HttpOutgoing request = json_post_to(server.url());
        request.timeout = timeout;
        return http.send(request);
    }

    HostileHttpServer server;
    HttpFixture http;
};

void expect_unclear(const HttpOutcome& outcome, std::string_view code) {
    EXPECT_EQ(outcome.progress, HttpProgress::unclear) << outcome.code << ' ' << outcome.detail;
    EXPECT_EQ(outcome.code, code) << outcome.detail;
    EXPECT_EQ(outcome.status, 0);
    EXPECT_FALSE(outcome.detail.empty());
}

TEST_F(HttpOutcomeTest, ACompleteAnswerHasStatusHeadersAndBody) {
    const auto outcome = ask({.status = 201, .headers = {{"X-Erp-Id", "  17 "}}, .body = "made"});
    EXPECT_EQ(outcome.progress, HttpProgress::answered);
    EXPECT_EQ(outcome.status, 201);
    EXPECT_EQ(outcome.body, "made");
    ASSERT_NE(outcome.header("x-erp-id"), nullptr);
    EXPECT_EQ(*outcome.header("x-erp-id"), "17");
    EXPECT_EQ(outcome.header("x-other"), nullptr);
}

TEST_F(HttpOutcomeTest, TheRequestArrivesAsItWasGivenAndWithoutAnExpectation) {
    ask({});
    const auto requests = server.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].method, "POST");
    EXPECT_EQ(requests[0].body, R"({"a":1})");
    EXPECT_EQ(requests[0].header("content-type"), "application/json");
    EXPECT_EQ(requests[0].header("content-length"), "7");
    EXPECT_EQ(requests[0].header("expect"), "");
}

TEST_F(HttpOutcomeTest, EveryStatusIsAnAnswer) {
    for (const int status : {204, 302, 400, 410, 429, 500, 503}) {
        const auto outcome = ask({.status = status, .headers = {{"Retry-After", "7"}}, .body = ""});
        EXPECT_EQ(outcome.progress, HttpProgress::answered);
        EXPECT_EQ(outcome.status, status);
        EXPECT_EQ(*outcome.header("retry-after"), "7");
    }
}

TEST_F(HttpOutcomeTest, ARedirectIsToldAndNotFollowed) {
    HostileHttpServer elsewhere;
    const auto outcome = ask({.status = 307, .headers = {{"Location", elsewhere.url("/trap")}}});
    EXPECT_EQ(outcome.status, 307);
    EXPECT_EQ(*outcome.header("location"), elsewhere.url("/trap"));
    EXPECT_EQ(server.requests().size(), 1U);
    EXPECT_EQ(elsewhere.connections(), 0U);
}

TEST_F(HttpOutcomeTest, InterimAnswersAreSkipped) {
    const auto outcome = ask({.kind = Kind::interim, .status = 200, .body = "final"});
    EXPECT_EQ(outcome.status, 200);
    EXPECT_EQ(outcome.body, "final");
    EXPECT_EQ(outcome.header("x-interim"), nullptr);
}

TEST_F(HttpOutcomeTest, AnInterimAnswerAloneIsNoAnswer) {
    expect_unclear(ask({.kind = Kind::only_interim}), "http.closed_early");
}

TEST_F(HttpOutcomeTest, ClosingBeforeTheAnswerIsUnclear) {
    expect_unclear(ask({.kind = Kind::close_before}), "http.closed_early");
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(HttpOutcomeTest, ClosingInTheMiddleIsUnclear) {
    expect_unclear(ask({.kind = Kind::close_middle}), "http.closed_early");
}

TEST_F(HttpOutcomeTest, AResetIsUnclear) { expect_unclear(ask({.kind = Kind::reset}), "http.closed_early"); }

TEST_F(HttpOutcomeTest, AnAnswerShorterThanItsLengthIsUnclear) {
    expect_unclear(ask({.kind = Kind::too_short}), "http.closed_early");
}

TEST_F(HttpOutcomeTest, WhatComesBehindACompleteAnswerBelongsToNoRequest) {
    const auto outcome = ask({.kind = Kind::too_long, .body = "exact"});
    EXPECT_EQ(outcome.status, 200);
    EXPECT_EQ(outcome.body, "exact");
    EXPECT_EQ(ask({.status = 202, .body = "next"}).body, "next");
}

TEST_F(HttpOutcomeTest, GarbageIsUnclear) { expect_unclear(ask({.kind = Kind::garbage}), "http.bad_answer"); }

TEST_F(HttpOutcomeTest, SilenceEndsWithTheTimeout) {
    expect_unclear(ask({.kind = Kind::never}, Millis(200)), "http.timeout");
}

TEST_F(HttpOutcomeTest, TheTimeoutHoldsForTheWholeExchangeHoweverSlowlyBytesCome) {
    expect_unclear(ask({.kind = Kind::slow, .pace = Millis(40)}, Millis(500)), "http.timeout");
}

TEST_F(HttpOutcomeTest, AnAnswerAfterTheTimeoutIsNotTakenForTheNextRequest) {
    expect_unclear(ask({.kind = Kind::late, .status = 201, .body = "late"}, Millis(200)), "http.timeout");
    server.release();
    const auto outcome = ask({.status = 200, .body = "mine"});
    EXPECT_EQ(outcome.status, 200);
    EXPECT_EQ(outcome.body, "mine");
}

TEST_F(HttpOutcomeTest, AnEndlessBodyIsCutOff) {
    expect_unclear(ask({.kind = Kind::endless_body}), "http.answer_too_large");
}

TEST_F(HttpOutcomeTest, EndlessHeadersAreCutOff) {
    expect_unclear(ask({.kind = Kind::endless_header}), "http.answer_too_large");
}

TEST_F(HttpOutcomeTest, ABodyOfExactlyTheLimitIsTaken) {
    server.answer_with({.body = std::string(1'000, 'x')});
    HttpOutgoing request = json_post_to(server.url());
    request.max_answer_bytes = 1'000;
    EXPECT_EQ(http.send(request).body.size(), 1'000U);
    request.max_answer_bytes = 999;
    expect_unclear(http.send(request), "http.answer_too_large");
}

TEST_F(HttpOutcomeTest, NobodyListeningIsNotSent) {
    const std::string url = "http://127.0.0.1:" + std::to_string(closed_port()) + "/";
    ASSERT_TRUE(http.allow(url));
    expect_not_sent(http.send(json_post_to(url)), "http.no_connection");
}

TEST_F(HttpOutcomeTest, ANameThatDoesNotExistIsNotSent) {
    ASSERT_TRUE(http.allow("http://nowhere.invalid/"));
    HttpOutgoing request = json_post_to("http://nowhere.invalid/");
    request.connect_timeout = Millis(2'000);
    expect_not_sent(http.send(request), "http.no_connection");
}

TEST_F(HttpOutcomeTest, MethodsAndEmptyBodiesGoOutAsTheyAre) {
    for (const std::string method : {"GET", "DELETE", "PUT", "PATCH", "POST"}) {
        HttpOutgoing request = json_post_to(server.url("/m"));
        request.method = method;
        if (method == "GET" || method == "DELETE") request.body.clear();
        EXPECT_EQ(http.send(request).status, 200) << method;
        EXPECT_EQ(server.requests().back().method, method);
        EXPECT_EQ(server.requests().back().body, request.body);
    }
}

}  // namespace
}  // namespace citybridge::test
