// Who of the target city is to call (D1): the freest first, then the next, then the team lead; and a city that is
// closed.
#include <gmock/gmock.h>

#include "tests/unit/relay/two_cities.h"

namespace citybridge::relay::test {
namespace {

using std::chrono::minutes;
using testing::Contains;
using testing::ElementsAre;

class Assignment : public TwoCities {
protected:
    void offer(Millis promise = minutes{15}) {
        OfferCallback what;
        what.id = "cb_1";
        what.target = "hangzhou";
        what.number = "+8613912345678";
        what.group = "sales";
        what.promised_at = beijing_.now.wall + promise;
        ASSERT_TRUE(beijing_.ask(what, {"li", false}));
    }
    const CallbackRecord& there() const { return hangzhou_.rows.at("cb_1"); }
    const CallbackRecord& here() const { return beijing_.rows.at("cb_1"); }
    void pass(Millis time) {
        hangzhou_.now.wall += time;
        beijing_.now.wall += time;
    }
    // The strand looks at it when it is due.
    std::vector<PaperChanged> due(OneCity& city) {
        std::vector<PaperChanged> out;
        const auto& row = city.rows.at("cb_1");
        if (!row.due_at || *row.due_at > city.now.wall) return out;
        const auto decided = city.ask(CallbackDue{"cb_1"}, {"system", false});
        EXPECT_TRUE(decided);
        for (const Event& event : decided->events) out.push_back(std::get<PaperChanged>(event));
        return out;
    }
    std::vector<PaperChanged> beijing_hears() {
        std::vector<PaperChanged> out;
        for (const OutboxRecord& message : hangzhou_.said()) {
            const auto decided = beijing_.take("hangzhou", message);
            EXPECT_TRUE(decided);
            for (const Event& event : decided->events) out.push_back(std::get<PaperChanged>(event));
        }
        return out;
    }
    static std::vector<std::string> types(const std::vector<PaperChanged>& events) {
        std::vector<std::string> out;
        for (const PaperChanged& each : events) out.push_back(each.type);
        return out;
    }
};

TEST_F(Assignment, goes_to_the_freest_then_to_the_next_then_to_the_team_lead) {
    hangzhou_.on_line = {{"chen", 2}, {"mei", 0}, {"zhou", 1}};
    offer();
    settle();
    EXPECT_EQ(there().owner, "mei");
    EXPECT_EQ(here().owner, "") << "who it is there is that city's matter";
    EXPECT_EQ(here().state, CallbackState::assigned);
    for (const char* const next : {"zhou", "chen"}) {
        pass(minutes{3});
        due(hangzhou_);
        EXPECT_EQ(there().state, CallbackState::assigned);
        EXPECT_EQ(there().owner, next);
    }
    pass(minutes{3});
    const auto told = due(hangzhou_);
    EXPECT_EQ(there().state, CallbackState::escalated);
    EXPECT_EQ(there().owner, "");
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].type, "callback.escalated");
    EXPECT_THAT(told[0].groups, ElementsAre("callbacks"));
    EXPECT_EQ(detail_of(there()).holder, Holder::target) << "no timer moves it";
}

TEST_F(Assignment, lies_in_the_list_while_nobody_is_there_and_then_the_team_lead_is_told) {
    offer();
    settle();
    EXPECT_EQ(there().state, CallbackState::accepted);
    pass(minutes{5});
    EXPECT_THAT(types(due(hangzhou_)), ElementsAre("callback.escalated"));
}

TEST_F(Assignment, goes_to_somebody_who_came_on_line_meanwhile) {
    offer();
    settle();
    hangzhou_.on_line = {{"mei", 0}};
    pass(minutes{5});
    due(hangzhou_);
    EXPECT_EQ(there().owner, "mei");
}

// Nobody of Beijing knew that Hangzhou had closed: its operator did it a minute ago, the customer was told 15 minutes.
TEST_F(Assignment, of_a_closed_city_waits_for_its_opening_and_whoever_promised_it_is_told) {
    hangzhou_.on_line = {{"mei", 0}};
    hangzhou_.opens = hangzhou_.now.wall + minutes{600};
    offer();
    for (const OutboxRecord& message : beijing_.said()) ASSERT_TRUE(hangzhou_.take("beijing", message));
    EXPECT_EQ(there().state, CallbackState::accepted);
    EXPECT_EQ(there().owner, "");
    const auto told = beijing_hears();
    EXPECT_EQ(here().promised_at, beijing_.now.wall + minutes{615});
    ASSERT_THAT(types(told), ElementsAre("callback.moved"));
    EXPECT_THAT(told[0].users, Contains("li")) << "he promised it to the customer";
    EXPECT_THAT(told[0].groups, Contains("sales"));
    pass(minutes{15});
    EXPECT_TRUE(due(beijing_).empty()) << "the promise is another now";
    pass(minutes{585});
    due(hangzhou_);
    EXPECT_EQ(there().owner, "mei");
    pass(minutes{15});
    EXPECT_THAT(types(due(beijing_)), ElementsAre("callback.escalated"));
}

TEST_F(Assignment, of_a_city_that_was_known_to_be_closed_says_nothing_new) {
    hangzhou_.opens = hangzhou_.now.wall + minutes{600};
    offer(minutes{615});
    for (const OutboxRecord& message : beijing_.said()) ASSERT_TRUE(hangzhou_.take("beijing", message));
    pass(Millis{2'000});  // the way back
    EXPECT_THAT(types(beijing_hears()), ElementsAre("callback.accepted"));
}

}  // namespace
}  // namespace citybridge::relay::test
