// One at a time per key, N at once per destination.
#include "tests/unit/relay/relay_desk.h"

namespace citybridge::relay {
namespace {

TEST(Order, nextOfAKeyGoesWhenTheEndOfTheOneBeforeIsInTheStore) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string first = desk.add("o");
    const std::string second = desk.add("o");
    EXPECT_EQ(desk.sent(), Ids{first});
    const auto outcome = desk.relay->replied(first, answer(DeliveryOutcome::delivered), desk.now);
    EXPECT_EQ(desk.sent(), Ids{}) << "answered, not committed";
    desk.commit(*outcome);
    EXPECT_EQ(desk.sent(), Ids{second});
}

TEST(Order, keyWaitsWhileItsFirstMessageIsRetried) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string first = desk.add("o");
    desk.add("o");
    desk.sent();
    desk.reply(first, DeliveryOutcome::not_done);
    const std::string other = desk.add("p");
    EXPECT_EQ(desk.sent(), Ids{other});
    desk.pass(Millis{1'000});
    EXPECT_EQ(desk.sent(), Ids{first});
}

TEST(Order, asManyAtOnceAsConnections) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    Ids ids;
    for (const char* key : {"a", "b", "c", "d", "e", "f"}) ids.push_back(desk.add(key));
    EXPECT_EQ(desk.sent(), Ids(ids.begin(), ids.begin() + 4));
    EXPECT_EQ(desk.relay->next_deadline(), std::nullopt) << "only an answer makes room";
    EXPECT_EQ(desk.relay->status().at(0).on_the_way, 4U);
    desk.pass(Millis{1'000'000});
    EXPECT_EQ(desk.sent(), Ids{}) << "a message without an answer keeps its slot";
    desk.reply(ids[2], DeliveryOutcome::delivered);
    EXPECT_EQ(desk.sent(), Ids{ids[4]});
}

TEST(Order, destinationsDoNotWaitForEachOther) {
    DeliveryTraits traits = traits_of(Repeats::dedupes);
    traits.connections = 1;
    RelayDesk desk(traits);
    desk.relay->add_destination("hook", traits, {}, false);
    for (const WantRows& want : desk.relay->wants()) desk.relay->loaded(want, {}, desk.now);
    desk.add("o");
    desk.sent();
    OutboxRecord row;
    row.id = "h";
    row.seq = 100;
    row.key = "o";
    row.destination = "hook";
    desk.relay->added({row}, desk.now);
    EXPECT_EQ(desk.sent(), Ids{"h"});
}

TEST(Order, retryAfterHoldsTheWholeDestinationBack) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string busy = desk.add("o");
    desk.sent();
    const Outcome outcome = desk.reply(busy, DeliveryOutcome::not_done, Millis{60'000});
    EXPECT_EQ(outcome.progress.next_at, desk.now.wall + Millis{60'000}) << "longer than the schedule's second";
    const std::string other = desk.add("p");
    EXPECT_EQ(desk.relay->next_deadline(), desk.now.mono + Millis{60'000});
    desk.pass(Millis{59'999});
    EXPECT_EQ(desk.sent(), Ids{});
    desk.pass(Millis{1});
    EXPECT_EQ(desk.sent(), (Ids{busy, other}));
}

TEST(Order, clockJumpsDoNotMoveWaits) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string id = desk.add("o");
    desk.sent();
    desk.reply(id, DeliveryOutcome::not_done);
    desk.now.wall += Millis{86'400'000};
    EXPECT_EQ(desk.sent(), Ids{});
    desk.now.wall -= Millis{2 * 86'400'000};
    desk.now.mono += Millis{1'000};
    EXPECT_EQ(desk.sent(), Ids{id});
}

TEST(Disabled, nothingGoesOutUntilAPersonEnablesIt) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string id = desk.add("o");
    desk.sent();
    EXPECT_TRUE(desk.reply(id, DeliveryOutcome::gone).destination_disabled);
    const std::string other = desk.add("p");
    desk.pass(Millis{1'000'000});
    EXPECT_EQ(desk.sent(), Ids{});
    EXPECT_EQ(desk.relay->next_deadline(), std::nullopt);
    EXPECT_TRUE(desk.relay->status().at(0).disabled);
    desk.relay->set_disabled("erp", false);
    EXPECT_EQ(desk.sent(), (Ids{id, other}));
}

TEST(Disabled, whatWasOnItsWayIsStillAnswered) {
    RelayDesk desk(traits_of(Repeats::dedupes));
    const std::string gone = desk.add("o");
    const std::string other = desk.add("p");
    desk.sent();
    desk.reply(gone, DeliveryOutcome::gone);
    EXPECT_EQ(desk.reply(other, DeliveryOutcome::delivered).progress.state, OutboxState::delivered);
}

}  // namespace
}  // namespace citybridge::relay
