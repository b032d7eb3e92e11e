// Origins, connections that are kept, many requests at once, and the end.
#include <gtest/gtest.h>

#include <atomic>
#include <set>

#include "tests/support/hostile_http_server.h"
#include "tests/unit/host/http_fixture.h"

namespace citybridge::test {
namespace {

using Kind = HostileAnswer::Kind;

HttpOutgoing post_to(const std::string& url, std::string body = "{}") {
    HttpOutgoing out;
    out.url = url;
    out.body = std::move(body);
    return out;
}

TEST(HttpOrigin, IsSchemeLowerCaseHostAndEffectivePort) {
    EXPECT_EQ(origin_of("HTTP://Erp.Example/a?b#c"), (HttpOrigin{"http", "erp.example", 80}));
    EXPECT_EQ(origin_of("https://erp.example"), (HttpOrigin{"https", "erp.example", 443}));
    EXPECT_EQ(origin_of("https://erp.example:8443/x"), (HttpOrigin{"https", "erp.example", 8443}));
    EXPECT_EQ(origin_of("http://[::1]:80/"), (HttpOrigin{"http", "[::1]", 80}));
}

TEST(HttpOrigin, IsRefusedForUserInformationAndWhatIsNoHttpUrl) {
    using namespace std::string_view_literals;
    for (const auto url : {"http://user@erp.example/"sv, "http://user:secret@erp.example/"sv, "ftp://erp.example/"sv,
                           "file:///etc/passwd"sv, "/path"sv, ""sv, "http://"sv, "http://a b/"sv, "http://erp:99999/"sv,
                           "http://erp.example\0.evil/"sv, "javascript:x"sv})
        EXPECT_FALSE(origin_of(url)) << url;
}

TEST(HttpOrigin, TheNodesListNamesHostsWithOrWithoutPort) {
    const HttpOrigin erp{"https", "erp.example", 443};
    EXPECT_TRUE(on_allow_list(erp, {}));
    EXPECT_TRUE(on_allow_list(erp, {"other", "ERP.example"}));
    EXPECT_TRUE(on_allow_list(erp, {"erp.example:443"}));
    EXPECT_FALSE(on_allow_list(erp, {"erp.example:80"}));
    EXPECT_FALSE(on_allow_list(erp, {"example", "evil-erp.example"}));
    EXPECT_TRUE(on_allow_list({"http", "[::1]", 8080}, {"[::1]:8080"}));
}

TEST(HttpClient, AnOriginThatWasNotDeclaredIsRefusedWithoutASocket) {
    HostileHttpServer server;
    HttpFixture http;
    expect_not_sent(http.send(post_to(server.url())), "http.refused_origin");
    EXPECT_EQ(server.connections(), 0U);
}

TEST(HttpClient, AnotherPortOrSchemeIsAnotherOrigin) {
    HostileHttpServer server;
    HostileHttpServer other;
    HttpFixture http;
    ASSERT_TRUE(http.allow(server.url("/some/path")));
    expect_not_sent(http.send(post_to(other.url())), "http.refused_origin");
    expect_not_sent(http.send(post_to("https" + server.url().substr(4))), "http.refused_origin");
    expect_not_sent(http.send(post_to("http://u:p@127.0.0.1:" + std::to_string(server.port()))), "http.refused_origin");
    EXPECT_EQ(http.send(post_to(server.url("/other/path"))).status, 200);
    EXPECT_EQ(other.connections(), 0U);
}

TEST(HttpClient, TheNodesListHoldsAgainstAPluginsDeclaration) {
    HostileHttpServer server;
    HttpFixture http({"erp.example"});
    EXPECT_FALSE(http.allow(server.url()));
    EXPECT_TRUE(http.allow("https://erp.example/"));
    expect_not_sent(http.send(post_to(server.url())), "http.refused_origin");
    EXPECT_EQ(server.connections(), 0U);
}

TEST(HttpClient, HeadersThatWouldChangeTheMessageAreRefused) {
    HostileHttpServer server;
    HttpFixture http;
    ASSERT_TRUE(http.allow(server.url()));
    const std::vector<std::pair<std::string, std::string>> bad{{"X-A", "1\r\nX-B: 2"},
                                                               {"X-A", "1\n"},
                                                               {"X-A", std::string("1\0", 2)},
                                                               {"X-A\r\nX-B", "2"},
                                                               {"", "1"},
                                                               {"X A", "1"},
                                                               {"Content-Length", "0"},
                                                               {"transfer-encoding", "chunked"},
                                                               {"Host", "evil"}};
    for (const auto& header : bad) {
        HttpOutgoing request = post_to(server.url());
        request.headers = {header};
        expect_not_sent(http.send(request), "http.bad_request");
    }
    HttpOutgoing request = post_to(server.url());
    request.method = "GET / HTTP/1.1\r\nX:";
    expect_not_sent(http.send(request), "http.bad_request");
    EXPECT_EQ(server.connections(), 0U);
}

TEST(HttpClient, AnEmptyHeaderIsSent) {
    HostileHttpServer server;
    HttpFixture http;
    ASSERT_TRUE(http.allow(server.url()));
    HttpOutgoing request = post_to(server.url());
    request.headers = {{"X-Empty", ""}, {"X-Full", "yes"}};
    EXPECT_EQ(http.send(request).status, 200);
    const auto headers = server.requests()[0].headers;
    EXPECT_NE(std::find(headers.begin(), headers.end(), std::pair<std::string, std::string>("x-empty", "")),
              headers.end());
    EXPECT_EQ(server.requests()[0].header("x-full"), "yes");
}

TEST(HttpClient, ConnectionsAreKeptAlive) {
    HostileHttpServer server;
    HttpFixture http;
    ASSERT_TRUE(http.allow(server.url()));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(http.send(post_to(server.url())).status, 200);
    EXPECT_EQ(server.connections(), 1U);
}

TEST(HttpClient, AKeptConnectionThatHasEndedIsReplacedBeforeTheRequestGoesOut) {
    HostileHttpServer server;
    HttpFixture http;
    ASSERT_TRUE(http.allow(server.url()));
    for (int i = 0; i < 20; ++i) {
        server.answer_with({.kind = Kind::whole});
        EXPECT_EQ(http.send(post_to(server.url())).status, 200) << i;
        server.close_connections();
    }
    EXPECT_EQ(server.requests().size(), 20U) << "each request was received once";
}

TEST(HttpClient, ARequestOnAKeptConnectionThatEndsWithoutAnswerIsNotRepeated) {
    HostileHttpServer server;
    HttpFixture http;
    ASSERT_TRUE(http.allow(server.url()));
    EXPECT_EQ(http.send(post_to(server.url())).status, 200);
    for (const auto kind : {Kind::close_before, Kind::reset}) {
        server.answer_with(HostileAnswer{});
        EXPECT_EQ(http.send(post_to(server.url())).status, 200);
        const auto before = server.requests().size();
        server.answer_with({.kind = kind});
        const auto outcome = http.send(post_to(server.url()));
        EXPECT_EQ(outcome.progress, HttpProgress::unclear);
        EXPECT_EQ(outcome.code, "http.closed_early");
        EXPECT_EQ(server.requests().size(), before + 1) << "it may have been acted on: not a second time";
    }
}

TEST(HttpClient, TwoHundredAtOnceEachGetTheirOwnAnswer) {
    HostileHttpServer server([](const ReceivedRequest& request) { return HostileAnswer{.body = request.body}; });
    HttpFixture http;
    ASSERT_TRUE(http.allow(server.url()));
    std::vector<std::future<HttpOutcome>> futures;
    futures.reserve(200);
    for (int i = 0; i < 200; ++i) futures.push_back(http.start(post_to(server.url(), "number " + std::to_string(i))));
    for (std::size_t i = 0; i < futures.size(); ++i)
        EXPECT_EQ(HttpFixture::outcome_of(std::move(futures[i])).body, "number " + std::to_string(i));
    EXPECT_EQ(server.requests().size(), 200U);
    EXPECT_LE(server.connections(), HttpWorker::kMaxPerOrigin);
}

TEST(HttpClient, AnswersComeOnTheLaneAndNeverFromWithinSend) {
    HostileHttpServer server;
    HttpFixture http;
    ASSERT_TRUE(http.allow(server.url()));
    std::promise<std::pair<bool, bool>> seen;
    http.on_lane([&] {
        const auto lane_thread = std::this_thread::get_id();
        auto returned = std::make_shared<bool>(false);
        http.client.send(post_to("http://refused.example/"), [&, lane_thread, returned](const HttpOutcome&) {
            seen.set_value({*returned, std::this_thread::get_id() == lane_thread});
        });
        *returned = true;
    });
    const auto [returned, on_lane] = seen.get_future().get();
    EXPECT_TRUE(returned);
    EXPECT_TRUE(on_lane);
}

TEST(HttpClient, ASilentDestinationDoesNotHoldBackAnother) {
    HostileHttpServer silent;
    HostileHttpServer talking;
    silent.answer_with({.kind = Kind::never});
    HttpFixture http;
    ASSERT_TRUE(http.allow(silent.url()));
    ASSERT_TRUE(http.allow(talking.url()));
    std::vector<std::future<HttpOutcome>> stuck;
    for (std::size_t i = 0; i < HttpWorker::kMaxPerOrigin + 50; ++i) stuck.push_back(http.start(post_to(silent.url())));
    ASSERT_TRUE(silent.wait_for_requests(HttpWorker::kMaxPerOrigin));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(http.send(post_to(talking.url())).status, 200);
    for (const auto& each : stuck) EXPECT_EQ(each.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
    EXPECT_EQ(silent.requests().size(), HttpWorker::kMaxPerOrigin);
}

TEST(HttpClient, ARequestWhoseTurnNeverComesIsNotSent) {
    HostileHttpServer silent;
    silent.answer_with({.kind = Kind::never});
    HttpFixture http;
    ASSERT_TRUE(http.allow(silent.url()));
    std::vector<std::future<HttpOutcome>> stuck;
    for (std::size_t i = 0; i < HttpWorker::kMaxPerOrigin; ++i) stuck.push_back(http.start(post_to(silent.url())));
    HttpOutgoing late = post_to(silent.url());
    late.timeout = Millis(100);
    expect_not_sent(http.send(late), "http.busy");
}

TEST(HttpClient, TheNumberOfRequestsIsBounded) {
    HostileHttpServer silent;
    silent.answer_with({.kind = Kind::never});
    HttpFixture http;
    ASSERT_TRUE(http.allow(silent.url()));
    http.on_lane([&] {
        for (std::size_t i = 0; i < HostHttpClient::kMaxRequests; ++i)
            http.client.send(post_to(silent.url()), [](const HttpOutcome&) {});
    });
    expect_not_sent(http.send(post_to(silent.url())), "http.busy");
}

TEST(HttpClient, AfterTheStopNothingIsCalled) {
    HostileHttpServer server;
    server.answer_with({.kind = Kind::late});
    std::atomic<int> called{0};
    {
        HttpFixture http;
        ASSERT_TRUE(http.allow(server.url()));
        http.on_lane([&] {
            for (int i = 0; i < 50; ++i) http.client.send(post_to(server.url()), [&](const HttpOutcome&) { ++called; });
        });
        ASSERT_TRUE(server.wait_for_requests(50));
        http.on_lane([&] { http.client.close(); });
        server.release();
        http.on_lane([&] { http.client.send(post_to(server.url()), [&](const HttpOutcome&) { ++called; }); });
    }
    EXPECT_EQ(called, 0);
}

TEST(HttpClient, ACompletionThatThrowsCostsOnlyItself) {
    HostileHttpServer server;
    server.answer_with({.kind = Kind::late});
    HttpFixture http;
    ASSERT_TRUE(http.allow(server.url()));
    std::promise<void> all;
    int count = 0;
    http.on_lane([&] {
        for (int i = 0; i < 20; ++i)
            http.client.send(post_to(server.url()), [&](const HttpOutcome&) {
                if (++count == 20) all.set_value();
                throw std::runtime_error("on purpose");
            });
    });
    ASSERT_TRUE(server.wait_for_requests(20));
    server.release();
    EXPECT_EQ(all.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
}

TEST(HttpClient, AFullLaneGetsItsAnswersLater) {
    HostileHttpServer server;
    HttpFixture http({}, 1);
    ASSERT_TRUE(http.allow(server.url()));
    std::promise<HttpOutcome> answer;
    http.on_lane([&] {
        http.client.send(post_to(server.url()), [&](HttpOutcome outcome) { answer.set_value(std::move(outcome)); });
        // Its only place is taken while the answer comes.
        ASSERT_TRUE(http.lane->post([&] { server.wait_for_requests(1); }));
        server.wait_for_requests(1);
    });
    EXPECT_EQ(HttpFixture::outcome_of(answer.get_future()).status, 200);
}

}  // namespace
}  // namespace citybridge::test
