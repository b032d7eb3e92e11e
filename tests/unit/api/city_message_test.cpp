#include "core/api/city_message.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace citybridge {
namespace {

OutboxRecord row() {
    OutboxRecord out;
    out.id = "cb_1.3.cities.hangzhou";
    out.kind = "city_message";
    out.payload = R"({"protocol":1,"from":"beijing","to":"hangzhou","future":{"unknown":[1,"二"]}})";
    out.created_at = *from_rfc3339("2026-11-22T09:30:00.123Z");
    return out;
}

TEST(CityMessage, ArrivesWithEveryFieldItLeftWith) {
    const auto line = city_line(row(), "beijing", "hangzhou");
    ASSERT_TRUE(line);
    EXPECT_EQ(line->find('\n'), std::string::npos);
    const auto read = read_city_line(*line, "beijing", "hangzhou");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->source, "city:beijing");
    EXPECT_EQ(read->id, row().id);
    EXPECT_EQ(read->type, "city_message");
    EXPECT_EQ(read->sent_at, row().created_at);
    EXPECT_EQ(read->data.dump(), row().payload);
}

TEST(CityMessage, SpeaksForNobodyElse) {
    const std::string line = *city_line(row(), "beijing", "hangzhou");
    EXPECT_EQ(read_city_line(line, "nanjing", "hangzhou").error().code, "city.wrong_city");
    EXPECT_EQ(read_city_line(line, "beijing", "nanjing").error().code, "city.wrong_city");
    OutboxRecord lie = row();
    lie.payload = R"({"from":"nanjing","to":"hangzhou"})";
    EXPECT_EQ(read_city_line(*city_line(lie, "beijing", "hangzhou"), "beijing", "hangzhou").error().code,
              "city.wrong_city");
    lie.payload = R"({"from":["beijing"],"to":"hangzhou"})";
    EXPECT_EQ(read_city_line(*city_line(lie, "beijing", "hangzhou"), "beijing", "hangzhou").error().code,
              "city.wrong_city");
}

TEST(CityMessage, IsOneLineWhateverItsPayloadLooksLike) {
    OutboxRecord spread = row();
    spread.payload = "{\n  \"a\": \"one \\\"[{ two\",\r\n  \"b\": [1, 2]\n}";
    const auto line = city_line(spread, "beijing", "hangzhou");
    ASSERT_TRUE(line);
    EXPECT_EQ(line->find_first_of("\r\n"), std::string::npos);
    EXPECT_EQ(read_city_line(*line, "beijing", "hangzhou")->data.dump(), R"({"a":"one \"[{ two","b":[1,2]})");
    for (const char* none : {"", "{", "[]", "1", R"({"a":1}{"b":2})", R"({"a":"b)", "{\"a\":\"\xff\"}"}) {
        spread.payload = none;
        EXPECT_FALSE(city_line(spread, "beijing", "hangzhou")) << none;
    }
}

// As deep as it may be, in strings brackets do not count.
TEST(CityMessage, MayBeSoDeepAndNoDeeper) {
    OutboxRecord deep = row();
    const auto of_depth = [&](std::size_t depth) {
        deep.payload = R"({"a":")" + std::string(99, '[') + R"(","b":)" + std::string(depth - 1, '[') +
                       std::string(depth - 1, ']') + "}";
        return static_cast<bool>(city_line(deep, "beijing", "hangzhou"));
    };
    EXPECT_TRUE(of_depth(32));
    EXPECT_FALSE(of_depth(33));
}

// What an SMS gateway or the ERP tells, another city cannot.
TEST(CityMessage, IsOfAKindBetweenCitiesOnly) {
    OutboxRecord other = row();
    other.kind = "sms.report";
    EXPECT_EQ(city_line(other, "beijing", "hangzhou").error().code, "city.bad_message");
    std::string line = *city_line(row(), "beijing", "hangzhou");
    line.replace(line.find("city_message"), 12, "order.closed");
    EXPECT_EQ(read_city_line(line, "beijing", "hangzhou").error().code, "city.bad_message");
}

TEST(CityMessage, IsRefusedWhenItIsNone) {
    for (const std::string& line :
         {std::string("[]"), std::string("{}"), std::string("{\"id\""), std::string(40, '['),
          std::string(
              R"({"id":"a b","kind":"city_message","from":"a","to":"b","at":"2026-11-22T09:30:00Z","data":{}})"),
          std::string(R"({"id":"a","kind":"city_message","from":"a","to":"b","at":"yesterday","data":{}})"),
          std::string(R"({"id":"a","kind":"city_message","from":"a","to":"b","at":"2026-11-22T09:30:00Z","data":1})")})
        EXPECT_EQ(read_city_line(line, "a", "b").error().code, "city.bad_message") << line;
    OutboxRecord deep = row();
    deep.payload = R"({"a":)" + std::string(40, '[') + std::string(40, ']') + "}";
    EXPECT_FALSE(city_line(deep, "beijing", "hangzhou"));
}

TEST(CityMessage, VerdictsSurviveTheirWay) {
    const std::vector<CityVerdict> verdicts{{"a", CityAnswer::received, "", ""},
                                            {"b", CityAnswer::refused, "hook.too_old", "a \"year\" ago"},
                                            {"c", CityAnswer::not_now, "node.busy", "later"}};
    const auto read = read_city_verdicts(city_verdicts_text(verdicts));
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ((*read)[i].id, verdicts[i].id);
        EXPECT_EQ((*read)[i].answer, verdicts[i].answer);
        EXPECT_EQ((*read)[i].code, verdicts[i].code);
        EXPECT_EQ((*read)[i].detail, verdicts[i].detail);
    }
    EXPECT_FALSE(read_city_verdicts("{}"));
    // A word of a later protocol is no receipt.
    EXPECT_EQ(read_city_verdicts(R"({"results":[{"id":"a","result":"taken"}]})")->at(0).answer, CityAnswer::not_now);
}

TEST(CityMessage, OnlyTwoErrorsOfTheNodeAreFinal) {
    EXPECT_EQ(city_answer(ok()), CityAnswer::received);
    EXPECT_EQ(city_answer(Error{"hook.not_understood", ""}), CityAnswer::refused);
    EXPECT_EQ(city_answer(Error{"hook.too_old", ""}), CityAnswer::refused);
    EXPECT_EQ(city_answer(Error{"store.full", ""}), CityAnswer::not_now);
}

TEST(CityMessage, IsTriedWithinAMinuteAllDay) {
    const auto waits = city_schedule(std::chrono::days(30));
    Millis passed{0};
    for (const Millis wait : waits) {
        EXPECT_LE(wait,
                  passed < std::chrono::days(1) ? Millis(std::chrono::minutes(1)) : Millis(std::chrono::minutes(5)));
        passed += wait;
    }
    EXPECT_GE(passed, std::chrono::days(30));
}

}  // namespace
}  // namespace citybridge
