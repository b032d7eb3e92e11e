#include "core/node/command_tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citybridge {
namespace {

PendingCommand dial(const std::string& id, long long deadline_ms = 1'000) {
    PendingCommand out;
    out.command_id = id;
    out.user = "li.na";
    out.pbx = "pbx1";
    out.is_dial = true;
    out.deadline = MonoTime{Millis{deadline_ms}};
    return out;
}

const MonoTime kNow{Millis{0}};

CommandTracker::Fate nothing_seen(const PendingCommand&) { return {}; }

PendingCommand consult(const std::string& id) {
    PendingCommand out = dial(id, 120'000);
    out.is_dial = false;
    out.action = CallAction::consult;
    out.contact = "contact-1";
    out.rings = true;
    return out;
}

CommandReply answered(const std::string& channel) { return {CommandOutcome::succeeded, {}, channel}; }

TEST(CommandTracker, a_refused_command_fails_with_the_adapters_reason) {
    CommandTracker tracker;
    tracker.begin(dial("d1"));
    const auto result = tracker.replied("d1", {CommandOutcome::failed, "busy", {}}, kNow);
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->outcome, CommandOutcome::failed);
    EXPECT_EQ(result->reason, "busy");
    EXPECT_EQ(result->user, "li.na");
    EXPECT_FALSE(tracker.under_way("d1"));
}

TEST(CommandTracker, a_dial_succeeds_only_when_the_customer_is_dialled) {
    CommandTracker tracker;
    tracker.begin(dial("d1"));
    EXPECT_FALSE(tracker.replied("d1", answered("cti-d1"), kNow).has_value());
    EXPECT_TRUE(tracker.waits_for_signals());
    CommandTracker::Fate fate;
    fate.alive = true;
    const auto look = [&](const PendingCommand& command) {
        EXPECT_EQ(command.channel, "cti-d1");
        return fate;
    };
    EXPECT_TRUE(tracker.settle(look).empty());
    fate.contact = "contact-1";
    const auto results = tracker.settle(look);
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0].outcome, CommandOutcome::succeeded);
    EXPECT_EQ(results[0].contact_id, "contact-1");
    EXPECT_FALSE(tracker.waits_for_signals());
}

TEST(CommandTracker, an_agent_who_hangs_up_before_the_customer_is_dialled_fails_the_dial) {
    CommandTracker tracker;
    tracker.begin(dial("d1"));
    (void)tracker.replied("d1", answered("cti-d1"), kNow);
    const auto results = tracker.settle([](const PendingCommand&) { return CommandTracker::Fate{}; });
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0].outcome, CommandOutcome::failed);
    EXPECT_EQ(results[0].reason, "agent_hung_up");
}

// P6: one result, never a second one, never a guess.
TEST(CommandTracker, after_the_deadline_it_is_unknown_and_a_late_reply_changes_nothing) {
    CommandTracker tracker;
    tracker.begin(dial("d1", 1'000));
    EXPECT_EQ(tracker.next_deadline(), MonoTime{Millis{1'000}});
    EXPECT_TRUE(tracker.expire(MonoTime{Millis{999}}, nothing_seen).empty());
    const auto results = tracker.expire(MonoTime{Millis{1'000}}, nothing_seen);
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0].outcome, CommandOutcome::unknown);
    EXPECT_EQ(results[0].reason, "timeout");
    EXPECT_FALSE(tracker.replied("d1", answered("cti-d1"), kNow).has_value());
    EXPECT_FALSE(tracker.waits_for_signals());
}

TEST(CommandTracker, at_the_end_every_command_has_its_result) {
    CommandTracker tracker;
    tracker.begin(dial("d1"));
    tracker.begin(dial("d2"));
    (void)tracker.replied("d2", answered("x"), kNow);
    EXPECT_THAT(tracker.end_all("node_stopped"), testing::SizeIs(2));
    EXPECT_THAT(tracker.end_all("node_stopped"), testing::IsEmpty());
}

// ---- Lost answers -----------------------------------------------------------

TEST(CommandTracker, after_a_lost_answer_what_the_signals_show_counts) {
    CommandTracker tracker;
    tracker.begin(consult("k1"));
    EXPECT_FALSE(tracker.replied("k1", {CommandOutcome::unknown, "timeout", {}}, kNow).has_value());
    EXPECT_TRUE(tracker.waits_for_signals());
    EXPECT_TRUE(tracker.rings_for("contact-1")) << "nobody may be called a second time meanwhile";
    EXPECT_FALSE(tracker.rings_for("contact-2"));
    EXPECT_TRUE(tracker.settle(nothing_seen).empty());
    const auto results = tracker.settle([](const PendingCommand&) {
        CommandTracker::Fate fate;
        fate.effect = CommandOutcome::succeeded;
        return fate;
    });
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0].outcome, CommandOutcome::succeeded);
    EXPECT_EQ(results[0].contact_id, "contact-1");
    EXPECT_FALSE(tracker.rings_for("contact-1"));
    EXPECT_FALSE(tracker.waits_for_signals());
}

TEST(CommandTracker, without_a_sign_it_is_unknown_with_the_adapters_reason) {
    CommandTracker tracker;
    tracker.begin(consult("k1"));
    (void)tracker.replied("k1", {CommandOutcome::unknown, "link_down", {}}, kNow);
    EXPECT_TRUE(tracker.expire(MonoTime{Millis{4'999}}, nothing_seen).empty());
    const auto results = tracker.expire(MonoTime{Millis{5'000}}, nothing_seen);
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0].outcome, CommandOutcome::unknown);
    EXPECT_EQ(results[0].reason, "link_down");
}

TEST(CommandTracker, while_the_link_is_down_nothing_can_be_seen_and_it_is_waited_for) {
    CommandTracker tracker;
    tracker.begin(consult("k1"));
    (void)tracker.replied("k1", {CommandOutcome::unknown, "link_down", {}}, kNow);
    const auto cut = [](const PendingCommand&) {
        CommandTracker::Fate fate;
        fate.link_up = false;
        return fate;
    };
    EXPECT_TRUE(tracker.expire(MonoTime{Millis{60'000}}, cut).empty());
    EXPECT_TRUE(tracker.rings_for("contact-1"));
    tracker.link_restored("pbx1", MonoTime{Millis{60'000}});
    EXPECT_TRUE(tracker.expire(MonoTime{Millis{64'999}}, nothing_seen).empty());
    EXPECT_EQ(tracker.expire(MonoTime{Millis{65'000}}, nothing_seen).size(), 1U);
    tracker.begin(consult("k2"));
    (void)tracker.replied("k2", {CommandOutcome::unknown, "link_down", {}}, kNow);
    EXPECT_EQ(tracker.expire(MonoTime{Millis{120'000}}, cut).size(), 1U) << "but not for ever";
}

TEST(CommandTracker, an_adapter_that_never_answers_is_judged_by_what_is_seen) {
    CommandTracker tracker;
    tracker.begin(consult("k1"));
    const auto results = tracker.expire(MonoTime{Millis{120'000}}, [](const PendingCommand&) {
        CommandTracker::Fate fate;
        fate.effect = CommandOutcome::failed;
        return fate;
    });
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0].outcome, CommandOutcome::failed);
    EXPECT_EQ(results[0].reason, "failed");
}

}  // namespace
}  // namespace citybridge
