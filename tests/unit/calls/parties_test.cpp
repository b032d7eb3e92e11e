// Which channels a command is about.
#include <gmock/gmock.h>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

CallSettings all_actions() {
    CallSettings out{.city = "beijing", .pbx = "pbx1"};
    out.actions = {CallAction::hangup,
                   CallAction::hold,
                   CallAction::transfer,
                   CallAction::consult,
                   CallAction::attended_transfer,
                   CallAction::cancel_consult,
                   CallAction::record};
    return out;
}

class PartiesOf : public testing::Test {
protected:
    PartiesOf() { pbx_.connect(); }
    std::string contact_of(const std::string& channel) { return pbx_.book().contact_of_channel(channel)->id; }
    Parties parties(const std::string& channel, const std::string& agent, CallAction action = CallAction::transfer) {
        const auto found = pbx_.book().parties_for(contact_of(channel), agent, action);
        EXPECT_TRUE(static_cast<bool>(found)) << (found ? "" : found.error().code);
        return found ? *found : Parties{};
    }
    std::string refused(const std::string& contact, const std::string& agent, CallAction action) {
        const auto found = pbx_.book().parties_for(contact, agent, action);
        return found ? "" : found.error().code;
    }
    // The agent's second line calls a colleague, who answers.
    void consult_from_the_phone() {
        pbx_.say("a2", signal::ChannelStarted{"SIP/1001", "1001", {}, "1002", ChannelState::calling, false}, "a2");
        pbx_.say("k", signal::ChannelStarted{"SIP/1002", "1002", {}, {}, ChannelState::ringing, false}, "a2");
        pbx_.say("a2", signal::DialStarted{"k", "1002"});
        pbx_.say("a2", signal::ChannelStateChanged{ChannelState::up});
        pbx_.pick_up("a2", "k");
        pbx_.bridge("b2", {"a2", "k"});
    }

    PbxScript pbx_{all_actions()};
};

TEST_F(PartiesOf, an_inbound_call_are_the_agents_phone_and_the_caller) {
    pbx_.answered_call();
    const Parties found = parties("c", "SIP/1001");
    EXPECT_EQ(found.agent_channel, "a");
    EXPECT_EQ(found.customer_channel, "c");
    EXPECT_EQ(found.consult_channel, "");
    EXPECT_EQ(found.agent, "SIP/1001");
    EXPECT_FALSE(pbx_.book().is_consulting(contact_of("c"), "SIP/1001"));
}

TEST_F(PartiesOf, an_outbound_call_are_the_agents_phone_and_who_was_dialled) {
    pbx_.say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, "9139", ChannelState::calling, false}, "a");
    pbx_.say("t", signal::ChannelStarted{"SIP/trunk", "139", {}, {}, ChannelState::down, false}, "a");
    pbx_.say("a", signal::DialStarted{"t", "9139"});
    pbx_.pick_up("a", "t");
    pbx_.bridge("b", {"a", "t"});
    const Parties found = parties("t", "SIP/1001");
    EXPECT_EQ(found.agent_channel, "a");
    EXPECT_EQ(found.customer_channel, "t");
}

TEST_F(PartiesOf, between_colleagues_the_customer_is_the_other_one) {
    consult_from_the_phone();
    EXPECT_EQ(parties("k", "SIP/1001").agent_channel, "a2");
    EXPECT_EQ(parties("k", "SIP/1001").customer_channel, "k");
    EXPECT_EQ(parties("k", "SIP/1002").agent_channel, "k");
    EXPECT_EQ(parties("k", "SIP/1002").customer_channel, "a2");
}

TEST_F(PartiesOf, a_colleague_called_for_the_agent_is_the_one_consulted) {
    pbx_.answered_call();
    pbx_.say("k", signal::ChannelStarted{"SIP/1002", "1002", {}, {}, ChannelState::down, false}, "c");
    pbx_.say("a", signal::DialStarted{"k", "1002"});
    pbx_.say("k", signal::ChannelStateChanged{ChannelState::ringing});
    const Parties found = parties("c", "SIP/1001", CallAction::attended_transfer);
    EXPECT_EQ(found.agent_channel, "a");
    EXPECT_EQ(found.customer_channel, "c");
    EXPECT_EQ(found.consult_channel, "k");
    EXPECT_TRUE(pbx_.book().is_consulting(contact_of("c"), "SIP/1001"));
}

TEST_F(PartiesOf, a_colleague_on_the_phones_second_line_is_the_one_consulted) {
    pbx_.answered_call();
    consult_from_the_phone();
    const Parties found = parties("c", "SIP/1001", CallAction::attended_transfer);
    EXPECT_EQ(found.agent_channel, "a");
    EXPECT_EQ(found.customer_channel, "c");
    EXPECT_EQ(found.consult_channel, "k");
    pbx_.end("k");
    pbx_.end("a2");
    EXPECT_EQ(refused(contact_of("c"), "SIP/1001", CallAction::attended_transfer), "command.not_possible");
    EXPECT_FALSE(pbx_.book().is_consulting(contact_of("c"), "SIP/1001"));
}

TEST_F(PartiesOf, a_second_customer_is_nobody_consulted) {
    pbx_.answered_call();
    pbx_.caller("c2", "138");
    pbx_.ring("c2", "a2", "SIP/1001", false);
    const Parties found = parties("c", "SIP/1001");
    EXPECT_EQ(found.consult_channel, "");
    EXPECT_EQ(found.agent_channel, "a");
}

// Asterisk reaches the agent through a pair of helpers; they are nobody's phone.
TEST_F(PartiesOf, helpers_in_between_are_passed_over) {
    pbx_.caller("c", "139");
    pbx_.say("c", signal::QueueEntered{"sales"});
    for (const char* half : {"l1", "l2"})
        pbx_.say(half, signal::ChannelStarted{"Local/1001", {}, {}, {}, ChannelState::up, true, "pair"}, "c");
    pbx_.say("c", signal::AgentCalled{"sales", "SIP/1001", "one", "SIP/1001", "l1"});
    pbx_.say("c", signal::DialStarted{"l1", {}});
    pbx_.say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, {}, ChannelState::ringing, false}, "c");
    pbx_.say("l2", signal::DialStarted{"a", {}});
    pbx_.pick_up("l2", "a");
    pbx_.bridge("b1", {"l2", "a"});
    pbx_.bridge("b2", {"c", "l1"});
    const Parties found = parties("c", "SIP/1001");
    EXPECT_EQ(found.agent_channel, "a");
    EXPECT_EQ(found.customer_channel, "c");
    EXPECT_EQ(found.consult_channel, "");
}

TEST_F(PartiesOf, nobody_by_name_means_who_is_with_the_customer) {
    pbx_.caller("early", "138");
    EXPECT_EQ(refused(contact_of("early"), {}, CallAction::transfer), "contact.not_part");
    pbx_.answered_call();
    EXPECT_EQ(parties("c", {}).agent_channel, "a");
    EXPECT_EQ(parties("c", {}).agent, "SIP/1001");
}

TEST_F(PartiesOf, who_takes_no_part_and_what_is_not_possible_is_refused) {
    pbx_.answered_call();
    const std::string contact = contact_of("c");
    EXPECT_EQ(refused("no-such", "SIP/1001", CallAction::hold), "contact.unknown");
    EXPECT_EQ(refused(contact, "SIP/1002", CallAction::hold), "contact.not_part");
    EXPECT_EQ(refused(contact, "SIP/1001", CallAction::park), "command.not_possible");
    pbx_.end("a");
    EXPECT_EQ(refused(contact, "SIP/1001", CallAction::hold), "contact.not_part") << "he has left";
}

}  // namespace
}  // namespace citybridge::calls
