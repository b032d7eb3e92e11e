// Contact::allowed: what makes sense now, of what the PBX can do.
#include <gmock/gmock.h>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

using testing::UnorderedElementsAre;

CallSettings able() {
    CallSettings settings{.city = "beijing", .pbx = "pbx1"};
    for (int each = 0; each <= static_cast<int>(CallAction::park); ++each)
        settings.actions.push_back(static_cast<CallAction>(each));
    return settings;
}

TEST(Allowed, a_caller_whom_nobody_serves_can_only_be_hung_up) {
    PbxScript pbx(able());
    pbx.caller("c", "139");
    EXPECT_THAT(pbx.contact().allowed, UnorderedElementsAre("hangup"));
}

TEST(Allowed, while_talking) {
    PbxScript pbx(able());
    pbx.answered_call();
    EXPECT_THAT(pbx.contact().allowed,
                UnorderedElementsAre("hangup", "hold", "transfer", "consult", "conference", "record", "park"));
}

TEST(Allowed, what_the_agent_holds_can_be_retrieved_and_what_the_customer_holds_cannot) {
    PbxScript pbx(able());
    pbx.answered_call();
    pbx.say("a", signal::HoldChanged{true});
    EXPECT_THAT(pbx.contact().allowed,
                UnorderedElementsAre("hangup", "retrieve", "transfer", "consult", "conference", "record", "park"));
    pbx.say("a", signal::HoldChanged{false});
    pbx.say("c", signal::HoldChanged{true});
    EXPECT_THAT(pbx.contact().allowed,
                UnorderedElementsAre("hangup", "hold", "transfer", "consult", "conference", "record", "park"));
}

TEST(Allowed, during_a_consultation) {
    PbxScript pbx(able());
    pbx.answered_call();
    pbx.say("y", signal::ChannelStarted{"SIP/2001", "2001", {}, {}, ChannelState::down, false}, "c");
    pbx.say("a", signal::DialStarted{"y", "2001"});
    EXPECT_THAT(pbx.contact().allowed,
                UnorderedElementsAre("hangup", "attended_transfer", "cancel_consult", "conference", "record"));
    pbx.say("a", signal::DialEnded{"y", DialResult::no_answer});
    pbx.end("y", 19);
    EXPECT_THAT(pbx.contact().allowed, testing::Contains("consult"));
}

TEST(Allowed, by_the_state_of_the_recording) {
    PbxScript pbx(able());
    pbx.answered_call();
    pbx.say("c", signal::RecordingChanged{RecordingStep::started, "x.wav"});
    EXPECT_THAT(pbx.contact().allowed, testing::IsSupersetOf({"stop_recording", "mute_recording"}));
    EXPECT_THAT(pbx.contact().allowed, testing::Not(testing::Contains("record")));
    EXPECT_THAT(pbx.contact().allowed, testing::Not(testing::Contains("unmute_recording")));
    pbx.say("c", signal::RecordingChanged{RecordingStep::muted, {}});
    EXPECT_THAT(pbx.contact().allowed, testing::IsSupersetOf({"stop_recording", "unmute_recording"}));
    EXPECT_THAT(pbx.contact().allowed, testing::Not(testing::Contains("mute_recording")));
}

TEST(Allowed, only_what_the_pbx_can_do_and_nothing_once_it_ended) {
    PbxScript pbx({.city = "beijing", .pbx = "pbx1", .actions = {CallAction::hangup, CallAction::retrieve}});
    pbx.answered_call();
    EXPECT_THAT(pbx.contact().allowed, UnorderedElementsAre("hangup"));
    pbx.hang_up("c");
    EXPECT_THAT(pbx.contact().allowed, testing::IsEmpty());
}

}  // namespace
}  // namespace citybridge::calls
