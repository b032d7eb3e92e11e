// Calls of which there is no capture, as Asterisk's documentation of its events tells them: from the bytes of the
// manager stream to the contact.
#include <gmock/gmock.h>

#include "adapters/asterisk/framer.h"
#include "adapters/asterisk/translate.h"
#include "core/calls/call_book.h"

namespace citybridge::sim {
namespace {

using testing::ElementsAre;

// An event in one line: "Newchannel Uniqueid=1.1 Linkedid=1.1 Exten=9500". `+` stands for a blank.
class ImaginedPbx {
public:
    ImaginedPbx() {
        framer_.feed("Asterisk Call Manager/9.0.0\r\n");
        (void)framer_.next();
        apply({wall(), {}, {}, signal::LinkUp{"run-1"}});
        apply({wall(), {}, {}, signal::Snapshot{}});
    }
    void at(double seconds) { now_ms_ = static_cast<long long>(seconds * 1000); }
    void say(const std::string& line) {
        std::string text = "Event: ";
        for (const char each : line) {
            if (each == ' ')
                text += "\r\n";
            else if (each == '=')
                text += ": ";
            else
                text += each == '+' ? ' ' : each;
        }
        framer_.feed(text + "\r\nPrivilege: call,all\r\n\r\n");
        std::vector<PbxSignal> signals;
        for (auto message = framer_.next(); message && *message != nullptr; message = framer_.next())
            translator_.translate(**message, wall(), signals);
        for (const PbxSignal& signal : signals) apply(signal);
    }
    void channel(const std::string& name, const std::string& id, const std::string& group, const std::string& rest) {
        say("Newchannel Channel=" + name + " Uniqueid=" + id + " Linkedid=" + group + " " + rest);
    }
    void bridge(const std::string& room, const std::string& id, bool enters, const std::string& type = "basic") {
        say((enters ? "BridgeEnter Uniqueid=" : "BridgeLeave Uniqueid=") + id +
            " Linkedid=1.1 Exten=s BridgeUniqueid=" + room + " BridgeType=" + type);
    }
    void state(const std::string& id, int number) {
        say("Newstate Uniqueid=" + id + " Linkedid=1.1 ChannelState=" + std::to_string(number));
    }
    void rings(const std::string& name, const std::string& id) {
        channel(name, id, "1.1", "ChannelState=0 Exten=s CallerIDNum=" + name.substr(name.find('/') + 1, 4));
        say("DialBegin Uniqueid=1.1 Linkedid=1.1 Exten=s DestUniqueid=" + id + " DestLinkedid=1.1 DialString=x");
        state(id, 5);
    }
    void answers(const std::string& id, const std::string& room) {
        state(id, 6);
        say("DialEnd Uniqueid=1.1 Linkedid=1.1 DestUniqueid=" + id + " DestLinkedid=1.1 DialStatus=ANSWER");
        bridge(room, id, true);
        bridge(room, "1.1", true);
    }
    // A customer in conversation with SIP/1001.
    void talk() {
        channel("SIP/trunk-00000001", "1.1", "1.1", "ChannelState=0 Exten=9500 CallerIDNum=13901234567");
        state("1.1", 6);
        rings("SIP/1001-00000002", "1.2");
        at(2);
        answers("1.2", "b1");
    }
    void park() {
        at(5);
        bridge("b1", "1.1", false);
        say("ParkedCall ParkeeUniqueid=1.1 ParkeeLinkedid=1.1 ParkerDialString=SIP/1001 ParkingSpace=701");
        bridge("lot", "1.1", true, "parking");
        bridge("b1", "1.2", false);
        say("Hangup Uniqueid=1.2 Linkedid=1.1 Cause=16");
    }
    void end(const std::string& id, int cause = 16) {
        say("Hangup Uniqueid=" + id + " Linkedid=1.1 Cause=" + std::to_string(cause));
    }

    const Contact& contact() const {
        EXPECT_EQ(latest_.size(), 1U);
        return *latest_.begin()->second;
    }
    std::vector<std::string> transfers() const {
        std::vector<std::string> out;
        for (const Transfer& each : contact().transfers)
            out.push_back(std::string(to_string(each.kind)) + ' ' + each.from_agent + " > " + each.to + ' ' +
                          std::string(to_string(each.result)));
        return out;
    }

private:
    WallTime wall() const { return WallTime{Millis{1'795'289'700'000 + now_ms_}}; }
    void apply(const PbxSignal& signal) {
        std::vector<Event> out;
        book_.apply(signal, {wall(), MonoTime{Millis{now_ms_}}}, out);
        for (const Event& event : out)
            if (const auto* change = std::get_if<ContactChanged>(&event))
                latest_[change->contact->id] = change->contact;
    }

    calls::CallBook book_{calls::CallSettings{.city = "beijing", .pbx = "pbx1"}};
    asterisk::Framer framer_;
    asterisk::Translator translator_{asterisk::TranslatorSettings{}};
    long long now_ms_ = 0;
    std::map<std::string, ContactPtr> latest_;
};

TEST(Imagined, a_slot_that_times_out_rings_who_parked_again) {
    ImaginedPbx pbx;
    pbx.talk();
    pbx.park();
    EXPECT_EQ(pbx.contact().state, ContactState::parked);
    EXPECT_THAT(pbx.transfers(), ElementsAre("park SIP/1001 > 701 completed"));
    pbx.at(50);
    pbx.say("ParkedCallTimeOut ParkeeUniqueid=1.1 ParkeeLinkedid=1.1 ParkerDialString=SIP/1001 ParkingSpace=701");
    pbx.bridge("lot", "1.1", false, "parking");
    pbx.rings("SIP/1001-00000003", "1.3");
    pbx.at(53);
    pbx.answers("1.3", "b2");
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    EXPECT_THAT(pbx.transfers(), ElementsAre("park SIP/1001 > 701 failed"));
    pbx.at(60);
    pbx.say("HangupRequest Uniqueid=1.1 Linkedid=1.1");
    pbx.end("1.1");
    EXPECT_EQ(pbx.contact().talk, Millis{3'000 + 7'000}) << "not the time in the slot, nor ringing";
}

// His name is in GBK, and in quotes.
TEST(Imagined, another_phone_fetches_from_the_slot) {
    ImaginedPbx pbx;
    pbx.talk();
    pbx.park();
    pbx.at(8);
    pbx.channel("PJSIP/2001-00000009", "1.9", "1.9",
                "ChannelState=4 Exten=701 CallerIDNum=2001 CallerIDName=\\\"\xCD\xF5\xB7\xBC\\\"");
    pbx.say("UnParkedCall ParkeeUniqueid=1.1 ParkeeLinkedid=1.1 RetrieverUniqueid=1.9 ParkingSpace=701");
    pbx.bridge("lot", "1.1", false, "parking");
    pbx.bridge("b2", "1.1", true);
    pbx.bridge("b2", "1.9", true);
    EXPECT_THAT(pbx.transfers(), ElementsAre("park SIP/1001 > PJSIP/2001 completed"));
    EXPECT_EQ(pbx.contact().legs.back().agent, "PJSIP/2001");
    EXPECT_EQ(pbx.contact().legs.back().name, "\"王芳\"");
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
}

// The dialplan tries the second trunk when the first is congested: Dial(PJSIP/139@t1), Dial(PJSIP/139@t2).
TEST(Imagined, the_next_trunk_reaches_the_same_customer) {
    ImaginedPbx pbx;
    pbx.channel("SIP/1001-00000001", "1.1", "1.1", "ChannelState=4 Exten=913912345678 CallerIDNum=1001");
    for (const std::string id : {"1.2", "1.3"}) {
        pbx.channel("PJSIP/trunk-0000000" + id.substr(2), id, "1.1", "ChannelState=0 Exten=s CallerIDNum=913912345678");
        pbx.say("DialBegin Uniqueid=1.1 Linkedid=1.1 Exten=913912345678 DestUniqueid=" + id +
                " DestLinkedid=1.1 DialString=139@t");
        if (id == "1.3") break;
        pbx.say("DialEnd Uniqueid=1.1 Linkedid=1.1 DestUniqueid=1.2 DestLinkedid=1.1 DialStatus=CONGESTION");
        pbx.end("1.2", 34);
    }
    pbx.state("1.3", 5);
    pbx.at(4);
    pbx.answers("1.3", "b");
    EXPECT_EQ(pbx.contact().direction, Direction::outbound);
    EXPECT_EQ(pbx.contact().customer_number, "913912345678");
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
}

// `Action: Redirect` of the customer's channel alone, to an announcement.
TEST(Imagined, sent_to_an_announcement_by_command_is_a_redirect) {
    ImaginedPbx pbx;
    pbx.talk();
    pbx.at(6);
    pbx.say("BridgeLeave Uniqueid=1.1 Linkedid=1.1 Exten=8001 Context=internal BridgeUniqueid=b1 BridgeType=basic");
    pbx.bridge("b1", "1.2", false);
    pbx.end("1.2");
    pbx.at(9);
    pbx.say("HangupRequest Uniqueid=1.1 Linkedid=1.1");
    pbx.end("1.1");
    EXPECT_THAT(pbx.transfers(), ElementsAre("redirect SIP/1001 > 8001 completed"));
    EXPECT_EQ(pbx.contact().talk, Millis{4'000});
}

// The agent hung up and the dialplan goes on behind the queue: a survey, no transfer.
TEST(Imagined, what_follows_in_the_dialplan_is_no_redirect) {
    ImaginedPbx pbx;
    pbx.talk();
    pbx.at(6);
    pbx.say("HangupRequest Uniqueid=1.2 Linkedid=1.1");
    pbx.bridge("b1", "1.2", false);
    pbx.bridge("b1", "1.1", false);
    pbx.end("1.2");
    pbx.at(9);
    pbx.end("1.1");
    EXPECT_TRUE(pbx.contact().transfers.empty());
}

}  // namespace
}  // namespace citybridge::sim
