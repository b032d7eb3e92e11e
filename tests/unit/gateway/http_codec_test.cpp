// RFC 9112 as the front door reads it: framing, limits and everything two
// readers of the same bytes could understand differently.
#include "core/gateway/http_codec.h"

#include <gtest/gtest.h>

namespace citybridge::gateway {
namespace {

using Step = RequestReader::Step;

const std::string kPost =
    "POST /v1/calls?a=1&b=%2B%20 HTTP/1.1\r\nHost: x\r\nX-Thing: \t two words \r\nContent-Length: 5\r\n\r\nhello";

Error refusal_of(const std::string& bytes, const HttpLimits& limits = {}) {
    RequestReader reader(limits);
    return reader.feed(bytes) == Step::refused ? reader.refusal() : Error{"not refused", ""};
}

std::string get_with(const std::string& headers) { return "GET / HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n"; }

TEST(RequestReader, reads_a_request_split_anywhere) {
    for (std::size_t split = 0; split <= kPost.size(); ++split) {
        RequestReader reader;
        const Step first = reader.feed(kPost.substr(0, split));
        ASSERT_EQ(first, split == kPost.size() ? Step::complete : Step::need_more) << split;
        ASSERT_EQ(reader.feed(kPost.substr(split)), Step::complete) << split;
        const HttpRequest request = reader.take();
        EXPECT_EQ(request.method, "POST");
        EXPECT_EQ(request.path, "/v1/calls");
        EXPECT_EQ(request.parameter("a"), "1");
        EXPECT_EQ(request.parameter("b"), "+ ");
        EXPECT_EQ(*request.header("x-thing"), "two words");
        EXPECT_EQ(request.body, "hello");
        EXPECT_TRUE(request.keep_alive);
        EXPECT_TRUE(reader.idle());
    }
}

TEST(RequestReader, reads_a_request_byte_by_byte) {
    RequestReader reader;
    for (std::size_t i = 0; i + 1 < kPost.size(); ++i) ASSERT_EQ(reader.feed(kPost.substr(i, 1)), Step::need_more);
    EXPECT_EQ(reader.feed(kPost.substr(kPost.size() - 1)), Step::complete);
    EXPECT_EQ(reader.take().body, "hello");
}

TEST(RequestReader, pipelined_requests_come_in_order) {
    RequestReader reader;
    ASSERT_EQ(reader.feed(kPost + "GET /second HTTP/1.1\r\nHost: x\r\n\r\nGET /third"), Step::complete);
    EXPECT_EQ(reader.take().path, "/v1/calls");
    ASSERT_EQ(reader.feed({}), Step::complete);
    EXPECT_EQ(reader.take().path, "/second");
    EXPECT_EQ(reader.feed({}), Step::need_more);
    EXPECT_FALSE(reader.idle());
    EXPECT_EQ(reader.feed(" HTTP/1.1\r\nHost: x\r\n\r\n"), Step::complete);
    EXPECT_EQ(reader.take().path, "/third");
}

TEST(RequestReader, empty_lines_before_a_request_are_ignored) {
    RequestReader reader;
    EXPECT_EQ(reader.feed("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"), Step::complete);
}

TEST(RequestReader, an_absolute_target_is_read_as_its_path) {
    RequestReader reader;
    ASSERT_EQ(reader.feed("GET http://node.example/v1/agents?limit=3 HTTP/1.1\r\nHost: x\r\n\r\n"), Step::complete);
    const HttpRequest request = reader.take();
    EXPECT_EQ(request.path, "/v1/agents");
    EXPECT_EQ(request.parameter("limit"), "3");
}

TEST(RequestReader, keep_alive_follows_version_and_connection_header) {
    const auto keeps = [](const std::string& version, const std::string& headers) {
        RequestReader reader;
        EXPECT_EQ(reader.feed("GET / " + version + "\r\nHost: x\r\n" + headers + "\r\n"), Step::complete);
        return reader.take().keep_alive;
    };
    EXPECT_TRUE(keeps("HTTP/1.1", ""));
    EXPECT_FALSE(keeps("HTTP/1.1", "Connection: foo, Close\r\n"));
    EXPECT_FALSE(keeps("HTTP/1.0", ""));
    EXPECT_TRUE(keeps("HTTP/1.0", "Connection: Keep-Alive\r\n"));
}

TEST(RequestReader, asks_once_to_continue) {
    const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    RequestReader reader;
    ASSERT_EQ(reader.feed(head), Step::need_continue);
    ASSERT_EQ(reader.feed("o"), Step::need_more);
    ASSERT_EQ(reader.feed("k"), Step::complete);
    EXPECT_EQ(reader.take().body, "ok");
    RequestReader eager;
    EXPECT_EQ(eager.feed(head + "ok"), Step::complete);
    EXPECT_EQ(refusal_of(get_with("Expect: miracles\r\n")).code, "http.expectation");
}

TEST(RequestReader, refuses_what_two_readers_could_frame_differently) {
    for (const std::string headers : {
             "Content-Length: 3\r\nContent-Length: 3\r\n",
             "Content-Length: 3\r\nContent-Length: 4\r\n",
             "Content-Length: 3, 3\r\n",
             "Content-Length: +3\r\n",
             "Content-Length: -1\r\n",
             "Content-Length: 0x3\r\n",
             "Content-Length: 3 4\r\n",
             "Content-Length:\r\n",
             "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
             "Content-Length : 3\r\n",
             " Content-Length: 3\r\n",
             "X: a\r\n Content-Length: 3\r\n",
             "X: a\r\n\tb\r\n",
             "Content-Length: 3\nX: y\r\n",
             "X: a\rContent-Length: 3\r\n",
             "X: a\r\r\n",
             "Host: y\r\n",
             "no colon\r\n",
             ": empty\r\n",
             "Na\x01me: v\r\n",
         })
        EXPECT_EQ(refusal_of(get_with(headers)).code, "http.bad_request") << headers;
    EXPECT_EQ(refusal_of(get_with(std::string("X: a\0b\r\n", 8))).code, "http.bad_request");
}

TEST(RequestReader, refuses_chunked_bodies_clearly) {
    EXPECT_EQ(refusal_of(get_with("Transfer-Encoding: chunked\r\n")).code, "http.length_required");
    EXPECT_EQ(refusal_of(get_with("Transfer-Encoding: gzip, chunked\r\n")).code, "http.length_required");
    EXPECT_EQ(refusal_of(get_with("Transfer-Encoding: identity\r\n")).code, "http.length_required");
}

TEST(RequestReader, refuses_what_is_not_http) {
    for (const std::string bytes :
         {"\x16\x03\x01\x02", "garbage\n", "GET /\r\n\r\n", "GET / HTTP/1.1\n\n", " GET / HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET relative HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET /?a=%zz HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "G(T / HTTP/1.1\r\nHost: x\r\n\r\n"})
        EXPECT_EQ(refusal_of(bytes).code, "http.bad_request") << bytes;
    EXPECT_EQ(refusal_of("PRI * HTTP/2.0\r\n\r\n").code, "http.version");
    EXPECT_EQ(refusal_of("GET / HTTP/1.9\r\nHost: x\r\n\r\n").code, "http.version");
}

TEST(RequestReader, bounds_head_and_body) {
    const HttpLimits limits{200, 10};
    EXPECT_EQ(refusal_of(get_with("X: " + std::string(300, 'a') + "\r\n"), limits).code, "http.head_too_large");
    EXPECT_EQ(refusal_of("GET /" + std::string(300, 'a'), limits).code, "http.head_too_large");
    EXPECT_EQ(refusal_of(get_with("Content-Length: 11\r\n"), limits).code, "http.body_too_large");
    EXPECT_EQ(refusal_of(get_with("Content-Length: 99999999999999999999999\r\n"), limits).code, "http.body_too_large");
    RequestReader reader(limits);
    EXPECT_EQ(reader.feed(get_with("Content-Length: 10\r\n") + "0123456789"), Step::complete);
}

TEST(RequestReader, too_many_headers_are_refused) {
    std::string headers;
    for (int i = 0; i < 200; ++i) headers += "X" + std::to_string(i) + ": 1\r\n";
    EXPECT_EQ(refusal_of(get_with(headers)).code, "http.bad_request");
}

TEST(RequestReader, stays_refused) {
    RequestReader reader;
    ASSERT_EQ(reader.feed("nonsense\n"), Step::refused);
    EXPECT_EQ(reader.feed("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), Step::refused);
}

TEST(ResponseBytes, carry_length_and_body) {
    HttpResponse response;
    response.status = 404;
    response.body = "gone";
    response.with("X-A", "b");
    const std::string bytes = to_bytes(response, false, true);
    EXPECT_TRUE(bytes.starts_with("HTTP/1.1 404 Not Found\r\n"));
    EXPECT_NE(bytes.find("X-A: b\r\n"), std::string::npos);
    EXPECT_NE(bytes.find("Content-Length: 4\r\n"), std::string::npos);
    EXPECT_EQ(bytes.find("Connection"), std::string::npos);
    EXPECT_TRUE(bytes.ends_with("\r\n\r\ngone"));
    const std::string head = to_bytes(response, true, false);
    EXPECT_NE(head.find("Content-Length: 4\r\n"), std::string::npos);
    EXPECT_NE(head.find("Connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(head.ends_with("\r\n\r\n"));
}

TEST(ResponseBytes, a_header_value_cannot_start_another_line) {
    HttpResponse response;
    response.with("Location", "/a\r\nSet-Cookie: x=1");
    EXPECT_EQ(to_bytes(response, false, true).find("\nSet-Cookie"), std::string::npos);
}

TEST(HttpDate, equals_the_example_of_rfc_9110) {
    EXPECT_EQ(http_date(*from_rfc3339("1994-11-06T08:49:37Z")), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(PercentCoding, goes_both_ways_and_refuses_malformed_text) {
    EXPECT_EQ(percent_decode("SIP%2F1001"), "SIP/1001");
    EXPECT_EQ(percent_decode(percent_encode("SIP/1001 ?&%#+")), "SIP/1001 ?&%#+");
    for (const char* text : {"%", "%4", "%zz", "%00", "a%0d%0ab"}) EXPECT_FALSE(percent_decode(text)) << text;
}

}  // namespace
}  // namespace citybridge::gateway
