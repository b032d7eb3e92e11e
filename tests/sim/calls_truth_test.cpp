// Hours of simulated days: what the call book concludes from the signals against
// what the simulator knows to have happened.
#include <gmock/gmock.h>

#include "tests/sim/simulated_city.h"

namespace citybridge::sim {
namespace {

using simulator::TruthCall;
using simulator::TruthOffer;

OfferState state_of(TruthOffer::End end) {
    switch (end) {
        case TruthOffer::End::answered: return OfferState::accepted;
        case TruthOffer::End::missed: return OfferState::expired;
        case TruthOffer::End::refused: return OfferState::refused;
        case TruthOffer::End::lost:
        case TruthOffer::End::dropped: return OfferState::revoked;
    }
    return OfferState::revoked;
}

// One line per difference; empty: the book was right.
std::vector<std::string> differences(const TruthCall& truth, const Contact& contact) {
    std::vector<std::string> out;
    const auto expect = [&](const char* what, const auto& is, const auto& was) {
        if (!(is == was)) out.emplace_back(what);
    };
    expect("direction", contact.direction, truth.direction);
    expect("outcome", contact.outcome, std::optional(truth.outcome));
    expect("ended_by", contact.ended_by, std::optional(truth.ended_by));
    expect("queue", contact.queue, truth.queue);
    expect("answered_at", contact.answered_at, truth.answered_at);
    expect("ended_at", contact.ended_at, truth.ended_at);
    expect("talk", contact.talk, truth.talk);
    expect("hold", contact.hold, truth.hold());
    expect("survey", contact.survey ? contact.survey->score : std::string{}, truth.survey_score);
    if (truth.direction != Direction::internal) expect("customer", contact.customer_number, truth.customer_number);
    if (truth.wait) expect("wait", contact.wait, truth.wait);
    std::vector<std::pair<std::string, OfferState>> offers;
    std::vector<std::pair<std::string, OfferState>> rang;
    for (const Offer& offer : contact.offers) offers.emplace_back(offer.agent, offer.state);
    for (const TruthOffer& offer : truth.offers) rang.emplace_back(offer.agent, state_of(offer.end));
    expect("offers", offers, rang);
    return out;
}

std::vector<std::string> mistakes(const SimulatedCity& city) {
    std::vector<std::string> out;
    for (const TruthCall& truth : city.finished()) {
        const Contact* contact = city.ended(truth.first_channel);
        if (!truth.contact) {
            if (contact != nullptr) out.push_back(truth.first_channel + ": a contact that nobody had");
        } else if (contact == nullptr) {
            out.push_back(truth.first_channel + ": missing");
        } else {
            for (const std::string& what : differences(truth, *contact))
                out.push_back(truth.first_channel + ": " + what);
        }
    }
    for (const auto& [id, times] : city.pops())
        if (times != 1) out.push_back(id + ": popped " + std::to_string(times) + " times");
    return out;
}

TEST(SimulatedDays, every_contact_equals_what_happened) {
    std::size_t calls = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SimulatedCity city(seed);
        for (int minute = 0; minute < 60; ++minute) {
            city.dial("k" + std::to_string(minute), "SIM/1003", minute % 4 == 0 ? "1001" : "13912345678");
            city.run(Millis{60'000});
        }
        ASSERT_THAT(mistakes(city), testing::IsEmpty()) << "seed " << seed;
        EXPECT_EQ(city.book().contacts().size(), city.open().size());
        calls += city.finished().size();
    }
    EXPECT_GT(calls, 20'000U);
}

TEST(SimulatedDays, a_repeated_dial_end_changes_nothing) {
    SimulatedCity city(7, {.duplicate_dial_end = true});
    city.run(Millis{1'800'000});
    EXPECT_THAT(mistakes(city), testing::IsEmpty());
}

// The check itself must be able to fail: a PBX that loses one signal in a hundred.
TEST(SimulatedDays, lost_signals_are_noticed) {
    SimulatedCity city(7, {.drop_per_mille = 10});
    city.run(Millis{1'800'000});
    EXPECT_THAT(mistakes(city), testing::Not(testing::IsEmpty()));
}

}  // namespace
}  // namespace citybridge::sim
