// Looking for a message's effect after an unclear answer.
#include "tests/unit/erp_rest/erp_fixture.h"

namespace citybridge::erp_rest::test {
namespace {

struct FindTest : ::testing::Test {
    Erp erp{Given{{"repeats", "findable"}, {"find_path", "/orders?key={id}"}, {"timeout_ms", "300"}}};
};

TEST_F(FindTest, WhatTheErpHasIsFoundWithItsNumber) {
    erp.server.answer_with({.body = R"([{"id":17,"citybridge_id":"ord_7.1.erp"}])"});
    const auto reply = erp.find(message());
    EXPECT_EQ(reply.outcome, FindReply::Outcome::found);
    EXPECT_EQ(reply.external_id, "17");
    EXPECT_EQ(erp.server.requests().at(0).method, "GET");
    EXPECT_EQ(erp.server.requests().at(0).target, "/api/orders?key=ord_7.1.erp");
    EXPECT_EQ(erp.server.requests().at(0).body, "");
}

TEST_F(FindTest, AnEmptyListIsAbsent) {
    erp.server.answer_with({.body = "[]"});
    EXPECT_EQ(erp.find(message()).outcome, FindReply::Outcome::absent);
}

TEST_F(FindTest, ARecordWithAnotherKeyIsNotOurs) {
    erp.server.answer_with({.body = R"([{"id":17,"citybridge_id":"ord_1.1.erp"}])"});
    const auto reply = erp.find(message());
    EXPECT_EQ(reply.outcome, FindReply::Outcome::failed);
    EXPECT_EQ(reply.code, "erp_rest.find_failed");
}

TEST_F(FindTest, NoAnswerAndNoPermissionAreNoAbsence) {
    for (const auto& answer : {HostileAnswer{.kind = Kind::never}, HostileAnswer{.kind = Kind::close_before},
                               HostileAnswer{.status = 500}, HostileAnswer{.status = 403}, HostileAnswer{.status = 404},
                               HostileAnswer{.status = 302}, HostileAnswer{.body = "not json"}}) {
        erp.server.answer_with(answer);
        const auto reply = erp.find(message());
        EXPECT_EQ(reply.outcome, FindReply::Outcome::failed) << answer.status;
        EXPECT_FALSE(reply.code.empty());
    }
}

TEST_F(FindTest, TheWholeStoryOfALostAnswer) {
    std::string stored;
    erp.server.answer_by([&](const ReceivedRequest& request) {
        if (request.method == "GET")
            return HostileAnswer{.body =
                                     stored.empty() ? "[]" : R"([{"id":"E9","citybridge_id":")" + stored + R"("}])"};
        stored = request.header("idempotency-key");
        return HostileAnswer{.kind = Kind::close_before};
    });
    EXPECT_EQ(erp.find(message()).outcome, FindReply::Outcome::absent);
    EXPECT_EQ(erp.deliver(message()).outcome, DeliveryOutcome::unclear);
    const auto reply = erp.find(message());
    EXPECT_EQ(reply.outcome, FindReply::Outcome::found);
    EXPECT_EQ(reply.external_id, "E9");
}

TEST(Find, FourHundredFourIsAbsentWhereTheSettingsSaySo) {
    Erp erp(Given{{"repeats", "findable"},
                  {"find_path", "/by-key/{id}"},
                  {"find_id_pointer", "/id"},
                  {"find_key_pointer", ""},
                  {"find_absent", "status_404"}});
    erp.server.answer_with({.status = 404});
    EXPECT_EQ(erp.find(message()).outcome, FindReply::Outcome::absent);
    erp.server.answer_with({.body = R"({"id":"E1"})"});
    EXPECT_EQ(erp.find(message()).external_id, "E1");
}

TEST(Find, WithoutAPathTheSearchFails) {
    Erp erp(Given{});
    const auto reply = erp.find(message());
    EXPECT_EQ(reply.outcome, FindReply::Outcome::failed);
    EXPECT_EQ(reply.code, "erp_rest.not_findable");
}

}  // namespace
}  // namespace citybridge::erp_rest::test
