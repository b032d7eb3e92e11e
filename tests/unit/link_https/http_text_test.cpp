// RFC 9112: what a request head must be before anybody acts on it.
#include "plugins/link_https/http_text.h"

#include <gtest/gtest.h>

namespace citybridge::link_https {
namespace {

constexpr std::size_t kMost = 1'000;

RequestHead head_of(const std::string& fields, const std::string& first = "POST /city/v1/messages HTTP/1.1") {
    return read_head(first + "\r\n" + fields, kMost);
}

TEST(CityHttp, ReadsWhatTheOtherSideWrites) {
    const RequestHead head =
        head_of("Host: hangzhou:8472\r\nContent-Type: application/x-ndjson\r\nContent-Length: 12\r\n");
    EXPECT_EQ(head.status, 0);
    EXPECT_EQ(head.method, "POST");
    EXPECT_EQ(head.target, "/city/v1/messages");
    EXPECT_EQ(head.body_bytes, 12U);
    EXPECT_TRUE(head.keep_alive);
    EXPECT_FALSE(head_of("Content-Length: 1\r\nConnection: Close\r\n").keep_alive);
}

TEST(CityHttp, RefusesWhatTwoReadersCouldReadAsTwoMessages) {
    EXPECT_EQ(head_of("Content-Length: 5\r\nContent-Length: 5\r\n").status, 400);
    EXPECT_EQ(head_of("Content-Length: 5, 5\r\n").status, 400);
    EXPECT_EQ(head_of("Content-Length: +5\r\n").status, 400);
    EXPECT_EQ(head_of("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n").status, 411);
    EXPECT_EQ(head_of("Content-Length : 5\r\n").status, 400);
    EXPECT_EQ(head_of(" Content-Length: 5\r\n").status, 400);
    EXPECT_EQ(head_of("Content-Length: 5\nX: y\r\n").status, 400);
    EXPECT_EQ(head_of("Content-Length: 5\r\n", "POST  HTTP/1.1").status, 400);
    EXPECT_EQ(head_of("Content-Length: 5\r\n", "POST / HTTP/1.0").status, 400);
    EXPECT_EQ(head_of("Content-Length: 5\r\n", "POST /a b HTTP/1.1").status, 400);
}

TEST(CityHttp, BoundsWhatItWillRead) {
    EXPECT_EQ(head_of("").status, 411);
    EXPECT_EQ(head_of("Content-Length: 1000\r\n").status, 0);
    EXPECT_EQ(head_of("Content-Length: 1001\r\n").status, 413);
    EXPECT_EQ(head_of("Content-Length: 99999999999999999999999\r\n").status, 413);
}

TEST(CityHttp, SaysHowLongItsAnswerIs) {
    EXPECT_EQ(http_answer(200, "application/json", "{}", true),
              "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}");
    EXPECT_EQ(http_answer(404, {}, {}, false),
              "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

}  // namespace
}  // namespace citybridge::link_https
