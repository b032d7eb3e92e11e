// What had ended when one of two cities was restored from a backup: both hold the same end when they have exchanged it.
#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/relay/two_cities.h"

namespace citybridge::relay::test {
namespace {

using Json = nlohmann::ordered_json;
using What = ActOnCallback::What;

class CallbackEnded : public TwoCities {
protected:
    CallbackEnded() { greet(); }

    void heard(OneCity& by, const char* from, const OutboxRecord& message) override {
        Json payload = Json::parse(message.payload);
        const auto decided = by.take(from, message);
        ASSERT_TRUE(decided) << message.id;
        for (const auto& each : decided->events) events_.push_back(std::get<PaperChanged>(each).type);
        exchanged_.push_back(std::move(payload));
    }
    void offer(const std::string& id) {
        OfferCallback offer;
        offer.id = id;
        offer.target = "hangzhou";
        offer.number = "+8613912345678";
        offer.name = "陈女士";
        offer.promised_at = beijing_.now.wall + Millis{15 * 60'000};
        ASSERT_TRUE(beijing_.ask(offer));
    }
    static void act(OneCity& in, What what, const std::string& id, const std::string& outcome = {}) {
        ActOnCallback out;
        out.what = what;
        out.id = id;
        out.outcome = outcome;
        ASSERT_TRUE(in.ask(out));
    }
    void pass(Millis time) {
        for (OneCity* each : {&beijing_, &hangzhou_}) each->now.wall += time;
    }
    void restore(OneCity& city, const OneCity& backup) {
        const Now now = city.now;
        city = backup;
        city.now = now;
        city.settings.generation = ++generation_;
        city.settings.life = "life" + std::to_string(generation_);
    }
    void expect_same(const std::string& id, CallbackState state, const std::string& outcome) {
        for (const OneCity* each : {&beijing_, &hangzhou_}) {
            const CallbackRecord& row = each->rows.at(id);
            EXPECT_EQ(row.state, state) << each->settings.city;
            EXPECT_EQ(row.outcome, outcome) << each->settings.city;
            EXPECT_EQ(detail_of(row).holder, detail_of(beijing_.rows.at(id)).holder);
            EXPECT_EQ(row.epoch, beijing_.rows.at(id).epoch);
        }
    }
    // Messages of this type since the last look.
    std::vector<Json> said(const char* type) {
        std::vector<Json> out;
        for (Json& each : std::exchange(exchanged_, {}))
            if (each["type"] == type) out.push_back(std::move(each));
        return out;
    }

    std::int64_t generation_ = 4;
    std::vector<std::string> events_;
    std::vector<Json> exchanged_;
};

// It ended there while it was being taken back here; the backup holds the first end.
TEST_F(CallbackEnded, an_end_that_was_overtaken_after_the_backup_gives_way) {
    offer("cb_1");
    settle();
    act(hangzhou_, What::done, "cb_1");
    const std::vector<OutboxRecord> late = hangzhou_.said();
    act(beijing_, What::withdraw, "cb_1");
    act(beijing_, What::failed, "cb_1");
    const OneCity backup = hangzhou_;
    settle();
    ASSERT_EQ(hangzhou_.rows.at("cb_1").state, CallbackState::failed);
    restore(hangzhou_, backup);
    ASSERT_EQ(hangzhou_.rows.at("cb_1").state, CallbackState::done);
    greet();
    expect_same("cb_1", CallbackState::failed, "not_reached");
    for (const OutboxRecord& each : late) ASSERT_TRUE(beijing_.take("hangzhou", each));
    settle();
    expect_same("cb_1", CallbackState::failed, "not_reached");
}

TEST_F(CallbackEnded, the_origin_too_learns_of_a_later_end) {
    offer("cb_1");
    settle();
    act(hangzhou_, What::done, "cb_1");
    settle();
    OneCity backup = beijing_;
    // As of a life in which it was taken back before the end was heard of.
    CallbackRecord& later = beijing_.rows.at("cb_1");
    CallbackDetail detail = detail_of(later);
    later.epoch = 2;
    later.state = CallbackState::failed;
    later.outcome = "not_reached";
    detail.holder = Holder::origin;
    keep_detail(later, detail);
    const CallbackRecord mirrored = later;
    hangzhou_.rows.at("cb_1").epoch = 2;
    hangzhou_.rows.at("cb_1").state = mirrored.state;
    hangzhou_.rows.at("cb_1").outcome = mirrored.outcome;
    CallbackDetail there = detail_of(hangzhou_.rows.at("cb_1"));
    there.holder = Holder::origin;
    keep_detail(hangzhou_.rows.at("cb_1"), there);
    restore(beijing_, backup);
    greet();
    expect_same("cb_1", CallbackState::failed, "not_reached");
    EXPECT_EQ(beijing_.rows.at("cb_1").epoch, 2);
}

// Two lives of the target ended it, in the same hand: what the origin was told first stays.
TEST_F(CallbackEnded, of_two_ends_in_the_same_hand_the_origins_stays) {
    for (OneCity* restored : {&hangzhou_, &beijing_}) {
        const std::string id = restored == &hangzhou_ ? "cb_1" : "cb_2";
        offer(id);
        settle();
        act(hangzhou_, What::done, id, "reached");
        settle();
        OneCity backup = *restored;
        CallbackRecord& other = restored == &hangzhou_ ? backup.rows.at(id) : hangzhou_.rows.at(id);
        other.state = CallbackState::failed;
        other.outcome = "wrong_number";
        restore(*restored, backup);
        greet();
        expect_same(id, CallbackState::done, "reached");
    }
}

TEST_F(CallbackEnded, what_was_forgotten_comes_back_as_it_ended_then_and_nobody_is_told) {
    const OneCity empty = beijing_, nothing = hangzhou_;
    const WallTime begun = beijing_.now.wall;
    offer("cb_1");
    settle();
    pass(Millis{5 * 60'000});
    act(hangzhou_, What::done, "cb_1");
    settle();
    pass(Millis{24 * 3'600'000});
    restore(beijing_, empty);
    events_.clear();
    greet();
    expect_same("cb_1", CallbackState::done, "reached");
    EXPECT_TRUE(events_.empty()) << events_.front();
    const CallbackRecord& row = beijing_.rows.at("cb_1");
    EXPECT_EQ(row.side, "origin");
    EXPECT_EQ(row.name, "陈女士");
    EXPECT_EQ(row.number, "+8613912345678");
    EXPECT_EQ(row.created_at, begun);
    EXPECT_EQ(row.closed_at, begun + Millis{5 * 60'000});
    EXPECT_EQ(row.promised_at, begun + Millis{15 * 60'000});
    EXPECT_FALSE(row.due_at);
    ASSERT_EQ(row.history_n, 1);
    EXPECT_EQ(beijing_.history.back().at, row.closed_at) << "figures are of the day when it ended";
    restore(hangzhou_, nothing);
    greet();
    expect_same("cb_1", CallbackState::done, "reached");
}

TEST_F(CallbackEnded, a_late_offer_is_not_news_to_a_city_that_forgot_the_end) {
    const OneCity backup = hangzhou_;
    offer("cb_1");
    const OutboxRecord first = beijing_.outbox.at(0);
    settle();
    act(hangzhou_, What::done, "cb_1");
    settle();
    restore(hangzhou_, backup);
    greet();
    ASSERT_TRUE(hangzhou_.take("beijing", first));
    EXPECT_EQ(hangzhou_.rows.at("cb_1").state, CallbackState::done);
    settle();
    expect_same("cb_1", CallbackState::done, "reached");
}

TEST_F(CallbackEnded, what_both_know_to_have_ended_alike_is_neither_answered_nor_written) {
    offer("cb_1");
    settle();
    act(hangzhou_, What::done, "cb_1");
    settle();
    restore(hangzhou_, OneCity(hangzhou_));
    const CallbackRecord here = beijing_.rows.at("cb_1"), there = hangzhou_.rows.at("cb_1");
    exchanged_.clear();
    greet();
    EXPECT_TRUE(is_reconciled(hangzhou_.settings, hangzhou_.city("beijing")));
    EXPECT_EQ(beijing_.rows.at("cb_1"), here);
    EXPECT_EQ(hangzhou_.rows.at("cb_1"), there);
    const std::vector<Json> answers = said("exchanged");
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_TRUE(answers[0]["tasks"].empty());
}

// Hangzhou was restored and asked; beijing answered, and lost its store before the answer was on its way.
TEST_F(CallbackEnded, an_exchange_that_nobody_remembers_is_asked_for_again) {
    const OneCity backup = beijing_;
    restore(hangzhou_, OneCity(hangzhou_));
    ASSERT_TRUE(hangzhou_.ask(GreetCity{"beijing"}));
    for (const OutboxRecord& each : hangzhou_.said()) heard(beijing_, "hangzhou", each);
    restore(beijing_, backup);
    greet();
    EXPECT_TRUE(is_reconciled(hangzhou_.settings, hangzhou_.city("beijing")));
    EXPECT_TRUE(is_reconciled(beijing_.settings, beijing_.city("hangzhou")));
}

TEST_F(CallbackEnded, an_exchange_asked_for_twice_is_answered_by_messages_of_their_own) {
    restore(hangzhou_, OneCity(hangzhou_));
    ASSERT_TRUE(hangzhou_.ask(GreetCity{"beijing"}));
    const std::vector<OutboxRecord> slow = hangzhou_.said();
    restore(beijing_, OneCity(beijing_));
    ASSERT_TRUE(beijing_.ask(GreetCity{"hangzhou"}));
    for (const OutboxRecord& each : beijing_.said()) heard(hangzhou_, "beijing", each);
    // A store keeps what it said, by its id.
    std::set<std::string> ids;
    const auto are_new = [&](const std::vector<OutboxRecord>& messages) {
        for (const OutboxRecord& each : messages) EXPECT_TRUE(ids.insert(each.id).second) << each.id;
    };
    const std::vector<OutboxRecord> again = hangzhou_.said();
    are_new(slow);
    are_new(again);
    for (const OutboxRecord& each : slow) heard(beijing_, "hangzhou", each);
    for (const OutboxRecord& each : again) heard(beijing_, "hangzhou", each);
    are_new(beijing_.outbox);
    settle();
    EXPECT_TRUE(is_reconciled(hangzhou_.settings, hangzhou_.city("beijing")));
}

// Both know the same end, so neither speaks of it; and then a message comes that is older, which the store of before
// the restore had taken.
TEST_F(CallbackEnded, an_end_that_a_late_message_opens_again_comes_back) {
    offer("cb_1");
    settle();
    act(beijing_, What::withdraw, "cb_1");
    settle();
    const OneCity open = beijing_;
    act(beijing_, What::done, "cb_1", "reached");
    settle();
    const OneCity backup = hangzhou_;
    restore(beijing_, open);
    ASSERT_TRUE(beijing_.ask(GreetCity{"hangzhou"}));
    const std::vector<OutboxRecord> said_open = beijing_.said();
    for (const OutboxRecord& each : said_open) heard(hangzhou_, "beijing", each);
    settle();
    if (beijing_.rows.at("cb_1").state != CallbackState::done) act(beijing_, What::done, "cb_1", "reached");
    settle();
    expect_same("cb_1", CallbackState::done, "reached");
    restore(hangzhou_, backup);
    greet();
    for (const OutboxRecord& each : said_open)
        if (each.key == "cb_1") heard(hangzhou_, "beijing", each);
    settle();
    expect_same("cb_1", CallbackState::done, "reached");
}

// The origin hears its own end from the target, to which it has said meanwhile that it does not know how it ended.
TEST_F(CallbackEnded, an_end_that_crosses_with_a_doubt_of_the_restored_origin_stays) {
    const OneCity backup = beijing_;
    offer("cb_1");
    settle();
    act(beijing_, What::withdraw, "cb_1");
    settle();
    act(beijing_, What::failed, "cb_1");
    const std::vector<OutboxRecord> end = beijing_.said();
    restore(beijing_, backup);
    ASSERT_TRUE(beijing_.ask(GreetCity{"hangzhou"}));
    for (const OutboxRecord& each : beijing_.said()) heard(hangzhou_, "beijing", each);
    for (const OutboxRecord& each : hangzhou_.said()) heard(beijing_, "hangzhou", each);
    const std::vector<OutboxRecord> doubt = beijing_.said();
    for (const OutboxRecord& each : end) heard(hangzhou_, "beijing", each);
    const std::vector<OutboxRecord> echo = hangzhou_.said();
    for (const OutboxRecord& each : doubt) heard(hangzhou_, "beijing", each);
    for (const OutboxRecord& each : echo) heard(beijing_, "hangzhou", each);
    settle();
    const CallbackRecord &here = beijing_.rows.at("cb_1"), &there = hangzhou_.rows.at("cb_1");
    EXPECT_EQ(here.state, there.state);
    EXPECT_EQ(here.outcome, there.outcome);
}

TEST_F(CallbackEnded, ends_are_listed_in_pages_and_without_the_person) {
    for (const char* id : {"cb_1", "cb_2", "cb_3", "cb_4", "cb_5"}) offer(id);
    settle();
    for (const char* id : {"cb_1", "cb_2", "cb_3", "cb_4", "cb_5"}) act(hangzhou_, What::done, id);
    settle();
    OneCity backup = hangzhou_;
    backup.rows.erase("cb_3");
    backup.rows.erase("cb_5");
    backup.settings.exchange_at_once = 2;
    restore(hangzhou_, backup);
    exchanged_.clear();
    greet();
    EXPECT_EQ(hangzhou_.rows.size(), 5U);
    EXPECT_TRUE(is_reconciled(hangzhou_.settings, hangzhou_.city("beijing")));
    const std::vector<Json> asked = said("exchange");
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked[0]["chunks"], 2);
    EXPECT_EQ(asked[0]["ended"]["after"], "");
    EXPECT_EQ(asked[0]["ended"]["to"], "cb_2");
    EXPECT_EQ(asked[0]["ended"]["tasks"].size(), 2U);
    EXPECT_EQ(asked[1]["ended"]["after"], "cb_2");
    EXPECT_EQ(asked[1]["ended"]["to"], "");
    ASSERT_EQ(asked[1]["ended"]["tasks"].size(), 1U);
    for (const char* personal : {"number", "name", "owner", "data"})
        EXPECT_FALSE(asked[1]["ended"]["tasks"][0].contains(personal)) << personal;
}

TEST_F(CallbackEnded, what_ended_long_ago_is_left_alone) {
    const OneCity backup = hangzhou_;
    offer("cb_1");
    settle();
    act(hangzhou_, What::done, "cb_1");
    settle();
    pass(beijing_.settings.ended_within + Millis{1});
    restore(hangzhou_, backup);
    exchanged_.clear();
    greet();
    EXPECT_TRUE(is_reconciled(hangzhou_.settings, hangzhou_.city("beijing")));
    EXPECT_TRUE(hangzhou_.rows.empty());
    restore(beijing_, OneCity(beijing_));
    exchanged_.clear();
    greet();
    EXPECT_TRUE(said("exchange").at(0)["ended"]["tasks"].empty());
}

TEST_F(CallbackEnded, an_age_that_cannot_be_is_none) {
    const OneCity empty = hangzhou_;
    offer("cb_1");
    settle();
    act(hangzhou_, What::done, "cb_1");
    settle();
    restore(hangzhou_, empty);
    ASSERT_TRUE(hangzhou_.ask(GreetCity{"beijing"}));
    for (const OutboxRecord& each : hangzhou_.said()) ASSERT_TRUE(beijing_.take("hangzhou", each));
    for (const OutboxRecord& each : beijing_.said()) {
        Json strange = Json::parse(each.payload);
        if (strange["type"] != "exchanged") continue;
        strange["tasks"][0]["ended_ms"] = std::numeric_limits<std::int64_t>::min();
        strange["tasks"][0]["created_ms"] = -5;
        ASSERT_TRUE(hangzhou_.take("beijing", each.id, strange));
    }
    EXPECT_EQ(hangzhou_.rows.at("cb_1").closed_at, hangzhou_.now.wall);
    EXPECT_EQ(hangzhou_.rows.at("cb_1").created_at, hangzhou_.now.wall);
}

TEST_F(CallbackEnded, an_older_city_that_lists_no_ends_is_told_none) {
    const OneCity backup = hangzhou_;
    offer("cb_1");
    settle();
    act(hangzhou_, What::done, "cb_1");
    settle();
    restore(hangzhou_, backup);
    ASSERT_TRUE(hangzhou_.ask(GreetCity{"beijing"}));
    for (const OutboxRecord& each : hangzhou_.said()) {
        Json old = Json::parse(each.payload);
        old.erase("ended");
        ASSERT_TRUE(beijing_.take("hangzhou", each.id, old));
    }
    for (const OutboxRecord& each : beijing_.said()) {
        const Json answer = Json::parse(each.payload);
        if (answer["type"] == "exchanged") {
            EXPECT_TRUE(answer["tasks"].empty());
        }
    }
}

}  // namespace
}  // namespace citybridge::relay::test
