// P4: a cut link loses no call. After the snapshot the node knows who is in the
// house, whatever happened while it was deaf; without looking it does not.
#include <gmock/gmock.h>

#include <set>

#include "tests/sim/simulated_city.h"

namespace citybridge::sim {
namespace {

std::set<std::string> first_channels(const std::vector<simulator::TruthCall>& calls) {
    std::set<std::string> out;
    for (const auto& call : calls) out.insert(call.first_channel);
    return out;
}

std::set<std::string> live_channels(const calls::CallBook& book) {
    std::set<std::string> out;
    for (const ContactPtr& contact : book.contacts())
        for (const Leg& leg : contact->legs) out.insert(leg.pbx_ids.begin(), leg.pbx_ids.end());
    return out;
}

// Calls that are open in the truth and not in the book, or the other way round.
std::size_t disagreements(SimulatedCity& city) {
    const auto truth = first_channels(city.open());
    const auto known = live_channels(city.book());
    const auto missing = std::count_if(truth.begin(), truth.end(), [&](const auto& id) { return !known.contains(id); });
    const auto contacts = city.book().contacts().size();
    const auto surplus = contacts > truth.size() ? contacts - truth.size() : 0;
    return static_cast<std::size_t>(missing) + surplus;
}

TEST(CutLink, after_the_snapshot_the_open_calls_are_the_real_ones) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        SimulatedCity city(seed);
        city.run(Millis{120'000 + static_cast<long long>(seed) * 1'700});
        city.cut();
        city.run(Millis{static_cast<long long>(seed % 9) * 7'000 + 500}, SimulatedCity::Link::cut);
        city.connect();
        EXPECT_EQ(disagreements(city), 0U) << "seed " << seed;
        for (const auto& [id, times] : city.pops()) EXPECT_EQ(times, 1) << "seed " << seed;
        city.run(Millis{300'000});
        EXPECT_EQ(disagreements(city), 0U) << "seed " << seed << ", five minutes later";
    }
}

TEST(CutLink, nobody_stays_busy_with_a_call_that_ended_in_the_gap) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SimulatedCity city(seed);
        city.run(Millis{180'000});
        city.cut();
        city.run(Millis{90'000}, SimulatedCity::Link::cut);
        city.connect();
        std::set<std::string> open;
        for (const ContactPtr& contact : city.book().contacts()) open.insert(contact->id);
        for (const AgentPtr& agent : city.book().agents()) {
            const bool busy = agent->state == AgentPresence::talking || agent->state == AgentPresence::holding;
            if (busy && !agent->contact.empty()) {
                EXPECT_TRUE(open.contains(agent->contact)) << agent->id;
            }
        }
    }
}

TEST(CutLink, a_node_that_does_not_look_is_caught) {
    std::size_t caught = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        SimulatedCity city(seed);
        city.run(Millis{120'000});
        city.cut();
        city.run(Millis{60'000}, SimulatedCity::Link::cut);
        city.connect_without_looking();
        if (disagreements(city) > 0) ++caught;
    }
    EXPECT_EQ(caught, 10U);
}

}  // namespace
}  // namespace citybridge::sim
