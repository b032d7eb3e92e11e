// Nodes of different protocols, and messages that will not arrive.
#include <gtest/gtest.h>

#include "tests/unit/relay/two_cities.h"

namespace citybridge::relay::test {
namespace {

using Json = nlohmann::ordered_json;

class CallbackVersions : public TwoCities {
protected:
    OutboxRecord offer(const std::string& id) {
        OfferCallback offer;
        offer.id = id;
        offer.target = "hangzhou";
        offer.number = "+8613912345678";
        offer.group = "sales";
        offer.promised_at = beijing_.now.wall + Millis{15 * 60'000};
        EXPECT_TRUE(beijing_.ask(offer, {"li", false}));
        return beijing_.said().at(0);
    }
    // As a node of the next protocol would say it.
    static Json newer(const OutboxRecord& message) {
        Json out = Json::parse(message.payload);
        out["protocol"] = kCallbackProtocol + 1;
        out["route"] = {{"through", "suzhou"}};
        out["task"]["urgency"] = {{"level", 3}, {"why", "老客户"}};
        return out;
    }
    // As a node of protocol 1 would say it.
    static Json older(const OutboxRecord& message) {
        Json out = Json::parse(message.payload);
        out["protocol"] = 1;
        out.erase("life");
        out.erase("heard");
        return out;
    }
};

TEST_F(CallbackVersions, a_newer_nodes_message_takes_effect_and_what_is_not_known_of_it_is_kept) {
    const OutboxRecord message = offer("cb_1");
    ASSERT_TRUE(hangzhou_.take("beijing", message.id, newer(message)));
    const CallbackRecord& row = hangzhou_.rows.at("cb_1");
    EXPECT_EQ(row.state, CallbackState::accepted);
    EXPECT_EQ(row.number, "+8613912345678");
    EXPECT_EQ(detail_of(row).unknown.dump(), R"({"urgency":{"level":3,"why":"老客户"}})");
    EXPECT_EQ(hangzhou_.cities.at("beijing").protocol, kCallbackProtocol + 1);
}

TEST_F(CallbackVersions, what_is_not_known_stays_through_later_steps_and_the_answer_is_understood) {
    const OutboxRecord message = offer("cb_1");
    ASSERT_TRUE(hangzhou_.take("beijing", message.id, newer(message)));
    ActOnCallback take;
    take.what = ActOnCallback::What::take;
    take.id = "cb_1";
    ASSERT_TRUE(hangzhou_.ask(take, {"zhang", false}));
    EXPECT_EQ(detail_of(hangzhou_.rows.at("cb_1")).unknown["urgency"]["level"], 3);
    for (const OutboxRecord& answer : hangzhou_.said()) ASSERT_TRUE(beijing_.take("hangzhou", answer));
    EXPECT_EQ(beijing_.rows.at("cb_1").state, CallbackState::assigned);
    EXPECT_EQ(beijing_.cities.at("hangzhou").protocol, kCallbackProtocol);
}

TEST_F(CallbackVersions, an_older_nodes_message_takes_effect) {
    const OutboxRecord message = offer("cb_1");
    ASSERT_TRUE(hangzhou_.take("beijing", message.id, older(message)));
    EXPECT_EQ(hangzhou_.rows.at("cb_1").state, CallbackState::accepted);
    EXPECT_EQ(hangzhou_.cities.at("beijing").protocol, 1);
}

TEST_F(CallbackVersions, the_directory_shows_the_protocol_a_city_was_put_back_to) {
    const OutboxRecord first = offer("cb_1"), second = offer("cb_2");
    ASSERT_TRUE(hangzhou_.take("beijing", first.id, newer(first)));
    ASSERT_TRUE(hangzhou_.take("beijing", second.id, older(second)));
    EXPECT_EQ(hangzhou_.cities.at("beijing").protocol, 1);
}

TEST_F(CallbackVersions, a_type_or_state_that_is_not_known_is_refused_and_changes_nothing) {
    const OutboxRecord message = offer("cb_1");
    Json strange = newer(message);
    strange["type"] = "swap";
    auto taken = hangzhou_.take("beijing", message.id, strange);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, "hook.not_understood");
    strange = newer(message);
    strange["task"]["state"] = "pooled";
    taken = hangzhou_.take("beijing", message.id, strange);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, "hook.not_understood");
    EXPECT_TRUE(hangzhou_.rows.empty());
    EXPECT_TRUE(hangzhou_.cities.empty());
    // The same message in words that are known is no repetition of it.
    ASSERT_TRUE(hangzhou_.take("beijing", message));
    EXPECT_EQ(hangzhou_.rows.at("cb_1").state, CallbackState::accepted);
}

TEST_F(CallbackVersions, a_city_that_is_not_listed_yet_is_told_to_come_again) {
    const OutboxRecord message = offer("cb_1");
    const auto listed = std::exchange(hangzhou_.settings.cities, {});
    const auto taken = hangzhou_.take("beijing", message);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, "callback.unknown_city");
    hangzhou_.settings.cities = listed;
    ASSERT_TRUE(hangzhou_.take("beijing", message));
    EXPECT_EQ(hangzhou_.rows.at("cb_1").state, CallbackState::accepted);
}

TEST_F(CallbackVersions, a_message_that_will_not_arrive_is_told_to_the_team_lead) {
    const OutboxRecord message = offer("cb_1");
    const auto told = beijing_.ask(
        CityMessageLost{"cb_1", "hangzhou", message.id, "hook.not_understood", "protocol 9 is not known here"});
    ASSERT_TRUE(told);
    ASSERT_EQ(told->events.size(), 1U);
    const auto& event = std::get<PaperChanged>(told->events[0]);
    EXPECT_EQ(event.type, "callback.undelivered");
    EXPECT_EQ(event.groups, std::vector<std::string>{"sales"});
    const CallbackHistoryRecord& entry = beijing_.history.back();
    EXPECT_EQ(entry.action, "undelivered");
    EXPECT_EQ(entry.text, "protocol 9 is not known here");
    EXPECT_EQ(entry.detail["message"], message.id);
    // Nothing moves by it: the other city may have taken it all the same.
    EXPECT_EQ(beijing_.rows.at("cb_1").state, CallbackState::offered);
    EXPECT_EQ(detail_of(beijing_.rows.at("cb_1")).holder, Holder::target);
    EXPECT_TRUE(beijing_.said().empty());
}

TEST_F(CallbackVersions, so_is_one_between_the_two_stores) {
    const auto told = beijing_.ask(CityMessageLost{"", "hangzhou", "exchange.1", "city.refused", ""});
    ASSERT_TRUE(told);
    ASSERT_EQ(told->events.size(), 1U);
    const auto& event = std::get<PaperChanged>(told->events[0]);
    EXPECT_EQ(event.type, "city.undelivered");
    EXPECT_EQ(event.id, "hangzhou");
}

}  // namespace
}  // namespace citybridge::relay::test
