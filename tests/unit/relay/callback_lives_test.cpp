// A backup that is restored more than once: each life of a store is told from the others, however low its number.
#include <gtest/gtest.h>

#include "tests/unit/relay/two_cities.h"

namespace citybridge::relay::test {
namespace {

using Json = nlohmann::ordered_json;
using What = ActOnCallback::What;

ActOnCallback act(What what, const std::string& confirmed_by = {}) {
    ActOnCallback out;
    out.what = what;
    out.id = "cb_1";
    out.command = "c1";
    out.confirmed_by = confirmed_by;
    return out;
}

class CallbackLives : public TwoCities {
protected:
    CallbackLives() { greet(); }

    OutboxRecord offer() {
        OfferCallback offer;
        offer.id = "cb_1";
        offer.target = "hangzhou";
        offer.number = "+8613912345678";
        offer.promised_at = beijing_.now.wall + Millis{15 * 60'000};
        EXPECT_TRUE(beijing_.ask(offer));
        return beijing_.said().at(0);
    }
    // hangzhou's backup, on a machine that knows nothing else.
    OneCity restored(const OneCity& backup, std::int64_t generation, const std::string& life) {
        OneCity out = backup;
        out.settings.generation = generation;
        out.settings.life = life;
        return out;
    }
};

// The heart of it: handed over to the life between, dialled there, forgotten; the message comes again.
void dialled_in_the_life_between(OneCity& beijing, OneCity& between, OneCity& last, const OutboxRecord& message) {
    ASSERT_TRUE(between.take("beijing", message));
    ASSERT_TRUE(between.ask(act(What::dial)));
    between.said();  // nobody hears of it
    ASSERT_TRUE(last.take("beijing", message));
    const auto dialled = last.ask(act(What::dial));
    ASSERT_FALSE(dialled);
    // Reconciled with beijing it still asks a person.
    for (int i = 0; i < 10; ++i) {
        for (const OutboxRecord& each : last.said()) ASSERT_TRUE(beijing.take("hangzhou", each)) << each.id;
        for (const OutboxRecord& each : beijing.said()) ASSERT_TRUE(last.take("beijing", each)) << each.id;
    }
    ASSERT_TRUE(is_reconciled(last.settings, last.city("beijing")));
    const auto unasked = last.ask(act(What::dial));
    ASSERT_FALSE(unasked);
    EXPECT_EQ(unasked.error().code, "callback.needs_confirmation");
    EXPECT_TRUE(last.ask(act(What::dial, "lead")));
}

TEST_F(CallbackLives, a_second_restore_with_the_same_number_does_not_dial_what_the_first_may_have) {
    const OneCity backup = hangzhou_;
    hangzhou_ = restored(backup, 5, "second");
    greet();
    OneCity again = restored(backup, 5, "third");
    dialled_in_the_life_between(beijing_, hangzhou_, again, offer());
    EXPECT_EQ(own_generation(again.settings, again.city("beijing")), 6);
}

TEST_F(CallbackLives, nor_one_with_a_lower_number) {
    const OneCity backup = hangzhou_;
    hangzhou_ = restored(backup, 9, "second");
    greet();
    OneCity again = restored(backup, 5, "third");
    dialled_in_the_life_between(beijing_, hangzhou_, again, offer());
    EXPECT_EQ(own_generation(again.settings, again.city("beijing")), 10);
}

TEST_F(CallbackLives, nor_a_new_and_empty_store_in_the_place_of_one_that_was_lost) {
    OneCity empty("hangzhou", "beijing");
    empty.settings.life = "other";
    dialled_in_the_life_between(beijing_, hangzhou_, empty, offer());
    EXPECT_EQ(own_generation(empty.settings, empty.city("beijing")), 1);
}

TEST_F(CallbackLives, what_was_given_back_after_a_dialling_is_not_free_for_a_store_that_forgot_it) {
    const OutboxRecord message = offer();
    const OneCity backup = hangzhou_;
    ASSERT_TRUE(hangzhou_.take("beijing", message));
    ASSERT_TRUE(hangzhou_.ask(act(What::dial)));
    CallbackDialEnded ended;
    ended.id = "cb_1";
    ended.command = "c1";
    ended.result = CallbackDialEnded::Result::unknown;
    ASSERT_TRUE(hangzhou_.ask(ended));
    ASSERT_TRUE(hangzhou_.ask(act(What::give_back)));
    settle();
    ASSERT_EQ(beijing_.rows.at("cb_1").state, CallbackState::returned);
    hangzhou_ = restored(backup, 5, "second");
    ASSERT_TRUE(hangzhou_.ask(GreetCity{"beijing"}));
    const std::vector<OutboxRecord> said = hangzhou_.said();
    // beijing hears of the new life first, hands the task over to it, and answers the exchange after that.
    ASSERT_EQ(Json::parse(said.at(0).payload)["type"], "hello");
    ASSERT_TRUE(beijing_.take("hangzhou", said[0]));
    ASSERT_TRUE(beijing_.ask(act(What::offer_again)));
    const std::vector<OutboxRecord> again = beijing_.said();
    ASSERT_EQ(again.size(), 1U);
    ASSERT_TRUE(hangzhou_.take("beijing", again[0]));
    for (std::size_t i = 1; i < said.size(); ++i) ASSERT_TRUE(beijing_.take("hangzhou", said[i]));
    settle();
    ASSERT_TRUE(is_reconciled(hangzhou_.settings, hangzhou_.city("beijing")));
    const auto unasked = hangzhou_.ask(act(What::dial));
    ASSERT_FALSE(unasked);
    EXPECT_EQ(unasked.error().code, "callback.needs_confirmation");
}

TEST_F(CallbackLives, the_far_city_listens_to_the_outlived_store_again) {
    const OutboxRecord message = offer();
    ASSERT_TRUE(hangzhou_.take("beijing", message));
    settle();
    const OneCity backup = hangzhou_;
    hangzhou_ = restored(backup, 9, "second");
    greet();
    hangzhou_ = restored(backup, 5, "third");
    greet();
    EXPECT_TRUE(is_reconciled(hangzhou_.settings, hangzhou_.city("beijing")));
    EXPECT_EQ(beijing_.cities.at("hangzhou").generation, 10);
    ASSERT_TRUE(hangzhou_.ask(act(What::failed)));
    settle();
    EXPECT_EQ(beijing_.rows.at("cb_1").state, CallbackState::failed);
}

TEST_F(CallbackLives, a_backup_of_a_store_that_had_gone_above_goes_above_that) {
    const OneCity backup = hangzhou_;
    hangzhou_ = restored(backup, 9, "second");
    greet();
    hangzhou_ = restored(backup, 5, "third");
    greet();
    ASSERT_EQ(own_generation(hangzhou_.settings, hangzhou_.city("beijing")), 10);
    const OneCity later = hangzhou_;
    hangzhou_ = restored(later, 6, "fourth");
    EXPECT_EQ(own_generation(hangzhou_.settings, hangzhou_.city("beijing")), 11);
    EXPECT_FALSE(is_reconciled(hangzhou_.settings, hangzhou_.city("beijing")));
    greet();
    EXPECT_TRUE(is_reconciled(hangzhou_.settings, hangzhou_.city("beijing")));
}

TEST_F(CallbackLives, only_a_store_that_was_outlived_is_answered_when_it_says_hello) {
    OneCity empty("hangzhou", "beijing");
    empty.settings.life = "other";
    ASSERT_TRUE(empty.ask(GreetCity{"beijing"}));
    ASSERT_TRUE(beijing_.take("hangzhou", empty.said().at(0)));
    ASSERT_EQ(beijing_.outbox.size(), 1U);
    const OutboxRecord answer = beijing_.said().at(0);
    ASSERT_TRUE(empty.take("beijing", answer));
    EXPECT_EQ(own_generation(empty.settings, empty.city("beijing")), 1);
    const auto asked = empty.said();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(Json::parse(asked[0].payload)["type"], "exchange");
}

TEST_F(CallbackLives, a_store_of_the_older_protocol_is_never_taken_for_another_life) {
    const OutboxRecord message = offer();
    Json old = Json::parse(message.payload);
    old["protocol"] = 1;
    old.erase("life");
    old.erase("heard");
    ASSERT_TRUE(hangzhou_.take("beijing", message.id, old));
    EXPECT_EQ(own_generation(hangzhou_.settings, hangzhou_.city("beijing")), 0);
    EXPECT_EQ(hangzhou_.rows.at("cb_1").state, CallbackState::accepted);
}

}  // namespace
}  // namespace citybridge::relay::test
