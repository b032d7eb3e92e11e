#include "core/relay/breaker.h"

#include "tests/unit/relay/relay_desk.h"

namespace citybridge::relay {
namespace {

// A destination with its breaker opened by two failures, each of its own key.
class OpenBreaker : public testing::Test {
protected:
    OpenBreaker() : desk(traits_of(Repeats::dedupes), settings()) {
        first = desk.add("a");
        second = desk.add("b");
        desk.sent();
        desk.reply(first, DeliveryOutcome::not_done);
        desk.reply(second, DeliveryOutcome::unclear);
        third = desk.add("c");
    }
    static RelaySettings settings() {
        RelaySettings settings;
        settings.breaker_failures = 2;
        settings.breaker_open = Millis{5'000};
        return settings;
    }
    RelayDesk desk;
    std::string first, second, third;
};

TEST_F(OpenBreaker, holdsEverythingBackThenLetsOneTry) {
    EXPECT_TRUE(desk.relay->status().at(0).breaker_open);
    EXPECT_EQ(desk.relay->next_deadline(), desk.now.mono + Millis{5'000});
    desk.pass(Millis{4'999});
    EXPECT_EQ(desk.sent(), Ids{});
    desk.pass(Millis{1});
    EXPECT_EQ(desk.sent(), Ids{first});
    EXPECT_EQ(desk.relay->next_deadline(), std::nullopt);
    desk.pass(Millis{60'000});
    EXPECT_EQ(desk.sent(), Ids{}) << "the rest waits for the answer";
}

TEST_F(OpenBreaker, closesWhenTheTrialSucceeds) {
    desk.pass(Millis{5'000});
    desk.sent();
    desk.reply(first, DeliveryOutcome::delivered);
    EXPECT_FALSE(desk.relay->status().at(0).breaker_open);
    EXPECT_EQ(desk.sent(), (Ids{second, third}));
}

TEST_F(OpenBreaker, aRefusalShowsThatTheFarSideIsUp) {
    desk.pass(Millis{5'000});
    desk.sent();
    desk.reply(first, DeliveryOutcome::refused);
    EXPECT_EQ(desk.sent(), (Ids{second, third}));
}

TEST_F(OpenBreaker, staysOpenWhenTheTrialFails) {
    desk.pass(Millis{5'000});
    desk.sent();
    desk.reply(first, DeliveryOutcome::not_done);
    desk.pass(Millis{4'999});
    EXPECT_EQ(desk.sent(), Ids{});
    desk.pass(Millis{1});
    EXPECT_EQ(desk.sent(), Ids{second});
}

TEST_F(OpenBreaker, answersToWhatWasSentBeforeAreNoTrial) {
    Breaker breaker(1, Millis{1'000});
    breaker.failed("x", MonoTime{Millis{0}});
    breaker.started("y");
    breaker.failed("old", MonoTime{Millis{500}});
    EXPECT_EQ(breaker.admits_from(), std::nullopt) << "y is still trying";
    breaker.failed("y", MonoTime{Millis{1'500}});
    EXPECT_EQ(breaker.admits_from(), MonoTime{Millis{2'500}});
}

TEST(Breaker, aSuccessInBetweenStartsTheCountAgain) {
    Breaker breaker(2, Millis{1'000});
    breaker.failed("x", MonoTime{});
    breaker.succeeded();
    breaker.failed("x", MonoTime{});
    EXPECT_FALSE(breaker.open());
}

TEST(Breaker, theTrialOfASearchedMessageIsItsLook) {
    RelaySettings settings;
    settings.breaker_failures = 1;
    RelayDesk desk(traits_of(Repeats::findable), settings);
    const std::string id = desk.add("a");
    const std::string other = desk.add("b");
    desk.sent();
    desk.reply(other, DeliveryOutcome::delivered);
    desk.reply(id, DeliveryOutcome::unclear);
    desk.pass(Millis{30'000});
    EXPECT_EQ(desk.sent(), Ids{id + "?"});
    desk.find(id, FindReply::Outcome::absent);
    EXPECT_EQ(desk.sent(), Ids{id}) << "still one at a time, and it goes on";
    EXPECT_TRUE(desk.relay->status().at(0).breaker_open);
    desk.reply(id, DeliveryOutcome::delivered);
    EXPECT_FALSE(desk.relay->status().at(0).breaker_open);
}

TEST(Breaker, aMarkedMessageWaitsForTheTrialsAnswer) {
    RelaySettings settings;
    settings.breaker_failures = 1;
    DeliveryTraits traits = traits_of(Repeats::neither);
    traits.connections = 2;
    RelayDesk desk(traits, settings);
    const std::string first = desk.add("a");
    desk.sent();
    const std::string second = desk.add("b");
    std::vector<Send> sends;
    desk.relay->poll(desk.now, sends);
    const auto marks = desk.relay->decisions();
    ASSERT_EQ(marks.size(), 1U);
    desk.reply(first, DeliveryOutcome::not_done);
    desk.commit(marks[0]);
    EXPECT_EQ(desk.sent(), Ids{});
    desk.pass(Millis{5'000});
    EXPECT_EQ(desk.sent(), Ids{second});
}

}  // namespace
}  // namespace citybridge::relay
