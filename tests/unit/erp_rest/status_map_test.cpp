#include "plugins/erp_rest/status_map.h"

#include <gtest/gtest.h>

#include "core/api/text.h"

namespace citybridge::erp_rest {
namespace {

using enum DeliveryOutcome;

// 2026-11-22 08:00:00 UTC.
const WallTime kNow = *from_rfc3339("2026-11-22T08:00:00.000Z");

HttpOutcome answered(int status, HttpHeaders headers = {}, std::string body = {}) {
    HttpOutcome out;
    out.progress = HttpProgress::answered;
    out.status = status;
    out.headers = std::move(headers);
    out.body = std::move(body);
    return out;
}

struct Row {
    int status;
    DeliveryOutcome outcome;
    const char* code;
};
class Status : public ::testing::TestWithParam<Row> {};

TEST_P(Status, MeansOneThing) {
    const auto reply = reply_of(answered(GetParam().status), {}, kNow);
    EXPECT_EQ(reply.outcome, GetParam().outcome);
    EXPECT_EQ(reply.code, GetParam().code);
    EXPECT_EQ(reply.detail.empty(), reply.outcome == delivered);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Status,
    ::testing::Values(Row{200, delivered, ""}, Row{201, delivered, ""}, Row{202, delivered, ""},
                      Row{204, delivered, ""}, Row{299, delivered, ""}, Row{300, refused, "delivery.redirected"},
                      Row{301, refused, "delivery.redirected"}, Row{307, refused, "delivery.redirected"},
                      Row{400, refused, "delivery.refused"}, Row{401, refused, "delivery.refused"},
                      Row{404, refused, "delivery.refused"}, Row{408, unclear, "delivery.far_timeout"},
                      Row{409, refused, "delivery.refused"}, Row{410, gone, "delivery.gone"},
                      Row{422, refused, "delivery.refused"}, Row{429, not_done, "delivery.throttled"},
                      Row{500, unclear, "delivery.server_error"}, Row{502, unclear, "delivery.server_error"},
                      Row{503, not_done, "delivery.unavailable"}, Row{504, unclear, "delivery.server_error"},
                      Row{599, unclear, "delivery.server_error"}, Row{999, unclear, "delivery.server_error"}),
    [](const auto& row) { return std::to_string(row.param.status); });

TEST(StatusMap, SettingsDecideBeforeTheTable) {
    StatusMap map;
    map.success = {*parse_status("201"), *parse_status("409")};
    map.refused = {*parse_status("500")};
    EXPECT_EQ(reply_of(answered(201), map, kNow).outcome, delivered);
    EXPECT_EQ(reply_of(answered(409), map, kNow).outcome, delivered);
    EXPECT_EQ(reply_of(answered(500), map, kNow).outcome, refused);
    EXPECT_EQ(reply_of(answered(501), map, kNow).outcome, unclear);
    EXPECT_EQ(reply_of(answered(200), map, kNow).outcome, unclear) << "something happened, but not what was expected";
    EXPECT_EQ(reply_of(answered(200), map, kNow).code, "delivery.unexpected_status");
}

TEST(StatusMap, RetryAfterIsHonouredInBothForms) {
    const auto wait = [](const std::string& value, int status = 429) {
        return reply_of(answered(status, {{"retry-after", value}}), {}, kNow).retry_after;
    };
    EXPECT_EQ(wait("7"), Millis(7'000));
    EXPECT_EQ(wait("7", 503), Millis(7'000));
    EXPECT_EQ(wait("Sun, 22 Nov 2026 08:01:30 GMT"), Millis(90'000));
    EXPECT_EQ(wait("Sun, 22 Nov 2026 07:00:00 GMT"), Millis(0));
    EXPECT_EQ(wait("86400"), Millis(3'600'000)) << "no longer than the settings allow";
    EXPECT_EQ(wait("soon"), std::nullopt);
    EXPECT_EQ(wait("7", 500), std::nullopt) << "what is unclear is not a matter of waiting";
}

TEST(StatusMap, WithoutAnAnswerTheProgressDecides) {
    HttpOutcome outcome;
    outcome.progress = HttpProgress::not_sent;
    outcome.code = "http.no_connection";
    EXPECT_EQ(reply_of(outcome, {}, kNow).outcome, not_done);
    outcome.code = "http.refused_origin";
    EXPECT_EQ(reply_of(outcome, {}, kNow).outcome, refused);
    outcome.progress = HttpProgress::unclear;
    outcome.code = "http.timeout";
    EXPECT_EQ(reply_of(outcome, {}, kNow).outcome, unclear);
    EXPECT_EQ(reply_of(outcome, {}, kNow).code, "http.timeout");
}

TEST(StatusMap, WhatTheErpSaidIsShortAndValidUtf8) {
    std::string body = "\xFF\xFE\r\n";
    for (int i = 0; i < 10'000; ++i) body += "张";
    const auto detail = reply_of(answered(400, {}, body), {}, kNow).detail;
    EXPECT_LT(detail.size(), 500U);
    EXPECT_TRUE(is_utf8(detail));
    EXPECT_EQ(detail.find('\n'), std::string::npos);
}

TEST(StatusMap, StatusesAreWrittenAsNumbersOrClasses) {
    EXPECT_EQ(parse_status("5xx")->from, 500);
    EXPECT_EQ(parse_status("5xx")->to, 599);
    EXPECT_EQ(parse_status("409")->to, 409);
    for (const char* text : {"", "1xx", "6xx", "20", "2000", "2x0", "abc", "-20", "100"})
        EXPECT_FALSE(parse_status(text)) << text;
}

}  // namespace
}  // namespace citybridge::erp_rest
