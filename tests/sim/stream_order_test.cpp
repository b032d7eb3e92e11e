// What a link may do to the stream without losing anything: every message twice,
// and messages in another order within the bounds that the PBX allows.
#include <gmock/gmock.h>

#include <random>

#include "tests/sim/asterisk_pbx.h"
#include "tests/sim/freeswitch_pbx.h"
#include "tests/sim/recorded_pbx.h"

namespace citybridge::sim {
namespace {

constexpr std::size_t kBusy = 1'000;
constexpr int kOrders = 10;  // seeded orders per capture

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines) out += "    " + line + "\n";
    return out;
}

class StreamOrder : public testing::TestWithParam<std::string> {
protected:
    StreamOrder() : pbx_(recorded_pbx(GetParam())) {}
    std::unique_ptr<RecordedPbx> pbx_;
};

TEST_P(StreamOrder, every_message_twice_is_told_once) {
    if (pbx_->size() > kBusy) GTEST_SKIP() << "the same facts, a hundred times";
    const Told once = play(*pbx_, {});
    Plan twice;
    for (std::size_t n = 0; n < pbx_->size(); ++n) twice.order.insert(twice.order.end(), {n, n});
    const auto found = differences(once, play(*pbx_, twice));
    EXPECT_TRUE(found.empty()) << joined(found);
}

// Neighbours that may change places do, again and again: a message drifts as far as its neighbours allow.
std::vector<std::size_t> drifted(const RecordedPbx& pbx, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<std::size_t> order(pbx.size());
    for (std::size_t n = 0; n < order.size(); ++n) order[n] = n;
    for (int round = 0; round < 6; ++round)
        for (std::size_t n = 0; n + 1 < order.size(); ++n) {
            // Only what the PBX said at about the same time can overtake.
            const bool near = pbx.at(order[n + 1]) - pbx.at(order[n]) < Millis{20};
            if (near && random() % 2 == 0 && pbx.may_swap(order[n], order[n + 1])) std::swap(order[n], order[n + 1]);
        }
    return order;
}

// Messages keep their moments' order, not their moments: what is compared are facts and, loosely, times.
std::vector<std::string> other_facts(const Told& as_recorded, const Told& other) {
    std::vector<std::string> out = other.violations;
    const auto note = [&](const Contact& contact, const std::string& what) {
        out.push_back(contact.customer_number + ": " + what);
    };
    const auto near = [](const auto& a, const auto& b) {
        return a.has_value() == b.has_value() && (!a || std::chrono::abs(*a - *b) <= Millis{250});
    };
    for (const auto& [id, was] : as_recorded.contacts) {
        const auto found = other.contacts.find(id);
        if (found == other.contacts.end()) {
            note(*was, "missing");
            continue;
        }
        const Contact& is = *found->second;
        if (is.state != was->state || is.outcome != was->outcome || is.ended_by != was->ended_by)
            note(*was, "ended otherwise");
        if (is.queue != was->queue || is.customer_number != was->customer_number) note(*was, "other words");
        if (!near(std::optional(is.started_at), std::optional(was->started_at)) || !near(is.ended_at, was->ended_at))
            note(*was, "other times");
        if (!near(is.answered_at, was->answered_at) || !near(is.wait, was->wait)) note(*was, "another answer");
        if (std::chrono::abs(is.talk - was->talk) > Millis{250}) note(*was, "another talk");
        if (is.holds.size() != was->holds.size() || is.transfers.size() != was->transfers.size())
            note(*was, "other holds or transfers");
        std::map<std::string, std::string> offers;
        for (const Offer& offer : was->offers) offers[offer.id] = to_string(offer.state);
        for (const Offer& offer : is.offers)
            if (offers[offer.id] != to_string(offer.state)) note(*was, "offer to " + offer.agent);
        std::multiset<std::string> people;
        for (const Leg& leg : was->legs) people.insert(leg.device + std::string(to_string(leg.role)));
        for (const Leg& leg : is.legs) people.erase(leg.device + std::string(to_string(leg.role)));
        if (!people.empty() || is.legs.size() != was->legs.size()) note(*was, "other people");
    }
    if (other.contacts.size() != as_recorded.contacts.size()) out.emplace_back("another number of contacts");
    for (const auto& [id, agent] : as_recorded.agents) {
        const auto found = other.agents.find(id);
        if (found == other.agents.end() || found->second->state != agent->state ||
            found->second->reason != agent->reason)
            out.push_back("agent " + id);
    }
    if (other.open != as_recorded.open) out.emplace_back("other contacts are open");
    return out;
}

TEST_P(StreamOrder, the_order_of_what_has_no_order_does_not_matter) {
    if (pbx_->size() > kBusy) GTEST_SKIP() << "the same facts, a hundred times";
    const Told as_recorded = play(*pbx_, {});
    for (int seed = 1; seed <= kOrders; ++seed) {
        Plan plan;
        plan.order = drifted(*pbx_, static_cast<std::uint64_t>(seed));
        const auto found = other_facts(as_recorded, play(*pbx_, plan));
        ASSERT_TRUE(found.empty()) << "seed " << seed << "\n" << joined(found);
    }
}

INSTANTIATE_TEST_SUITE_P(asterisk, StreamOrder, testing::ValuesIn(asterisk_captures()), capture_test_name);
INSTANTIATE_TEST_SUITE_P(freeswitch, StreamOrder, testing::ValuesIn(freeswitch_captures()), capture_test_name);

}  // namespace
}  // namespace citybridge::sim
