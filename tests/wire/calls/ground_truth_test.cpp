// What the node makes of recorded calls, against what the phones saw (expected.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/wire/calls/expected.h"
#include "tests/wire/capture_file.h"
#include "tools/replay/fast_replay.h"

namespace citybridge {
namespace {

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
    void expect_transfers(const ExpectedContact& expected, const Contact& contact) const;
    void expect_recordings(const ExpectedContact& expected, const Contact& contact) const;

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
        EXPECT_NEAR(since_start(found->offered_at), want.offered, GetParam().tolerance) << want.agent;
        ASSERT_TRUE(found->ended_at.has_value()) << want.agent;
        EXPECT_NEAR(since_start(*found->ended_at), want.ended, GetParam().tolerance) << want.agent;
    }
}

void GroundTruth::expect_holds(const ExpectedContact& expected, const Contact& contact) const {
    ASSERT_EQ(contact.holds.size(), expected.holds.size());
    double total = 0;
    for (std::size_t i = 0; i < expected.holds.size(); ++i) {
        const ExpectedHold& want = expected.holds[i];
        EXPECT_EQ(contact.holds[i].by, want.by);
        EXPECT_NEAR(since_start(contact.holds[i].from), want.from, GetParam().tolerance);
        EXPECT_NEAR(since_start(contact.holds[i].to.value()), want.to, GetParam().tolerance);
        total += want.to - want.from;
    }
    EXPECT_NEAR(seconds(contact.hold), total, GetParam().tolerance);
}

void GroundTruth::expect_legs(const ExpectedContact& expected, const Contact& contact) const {
    ASSERT_EQ(contact.legs.size(), expected.legs.size());
    for (const ExpectedLeg& want : expected.legs) {
        SCOPED_TRACE(want.who);
        const auto found = std::find_if(contact.legs.begin(), contact.legs.end(), [&](const Leg& leg) {
            return (leg.agent.empty() ? leg.number : leg.agent) == want.who;
        });
        ASSERT_NE(found, contact.legs.end());
        EXPECT_EQ(to_string(found->role), to_string(want.role));
        ASSERT_EQ(found->joined_at.has_value(), want.joined.has_value());
        if (want.joined) {
            EXPECT_NEAR(since_start(*found->joined_at), *want.joined, GetParam().tolerance);
        }
        ASSERT_TRUE(found->left_at.has_value());
        EXPECT_NEAR(since_start(*found->left_at), want.left, GetParam().tolerance);
        if (want.role == LegRole::customer && !expected.customer_name.empty()) {
            EXPECT_EQ(found->name, expected.customer_name);
        }
    }
}

void GroundTruth::expect_transfers(const ExpectedContact& expected, const Contact& contact) const {
    ASSERT_EQ(contact.transfers.size(), expected.transfers.size());
    for (std::size_t i = 0; i < expected.transfers.size(); ++i) {
        const ExpectedTransfer& want = expected.transfers[i];
        const Transfer& transfer = contact.transfers[i];
        EXPECT_EQ(to_string(transfer.kind), to_string(want.kind));
        EXPECT_EQ(transfer.from_agent, want.from);
        EXPECT_EQ(transfer.to, want.to);
        EXPECT_EQ(to_string(transfer.result), to_string(want.result));
        EXPECT_EQ(to_string(transfer.reason), to_string(want.reason));
        EXPECT_NEAR(since_start(transfer.at), want.at, GetParam().tolerance);
    }
}

void GroundTruth::expect_recordings(const ExpectedContact& expected, const Contact& contact) const {
    ASSERT_EQ(contact.recordings.size(), expected.recordings.size());
    for (std::size_t i = 0; i < expected.recordings.size(); ++i) {
        const ExpectedRecording& want = expected.recordings[i];
        const Recording& recording = contact.recordings[i];
        EXPECT_THAT(recording.file, testing::EndsWith(want.file));
        EXPECT_EQ(to_string(recording.state), "finished");
        // A key is pressed for 140 ms each, the command begins after the second.
        EXPECT_NEAR(since_start(recording.started_at), want.started, 2 * GetParam().tolerance);
        EXPECT_NEAR(since_start(recording.ended_at.value()), want.ended, 2 * GetParam().tolerance);
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
        EXPECT_NEAR(since_start(contact.started_at), expected.started, GetParam().tolerance);
        EXPECT_NEAR(since_start(contact.ended_at.value()), expected.ended, GetParam().tolerance);
        EXPECT_NEAR(seconds(contact.wait.value_or(Millis{0})), expected.wait, GetParam().tolerance);
        EXPECT_NEAR(seconds(contact.talk), expected.talk, GetParam().tolerance);
        EXPECT_FALSE(contact.inferred);
        expect_offers(expected, contact);
        expect_holds(expected, contact);
        expect_legs(expected, contact);
        expect_transfers(expected, contact);
        expect_recordings(expected, contact);
    }
}

TEST_P(GroundTruth, nobody_is_left_busy) {
    for (const AgentPtr& agent : result_.agents())
        EXPECT_THAT(to_string(agent->state), testing::AnyOf("ready", "not_ready", "logged_out"))
            << agent->id << ", who hung up";
}

INSTANTIATE_TEST_SUITE_P(asterisk, GroundTruth, testing::ValuesIn(all_cases()), [](const auto& each) {
    std::string name = each.param.capture;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

replay::ReplayResult replayed(const std::string& name, std::vector<Event>& events) {
    replay::FastReplayOptions options;
    options.on_event = [&](const Event& event) { events.push_back(event); };
    return replay::replay_fast(
        {capture("asterisk/" + name + ".ami"), capture_times("asterisk/" + name + ".ami").value()}, options);
}

// P5, over every capture: one pop per offer, no pop after an end, the losers revoked.
TEST(Pops, every_offer_is_shown_once_and_every_loser_revoked_once) {
    for (const Case& each : all_cases()) {
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

// One contact stays one contact, and is told of once, whatever its channels do.
TEST(Transfers, each_is_told_once_and_every_contact_starts_and_ends_once) {
    for (const Case& each : all_cases()) {
        SCOPED_TRACE(each.capture);
        std::vector<Event> events;
        replayed(each.capture, events);
        std::map<std::string, int> words;
        for (const Event& event : events) ++words[std::string(event_type(event))];
        std::size_t transfers = 0;
        for (const ExpectedContact& contact : each.contacts) transfers += contact.transfers.size();
        EXPECT_EQ(words["contact.started"], static_cast<int>(each.contacts.size()));
        EXPECT_EQ(words["contact.ended"], static_cast<int>(each.contacts.size()));
        EXPECT_EQ(words["contact.transferred"], static_cast<int>(transfers));
        EXPECT_EQ(words["contact.merged"], 0);
    }
}

// The PBX was killed and said nothing: its calls stay as they were until it is asked again.
TEST(Crash, ends_no_contact) {
    std::vector<Event> events;
    const auto result = replayed("25b-crash", events);
    ASSERT_EQ(result.contacts().size(), 1U);
    EXPECT_EQ(to_string(result.contacts().front()->state), "talking");
    EXPECT_FALSE(result.contacts().front()->outcome.has_value());
}

TEST(Survey, the_key_pressed_after_the_call_is_kept) {
    std::vector<Event> events;
    const auto result = replayed("03-inbound-ringall-pjsip", events);
    ASSERT_EQ(result.contacts().size(), 1U);
    ASSERT_TRUE(result.contacts().front()->survey.has_value());
    EXPECT_EQ(result.contacts().front()->survey->score, "5");
}

}  // namespace
}  // namespace citybridge
