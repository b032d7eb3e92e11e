// Each answer against what the far side does with repetitions.
#include "tests/unit/relay/relay_desk.h"

namespace citybridge::relay {
namespace {

struct Row {
    Repeats repeats;
    DeliveryOutcome outcome;
    OutboxState state;
    bool must_find;
    std::int64_t attempts;
    Millis wait;  // until something goes out again, if pending
    bool looks;
};

using enum Repeats;

class Answers : public testing::TestWithParam<Row> {};

TEST_P(Answers, decideStateWaitAndWhetherToLook) {
    const Row& expected = GetParam();
    RelayDesk desk(traits_of(expected.repeats));
    const std::string id = desk.add("o");
    ASSERT_EQ(desk.sent(), Ids{id});
    const Outcome outcome = desk.reply(id, expected.outcome);
    EXPECT_EQ(outcome.progress.state, expected.state);
    EXPECT_EQ(outcome.progress.must_find, expected.must_find);
    EXPECT_EQ(outcome.progress.attempts, expected.attempts);
    EXPECT_EQ(outcome.ended, expected.state != OutboxState::pending);
    EXPECT_EQ(outcome.destination_disabled, expected.outcome == DeliveryOutcome::gone);
    EXPECT_EQ(outcome.progress.last_code, expected.outcome == DeliveryOutcome::delivered ? "" : "far.code");
    EXPECT_EQ(outcome.progress.external_id, expected.outcome == DeliveryOutcome::delivered ? "E-1" : "");
    if (expected.state != OutboxState::pending || expected.outcome == DeliveryOutcome::gone) {
        EXPECT_EQ(desk.relay->next_deadline(), std::nullopt);
        desk.pass(Millis{100'000'000});
        EXPECT_EQ(desk.sent(), Ids{});
        return;
    }
    EXPECT_EQ(outcome.progress.next_at, desk.now.wall + expected.wait);
    EXPECT_EQ(desk.relay->next_deadline(), desk.now.mono + expected.wait);
    desk.pass(expected.wait - Millis{1});
    EXPECT_EQ(desk.sent(), Ids{});
    desk.pass(Millis{1});
    EXPECT_EQ(desk.sent(), Ids{id + (expected.looks ? "?" : "")});
}

using DO = DeliveryOutcome;
using OS = OutboxState;
INSTANTIATE_TEST_SUITE_P(Table, Answers,
                         testing::Values(Row{dedupes, DO::delivered, OS::delivered, false, 1, {}, false},
                                         Row{dedupes, DO::not_done, OS::pending, false, 1, Millis{1'000}, false},
                                         Row{dedupes, DO::refused, OS::dead, false, 1, {}, false},
                                         Row{dedupes, DO::unclear, OS::pending, false, 1, Millis{1'000}, false},
                                         Row{dedupes, DO::gone, OS::pending, false, 0, {}, false},
                                         Row{findable, DO::delivered, OS::delivered, false, 1, {}, false},
                                         Row{findable, DO::not_done, OS::pending, false, 1, Millis{1'000}, false},
                                         Row{findable, DO::refused, OS::dead, false, 1, {}, false},
                                         Row{findable, DO::unclear, OS::pending, true, 1, Millis{30'000}, true},
                                         Row{findable, DO::gone, OS::pending, false, 0, {}, false},
                                         Row{neither, DO::delivered, OS::delivered, false, 1, {}, false},
                                         Row{neither, DO::not_done, OS::pending, false, 1, Millis{1'000}, false},
                                         Row{neither, DO::refused, OS::dead, false, 1, {}, false},
                                         Row{neither, DO::unclear, OS::possibly_done, true, 1, {}, false},
                                         Row{neither, DO::gone, OS::pending, false, 0, {}, false}));

TEST(Budget, messageIsDeadAfterTheLastWaitAndItsKeyIsParked) {
    RelayDesk desk(traits_of(dedupes));
    const std::string first = desk.add("o");
    desk.add("o");
    const std::string other = desk.add("p");
    EXPECT_EQ(desk.sent(), (Ids{first, other}));
    desk.reply(other, DO::delivered);
    for (const Millis wait : {Millis{1'000}, Millis{10'000}}) {
        EXPECT_FALSE(desk.reply(first, DO::not_done).ended);
        desk.pass(wait);
        EXPECT_EQ(desk.sent(), Ids{first});
    }
    const Outcome last = desk.reply(first, DO::not_done);
    EXPECT_EQ(last.progress.state, OS::dead);
    EXPECT_TRUE(last.ended);
    EXPECT_EQ(last.progress.attempts, 3);
    desk.pass(Millis{1'000'000});
    const std::string later = desk.add("p");
    EXPECT_EQ(desk.sent(), Ids{later});
}

TEST(Find, foundIsDeliveredWithTheFarSidesNumber) {
    RelayDesk desk(traits_of(findable));
    const std::string id = desk.add("o");
    desk.sent();
    desk.reply(id, DO::unclear);
    desk.pass(Millis{30'000});
    desk.sent();
    const auto outcome = desk.find(id, FindReply::Outcome::found);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->progress.state, OS::delivered);
    EXPECT_EQ(outcome->progress.external_id, "E-2");
    EXPECT_FALSE(outcome->progress.must_find);
    EXPECT_TRUE(outcome->ended);
}

TEST(Find, absentGoesOutAtOnceAndTheStoreStillSaysLook) {
    RelayDesk desk(traits_of(findable));
    const std::string id = desk.add("o");
    desk.sent();
    desk.reply(id, DO::unclear);
    desk.pass(Millis{30'000});
    desk.sent();
    EXPECT_FALSE(desk.find(id, FindReply::Outcome::absent));
    EXPECT_EQ(desk.sent(), Ids{id});
    EXPECT_TRUE(desk.row(id).must_find);
    EXPECT_FALSE(desk.reply(id, DO::not_done).progress.must_find);
}

TEST(Find, failedLooksAgainByTheScheduleAndCounts) {
    RelayDesk desk(traits_of(findable));
    const std::string id = desk.add("o");
    desk.sent();
    desk.reply(id, DO::unclear);
    desk.pass(Millis{30'000});
    desk.sent();
    const auto outcome = desk.find(id, FindReply::Outcome::failed);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->progress.attempts, 2);
    EXPECT_TRUE(outcome->progress.must_find);
    desk.pass(Millis{10'000});
    EXPECT_EQ(desk.sent(), Ids{id + "?"});
    EXPECT_EQ(desk.find(id, FindReply::Outcome::failed)->progress.state, OS::dead);
}

TEST(Find, lastAttemptUnclearIsLookedForBeforeItIsCalledDead) {
    for (const bool there : {true, false}) {
        RelayDesk desk(traits_of(findable));
        const std::string id = desk.add("o");
        for (const Millis wait : {Millis{1'000}, Millis{10'000}}) {
            desk.sent();
            desk.reply(id, DO::not_done);
            desk.pass(wait);
        }
        desk.sent();
        EXPECT_EQ(desk.reply(id, DO::unclear).progress.state, OS::pending);
        desk.pass(Millis{30'000});
        EXPECT_EQ(desk.sent(), Ids{id + "?"});
        const auto sighted = there ? FindReply::Outcome::found : FindReply::Outcome::absent;
        EXPECT_EQ(desk.find(id, sighted)->progress.state, there ? OS::delivered : OS::dead);
    }
}

TEST(Answers, lateOrSecondOrUnknownOnesChangeNothing) {
    RelayDesk desk(traits_of(dedupes));
    const std::string id = desk.add("o");
    EXPECT_FALSE(desk.relay->replied(id, answer(DO::delivered), desk.now)) << "not sent yet";
    desk.sent();
    EXPECT_FALSE(desk.relay->found(id, sight(FindReply::Outcome::found), desk.now)) << "was not looked for";
    const auto first = desk.relay->replied(id, answer(DO::not_done), desk.now);
    ASSERT_TRUE(first);
    EXPECT_FALSE(desk.relay->replied(id, answer(DO::delivered), desk.now)) << "before the commit";
    desk.commit(*first);
    EXPECT_FALSE(desk.relay->replied(id, answer(DO::delivered), desk.now)) << "after the commit";
    EXPECT_FALSE(desk.relay->replied("o.9", answer(DO::delivered), desk.now));
    desk.relay->committed(id);
    desk.relay->committed("o.9");
    desk.pass(Millis{1'000});
    EXPECT_EQ(desk.sent(), Ids{id});
}

TEST(Commit, failedOnesAreGivenAgainUntilTheyAreKept) {
    RelayDesk desk(traits_of(dedupes));
    const std::string id = desk.add("o");
    const std::string next = desk.add("o");
    desk.sent();
    const auto outcome = desk.relay->replied(id, answer(DO::delivered), desk.now);
    ASSERT_TRUE(outcome);
    desk.relay->commit_failed(id, desk.now);
    EXPECT_EQ(desk.sent(), Ids{});
    EXPECT_EQ(desk.relay->next_deadline(), desk.now.mono + Millis{1'000});
    desk.pass(Millis{1'000});
    std::vector<Send> sends;
    desk.relay->poll(desk.now, sends);
    const auto again = desk.relay->decisions();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].progress, outcome->progress);
    EXPECT_TRUE(again[0].ended);
    EXPECT_TRUE(sends.empty());
    desk.commit(again[0]);
    EXPECT_EQ(desk.sent(), Ids{next});
}

}  // namespace
}  // namespace citybridge::relay
