// Every step from every state, and who may make it: the expectations are the rules of P7, written down once more.
#include "core/relay/callback_states.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace citybridge::relay {
namespace {

using From = std::set<std::string>;

// Step -> where it leads, and from where. Whatever is not here is impossible.
const std::map<std::string, std::pair<std::string, From>>& rules() {
    static const std::map<std::string, std::pair<std::string, From>> rules{
        {"receive", {"received", {"offered"}}},
        {"accept", {"accepted", {"received"}}},
        {"assign", {"assigned", {"accepted", "assigned", "escalated", "withdrawn", "returned"}}},
        {"put_back", {"accepted", {"assigned"}}},
        {"dial", {"dialling", {"accepted", "assigned", "escalated", "withdrawn", "returned", "uncertain"}}},
        {"answered", {"done", {"dialling", "uncertain"}}},
        {"not_answered", {"assigned", {"dialling", "uncertain"}}},
        {"not_dialled", {"assigned", {"dialling"}}},
        {"lost", {"uncertain", {"dialling"}}},
        {"finish", {"done", {"accepted", "assigned", "dialling", "escalated", "withdrawn", "returned", "uncertain"}}},
        {"give_up",
         {"failed", {"accepted", "assigned", "dialling", "escalated", "withdrawn", "returned", "uncertain"}}},
        {"give_back", {"returned", {"received", "accepted", "assigned", "escalated", "uncertain"}}},
        {"take_back",
         {"uncertain", {"offered", "received", "accepted", "assigned", "dialling", "escalated", "uncertain"}}},
        {"released", {"withdrawn", {"uncertain"}}},
        {"hand_over", {"offered", {"withdrawn", "returned"}}},
        {"escalate", {"escalated", {"offered", "received", "accepted", "assigned"}}},
    };
    return rules;
}

template <class Work>
void for_each_step(Work work) {
    for (std::size_t i = 0; i < kCallbackSteps; ++i) work(static_cast<CallbackStep>(i));
}

TEST(CallbackStates, every_step_from_every_state_is_as_the_rules_say) {
    ASSERT_EQ(rules().size(), kCallbackSteps);
    for_each_step([](CallbackStep step) {
        const auto& [to, from] = rules().at(std::string(to_string(step)));
        for (std::size_t i = 0; i < kCallbackStates; ++i) {
            const auto state = static_cast<CallbackState>(i);
            const auto found = after(state, step);
            const bool possible = from.contains(std::string(to_string(state)));
            ASSERT_EQ(found.has_value(), possible) << to_string(step) << " from " << to_string(state);
            if (found) {
                EXPECT_EQ(to_string(*found), to);
            }
        }
    });
}

TEST(CallbackStates, an_ended_callback_goes_nowhere) {
    for_each_step([](CallbackStep step) {
        for (const auto state : {CallbackState::done, CallbackState::failed}) {
            EXPECT_TRUE(is_closed(state));
            EXPECT_FALSE(after(state, step).has_value()) << to_string(step);
        }
    });
}

TEST(CallbackStates, only_the_holder_dials_and_ends_and_only_the_origin_takes_back) {
    using S = CallbackStep;
    for (const Holder holder : {Holder::origin, Holder::target}) {
        for (const Holder side : {Holder::origin, Holder::target}) {
            for (const S step :
                 {S::dial, S::answered, S::not_answered, S::not_dialled, S::lost, S::finish, S::give_up, S::assign})
                EXPECT_EQ(may_step(holder, side, step), holder == side) << to_string(step);
            EXPECT_EQ(may_step(holder, side, S::take_back), side == Holder::origin && holder == Holder::target);
            EXPECT_EQ(may_step(holder, side, S::give_back), side == Holder::target && holder == Holder::target);
            EXPECT_EQ(may_step(holder, side, S::hand_over), side == Holder::origin && holder == Holder::origin);
            EXPECT_TRUE(may_step(holder, side, S::escalate));
        }
    }
}

}  // namespace
}  // namespace citybridge::relay
