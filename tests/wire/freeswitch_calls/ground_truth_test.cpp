// What the node makes of recorded FreeSWITCH calls, against what the phones saw.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/wire/freeswitch_calls/ground_truth_cases.h"
#include "tests/wire/freeswitch_calls/retold.h"

namespace citybridge::freeswitch {
namespace {

// FreeSWITCH's clock has a grain of 20 ms, and it tells a phone's re-INVITE when that is through.
constexpr double kTolerance = 0.3;

double seconds(Millis value) { return static_cast<double>(value.count()) / 1e3; }

class GroundTruth : public testing::TestWithParam<Case> {
protected:
    void SetUp() override { retold_ = retell(GetParam().capture); }
    double since_start(WallTime time) const {
        return static_cast<double>(time.time_since_epoch().count()) / 1e3 - retold_.begin;
    }
    void expect_offers(const ExpectedContact& expected, const Contact& contact) const;
    void expect_holds(const ExpectedContact& expected, const Contact& contact) const;
    void expect_legs(const ExpectedContact& expected, const Contact& contact) const;
    void expect_transfers(const ExpectedContact& expected, const Contact& contact) const;
    void expect_contact(const ExpectedContact& expected, const Contact& contact) const;

    Retold retold_;
};

void GroundTruth::expect_offers(const ExpectedContact& expected, const Contact& contact) const {
    ASSERT_EQ(contact.offers.size(), expected.offers.size());
    for (std::size_t i = 0; i < expected.offers.size(); ++i) {
        const ExpectedOffer& want = expected.offers[i];
        const Offer& offer = contact.offers[i];
        EXPECT_EQ(offer.agent, want.agent);
        EXPECT_EQ(to_string(offer.state), to_string(want.state)) << want.agent;
        EXPECT_NEAR(since_start(offer.offered_at), want.offered, kTolerance) << want.agent;
        ASSERT_TRUE(offer.ended_at.has_value()) << want.agent;
        EXPECT_NEAR(since_start(*offer.ended_at), want.ended, kTolerance) << want.agent;
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
    std::vector<std::string> talked_with;
    for (const Leg& leg : contact.legs) {
        if (leg.role == LegRole::agent && leg.joined_at) talked_with.push_back(leg.agent);
        if (leg.role == LegRole::customer) {
            EXPECT_EQ(leg.number, expected.customer);
            EXPECT_EQ(leg.name, expected.customer_name);
        }
    }
    EXPECT_THAT(talked_with, testing::UnorderedElementsAreArray(expected.talked_with));
    const auto customers = std::count_if(contact.legs.begin(), contact.legs.end(),
                                         [](const Leg& leg) { return leg.role == LegRole::customer; });
    EXPECT_EQ(customers, 1);
}

void GroundTruth::expect_transfers(const ExpectedContact& expected, const Contact& contact) const {
    ASSERT_EQ(contact.transfers.size(), expected.transfers.size());
    for (std::size_t i = 0; i < expected.transfers.size(); ++i) {
        const ExpectedTransfer& want = expected.transfers[i];
        const Transfer& transfer = contact.transfers[i];
        EXPECT_EQ(to_string(transfer.kind), to_string(want.kind));
        EXPECT_EQ(transfer.from_agent, want.from_agent);
        EXPECT_EQ(transfer.to, want.to);
        EXPECT_EQ(to_string(transfer.result), to_string(want.result));
        EXPECT_EQ(to_string(transfer.reason), to_string(want.reason));
        EXPECT_NEAR(since_start(transfer.at), want.at, kTolerance);
    }
}

void GroundTruth::expect_contact(const ExpectedContact& expected, const Contact& contact) const {
    EXPECT_EQ(to_string(contact.direction), to_string(expected.direction));
    EXPECT_EQ(contact.customer_number, expected.customer);
    EXPECT_EQ(contact.called_number, expected.called);
    EXPECT_EQ(contact.queue, expected.queue);
    EXPECT_NEAR(since_start(contact.started_at), expected.started, kTolerance);
    EXPECT_NEAR(seconds(contact.wait.value_or(Millis(0))), expected.wait, kTolerance);
    expect_legs(expected, contact);
    expect_offers(expected, contact);
    expect_holds(expected, contact);
    expect_transfers(expected, contact);
    std::vector<std::string> files;
    for (const Recording& recording : contact.recordings) files.push_back(recording.file);
    EXPECT_EQ(files, expected.recordings);
    ASSERT_EQ(contact.outcome.has_value(), expected.outcome.has_value());
    if (!expected.outcome) return;
    EXPECT_EQ(to_string(*contact.outcome), to_string(*expected.outcome));
    EXPECT_EQ(to_string(contact.ended_by.value()), to_string(expected.ended_by));
    EXPECT_NEAR(since_start(contact.ended_at.value()), expected.ended, kTolerance);
    EXPECT_NEAR(seconds(contact.talk), expected.talk, kTolerance);
}

TEST_P(GroundTruth, equals_what_the_phones_saw) {
    std::vector<ContactPtr> contacts;
    for (const ContactPtr& each : retold_.contacts) {
        if (std::find(retold_.merged.begin(), retold_.merged.end(), each->id) == retold_.merged.end())
            contacts.push_back(each);
    }
    ASSERT_EQ(contacts.size(), GetParam().contacts.size());
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        SCOPED_TRACE("contact of " + GetParam().contacts[i].customer);
        expect_contact(GetParam().contacts[i], *contacts[i]);
    }
}

TEST_P(GroundTruth, agents_are_left_as_the_pbx_left_them) {
    for (const ExpectedAgent& want : GetParam().agents) {
        const auto found = std::find_if(retold_.agents.begin(), retold_.agents.end(),
                                        [&](const AgentPtr& agent) { return agent->id == want.id; });
        ASSERT_NE(found, retold_.agents.end()) << want.id;
        EXPECT_EQ(to_string((*found)->state), to_string(want.state)) << want.id;
    }
}

TEST_P(GroundTruth, one_pop_per_phone_that_rang) {
    int shown = 0;
    for (const ContactPtr& contact : retold_.contacts) {
        shown += static_cast<int>(std::count_if(contact->offers.begin(), contact->offers.end(),
                                                [](const Offer& offer) { return offer.state != OfferState::offered; }));
    }
    EXPECT_LE(retold_.pops, shown);
}

INSTANTIATE_TEST_SUITE_P(captures, GroundTruth, testing::ValuesIn(ground_truth()),
                         [](const auto& instance) { return instance.param.capture; });

}  // namespace
}  // namespace citybridge::freeswitch
