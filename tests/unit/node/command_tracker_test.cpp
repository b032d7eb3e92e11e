#include "core/node/command_tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citybridge {
namespace {

PendingCommand dial(const std::string& id, long long deadline_ms = 1'000) {
    return {id, "li.na", "pbx1", true, {}, {}, MonoTime{Millis{deadline_ms}}};
}

CommandReply answered(const std::string& channel) { return {CommandOutcome::succeeded, {}, channel}; }

TEST(CommandTracker, a_refused_command_fails_with_the_adapters_reason) {
    CommandTracker tracker;
    tracker.begin(dial("d1"));
    const auto result = tracker.replied("d1", {CommandOutcome::failed, "busy", {}});
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->outcome, CommandOutcome::failed);
    EXPECT_EQ(result->reason, "busy");
    EXPECT_EQ(result->user, "li.na");
    EXPECT_FALSE(tracker.under_way("d1"));
}

TEST(CommandTracker, a_dial_succeeds_only_when_the_customer_is_dialled) {
    CommandTracker tracker;
    tracker.begin(dial("d1"));
    EXPECT_FALSE(tracker.replied("d1", answered("cti-d1")).has_value());
    EXPECT_TRUE(tracker.waits_for_contact());
    CommandTracker::ChannelFate fate{true, {}};
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
    EXPECT_FALSE(tracker.waits_for_contact());
}

TEST(CommandTracker, an_agent_who_hangs_up_before_the_customer_is_dialled_fails_the_dial) {
    CommandTracker tracker;
    tracker.begin(dial("d1"));
    (void)tracker.replied("d1", answered("cti-d1"));
    const auto results = tracker.settle([](const PendingCommand&) { return CommandTracker::ChannelFate{false, {}}; });
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0].outcome, CommandOutcome::failed);
    EXPECT_EQ(results[0].reason, "agent_hung_up");
}

// P6: one result, never a second one, never a guess.
TEST(CommandTracker, after_the_deadline_it_is_unknown_and_a_late_reply_changes_nothing) {
    CommandTracker tracker;
    tracker.begin(dial("d1", 1'000));
    EXPECT_EQ(tracker.next_deadline(), MonoTime{Millis{1'000}});
    EXPECT_TRUE(tracker.expire(MonoTime{Millis{999}}).empty());
    const auto results = tracker.expire(MonoTime{Millis{1'000}});
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0].outcome, CommandOutcome::unknown);
    EXPECT_EQ(results[0].reason, "timeout");
    EXPECT_FALSE(tracker.replied("d1", answered("cti-d1")).has_value());
    EXPECT_FALSE(tracker.waits_for_contact());
}

TEST(CommandTracker, at_the_end_every_command_has_its_result) {
    CommandTracker tracker;
    tracker.begin(dial("d1"));
    tracker.begin(dial("d2"));
    (void)tracker.replied("d2", answered("x"));
    EXPECT_THAT(tracker.end_all("node_stopped"), testing::SizeIs(2));
    EXPECT_THAT(tracker.end_all("node_stopped"), testing::IsEmpty());
}

}  // namespace
}  // namespace citybridge
