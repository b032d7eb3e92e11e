// A command recognised by what the PBX showed since.
#include "core/node/command_effect.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

using Seen = std::optional<CommandOutcome>;
const Seen kDone = CommandOutcome::succeeded;

struct Effect : testing::Test {
    Seen after(CallAction action, const Contact& now) {
        PendingCommand command;
        command.action = action;
        command.contact = "c1";
        command.before = std::make_shared<const Contact>(before_);
        return effect_of(command, book_, &now);
    }
    static Contact recorded(Recording::State state) {
        Contact contact;
        contact.recordings.push_back({"r1", "f", state, {}, {}});
        return contact;
    }
    Contact before_;
    calls::CallBook book_{{.city = "beijing", .pbx = "pbx1"}};
};

TEST_F(Effect, of_holding_is_an_open_hold_of_the_agent) {
    Contact held;
    held.holds.push_back({HoldBy::agent, WallTime{}, {}});
    Contact by_customer;
    by_customer.holds.push_back({HoldBy::customer, WallTime{}, {}});
    EXPECT_EQ(after(CallAction::hold, held), kDone);
    EXPECT_EQ(after(CallAction::hold, by_customer), Seen{});
    EXPECT_EQ(after(CallAction::retrieve, before_), Seen{}) << "was not held before either";
    before_ = held;
    EXPECT_EQ(after(CallAction::retrieve, held), Seen{});
    held.holds[0].to = WallTime{};
    EXPECT_EQ(after(CallAction::retrieve, held), kDone);
}

TEST_F(Effect, of_a_transfer_is_one_more_transfer_with_its_result) {
    Contact given;
    given.transfers.push_back({TransferKind::blind, "SIP/1001", "1002", TransferResult::completed, {}});
    EXPECT_EQ(after(CallAction::transfer, before_), Seen{});
    EXPECT_EQ(after(CallAction::transfer, given), kDone);
    EXPECT_EQ(after(CallAction::conference, given), Seen{}) << "of another kind";
    Contact failed = given;
    failed.transfers[0].result = TransferResult::failed;
    EXPECT_EQ(after(CallAction::attended_transfer, failed), Seen{CommandOutcome::failed});
    before_ = given;
    EXPECT_EQ(after(CallAction::transfer, given), Seen{}) << "it was there before";
    given.transfers.push_back({TransferKind::conference, "SIP/1001", "room", TransferResult::completed, {}});
    EXPECT_EQ(after(CallAction::conference, given), kDone);
}

TEST_F(Effect, of_recording_is_its_state) {
    EXPECT_EQ(after(CallAction::record, before_), Seen{});
    EXPECT_EQ(after(CallAction::record, recorded(Recording::State::recording)), kDone);
    before_ = recorded(Recording::State::recording);
    EXPECT_EQ(after(CallAction::record, before_), Seen{});
    EXPECT_EQ(after(CallAction::mute_recording, before_), Seen{});
    EXPECT_EQ(after(CallAction::mute_recording, recorded(Recording::State::muted)), kDone);
    EXPECT_EQ(after(CallAction::stop_recording, recorded(Recording::State::muted)), Seen{});
    EXPECT_EQ(after(CallAction::stop_recording, recorded(Recording::State::finished)), kDone);
    EXPECT_EQ(after(CallAction::unmute_recording, recorded(Recording::State::muted)), Seen{});
    EXPECT_EQ(after(CallAction::unmute_recording, before_), kDone);
}

TEST_F(Effect, of_parking_is_the_parked_contact) {
    Contact parked;
    parked.state = ContactState::parked;
    EXPECT_EQ(after(CallAction::park, before_), Seen{});
    EXPECT_EQ(after(CallAction::park, parked), kDone);
}

TEST_F(Effect, of_hanging_up_is_that_the_channel_is_gone) {
    PendingCommand command;
    command.action = CallAction::hangup;
    command.target = "a";
    EXPECT_EQ(effect_of(command, book_, nullptr), kDone);
    std::vector<Event> out;
    book_.apply({{}, "a", "a", signal::ChannelStarted{"SIP/1001", "1001", {}, {}, ChannelState::up, false}}, {}, out);
    EXPECT_EQ(effect_of(command, book_, nullptr), Seen{});
}

TEST_F(Effect, of_a_contact_that_is_nowhere_nothing_is_known) {
    PendingCommand command;
    command.action = CallAction::transfer;
    command.before = std::make_shared<const Contact>();
    EXPECT_EQ(effect_of(command, book_, nullptr), Seen{});
}

TEST_F(Effect, on_an_agent_is_his_state_and_a_call_hides_it) {
    Agent agent;
    agent.state = AgentPresence::talking;
    for (const AgentWish wish : {AgentWish::ready, AgentWish::not_ready, AgentWish::log_out})
        EXPECT_EQ(effect_on_agent(wish, agent), Seen{});
    agent.state = AgentPresence::not_ready;
    EXPECT_EQ(effect_on_agent(AgentWish::not_ready, agent), kDone);
    EXPECT_EQ(effect_on_agent(AgentWish::ready, agent), Seen{});
    EXPECT_EQ(effect_on_agent(AgentWish::log_in, agent), Seen{}) << "in no queue";
    agent.queues = {"sales"};
    EXPECT_EQ(effect_on_agent(AgentWish::log_in, agent), kDone);
    agent.state = AgentPresence::logged_out;
    EXPECT_EQ(effect_on_agent(AgentWish::log_out, agent), kDone);
}

}  // namespace
}  // namespace citybridge
