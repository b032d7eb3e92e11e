// A parked customer: who fetched him, that nobody did, and that those who wait side by side hear nobody.
#include <gmock/gmock.h>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

std::string last_transfer(const Contact& contact) {
    if (contact.transfers.empty()) return "none";
    const Transfer& last = contact.transfers.back();
    return std::string(to_string(last.kind)) + ' ' + last.from_agent + " > " + last.to + ' ' +
           std::string(to_string(last.result)) +
           (last.reason == TransferReason::none ? "" : " (" + std::string(to_string(last.reason)) + ')');
}

// As Asterisk does it: out of the agent's bridge, parked, into the bridge all parked calls share.
void park(PbxScript& pbx, const std::string& by = {}) {
    pbx.answered_call();
    pbx.at(5);
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.say("c", signal::Parked{"701", by});
    pbx.say("c", signal::BridgeEntered{"lot", BridgeKind::parking, {}});
}

TEST(Parking, is_a_state_and_a_transfer_to_the_slot_and_no_talk) {
    for (const char* by : {"", "a"}) {
        PbxScript pbx;
        park(pbx, by);
        EXPECT_EQ(pbx.contact().state, ContactState::parked);
        EXPECT_EQ(last_transfer(pbx.contact()), "park SIP/1001 > 701 completed");
        EXPECT_EQ(pbx.contact().talk, Millis{2'000});
    }
}

TEST(Parking, a_colleague_who_fetches_the_customer_is_whom_it_was_to) {
    PbxScript pbx;
    park(pbx);
    pbx.at(8);
    pbx.say("x", signal::ChannelStarted{"PJSIP/2001", "2001", {}, "701", ChannelState::calling, false}, "x");
    pbx.say("x", signal::ChannelStateChanged{ChannelState::up});
    pbx.say("c", signal::Unparked{"x"});
    pbx.say("c", signal::BridgeLeft{"lot"});
    pbx.bridge("b2", {"c"});
    pbx.say("x", signal::BridgeEntered{"b2", BridgeKind::two_party, {}}, "c");
    pbx.end("a");
    pbx.at(11);
    pbx.hang_up("c");
    EXPECT_EQ(last_transfer(pbx.contact()), "park SIP/1001 > PJSIP/2001 completed");
    EXPECT_EQ(pbx.contact().talk, Millis{5'000});
    EXPECT_EQ(pbx.contact().transfers.size(), 1U);
    ASSERT_EQ(pbx.contact().legs.size(), 3U);
    EXPECT_EQ(pbx.contact().legs[2].role, LegRole::agent);
    EXPECT_EQ(pbx.count("contact.transferred"), 1U);
}

TEST(Parking, that_times_out_failed_and_the_agent_is_rung_again) {
    PbxScript pbx;
    park(pbx);
    pbx.end("a");
    pbx.at(50);
    pbx.say("c", signal::Unparked{});
    pbx.say("c", signal::BridgeLeft{"lot"});
    pbx.ring("c", "a2", "SIP/1001", false);
    pbx.at(52);
    pbx.pick_up("c", "a2");
    pbx.bridge("b2", {"a2", "c"});
    EXPECT_EQ(last_transfer(pbx.contact()), "park SIP/1001 > 701 failed (no_answer)");
    EXPECT_EQ(pbx.contact().transfers.size(), 1U);
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
}

TEST(Parking, of_a_customer_who_gives_up_was_to_the_slot) {
    PbxScript pbx;
    park(pbx);
    pbx.at(20);
    pbx.say("c", signal::Unparked{});
    pbx.hang_up("c");
    EXPECT_EQ(last_transfer(pbx.contact()), "park SIP/1001 > 701 completed");
    EXPECT_EQ(to_string(pbx.contact().ended_by.value()), "customer");
    EXPECT_EQ(pbx.contact().outcome, Outcome::answered);
}

// Asterisk tells a blind transfer to the parking extension as both.
TEST(Parking, by_a_transfer_to_the_parking_extension_is_one_transfer) {
    for (const bool transfer_first : {true, false}) {
        PbxScript pbx;
        pbx.answered_call();
        pbx.at(5);
        const signal::Transferred blind{TransferKind::blind, TransferResult::completed, "700", "c", {}};
        if (transfer_first) pbx.say("a", blind);
        pbx.say("c", signal::Parked{"701", "a"});
        if (!transfer_first) pbx.say("a", blind);
        EXPECT_EQ(pbx.contact().transfers.size(), 1U);
        EXPECT_EQ(last_transfer(pbx.contact()), "park SIP/1001 > 701 completed");
    }
}

TEST(Parking, those_who_wait_in_one_lot_stay_two_contacts) {
    PbxScript pbx;
    park(pbx);
    pbx.caller("d", "13800138000");
    pbx.say("d", signal::BridgeEntered{"lot", BridgeKind::parking, {}});
    EXPECT_EQ(pbx.contacts(), 2U);
    EXPECT_EQ(pbx.count("contact.merged"), 0U);
}

}  // namespace
}  // namespace citybridge::calls
