// A new relay over the same rows, at every step of a delivery.
#include "tests/unit/relay/relay_desk.h"

namespace citybridge::relay {
namespace {

TEST(Restart, dedupingFarSideIsSentToAgain) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string id = desk.add("o");
    desk.restart();
    EXPECT_EQ(desk.sent(), Ids{id}) << "before it was sent";
    desk.restart();
    EXPECT_EQ(desk.sent(), Ids{id}) << "on its way";
    desk.relay->replied(id, answer(DeliveryOutcome::delivered), desk.now);
    desk.restart();
    EXPECT_EQ(desk.sent(), Ids{id}) << "answered, not committed";
    desk.store(*desk.relay->replied(id, answer(DeliveryOutcome::delivered), desk.now));
    desk.restart();
    EXPECT_EQ(desk.sent(), Ids{}) << "committed";
}

TEST(Restart, whatASearchableFarSideMayHaveIsLookedForAfterItsTimeout) {
    RelayDesk desk(traits_of(Repeats::findable));
    const std::string id = desk.add("o");
    const std::string behind = desk.add("o");
    desk.sent();
    desk.restart();
    desk.pass(Millis{29'999});
    EXPECT_EQ(desk.sent(), Ids{}) << "the far side may be at it still";
    desk.pass(Millis{1});
    EXPECT_EQ(desk.sent(), Ids{id + "?"});
    desk.find(id, FindReply::Outcome::found);
    EXPECT_EQ(desk.sent(), Ids{behind}) << "was never sent while its key waited for the first";
}

TEST(Restart, rowsOfThisLifeAreNotLookedFor) {
    RelayDesk desk(traits_of(Repeats::findable));
    desk.restart();
    const std::string id = desk.add("o");
    EXPECT_EQ(desk.sent(), Ids{id});
}

TEST(Restart, redeliveryAfterAnAbsentLookIsLookedForAgain) {
    RelayDesk desk(traits_of(Repeats::findable));
    const std::string id = desk.add("o");
    desk.sent();
    desk.reply(id, DeliveryOutcome::unclear);
    desk.pass(Millis{30'000});
    desk.sent();
    desk.find(id, FindReply::Outcome::absent);
    ASSERT_EQ(desk.sent(), Ids{id});
    desk.restart();
    desk.pass(Millis{30'000});
    EXPECT_EQ(desk.sent(), Ids{id + "?"});
}

TEST(Restart, farSideThatIsNeitherIsSentToOnlyAfterTheMarkIsInTheStore) {
    RelayDesk desk(traits_of(Repeats::neither));
    const std::string id = desk.add("o");
    std::vector<Send> sends;
    desk.relay->poll(desk.now, sends);
    const auto marks = desk.relay->decisions();
    ASSERT_EQ(marks.size(), 1U);
    EXPECT_TRUE(marks[0].progress.must_find);
    EXPECT_EQ(marks[0].progress.state, OutboxState::pending);
    EXPECT_FALSE(marks[0].ended);
    desk.relay->poll(desk.now, sends);
    EXPECT_TRUE(sends.empty());
    desk.commit(marks[0]);
    desk.relay->poll(desk.now, sends);
    ASSERT_EQ(sends.size(), 1U);
    EXPECT_FALSE(sends[0].find);
}

TEST(Restart, unmarkedMessageIsSentAndMarkedOneBecomesPossiblyDone) {
    RelayDesk desk(traits_of(Repeats::neither));
    const std::string id = desk.add("o");
    const std::string behind = desk.add("o");
    desk.restart();
    EXPECT_EQ(desk.sent(), Ids{id}) << "was never sent";
    desk.restart();
    const auto decided = desk.relay->decisions();
    ASSERT_EQ(decided.size(), 1U);
    EXPECT_EQ(decided[0].progress.id, id);
    EXPECT_EQ(decided[0].progress.state, OutboxState::possibly_done);
    EXPECT_EQ(decided[0].progress.last_code, "relay.interrupted");
    EXPECT_TRUE(decided[0].ended);
    desk.restart();
    EXPECT_EQ(desk.sent(), Ids{}) << "decided again after another crash, and its key is parked";
    EXPECT_EQ(desk.row(id).state, OutboxState::possibly_done);
    EXPECT_EQ(desk.row(behind).state, OutboxState::pending);
}

TEST(Restart, messageThatWasCertainlyNotDoneIsNoLongerMarked) {
    RelayDesk desk(traits_of(Repeats::neither));
    const std::string id = desk.add("o");
    desk.sent();
    desk.reply(id, DeliveryOutcome::not_done);
    desk.restart();
    desk.pass(Millis{1'000});
    EXPECT_EQ(desk.sent(), Ids{id});
}

TEST(Restart, waitsAreKeptButNeverLongerThanTheLongestOfTheSchedule) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string id = desk.add("o");
    desk.sent();
    desk.reply(id, DeliveryOutcome::not_done);
    desk.restart();
    EXPECT_EQ(desk.relay->next_deadline(), desk.now.mono + Millis{1'000});
    desk.now.wall -= Millis{30LL * 86'400'000};
    desk.restart();
    EXPECT_EQ(desk.relay->next_deadline(), desk.now.mono + Millis{10'000});
}

TEST(Restart, parkedKeysStayParked) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string dead = desk.add("o");
    desk.add("o");
    desk.sent();
    desk.reply(dead, DeliveryOutcome::refused);
    desk.restart();
    EXPECT_EQ(desk.sent(), Ids{});
    EXPECT_EQ(desk.relay->status().at(0).parked_keys, 1U);
    EXPECT_EQ(desk.relay->status().at(0).held, 0U) << "they wait in the store";
}

}  // namespace
}  // namespace citybridge::relay
