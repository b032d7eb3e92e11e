// Whether other cities can be reached, from the answers to signs of life.
#include "core/node/city_pulse.h"

#include <gtest/gtest.h>

#include "core/api/records_json.h"

namespace citybridge {
namespace {

class FakeLink final : public OutboundConnector {
public:
    DeliveryTraits delivery_traits() const override { return {}; }
    void deliver(const OutboxRecord& message, DeliveryDone done) override {
        asked.push_back(message);
        waiting = std::move(done);
    }
    void find(const OutboxRecord&, FindDone) override {}
    void answer(DeliveryOutcome outcome, const std::string& code = {}) {
        DeliveryReply reply;
        reply.outcome = outcome;
        reply.code = code;
        std::exchange(waiting, nullptr)(reply);
    }
    std::vector<OutboxRecord> asked;
    DeliveryDone waiting;
};

class CityPulseTest : public testing::Test {
protected:
    CityPulseTest() {
        desk::City city;
        city.id = "hangzhou";
        city.destination = "cities.hangzhou";
        cities_.all["hangzhou"] = city;
        pulse_ = std::make_unique<CityPulse>(cities_, "beijing", "g1");
        pulse_->add("cities.hangzhou", &link_);
        pulse_->add("erp", &other_);
    }
    Now in(Millis passed) const { return {start_.wall + passed, start_.mono + passed}; }
    CityLine line(Millis passed) const { return pulse_->lines(in(passed).mono).at("cities.hangzhou"); }
    bool silent(Millis passed) const { return !line(passed).reachable; }

    const Now start_ = system_now();
    desk::CitySet cities_;
    FakeLink link_, other_;
    std::unique_ptr<CityPulse> pulse_;
};

TEST_F(CityPulseTest, a_city_that_answers_is_reachable) {
    EXPECT_FALSE(silent(Millis{0})) << "nobody has asked yet";
    pulse_->beat(in(Millis{0}));
    ASSERT_EQ(link_.asked.size(), 1U);
    EXPECT_TRUE(other_.asked.empty()) << "no city";
    EXPECT_EQ(link_.asked[0].kind, kCityPulse);
    link_.answer(DeliveryOutcome::delivered);
    EXPECT_FALSE(silent(Millis{1'000}));
    pulse_->beat(in(cities_.pulse_every - Millis{1}));
    EXPECT_EQ(link_.asked.size(), 1U);
    pulse_->beat(in(cities_.pulse_every));
    ASSERT_EQ(link_.asked.size(), 2U);
    EXPECT_NE(link_.asked[0].id, link_.asked[1].id) << "a link that knows messages again would not carry it";
}

TEST_F(CityPulseTest, one_that_does_not_is_asked_no_second_time_meanwhile_and_its_silence_grows) {
    pulse_->beat(in(Millis{0}));
    pulse_->beat(in(10 * cities_.pulse_every));
    EXPECT_EQ(link_.asked.size(), 1U) << "a line that is down for days finds one question when it is back";
    EXPECT_TRUE(silent(Millis{1'000}));
    EXPECT_EQ(line(Millis{600'000}).silent, Millis{600'000});
    link_.answer(DeliveryOutcome::not_done);
    EXPECT_TRUE(silent(Millis{1'000}));
    pulse_->beat(in(20 * cities_.pulse_every));
    EXPECT_EQ(link_.asked.size(), 2U);
    link_.answer(DeliveryOutcome::delivered);
    EXPECT_FALSE(silent(Millis{1'000}));
}

TEST_F(CityPulseTest, an_older_node_that_does_not_understand_is_there_all_the_same) {
    pulse_->beat(in(Millis{0}));
    link_.answer(DeliveryOutcome::refused, "hook.not_understood");
    EXPECT_FALSE(silent(Millis{1'000}));
    pulse_->beat(in(cities_.pulse_every));
    link_.answer(DeliveryOutcome::refused, "link_https.wrong_certificate");
    EXPECT_TRUE(silent(Millis{1'000})) << "that was not the other node's word";
}

TEST_F(CityPulseTest, when_it_answered_last_is_known_to_the_next_process) {
    EXPECT_EQ(pulse_->answered_text(), "") << "nothing to be kept";
    pulse_->beat(in(Millis{0}));
    link_.answer(DeliveryOutcome::not_done);
    EXPECT_FALSE(line(Millis{0}).answered_at);
    pulse_->beat(in(cities_.pulse_every));
    link_.answer(DeliveryOutcome::delivered);
    const auto answered = line(Millis{0}).answered_at;
    ASSERT_TRUE(answered);
    CityPulse next(cities_, "beijing", "g2");
    next.add("cities.hangzhou", &link_);
    next.remember(pulse_->answered_text());
    const CityLine known = next.lines(in(Millis{0}).mono).at("cities.hangzhou");
    EXPECT_EQ(known.city, "hangzhou");
    ASSERT_TRUE(known.answered_at);
    EXPECT_EQ(epoch_ms(*known.answered_at), epoch_ms(*answered));
    EXPECT_FALSE(known.asked) << "by this process";
    next.remember("nonsense");
    EXPECT_TRUE(next.lines(in(Millis{0}).mono).at("cities.hangzhou").answered_at);
}

}  // namespace
}  // namespace citybridge
