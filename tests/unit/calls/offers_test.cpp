#include <gmock/gmock.h>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

std::string offer_states(const Contact& contact) {
    std::string out;
    for (const Offer& offer : contact.offers)
        out += (out.empty() ? "" : " ") + offer.agent + '=' + std::string(to_string(offer.state));
    return out;
}

TEST(Offers, a_queue_call_is_offered_shown_accepted) {
    PbxScript pbx;
    pbx.connect();
    pbx.answered_call();
    EXPECT_EQ(offer_states(pbx.contact()), "SIP/1001=accepted");
    EXPECT_EQ(pbx.count("contact.started"), 1U);
    EXPECT_EQ(pbx.count("contact.offered"), 1U);
    EXPECT_EQ(pbx.count("offer.shown"), 1U);
    EXPECT_EQ(pbx.count("contact.answered"), 1U);
    EXPECT_EQ(pbx.count("offer.revoked"), 0U);
}

TEST(Offers, nothing_pops_before_the_phone_rings) {
    PbxScript pbx;
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"sales"});
    pbx.say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, {}, ChannelState::down, false}, "c");
    pbx.say("c", signal::AgentCalled{"sales", "SIP/1001", "", "SIP/1001", "a"});
    EXPECT_EQ(pbx.count("offer.shown"), 0U);
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "reserved");
    pbx.say("a", signal::ChannelStateChanged{ChannelState::ringing});
    EXPECT_EQ(pbx.count("offer.shown"), 1U);
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ringing");
}

TEST(Offers, the_losers_of_a_ring_all_are_revoked_also_the_one_who_picked_up_too) {
    PbxScript pbx;
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"sales"});
    for (const char* each : {"1", "2", "3"}) pbx.ring("c", std::string("a") + each, std::string("SIP/100") + each);
    pbx.pick_up("c", "a2");
    pbx.pick_up("c", "a3");
    pbx.say("c", signal::DialEnded{"a1", DialResult::cancelled});
    pbx.say("c", signal::AgentConnected{"sales", "SIP/1002", "", "a2"});
    pbx.bridge("b", {"a2", "c"});
    pbx.end("a3", 26);
    pbx.end("a1", 26);
    EXPECT_EQ(offer_states(pbx.contact()), "SIP/1001=revoked SIP/1002=accepted SIP/1003=revoked");
    EXPECT_EQ(pbx.count("offer.shown"), 3U);
    EXPECT_EQ(pbx.count("offer.revoked"), 2U);
}

struct Ending {
    DialResult result;
    OfferState state;
};
class PhoneNotAnswered : public testing::TestWithParam<Ending> {};

TEST_P(PhoneNotAnswered, tells_what_became_of_the_offer) {
    PbxScript pbx;
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"sales"});
    pbx.ring("c", "a", "SIP/1001");
    pbx.say("c", signal::DialEnded{"a", GetParam().result});
    pbx.say("c", signal::DialEnded{"a", DialResult::cancelled});  // Asterisk says it twice; the first counts
    pbx.end("a");
    EXPECT_EQ(pbx.contact().offers.at(0).state, GetParam().state);
    EXPECT_EQ(pbx.count("offer.revoked"), 1U);
}

INSTANTIATE_TEST_SUITE_P(dial_results, PhoneNotAnswered,
                         testing::Values(Ending{DialResult::no_answer, OfferState::expired},
                                         Ending{DialResult::busy, OfferState::refused},
                                         Ending{DialResult::rejected, OfferState::refused},
                                         Ending{DialResult::cancelled, OfferState::revoked}));

TEST(Offers, the_same_agent_rung_again_is_a_new_offer_and_a_new_pop) {
    PbxScript pbx;
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"sales"});
    for (const char* id : {"a1", "a2"}) {
        pbx.ring("c", id, "SIP/1001");
        pbx.say("c", signal::AgentMissed{"sales", "SIP/1001", false});
        pbx.say("c", signal::DialEnded{id, DialResult::no_answer});
        pbx.end(id, 19);
    }
    EXPECT_EQ(offer_states(pbx.contact()), "SIP/1001=expired SIP/1001=expired");
    EXPECT_EQ(pbx.count("offer.shown"), 2U);
    EXPECT_NE(pbx.contact().offers[0].id, pbx.contact().offers[1].id);
}

// A queue member Local/1001@agents: the queue rings the helper pair, the pair rings the phone.
TEST(Offers, a_phone_reached_through_a_helper_pair_pops_once) {
    PbxScript pbx;
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"sales"});
    pbx.say("l1", signal::ChannelStarted{"Local/1001@agents", {}, {}, {}, ChannelState::down, true}, "c");
    pbx.say("l2", signal::ChannelStarted{"Local/1001@agents", {}, {}, {}, ChannelState::calling, true}, "c");
    pbx.say("c", signal::AgentCalled{"sales", "SIP/1001", "one", "SIP/1001", "l1"});
    pbx.say("c", signal::DialStarted{"l1", {}});
    pbx.ring("l2", "p", "SIP/1001", false);
    pbx.say("p", signal::ChannelStateChanged{ChannelState::ringing}, "c");
    pbx.say("l1", signal::ChannelStateChanged{ChannelState::ringing});
    EXPECT_EQ(offer_states(pbx.contact()), "SIP/1001=shown");
    EXPECT_EQ(pbx.count("offer.shown"), 1U);
}

TEST(Offers, a_caller_who_hangs_up_takes_every_pop_with_him) {
    PbxScript pbx;
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"sales"});
    pbx.ring("c", "a1", "SIP/1001");
    pbx.ring("c", "a2", "SIP/1002");
    pbx.hang_up("c");
    EXPECT_EQ(offer_states(pbx.contact()), "SIP/1001=revoked SIP/1002=revoked");
    EXPECT_EQ(pbx.count("offer.revoked"), 2U);
}

TEST(Offers, an_agents_own_click_to_dial_is_no_offer) {
    PbxScript pbx;
    pbx.say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, {}, ChannelState::down, false}, "a");
    pbx.say({}, signal::DialStarted{"a", "1001"});
    pbx.say("a", signal::ChannelStateChanged{ChannelState::ringing});
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ringing");
    EXPECT_EQ(pbx.contacts(), 0U);
    EXPECT_EQ(pbx.count("offer.shown"), 0U);
}

}  // namespace
}  // namespace citybridge::calls
