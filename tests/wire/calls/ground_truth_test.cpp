// What the node makes of recorded calls, against what the phones saw. Every
// expectation is written from the capture's ground truth (the SIP side's log and
// the PBX's queue_log, in NAME.md beside the capture), in
// seconds since the start of the recording.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/wire/capture_file.h"
#include "tools/replay/fast_replay.h"

namespace citybridge {
namespace {

constexpr double kTolerance = 0.3;

struct ExpectedOffer {
    std::string agent;
    OfferState state;
    double offered;
    double ended;
};
struct ExpectedHold {
    HoldBy by;
    double from;
    double to;
};
struct ExpectedContact {
    Direction direction = Direction::inbound;
    std::string customer;
    std::string customer_name;
    std::string queue;
    Outcome outcome = Outcome::answered;
    EndedBy ended_by = EndedBy::customer;
    double started = 0;
    double ended = 0;
    double wait = 0;
    double talk = 0;
    std::vector<std::string> talked_with;
    std::vector<ExpectedOffer> offers;
    std::vector<ExpectedHold> holds;
};
struct Case {
    std::string capture;
    std::vector<ExpectedContact> contacts;
};

// An inbound call to a queue, answered by one agent; what most cases share.
ExpectedContact queue_call(std::string customer, std::string queue, std::string agent, double started, double rung,
                           double up, double ended) {
    ExpectedContact e;
    e.customer = std::move(customer);
    e.queue = std::move(queue);
    e.started = started;
    e.ended = ended;
    e.wait = up - rung;
    e.talk = ended - up;
    e.talked_with = {agent};
    e.offers = {{agent, OfferState::accepted, rung, up}};
    return e;
}

void add_queue_cases(std::vector<Case>& all) {
    ExpectedContact held = queue_call("13901234567", "sales", "SIP/1001", 0.219, 1.554, 3.056, 10.462);
    held.holds = {{HoldBy::agent, 5.061, 8.261}};
    all.push_back({"02-inbound-queue-hold", {held}});

    ExpectedContact ring_all = queue_call("13800138000", "repair", "PJSIP/2002", 0.206, 1.582, 2.595, 9.001);
    ring_all.ended = 12.102;
    ring_all.ended_by = EndedBy::system;  // the survey's end
    ring_all.offers.push_back({"PJSIP/2001", OfferState::revoked, 1.566, 2.598});
    ring_all.holds = {{HoldBy::agent, 4.600, 6.800}};
    all.push_back({"03-inbound-ringall-pjsip", {ring_all}});

    ExpectedContact empty_queue;
    empty_queue.customer = "13522223333";
    empty_queue.queue = "billing";
    empty_queue.outcome = Outcome::abandoned;
    empty_queue.started = 0.205;
    empty_queue.ended = 6.555;
    empty_queue.wait = 5.0;  // queue_log: ABANDON after 5 s
    all.push_back({"05a-abandon-empty", {empty_queue}});

    ExpectedContact ringing;
    ringing.customer = "13522224444";
    ringing.queue = "sales";
    ringing.outcome = Outcome::abandoned;
    ringing.started = 0.210;
    ringing.ended = 4.559;
    ringing.wait = 4.559 - 1.559;
    ringing.offers = {{"SIP/1001", OfferState::revoked, 1.559, 4.565}};
    all.push_back({"05b-abandon-ringing", {ringing}});

    ExpectedContact second = queue_call("13911110001", "sales", "SIP/1002", 5.566, 6.917, 14.935, 16.936);
    second.offers = {{"SIP/1001", OfferState::expired, 6.917, 12.918},
                     {"SIP/1002", OfferState::accepted, 13.924, 14.935}};
    all.push_back(
        {"06a-ring-no-answer", {queue_call("13911110000", "sales", "SIP/1002", 0.203, 1.555, 2.557, 4.560), second}});

    all.push_back({"07-pause-unpause", {queue_call("13411110000", "sales", "SIP/1002", 0.205, 1.552, 3.053, 5.058)}});
}

void add_click_to_dial_cases(std::vector<Case>& all) {
    ExpectedContact dialled;
    dialled.direction = Direction::outbound;
    dialled.customer = "913912345678";
    dialled.ended_by = EndedBy::agent;
    dialled.started = 1.723;
    dialled.ended = 5.728;
    dialled.wait = 3.226 - 1.723;
    dialled.talk = 5.722 - 3.226;
    dialled.talked_with = {"SIP/1001"};
    all.push_back({"08a-originate-ok", {dialled}});

    // Of ten attempts only the last dialled the customer's leg.
    ExpectedContact busy;
    busy.direction = Direction::outbound;
    busy.customer = "913912345678";
    busy.outcome = Outcome::busy;
    busy.started = 12.752;
    busy.ended = 12.752;
    all.push_back({"08b-originate-fail", {busy}});
}

void add_name_cases(std::vector<Case>& all) {
    std::vector<ExpectedContact> names = {
        queue_call("13901234560", "sales", "SIP/1002", 0.220, 1.576, 3.077, 4.082),
        queue_call("13901234561", "repair", "PJSIP/2002", 5.083, 6.435, 7.937, 8.942),
        queue_call("13901234562", "sales", "SIP/1001", 9.942, 11.293, 12.795, 13.801),
        queue_call("13901234563", "sales", "SIP/1002", 14.801, 16.154, 17.656, 18.663),
        queue_call("13901234564", "sales", "SIP/1001", 19.664, 21.020, 22.522, 23.525)};
    names[0].customer_name = "王小明";
    names[1].customer_name = "李雷（VIP）";
    names[2].customer_name = "张三, 北京";
    names[3].customer_name = "😀客户";
    names[4].customer_name = "O'Brien 欧: x";
    // Both phones answered, 1 ms apart; queue_log says who got the caller.
    names[1].offers.push_back({"PJSIP/2001", OfferState::revoked, 6.436, 7.940});
    all.push_back({"18a-chinese-names", names});
}

std::vector<Case> cases() {
    std::vector<Case> all;
    add_queue_cases(all);
    add_click_to_dial_cases(all);
    add_name_cases(all);
    return all;
}

class GroundTruth : public testing::TestWithParam<Case> {
protected:
    void SetUp() override {
        const std::string name = "asterisk/" + GetParam().capture + ".ami";
        const replay::Recording recording{capture(name), capture_times(name).value()};
        begin_ = std::stod(recording.times);
        result_ = replay::replay_fast(recording, {});
    }
    double since_start(WallTime time) const {
        return static_cast<double>(time.time_since_epoch().count()) / 1e3 - begin_;
    }
    static double seconds(Millis value) { return static_cast<double>(value.count()) / 1e3; }

    void expect_offers(const ExpectedContact& expected, const Contact& contact) const;
    void expect_holds(const ExpectedContact& expected, const Contact& contact) const;
    void expect_legs(const ExpectedContact& expected, const Contact& contact) const;

    double begin_ = 0;
    replay::ReplayResult result_;
};

void GroundTruth::expect_offers(const ExpectedContact& expected, const Contact& contact) const {
    ASSERT_EQ(contact.offers.size(), expected.offers.size());
    for (const ExpectedOffer& want : expected.offers) {
        const auto found = std::find_if(contact.offers.begin(), contact.offers.end(),
                                        [&](const Offer& offer) { return offer.agent == want.agent; });
        ASSERT_NE(found, contact.offers.end()) << want.agent;
        EXPECT_EQ(to_string(found->state), to_string(want.state)) << want.agent;
        EXPECT_NEAR(since_start(found->offered_at), want.offered, kTolerance) << want.agent;
        ASSERT_TRUE(found->ended_at.has_value()) << want.agent;
        EXPECT_NEAR(since_start(*found->ended_at), want.ended, kTolerance) << want.agent;
    }
}

void GroundTruth::expect_holds(const ExpectedContact& expected, const Contact& contact) const {
    ASSERT_EQ(contact.holds.size(), expected.holds.size());
    double total = 0;
    for (std::size_t i = 0; i < expected.holds.size(); ++i) {
        const ExpectedHold& want = expected.holds[i];
        EXPECT_EQ(contact.holds[i].by, want.by);
        EXPECT_NEAR(since_start(contact.holds[i].from), want.from, kTolerance);
        EXPECT_NEAR(since_start(contact.holds[i].to.value()), want.to, kTolerance);
        total += want.to - want.from;
    }
    EXPECT_NEAR(seconds(contact.hold), total, kTolerance);
}

void GroundTruth::expect_legs(const ExpectedContact& expected, const Contact& contact) const {
    std::vector<std::string> joined;
    for (const Leg& leg : contact.legs)
        if (!leg.agent.empty() && leg.joined_at) joined.push_back(leg.agent);
    EXPECT_THAT(joined, testing::UnorderedElementsAreArray(expected.talked_with));
    const auto customer = std::find_if(contact.legs.begin(), contact.legs.end(),
                                       [](const Leg& leg) { return leg.role == LegRole::customer; });
    ASSERT_NE(customer, contact.legs.end());
    if (!expected.customer_name.empty()) {
        EXPECT_EQ(customer->name, expected.customer_name);
    }
}

TEST_P(GroundTruth, contacts_equal_what_the_phones_saw) {
    const auto contacts = result_.contacts();
    ASSERT_EQ(contacts.size(), GetParam().contacts.size());
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        const Contact& contact = *contacts[i];
        const ExpectedContact& expected = GetParam().contacts[i];
        SCOPED_TRACE(expected.customer);
        EXPECT_EQ(contact.customer_number, expected.customer);
        EXPECT_EQ(contact.queue, expected.queue);
        EXPECT_EQ(to_string(contact.direction), to_string(expected.direction));
        EXPECT_EQ(to_string(contact.state), "ended");
        EXPECT_EQ(to_string(contact.outcome.value()), to_string(expected.outcome));
        EXPECT_EQ(to_string(contact.ended_by.value()), to_string(expected.ended_by));
        EXPECT_NEAR(since_start(contact.started_at), expected.started, kTolerance);
        EXPECT_NEAR(since_start(contact.ended_at.value()), expected.ended, kTolerance);
        EXPECT_NEAR(seconds(contact.wait.value_or(Millis{0})), expected.wait, kTolerance);
        EXPECT_NEAR(seconds(contact.talk), expected.talk, kTolerance);
        EXPECT_FALSE(contact.inferred);
        expect_offers(expected, contact);
        expect_holds(expected, contact);
        expect_legs(expected, contact);
    }
}

TEST_P(GroundTruth, nobody_is_left_busy) {
    for (const AgentPtr& agent : result_.agents())
        EXPECT_EQ(to_string(agent->state), "ready") << agent->id << ", who hung up";
}

INSTANTIATE_TEST_SUITE_P(asterisk, GroundTruth, testing::ValuesIn(cases()), [](const auto& each) {
    std::string name = each.param.capture;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

Case case_of(const std::string& capture_name) {
    for (const Case& each : cases())
        if (each.capture == capture_name) return each;
    return {};
}

replay::ReplayResult replayed(const std::string& name, std::vector<Event>& events) {
    replay::FastReplayOptions options;
    options.on_event = [&](const Event& event) { events.push_back(event); };
    return replay::replay_fast(
        {capture("asterisk/" + name + ".ami"), capture_times("asterisk/" + name + ".ami").value()}, options);
}

// P5, over every capture: one pop per offer, no pop after an end, the losers revoked.
TEST(Pops, every_offer_is_shown_once_and_every_loser_revoked_once) {
    for (const Case& each : cases()) {
        SCOPED_TRACE(each.capture);
        std::vector<Event> events;
        replayed(each.capture, events);
        std::map<std::string, int> shown;
        std::map<std::string, int> revoked;
        for (const Event& event : events)
            if (const auto* offer = std::get_if<OfferChanged>(&event)) {
                EXPECT_FALSE(offer->contact->ended_at && offer->what == OfferChanged::What::shown);
                ++(offer->what == OfferChanged::What::shown ? shown : revoked)[offer->offer.id];
            }
        std::size_t losers = 0;
        std::size_t offers = 0;
        for (const ExpectedContact& contact : each.contacts)
            for (const ExpectedOffer& offer : contact.offers) {
                ++offers;
                losers += offer.state != OfferState::accepted ? 1 : 0;
            }
        EXPECT_EQ(shown.size(), offers);
        EXPECT_EQ(revoked.size(), losers);
        for (const auto& [id, times] : shown) EXPECT_EQ(times, 1) << id;
        for (const auto& [id, times] : revoked) EXPECT_EQ(times, 1) << id;
    }
}

TEST(Agents, a_pause_shows_its_reason_and_ends) {
    std::vector<Event> events;
    replayed("07-pause-unpause", events);
    std::vector<std::string> states;
    for (const Event& event : events)
        if (const auto* change = std::get_if<AgentChanged>(&event); change && change->agent->id == "SIP/1001")
            states.push_back(std::string(to_string(change->agent->state)) + ' ' + change->agent->reason);
    EXPECT_THAT(states, testing::ElementsAre("not_ready 午休 lunch", "ready "));
}

TEST(Survey, the_key_pressed_after_the_call_is_kept) {
    std::vector<Event> events;
    const auto result = replayed("03-inbound-ringall-pjsip", events);
    ASSERT_EQ(result.contacts().size(), case_of("03-inbound-ringall-pjsip").contacts.size());
    ASSERT_TRUE(result.contacts().front()->survey.has_value());
    EXPECT_EQ(result.contacts().front()->survey->score, "5");
}

}  // namespace
}  // namespace citybridge
