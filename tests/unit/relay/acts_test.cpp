// What a person does about messages.
#include "tests/unit/relay/relay_desk.h"

namespace citybridge::relay {
namespace {

// Key "o": its first message is dead, two more wait behind it.
class ParkedKey : public testing::Test {
protected:
    ParkedKey() : desk(traits_of(Repeats::dedupes)) {
        dead = desk.add("o");
        second = desk.add("o");
        third = desk.add("o");
        desk.sent();
        desk.reply(dead, DeliveryOutcome::refused);
    }
    RelayDesk desk;
    std::string dead, second, third;
};

TEST_F(ParkedKey, othersPass) {
    desk.pass(Millis{1'000'000});
    EXPECT_EQ(desk.sent(), Ids{});
    const std::string other = desk.add("p");
    EXPECT_EQ(desk.sent(), Ids{other});
}

TEST_F(ParkedKey, replayGoesOnInOrderWithAFreshBudget) {
    const std::string fourth = desk.add("o");
    const auto progress = desk.replay(dead);
    ASSERT_TRUE(progress);
    EXPECT_EQ(progress->attempts, 0);
    EXPECT_EQ(progress->state, OutboxState::pending);
    for (const std::string& id : {dead, second, third, fourth}) {
        EXPECT_EQ(desk.sent(), Ids{id});
        desk.reply(id, DeliveryOutcome::delivered);
    }
}

TEST_F(ParkedKey, cancelLetsTheKeyGoOn) {
    ASSERT_TRUE(desk.cancel(dead));
    EXPECT_EQ(desk.row(dead).state, OutboxState::cancelled);
    EXPECT_EQ(desk.sent(), Ids{second});
}

TEST_F(ParkedKey, outOfTurnPassesTheOthersAndTheKeyStaysParked) {
    const auto progress = desk.replay(third, true);
    ASSERT_TRUE(progress);
    EXPECT_TRUE(progress->out_of_turn);
    EXPECT_EQ(desk.sent(), Ids{third});
    EXPECT_TRUE(desk.reply(third, DeliveryOutcome::delivered).progress.out_of_turn) << "the mark stays";
    EXPECT_EQ(desk.sent(), Ids{});
}

TEST_F(ParkedKey, keyWithTwoGivenUpWaitsUntilBothAreDecided) {
    ASSERT_TRUE(desk.replay(third, true));
    desk.sent();
    desk.reply(third, DeliveryOutcome::refused);
    ASSERT_TRUE(desk.replay(third));
    EXPECT_EQ(desk.sent(), Ids{}) << "the first one is dead still";
    ASSERT_TRUE(desk.replay(dead));
    for (const std::string& id : {dead, second, third}) {
        EXPECT_EQ(desk.sent(), Ids{id});
        desk.reply(id, DeliveryOutcome::delivered);
    }
}

TEST_F(ParkedKey, replaySurvivesARestart) {
    ASSERT_TRUE(desk.replay(third, true));
    desk.restart();
    EXPECT_EQ(desk.sent(), Ids{third});
    ASSERT_TRUE(desk.replay(dead));
    desk.restart();
    EXPECT_EQ(desk.sent().front(), third);
}

TEST(Acts, outOfTurnWaitsForTheOneOnItsWay) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string first = desk.add("o");
    const std::string second = desk.add("o");
    const std::string third = desk.add("o");
    desk.sent();
    ASSERT_TRUE(desk.replay(third, true));
    EXPECT_EQ(desk.sent(), Ids{}) << "one at a time per key";
    desk.reply(first, DeliveryOutcome::delivered);
    EXPECT_EQ(desk.sent(), Ids{third});
    desk.reply(third, DeliveryOutcome::delivered);
    EXPECT_EQ(desk.sent(), Ids{second});
}

TEST(Acts, replayOfACancelledMessageIsOutOfTurn) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string id = desk.add("o");
    ASSERT_TRUE(desk.cancel(id));
    EXPECT_EQ(desk.sent(), Ids{});
    const auto progress = desk.replay(id);
    ASSERT_TRUE(progress);
    EXPECT_TRUE(progress->out_of_turn);
    EXPECT_EQ(desk.sent(), Ids{id});
}

TEST(Acts, possiblyDoneIsSentAgainOnAPersonsWord) {
    RelayDesk desk(traits_of(Repeats::neither));
    const std::string id = desk.add("o");
    desk.sent();
    desk.reply(id, DeliveryOutcome::unclear);
    const auto progress = desk.replay(id);
    ASSERT_TRUE(progress);
    EXPECT_FALSE(progress->must_find);
    EXPECT_EQ(desk.sent(), Ids{id});
}

TEST(Acts, messageOnItsWayIsLeftAlone) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string id = desk.add("o");
    desk.sent();
    EXPECT_EQ(desk.cancel(id).error().code, "relay.on_its_way");
    EXPECT_EQ(desk.replay(id, true).error().code, "relay.on_its_way");
}

TEST(Acts, refusesWhatMakesNoSense) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string id = desk.add("o");
    EXPECT_EQ(desk.replay(id).error().code, "relay.not_replayable") << "it goes out by itself";
    desk.sent();
    desk.reply(id, DeliveryOutcome::delivered);
    EXPECT_EQ(desk.replay(id, true).error().code, "relay.not_replayable");
    EXPECT_EQ(desk.cancel(id).error().code, "relay.not_cancellable");
    OutboxRecord foreign;
    foreign.destination = "nowhere";
    EXPECT_EQ(desk.relay->replay(foreign, false, desk.now).error().code, "relay.no_destination");
    EXPECT_EQ(desk.relay->cancel(foreign, desk.now).error().code, "relay.no_destination");
}

TEST(Acts, markedMessageThatWaitsCanBeCancelled) {
    RelayDesk desk(traits_of(Repeats::neither));
    const std::string id = desk.add("o");
    std::vector<Send> sends;
    desk.relay->poll(desk.now, sends);
    desk.relay->set_disabled("erp", true);
    for (const Outcome& mark : desk.relay->decisions()) desk.commit(mark);
    ASSERT_TRUE(desk.cancel(id));
    desk.relay->set_disabled("erp", false);
    EXPECT_EQ(desk.sent(), Ids{});
    EXPECT_EQ(desk.relay->status().at(0).on_the_way, 0U);
}

TEST(Acts, cancelledWhileOnItsWayEndsByTheTruth) {
    for (const bool delivered : {true, false}) {
        RelayDesk desk(traits_of(Repeats::dedupes));
        const std::string id = desk.add("o");
        auto progress = desk.relay->cancel(desk.row(id), desk.now);
        ASSERT_TRUE(progress);
        desk.sent();
        desk.row(id) = with_progress(desk.row(id), *progress);
        desk.relay->acted(desk.row(id), false, desk.now);
        desk.reply(id, delivered ? DeliveryOutcome::delivered : DeliveryOutcome::not_done);
        EXPECT_EQ(desk.row(id).state, delivered ? OutboxState::delivered : OutboxState::cancelled);
        desk.pass(Millis{100'000});
        EXPECT_EQ(desk.sent(), Ids{});
    }
}

}  // namespace
}  // namespace citybridge::relay
