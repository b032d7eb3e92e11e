// Certificates and names are always verified; a refused one means that nothing was sent.
#include <gtest/gtest.h>

#include "tests/support/hostile_http_server.h"
#include "tests/unit/host/http_fixture.h"

namespace citybridge::test {
namespace {

HttpOutcome ask(const CertificateOptions& options, std::size_t& requests, bool trusted = true) {
    const TestCertificate certificate(options);
    HostileHttpServer server({}, &certificate);
    HttpFixture http;
    EXPECT_TRUE(http.allow(server.url()));
    HttpOutgoing request;
    request.url = server.url();
    request.body = "{}";
    if (trusted) request.ca_file = certificate.ca_file();
    auto outcome = http.send(request);
    requests = server.requests().size();
    return outcome;
}

void expect_refused(const CertificateOptions& options, bool trusted = true) {
    std::size_t requests = 0;
    const auto outcome = ask(options, requests, trusted);
    EXPECT_EQ(outcome.progress, HttpProgress::not_sent);
    EXPECT_EQ(outcome.code, "http.tls") << outcome.detail;
    EXPECT_EQ(requests, 0U);
}

TEST(HttpTls, ACertificateOfTheGivenAuthorityIsTaken) {
    std::size_t requests = 0;
    const auto outcome = ask({}, requests);
    EXPECT_EQ(outcome.status, 200) << outcome.detail;
    EXPECT_EQ(requests, 1U);
}

TEST(HttpTls, AnAuthorityThatIsNotTheSystemsIsRefusedWithoutItsFile) { expect_refused({}, false); }
TEST(HttpTls, AnotherNameIsRefused) { expect_refused({.address = "127.0.0.2"}); }
TEST(HttpTls, ASelfSignedCertificateIsRefused) { expect_refused({.self_signed = true}); }
TEST(HttpTls, AnExpiredCertificateIsRefused) { expect_refused({.valid_from_days = -10, .valid_to_days = -1}); }
TEST(HttpTls, ACertificateOfTheFutureIsRefused) { expect_refused({.valid_from_days = 1, .valid_to_days = 2}); }

TEST(HttpTls, AServerWithoutTlsIsRefused) {
    HostileHttpServer server;
    HttpFixture http;
    HttpOutgoing request;
    request.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
    ASSERT_TRUE(http.allow(request.url));
    request.timeout = Millis(500);
    const auto outcome = http.send(request);
    EXPECT_EQ(outcome.progress, HttpProgress::not_sent);
}

TEST(HttpTls, ClosingWithoutAnAnswerIsUnclear) {
    const TestCertificate certificate;
    HostileHttpServer server({}, &certificate);
    server.answer_with({.kind = HostileAnswer::Kind::close_before});
    HttpFixture http;
    ASSERT_TRUE(http.allow(server.url()));
    HttpOutgoing request;
    request.url = server.url();
    request.body = "{}";
    request.ca_file = certificate.ca_file();
    const auto outcome = http.send(request);
    EXPECT_EQ(outcome.progress, HttpProgress::unclear);
    EXPECT_EQ(outcome.code, "http.closed_early");
}

}  // namespace
}  // namespace citybridge::test
