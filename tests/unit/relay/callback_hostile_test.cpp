// What an authenticated city may say that makes no sense: it is refused, or harms nobody.
#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/relay/two_cities.h"

namespace citybridge::relay::test {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

class StrangeCity : public TwoCities {
protected:
    Json offer() {
        OfferCallback what;
        what.id = "cb_1";
        what.target = "hangzhou";
        what.number = "+8613912345678";
        what.promised_at = beijing_.now.wall + std::chrono::minutes{15};
        EXPECT_TRUE(beijing_.ask(what, {"li", false}));
        return Json::parse(beijing_.said().at(0).payload);
    }
    Result<CallbackDecision> hears(Json message) {
        return hangzhou_.take("beijing", "m" + std::to_string(++messages_), std::move(message));
    }

    int messages_ = 0;
};

TEST_F(StrangeCity, counts_that_cannot_be_are_refused_and_change_nothing) {
    const Json good = offer();
    for (const char* const pointer :
         {"/generation", "/heard/generation", "/task/epoch", "/task/hand", "/task/version", "/task/dials",
          "/task/far_dials", "/task/offered_to", "/chunk", "/chunks", "/part", "/parts", "/for_generation"}) {
        for (const std::int64_t value : {std::int64_t{-1}, kLeast, kMost}) {
            Json message = good;
            message[Json::json_pointer(pointer)] = value;
            const auto taken = hears(message);
            ASSERT_FALSE(taken) << pointer << ' ' << value;
            EXPECT_EQ(taken.error().code, "hook.not_understood");
        }
    }
    EXPECT_TRUE(hangzhou_.rows.empty());
    EXPECT_TRUE(hangzhou_.cities.empty());
    ASSERT_TRUE(hears(good));
    EXPECT_EQ(hangzhou_.rows.at("cb_1").state, CallbackState::accepted);
}

TEST_F(StrangeCity, a_promise_of_another_age_is_one_within_ten_years) {
    const Json good = offer();
    const auto ten_years = std::chrono::days{3'660};
    int task = 0;
    for (const std::int64_t promised : {kMost, kLeast}) {
        Json message = good;
        const std::string id = "cb_9" + std::to_string(++task);
        message["task"]["id"] = id;
        message["task"]["promised_in_ms"] = promised;
        message["task"]["promised_at"] = promised;
        ASSERT_TRUE(hears(message));
        const WallTime due = hangzhou_.rows.at(id).promised_at;
        EXPECT_LE(due, hangzhou_.now.wall + ten_years);
        EXPECT_GE(due, hangzhou_.now.wall - ten_years);
        // An older node tells no duration.
        message["task"]["id"] = id + "0";
        message["task"].erase("promised_in_ms");
        ASSERT_TRUE(hears(message));
        EXPECT_EQ(to_rfc3339(hangzhou_.rows.at(id + "0").promised_at).size(),
                  std::string("2026-05-28T20:26:40.000Z").size());
    }
}

TEST_F(StrangeCity, an_opening_of_another_age_is_one_within_ten_years) {
    const Json good = offer();
    ASSERT_TRUE(hears(good));
    Json answer = Json::parse(hangzhou_.said().back().payload);
    answer["task"]["moved_ms"] = kMost;
    ASSERT_TRUE(beijing_.take("hangzhou", "moved", answer));
    EXPECT_LE(beijing_.rows.at("cb_1").promised_at, beijing_.now.wall + std::chrono::days{3'660});
    EXPECT_GE(beijing_.rows.at("cb_1").promised_at, beijing_.now.wall);
}

// Every message brings other fields that are not known: a row does not grow for ever.
TEST_F(StrangeCity, of_what_is_not_known_only_so_much_is_kept) {
    Json message = offer();
    for (int i = 0; i < 300; ++i) {
        message["task"]["version"] = 10 + i;
        message["task"]["mood" + std::to_string(i)] = "good";
        ASSERT_TRUE(hears(message));
        message["task"].erase("mood" + std::to_string(i));
    }
    const Fields unknown = detail_of(hangzhou_.rows.at("cb_1")).unknown;
    EXPECT_EQ(unknown.value("mood0", ""), "good");
    EXPECT_LE(unknown.size(), 100U);
    message["task"]["version"] = 1'000;
    message["task"]["mood0"] = "bad";
    ASSERT_TRUE(hears(message));
    EXPECT_EQ(detail_of(hangzhou_.rows.at("cb_1")).unknown.value("mood0", ""), "bad")
        << "what is kept is kept up to date";
}

// A store that was restored waits for the answer to as many parts as it asked for.
TEST_F(StrangeCity, answers_to_parts_that_were_not_asked_for_are_not_kept) {
    greet();
    hangzhou_.settings.generation = 1;
    hangzhou_.settings.life = "hangzhou2";
    ASSERT_TRUE(hangzhou_.ask(GreetCity{"beijing"}));
    for (const OutboxRecord& each : hangzhou_.said()) ASSERT_TRUE(beijing_.take("hangzhou", each));
    Json answer;
    for (const OutboxRecord& each : beijing_.said())
        if (const Json said = Json::parse(each.payload); said["type"] == "exchanged") answer = said;
    ASSERT_TRUE(answer.is_object());
    for (int chunk = 2; chunk < 50; ++chunk) {
        Json strange = answer;
        strange["chunk"] = chunk;
        ASSERT_TRUE(hears(strange));
        strange["chunk"] = 1;
        strange["part"] = chunk;
        ASSERT_TRUE(hears(strange));
    }
    EXPECT_FALSE(is_reconciled(hangzhou_.settings, hangzhou_.city("beijing")));
    EXPECT_LT(hangzhou_.cities.at("beijing").detail.dump().size(), 1'000U);
    ASSERT_TRUE(hears(answer));
    EXPECT_TRUE(is_reconciled(hangzhou_.settings, hangzhou_.city("beijing")));
}

}  // namespace
}  // namespace citybridge::relay::test
