#include "plugins/link_nats/pending.h"

#include <gtest/gtest.h>

namespace citybridge::link_nats {
namespace {

const DeliveryDone kNobody = [](const DeliveryReply&) {};
CityVerdict verdict(CityAnswer answer) { return {"a", answer, "", ""}; }

TEST(CityPending, AReceiptEndsTheWait) {
    Pending pending;
    ASSERT_TRUE(pending.add("hangzhou/a", kNobody, MonoTime(Millis(100))));
    const auto answer = pending.settle("hangzhou/a", verdict(CityAnswer::received));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->second.outcome, DeliveryOutcome::delivered);
    EXPECT_FALSE(pending.settle("nanjing/a", verdict(CityAnswer::received))) << "another city's word is another's";
}

TEST(CityPending, ALateReceiptSparesTheNextAttempt) {
    Pending pending;
    ASSERT_TRUE(pending.add("hangzhou/a", kNobody, MonoTime(Millis(100))));
    EXPECT_TRUE(pending.expire(MonoTime(Millis(99))).empty());
    const auto late = pending.expire(MonoTime(Millis(100)));
    ASSERT_EQ(late.size(), 1U);
    EXPECT_EQ(late[0].second.outcome, DeliveryOutcome::not_done);
    EXPECT_FALSE(pending.settle("hangzhou/a", verdict(CityAnswer::received)));
    EXPECT_FALSE(pending.add("hangzhou/a", kNobody, MonoTime(Millis(200))));
}

TEST(CityPending, ALateRefusalDoesNotRefuseWhatAPersonSendsAgain) {
    Pending pending;
    EXPECT_FALSE(pending.settle("hangzhou/a", verdict(CityAnswer::refused)));
    EXPECT_TRUE(pending.add("hangzhou/a", kNobody, MonoTime(Millis(100))));
}

TEST(CityPending, RemembersABoundedNumberOfLateReceipts) {
    Pending pending;
    for (std::size_t n = 0; n <= Pending::kRemembered; ++n)
        (void)pending.settle("hangzhou/" + std::to_string(n), verdict(CityAnswer::received));
    EXPECT_TRUE(pending.add("hangzhou/0", kNobody, MonoTime(Millis(1))));
    EXPECT_FALSE(pending.add("hangzhou/1", kNobody, MonoTime(Millis(1))));
}

}  // namespace
}  // namespace citybridge::link_nats
