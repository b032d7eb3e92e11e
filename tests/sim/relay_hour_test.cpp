// A far side that answers 500 for an hour, with or without effect, and then
// works again: nothing is given up, nothing takes effect twice, the messages of a
// key keep their order, and the node does not hammer meanwhile.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/unit/relay/relay_desk.h"

namespace citybridge::relay {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kOrders = 20, kMessages = 3;

// As DESIGN gives it to ERP connectors.
DeliveryTraits erp_traits(Repeats repeats) {
    DeliveryTraits traits = traits_of(repeats);
    traits.jitter = 0.2;
    traits.schedule = {seconds(5),  seconds(15), seconds(30), minutes(1),  minutes(2),  minutes(5), minutes(5),
                       minutes(10), minutes(10), minutes(15), minutes(30), minutes(30), hours(1),   hours(1)};
    return traits;
}

class HourOf500 {
public:
    explicit HourOf500(Repeats repeats) : repeats_(repeats), desk_(erp_traits(repeats)) {
        for (std::size_t message = 0; message < kMessages; ++message)
            for (std::size_t order = 0; order < kOrders; ++order) desk_.add("order" + std::to_string(order));
    }

    // Until nothing is to be done any more, at most until `end` after the beginning.
    void run(Millis end) {
        const MonoTime began = desk_.now.mono;
        while (desk_.now.mono < began + end) {
            const bool down = desk_.now.mono < began + hours(1);
            const Ids sent = desk_.sent();
            for (const std::string& id : sent) answer(id, down);
            if (down) attempts_while_down_ += sent.size();
            if (!sent.empty()) continue;
            const auto next = desk_.relay->next_deadline();
            if (!next) return;
            desk_.pass(std::max(*next - desk_.now.mono, Millis{1}));
        }
    }

    std::size_t in_state(OutboxState state) const {
        return static_cast<std::size_t>(std::count_if(desk_.rows.begin(), desk_.rows.end(),
                                                      [&](const auto& each) { return each.second.state == state; }));
    }
    const std::map<std::string, int>& effects() const { return effects_; }
    const std::vector<std::string>& out_of_order() const { return out_of_order_; }
    std::size_t attempts_while_down() const { return attempts_while_down_; }

private:
    void answer(const std::string& id, bool down) {
        if (id.back() == '?') {
            const std::string looked_for = id.substr(0, id.size() - 1);
            desk_.find(looked_for, down                            ? FindReply::Outcome::failed
                                   : effects_.contains(looked_for) ? FindReply::Outcome::found
                                                                   : FindReply::Outcome::absent);
            return;
        }
        if (!down || random_() % 2 == 0) take_effect(id);
        desk_.reply(id, down ? DeliveryOutcome::unclear : DeliveryOutcome::delivered);
    }

    void take_effect(const std::string& id) {
        if (repeats_ == Repeats::dedupes && effects_.contains(id)) return;
        if (++effects_[id] > 1) return;
        const OutboxRecord& row = desk_.row(id);
        std::int64_t& last = last_seq_[row.key];
        if (row.seq < last) out_of_order_.push_back(id);
        last = row.seq;
    }

    const Repeats repeats_;
    RelayDesk desk_;
    std::mt19937_64 random_{7};
    std::map<std::string, int> effects_;
    std::map<std::string, std::int64_t> last_seq_;
    std::vector<std::string> out_of_order_;
    std::size_t attempts_while_down_ = 0;
};

void everything_arrives_once(Repeats repeats) {
    HourOf500 world(repeats);
    world.run(hours(4));
    EXPECT_EQ(world.in_state(OutboxState::delivered), kOrders * kMessages);
    EXPECT_EQ(world.effects().size(), kOrders * kMessages);
    for (const auto& [id, times] : world.effects()) EXPECT_EQ(times, 1) << id;
    EXPECT_TRUE(world.out_of_order().empty());
    // The breaker lets one message try every five seconds at most, after the failures that opened it.
    EXPECT_GT(world.attempts_while_down(), 10U);
    EXPECT_LE(world.attempts_while_down(), 3'600U / 5 + 10 + 4);
}

TEST(HourOf500, ADedupingFarSideHasEverythingOnceInOrder) { everything_arrives_once(Repeats::dedupes); }
TEST(HourOf500, ASearchableFarSideHasEverythingOnceInOrder) { everything_arrives_once(Repeats::findable); }

TEST(HourOf500, OfAFarSideThatIsNeitherAPersonDecidesAndNothingIsRepeated) {
    HourOf500 world(Repeats::neither);
    world.run(hours(4));
    EXPECT_GT(world.in_state(OutboxState::possibly_done), 0U);
    EXPECT_EQ(world.in_state(OutboxState::dead), 0U);
    for (const auto& [id, times] : world.effects()) EXPECT_EQ(times, 1) << id;
    EXPECT_TRUE(world.out_of_order().empty());
}

}  // namespace
}  // namespace citybridge::relay
