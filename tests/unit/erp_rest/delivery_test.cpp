// Messages to an ERP that does everything an ERP has ever done to its clients.
#include <nlohmann/json.hpp>
#include <set>

#include "tests/unit/erp_rest/erp_fixture.h"

namespace citybridge::erp_rest::test {
namespace {

TEST(Delivery, AnOrderIsPostedWithItsKeyAndTheErpsNumberComesBack) {
    Erp erp(Given{{"auth", "bearer"}, {"secret", "t0ken"}});
    erp.server.answer_with({.status = 201, .body = R"({"id":4711})"});
    const auto reply = erp.deliver(message());
    EXPECT_EQ(reply.outcome, DeliveryOutcome::delivered);
    EXPECT_EQ(reply.external_id, "4711");
    EXPECT_EQ(reply.code, "");
    const auto request = erp.server.requests().at(0);
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/api/orders");
    EXPECT_EQ(request.header("idempotency-key"), "ord_7.1.erp");
    EXPECT_EQ(request.header("authorization"), "Bearer t0ken");
    EXPECT_EQ(request.header("content-type"), "application/json");
    const auto body = nlohmann::json::parse(request.body);
    EXPECT_EQ(body["citybridge_id"], "ord_7.1.erp");
    EXPECT_EQ(body["note"], "三室");
}

TEST(Delivery, TheKeyIsTheSameInEveryRepetition) {
    Erp erp(Given{{"repeats", "dedupes"}});
    erp.server.answer_with({.status = 503});
    for (int i = 0; i < 3; ++i) erp.deliver(message());
    std::set<std::pair<std::string, std::string>> seen;
    for (const auto& request : erp.server.requests()) seen.emplace(request.header("idempotency-key"), request.body);
    EXPECT_EQ(erp.server.requests().size(), 3U);
    EXPECT_EQ(seen.size(), 1U);
}

// The far side commits, and its answer is lost: whatever it does with repetitions, the connector must not guess.
class LostAnswer : public ::testing::TestWithParam<std::pair<const char*, Kind>> {};

TEST_P(LostAnswer, IsUnclearAndSentOnce) {
    Erp erp(Given{{"repeats", GetParam().first}, {"find_path", "/orders?k={id}"}, {"timeout_ms", "300"}});
    ASSERT_TRUE(erp.problems.empty());
    erp.server.answer_with({.kind = GetParam().second, .status = 201});
    const auto reply = erp.deliver(message());
    EXPECT_EQ(reply.outcome, DeliveryOutcome::unclear);
    EXPECT_FALSE(reply.code.empty());
    EXPECT_FALSE(reply.detail.empty());
    EXPECT_EQ(reply.external_id, "");
    EXPECT_EQ(erp.server.requests().size(), 1U);
}

std::vector<std::pair<const char*, Kind>> lost_answers() {
    std::vector<std::pair<const char*, Kind>> out;
    for (const char* repeats : {"dedupes", "findable", "neither"})
        for (const Kind kind : {Kind::close_before, Kind::close_middle, Kind::too_short, Kind::reset, Kind::never,
                                Kind::garbage, Kind::late})
            out.emplace_back(repeats, kind);
    return out;
}
INSTANTIATE_TEST_SUITE_P(EveryWay, LostAnswer, ::testing::ValuesIn(lost_answers()));

TEST(Delivery, ALostAnswerOnAKeptConnectionIsUnclearToo) {
    Erp erp(Given{});
    EXPECT_EQ(erp.deliver(message()).outcome, DeliveryOutcome::delivered);
    erp.server.answer_with({.kind = Kind::close_before});
    EXPECT_EQ(erp.deliver(message()).outcome, DeliveryOutcome::unclear);
    EXPECT_EQ(erp.server.requests().size(), 2U);
}

TEST(Delivery, TheTraitsSayWhatTheErpDoesWithRepetitions) {
    EXPECT_EQ(Erp(Given{}).plugin.delivery_traits().repeats, Repeats::neither);
    EXPECT_EQ(Erp(Given{{"repeats", "dedupes"}}).plugin.delivery_traits().repeats, Repeats::dedupes);
    Erp erp(Given{{"repeats", "findable"},
                  {"find_path", "/orders?k={id}"},
                  {"far_timeout_ms", "1234"},
                  {"connections", "64"},
                  {"retry_schedule", "5s, 1m"},
                  {"jitter_percent", "50"},
                  {"events", "order.*"}});
    const auto traits = erp.plugin.delivery_traits();
    EXPECT_EQ(traits.repeats, Repeats::findable);
    EXPECT_EQ(traits.far_timeout, Millis(1'234));
    EXPECT_EQ(traits.connections, 64U);
    EXPECT_EQ(traits.schedule, (std::vector<Millis>{Millis(5'000), Millis(60'000)}));
    EXPECT_DOUBLE_EQ(traits.jitter, 0.5);
    EXPECT_EQ(traits.events, std::vector<std::string>{"order.*"});
}

TEST(Delivery, NobodyThereIsNotDone) {
    Erp erp(Given{{"url", "http://127.0.0.1:" + std::to_string(citybridge::test::closed_port())}});
    const auto reply = erp.deliver(message());
    EXPECT_EQ(reply.outcome, DeliveryOutcome::not_done);
    EXPECT_EQ(reply.code, "http.no_connection");
}

TEST(Delivery, ARedirectIsRefusedAndSaysWhereItPoints) {
    Erp erp(Given{});
    erp.server.answer_with({.status = 308, .headers = {{"Location", "http://127.0.0.1:1/elsewhere"}}, .body = ""});
    const auto reply = erp.deliver(message());
    EXPECT_EQ(reply.outcome, DeliveryOutcome::refused);
    EXPECT_EQ(reply.code, "delivery.redirected");
    EXPECT_THAT(reply.detail, ::testing::HasSubstr("http://127.0.0.1:1/elsewhere"));
}

TEST(Delivery, ARefusalShowsTheErpsWords) {
    Erp erp(Given{});
    erp.server.answer_with({.status = 422, .body = R"({"error":"小区不存在"})"});
    const auto reply = erp.deliver(message());
    EXPECT_EQ(reply.outcome, DeliveryOutcome::refused);
    EXPECT_EQ(reply.code, "delivery.refused");
    EXPECT_THAT(reply.detail, ::testing::HasSubstr("小区不存在"));
}

TEST(Delivery, ANoteGoesToTheNumberThatOpeningTheOrderTold) {
    Erp erp(Given{});
    erp.server.answer_with({.status = 201, .body = R"({"id":"A/17"})"});
    erp.deliver(message());
    erp.server.answer_with({.status = 201, .body = R"({"id":"note-5"})"});
    const auto reply = erp.deliver(message("append_note"));
    EXPECT_EQ(reply.outcome, DeliveryOutcome::delivered);
    EXPECT_EQ(reply.external_id, "") << "the note's number is not the order's";
    EXPECT_EQ(erp.server.requests().back().target, "/api/orders/A%2F17/notes");
    EXPECT_EQ(nlohmann::json::parse(erp.server.requests().back().body)["external_id"], "A/17");
}

TEST(Delivery, ANoteOfAnOrderWithoutNumberIsRefusedAndNotSentAnywhere) {
    Erp erp(Given{});
    const auto reply = erp.deliver(message("append_note"));
    EXPECT_EQ(reply.outcome, DeliveryOutcome::refused);
    EXPECT_EQ(reply.code, "erp_rest.cannot_address");
    EXPECT_EQ(erp.server.connections(), 0U);
}

TEST(Delivery, AfterTheStopNoReplyComes) {
    HostileHttpServer server;
    std::atomic<int> replies{0};
    {
        Erp erp(Given{{"url", server.url()}});
        server.answer_with({.kind = Kind::late});
        for (int i = 0; i < 10; ++i) erp.plugin.deliver(message(), [&](const DeliveryReply&) { ++replies; });
        ASSERT_TRUE(server.wait_for_requests(10));
        erp.step([&] { erp.plugin.stop(Millis(100)); });
        server.release();
        erp.plugin.deliver(message(), [&](const DeliveryReply&) { ++replies; });
    }
    EXPECT_EQ(replies, 0);
}

}  // namespace
}  // namespace citybridge::erp_rest::test
