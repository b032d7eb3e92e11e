// P4: what a snapshot adds, ends and changes.
#include <gmock/gmock.h>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

signal::SnapshotChannel channel(const PbxScript& pbx, const std::string& id, const std::string& group,
                                const std::string& device, const std::string& number, ChannelState state,
                                const std::string& bridge = {}) {
    signal::SnapshotChannel out;
    out.id = id;
    out.group = group;
    out.started.device = device;
    out.started.number = number;
    out.started.state = state;
    if (id == group) out.started.dialled = "9500";
    out.started_at = pbx.wall();
    out.bridge = bridge;
    return out;
}

TEST(Reconcile, a_call_that_began_and_was_answered_unseen_appears_inferred) {
    PbxScript pbx;
    pbx.say({}, signal::LinkUp{"run-1"});
    signal::Snapshot seen;
    seen.channels = {channel(pbx, "c", "c", "SIP/trunk", "139", ChannelState::up, "b"),
                     channel(pbx, "a", "c", "SIP/1001", "1001", ChannelState::up, "b")};
    pbx.say({}, seen);
    EXPECT_TRUE(pbx.contact().inferred);
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "talking");
    pbx.at(5);
    pbx.hang_up("c");
    EXPECT_EQ(to_string(pbx.contact().outcome.value()), "answered");
}

TEST(Reconcile, a_call_that_ended_unseen_ends_inferred_and_frees_its_agent) {
    PbxScript pbx;
    pbx.connect();
    pbx.answered_call();
    pbx.at(4);
    pbx.say({}, signal::LinkDown{"cut", false});
    pbx.at(9);
    pbx.connect();
    EXPECT_TRUE(pbx.contact().ended_at.has_value());
    EXPECT_TRUE(pbx.contact().inferred);
    EXPECT_EQ(to_string(pbx.contact().ended_by.value()), "unknown");
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
    EXPECT_EQ(pbx.count("contact.ended"), 1U);
}

TEST(Reconcile, what_was_known_already_changes_nothing) {
    PbxScript pbx;
    pbx.connect();
    pbx.answered_call();
    signal::Snapshot seen;
    seen.channels = {channel(pbx, "c", "c", "SIP/trunk", "13901234567", ChannelState::up, "b"),
                     channel(pbx, "a", "c", "SIP/1001", "1001", ChannelState::up, "b")};
    const std::size_t before = pbx.events().size();
    pbx.say({}, seen);
    EXPECT_EQ(pbx.events().size(), before);
    EXPECT_FALSE(pbx.contact().inferred);
}

TEST(Reconcile, an_answer_in_the_gap_is_found_without_a_second_pop) {
    PbxScript pbx;
    pbx.connect();
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"sales"});
    pbx.ring("c", "a", "SIP/1001");
    pbx.say({}, signal::LinkDown{"cut", false});
    pbx.at(8);
    signal::Snapshot seen;
    seen.channels = {channel(pbx, "c", "c", "SIP/trunk", "139", ChannelState::up, "b"),
                     channel(pbx, "a", "c", "SIP/1001", "1001", ChannelState::up, "b")};
    pbx.say({}, signal::LinkUp{"run-1"});
    pbx.say({}, seen);
    EXPECT_EQ(pbx.count("offer.shown"), 1U);
    EXPECT_EQ(to_string(pbx.contact().offers.at(0).state), "accepted");
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
}

TEST(Reconcile, a_phone_that_began_to_ring_in_the_gap_pops_now) {
    PbxScript pbx;
    pbx.connect();
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"sales"});
    signal::Snapshot seen;
    seen.channels = {channel(pbx, "c", "c", "SIP/trunk", "139", ChannelState::up),
                     channel(pbx, "a", "c", "SIP/1001", "1001", ChannelState::ringing)};
    seen.queue_callers = {{"sales", "c", pbx.wall()}};
    pbx.say({}, signal::LinkUp{"run-1"});
    pbx.say({}, seen);
    EXPECT_EQ(pbx.count("offer.shown"), 1U);
    EXPECT_EQ(pbx.contact().state, ContactState::offered);
}

// P5 over a restart of the node: the desktop has this pop, and knows it by the offer's id.
TEST(Reconcile, after_a_restart_of_the_node_a_ringing_phone_is_not_popped_again) {
    PbxScript first;
    first.connect();
    first.caller("c", "139");
    first.say("c", signal::QueueEntered{"sales"});
    first.ring("c", "a", "SIP/1001");
    PbxScript restarted;
    restarted.say({}, signal::LinkUp{"run-1"});
    signal::Snapshot seen;
    seen.channels = {channel(restarted, "c", "c", "SIP/trunk", "139", ChannelState::up),
                     channel(restarted, "a", "c", "SIP/1001", "1001", ChannelState::ringing)};
    seen.queue_callers = {{"sales", "c", restarted.wall()}};
    restarted.say({}, seen);
    EXPECT_EQ(restarted.count("offer.shown"), 0U);
    EXPECT_EQ(restarted.contact().offers.at(0).id, first.contact().offers.at(0).id);
    EXPECT_EQ(restarted.contact().id, first.contact().id);
}

}  // namespace
}  // namespace citybridge::calls
