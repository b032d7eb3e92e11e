// Signals in any order with any ids: nothing crashes, and what is published
// keeps the invariants a desktop relies on.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

// A PBX never gives an id twice within one run, so a name that ended gets a new number.
class Ids {
public:
    std::string operator()(int n) const {
        return std::string(1, static_cast<char>('a' + n)) + std::to_string(lives_.at(n));
    }
    void ended(int n) { ++lives_[n]; }
    void all_ended() {
        for (auto& [n, lives] : lives_) ++lives;
    }

private:
    std::map<int, int> lives_{{0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}};
};

SignalBody past_call(int a, int b) {
    signal::PastCall call;
    call.number = "139";
    call.dialled = "9500";
    if (a % 2 == 1) call.caller_device = "SIP/1001";
    if (b % 2 == 1) call.agent = call.device = "SIP/1003";
    if (b % 3 == 1) call.answered_at = WallTime{Millis{1'795'289'700'000}};
    call.started_at = WallTime{Millis{1'795'289'690'000}};
    call.result = static_cast<DialResult>(a % 6);
    return call;
}

SignalBody body(int kind, int a, int b, const Ids& id) {
    const std::string device = a % 2 == 0 ? "SIP/trunk" : "SIP/100" + std::to_string(a);
    switch (kind) {
        case 0:
            return signal::ChannelStarted{device, "139", {}, b % 2 == 0 ? "9500" : "", static_cast<ChannelState>(b % 4),
                                          a == 5};
        case 1: return signal::ChannelStateChanged{static_cast<ChannelState>(b % 4)};
        case 2: return signal::ChannelEnded{b % 2 == 0 ? 16 : 17};
        case 3: return signal::HangupRequested{};
        case 4: return signal::DialStarted{id(b), "1001"};
        case 5: return signal::DialEnded{id(b), static_cast<DialResult>(a % 6)};
        case 6: return signal::BridgeEntered{id(b % 2), static_cast<BridgeKind>(a % 3), id(a)};
        case 7: return signal::BridgeLeft{id(b % 2)};
        case 8: return signal::HoldChanged{b % 2 == 0};
        case 9: return signal::QueueEntered{"q"};
        case 10: return signal::QueueLeft{"q", b % 2 == 0};
        case 11: return signal::AgentCalled{"q", device, "n", device, id(b)};
        case 12: return signal::AgentMissed{"q", device, b % 2 == 0};
        case 13: return signal::AgentConnected{"q", device, "n", id(b)};
        case 14: return signal::LinkUp{id(b % 2)};
        case 15: return signal::LinkDown{"cut", b == 0};
        case 16: return signal::Snapshot{};
        case 17: return signal::SurveyAnswered{"1"};
        case 18:
            return signal::Transferred{static_cast<TransferKind>(a), static_cast<TransferResult>(b % 3), "2001", id(a),
                                       b % 2 == 0 ? id(b) : std::string{}};
        case 19: return signal::Parked{"701", id(b)};
        case 20: return signal::Unparked{b % 2 == 0 ? id(a) : std::string{}};
        case 21: return signal::ListeningStarted{id(b)};
        case 22: return signal::ListeningStopped{};
        case 23:
            return signal::RecordingChanged{static_cast<RecordingStep>(b % 4), a % 2 == 0 ? "x.wav" : std::string{}};
        default: return past_call(a, b);
    }
}

constexpr int kRenamed = 25;

struct Step {
    int kind;
    int channel;
    int a;
    int b;
    int group;
};

// For rapidcheck's report of what it found.
std::ostream& operator<<(std::ostream& out, const Step& step) {
    return out << "{kind " << step.kind << ", channel " << step.channel << ", a " << step.a << ", b " << step.b
               << ", group " << step.group << '}';
}

void expect_invariants(const PbxScript& pbx) {
    std::set<std::string> ended;
    std::map<std::string, int> shown;
    for (const Event& event : pbx.events()) {
        if (const auto* change = std::get_if<ContactChanged>(&event)) {
            const Contact& contact = *change->contact;
            RC_ASSERT(!ended.contains(contact.id));
            if (change->what == ContactChanged::What::ended || change->what == ContactChanged::What::merged)
                ended.insert(contact.id);
            if (change->what == ContactChanged::What::ended) {
                RC_ASSERT(contact.outcome.has_value() && contact.ended_by.has_value());
                RC_ASSERT(*contact.ended_at >= contact.started_at);
                for (const Offer& offer : contact.offers) RC_ASSERT(offer.ended_at.has_value());
                for (const Hold& hold : contact.holds) RC_ASSERT(hold.to.has_value());
                for (const Leg& leg : contact.legs) RC_ASSERT(leg.left_at.has_value());
                for (const Recording& each : contact.recordings) RC_ASSERT(each.ended_at.has_value());
            }
            std::set<std::string> ids;
            for (const Offer& each : contact.offers) RC_ASSERT(ids.insert(each.id).second);
            for (const Recording& each : contact.recordings) RC_ASSERT(ids.insert(each.id).second);
            RC_ASSERT(contact.talk >= Millis{0} && contact.hold >= Millis{0});
        }
        if (const auto* offer = std::get_if<OfferChanged>(&event); offer && offer->what == OfferChanged::What::shown)
            RC_ASSERT(++shown[offer->offer.id] == 1);
    }
}

TEST(AnySignals, keep_the_invariants) {
    const bool held = rc::check([] {
        const auto steps = *rc::gen::container<std::vector<Step>>(
            rc::gen::construct<Step>(rc::gen::inRange(0, 26), rc::gen::inRange(0, 6), rc::gen::inRange(0, 6),
                                     rc::gen::inRange(0, 6), rc::gen::inRange(0, 6)));
        PbxScript pbx;
        Ids id;
        double now = 0;
        for (const Step& step : steps) {
            pbx.at(now += 0.5);
            const int group = step.group < 3 ? step.group : step.channel;
            if (step.kind == kRenamed) {
                const std::string old = id(step.channel);
                // Also the id of a channel that exists: the one takes the other's place.
                if (step.b % 2 == 0) id.ended(step.channel);
                const std::string fresh = step.b % 2 == 0 ? id(step.channel) : id(step.a);
                pbx.say(old, signal::ChannelRenamed{fresh}, id(group));
                continue;
            }
            pbx.say(id(step.channel), body(step.kind, step.a, step.b, id), id(group));
            if (step.kind == 2) id.ended(step.channel);
            if (step.kind >= 14 && step.kind <= 16) id.all_ended();
        }
        expect_invariants(pbx);
    });
    EXPECT_TRUE(held);
}
}  // namespace
}  // namespace citybridge::calls
