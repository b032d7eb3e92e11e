#include "plugins/link_https/batch.h"

#include <gtest/gtest.h>

#include "plugins/link_https/round.h"

namespace citybridge::link_https {
namespace {

std::string line(const std::string& id, const std::string& from = "beijing", const std::string& to = "hangzhou") {
    return R"({"id":")" + id + R"(","kind":"city_message","from":")" + from + R"(","to":")" + to +
           R"(","at":"2026-11-22T09:30:00.000Z","data":{"from":")" + from + R"("}})" + "\n";
}

TEST(CityBatch, OneBadLineSpoilsNoOther) {
    const auto read = read_batch(line("a") + "no json\n\n" + line("b", "nanjing") + line("c"), "beijing", "hangzhou");
    ASSERT_TRUE(read);
    ASSERT_EQ(read->size(), 4U);
    EXPECT_TRUE((*read)[0].message);
    EXPECT_EQ((*read)[0].message->source, "city:beijing");
    EXPECT_EQ((*read)[1].verdict.answer, CityAnswer::refused);
    EXPECT_EQ((*read)[2].verdict.code, "city.wrong_city");
    EXPECT_EQ((*read)[2].verdict.id, "b");
    EXPECT_TRUE((*read)[3].message);
}

TEST(CityBatch, IsOfBoundedLength) {
    std::string body;
    for (std::size_t n = 0; n <= kMostMessages; ++n) body += line(std::to_string(n));
    EXPECT_FALSE(read_batch(body, "beijing", "hangzhou"));
}

TEST(CityRound, SaysNotNowOfWhatTheNodeHasNotAnswered) {
    const auto finished = std::make_shared<Finished>();
    const auto round = std::make_shared<Round>(
        7, *read_batch(line("a") + line("b") + line("c", "nanjing") + line("d"), "beijing", "hangzhou"), finished);
    std::vector<std::function<void(Result<>)>> asked;
    round->begin([&](const InboundMessage&, std::function<void(Result<>)> done) { asked.push_back(std::move(done)); });
    ASSERT_EQ(asked.size(), 3U);
    asked[0](ok());
    asked[1](Error{"hook.too_old", "a year ago"});
    EXPECT_TRUE(finished->take().empty());
    const auto verdicts = round->verdicts();
    EXPECT_EQ(verdicts[0].answer, CityAnswer::received);
    EXPECT_EQ(verdicts[1].answer, CityAnswer::refused);
    EXPECT_EQ(verdicts[1].code, "hook.too_old");
    EXPECT_EQ(verdicts[2].answer, CityAnswer::refused);
    EXPECT_EQ(verdicts[3].answer, CityAnswer::not_now);
    asked[2](Error{"node.busy", "later"});
    EXPECT_EQ(finished->take(), std::vector<std::uint64_t>{7});
}

}  // namespace
}  // namespace citybridge::link_https
