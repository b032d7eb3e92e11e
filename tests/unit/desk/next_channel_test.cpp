// A mail or short message that comes back is no end: the next channel of the list is tried.
#include "tests/unit/desk/engine_room.h"

namespace citybridge::desk::testing {
namespace {

using std::chrono::hours;

const Actor kWei{"li", "agent", {"service"}};
const std::string kBack =
    R"(<template name="late">late</template><template name="end">ended</template>
<follow_up name="look" after="1h" question="?" set_by="open" settled_by="wait"/>
<tell on="close" to="directory:office" channel="email sms" template="end"/>
<escalation name="late" start="overdue:look" stop="finish">
  <step to="directory:office" channel="email sms screen" template="late" ack_within="1h"/>
  <step to="role:supervisor" channel="screen" template="late"/></escalation>)";

OutboxRecord came_back(const EngineRoom& room, const std::string& message, OutboxState state = OutboxState::dead) {
    OutboxRecord row = room.view.outbox.at(message);
    row.state = state;
    return row;
}

TEST(NextChannel, IsTriedUntilOneReachesHim) {
    EngineRoom room(kBack);
    const std::string id = room.open();
    room.pass(hours{1});
    ASSERT_EQ(room.told(id).size(), 1U);
    EXPECT_EQ(room.told(id)[0].channel, "email");
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[0].outbox)});
    ASSERT_EQ(room.told(id).size(), 2U);
    EXPECT_TRUE(room.told(id)[0].settled_at) << "nobody waits for an answer to that mail any more";
    EXPECT_EQ(room.told(id)[1].channel, "sms");
    EXPECT_EQ(room.told(id)[1].to_person, "Wei");
    EXPECT_EQ(room.last(id).detail.at("next_channel"), "sms");
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[1].outbox)});
    ASSERT_EQ(room.told(id).size(), 3U);
    EXPECT_EQ(room.told(id)[2].channel, "screen");
    EXPECT_TRUE(room.told(id)[2].to_acknowledge);
    room.act(id, "acknowledge", kWei);
    EXPECT_EQ(room.escalation(id, "late"), "acknowledged");
}

TEST(NextChannel, IsNotTriedForWhatMayHaveArrived) {
    EngineRoom room(kBack);
    const std::string id = room.open();
    room.pass(hours{1});
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[0].outbox, OutboxState::possibly_done)});
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[0].outbox, OutboxState::cancelled)});
    EXPECT_EQ(room.told(id).size(), 1U);
}

TEST(NextChannel, IsNotTriedWhenTheNextInTurnKnowsOrSomebodyHasAcknowledged) {
    EngineRoom room(kBack);
    const std::string first = room.open();
    const std::string second = room.open();
    room.pass(hours{1});
    room.act(second, "acknowledge", kWei);
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(second)[0].outbox)});
    EXPECT_EQ(room.told(second).size(), 1U);
    room.pass(hours{1});
    ASSERT_EQ(room.told(first).size(), 2U) << "the supervisor knows";
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(first)[0].outbox)});
    EXPECT_EQ(room.told(first).size(), 2U);
}

TEST(NextChannel, IsTriedAlsoWhenTheOrderIsClosed) {
    EngineRoom room(kBack);
    const std::string id = room.open();
    room.act(id, "finish");
    ASSERT_EQ(room.told(id).size(), 1U);
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[0].outbox)});
    ASSERT_EQ(room.told(id).size(), 2U);
    EXPECT_EQ(room.told(id)[1].channel, "sms");
    room.done(kSystem, DeliveryEnded{came_back(room, room.told(id)[1].outbox)});
    EXPECT_EQ(room.told(id).size(), 2U);
    EXPECT_EQ(room.last(id).detail.at("no_channel_left"), "sms");
}

}  // namespace
}  // namespace citybridge::desk::testing
