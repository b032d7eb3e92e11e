// The demo's judge of pops: what it forgives, and what it must not.
#include "tools/demo/checker.h"

#include <gtest/gtest.h>

namespace citybridge::demo {
namespace {

using Json = Checker::Json;

constexpr const char* kRang = "2026-11-22T10:00:01.000Z";
constexpr const char* kEnded = "2026-11-22T10:00:05.000Z";

Json truth_offer(const std::string& ended) {
    return {{"agent", "SIP/4102"}, {"channel", "sim-2"}, {"end", "missed"}, {"offered_at", kRang}, {"ended_at", ended}};
}

Json truth_call(Json offers) {
    return {{"number", 1},
            {"contact", true},
            {"first_channel", "sim-1"},
            {"direction", "inbound"},
            {"outcome", "abandoned"},
            {"ended_by", "customer"},
            {"customer_number", "+8613800000000"},
            {"queue", "sales"},
            {"talk_ms", 0},
            {"hold_ms", 0},
            {"agent", ""},
            {"offers", std::move(offers)}};
}

Json contact_offer(const std::string& state, const std::string& ended) {
    return {{"id", "off_1"}, {"agent", "SIP/4102"}, {"state", state}, {"offered_at", kRang}, {"ended_at", ended}};
}

class CheckerTest : public ::testing::Test {
protected:
    void the_node_tells(Json offers) {
        contact_ = truth_call({});
        contact_["state"] = "ringing";
        contact_["offers"] = std::move(offers);
        contact_["legs"] = Json::array({{{"pbx_ids", {"sim-1"}}, {"agent", nullptr}, {"joined_at", nullptr}}});
    }
    void a_pop() {
        const Json offer = contact_["offers"][0];
        checker_.see({{"type", "offer.shown"}, {"offer", offer}, {"contact", contact_}});
    }
    void judge(Json truth_offers) {
        contact_["state"] = "ended";
        checker_.see({{"type", "contact.ended"}, {"contact", contact_}});
        checker_.judge(truth_call(std::move(truth_offers)));
    }

    Checker checker_;
    Json contact_;
};

TEST_F(CheckerTest, APhoneThatRangAndPopped) {
    the_node_tells({contact_offer("expired", kEnded)});
    a_pop();
    judge({truth_offer(kEnded)});
    EXPECT_TRUE(checker_.mistakes().empty()) << checker_.mistakes().front();
}

TEST_F(CheckerTest, APopThatIsMissing) {
    the_node_tells({contact_offer("expired", kEnded)});
    judge({truth_offer(kEnded)});
    ASSERT_EQ(checker_.mistakes().size(), 1U);
    EXPECT_NE(checker_.mistakes().front().find("was rung 1 times and had 0 pops"), std::string::npos)
        << checker_.mistakes().front();
}

TEST_F(CheckerTest, APopThatIsMissingIsNotExcusedByTheNodesOwnTimes) {
    the_node_tells({contact_offer("expired", kRang)});
    judge({truth_offer(kEnded)});
    EXPECT_EQ(checker_.mistakes().size(), 1U);
}

// A colleague was called whose phone had lost its network, or was in another call.
TEST_F(CheckerTest, APhoneThatCouldNotRingNeedsNoPop) {
    for (const char* state : {"expired", "refused"}) {
        the_node_tells({contact_offer(state, kRang)});
        judge({truth_offer(kRang)});
        EXPECT_TRUE(checker_.mistakes().empty()) << checker_.mistakes().front();
    }
}

TEST_F(CheckerTest, AnOfferThatThePbxNeverMade) {
    the_node_tells({contact_offer("expired", kEnded)});
    a_pop();
    judge(Json::array());
    EXPECT_EQ(checker_.mistakes().size(), 1U);
}

TEST_F(CheckerTest, TwoPopsForOneOffer) {
    the_node_tells({contact_offer("expired", kEnded)});
    a_pop();
    a_pop();
    judge({truth_offer(kEnded)});
    EXPECT_EQ(checker_.mistakes().size(), 1U);
}

TEST_F(CheckerTest, APopThatTheSnapshotHadAlready) {
    the_node_tells({contact_offer("shown", "null")});
    checker_.see({{"type", "snapshot"}, {"contacts", Json::array({contact_})}});
    the_node_tells({contact_offer("expired", kEnded)});
    judge({truth_offer(kEnded)});
    EXPECT_TRUE(checker_.mistakes().empty()) << checker_.mistakes().front();
}

}  // namespace
}  // namespace citybridge::demo
