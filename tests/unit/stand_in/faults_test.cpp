#include "tools/stand_in/faults.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/stand_in/client.h"
#include "tools/stand_in/erp_stand_in.h"

namespace citybridge::stand_in {
namespace {

using test::Answer;
using test::Client;

class StandInFaults : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(erp_.start()); }
    // One order while every request meets the fault.
    Answer order_with(double Faults::*fault, Millis client_waits = Millis(10'000)) {
        Faults faults;
        faults.*fault = 1;
        faults.late_by = Millis(400);
        erp_.set_faults(faults);
        Client client(erp_.port(), client_waits);
        Answer answer = client.post_order("k", "ord_1");
        erp_.set_faults({});
        return answer;
    }
    LedgerEntry entry() { return erp_.ledger().find("rest", "k").value_or(LedgerEntry{}); }

    ErpStandIn erp_{ErpStandIn::Options{}};
};

TEST_F(StandInFaults, ThatComeBeforeTheEffectLeaveNone) {
    EXPECT_EQ(order_with(&Faults::fail_500).status, 500);
    const Answer busy = order_with(&Faults::busy_503);
    EXPECT_EQ(busy.status, 503);
    EXPECT_EQ(busy.retry_after, "1");
    EXPECT_EQ(entry().received, 2U);
    EXPECT_EQ(order_with(&Faults::slam).status, 0);
    EXPECT_EQ(entry().received, 2U);
    EXPECT_EQ(entry().effects, 0U);
}

TEST_F(StandInFaults, ThatSpoilTheAnswerComeAfterTheEffect) {
    EXPECT_EQ(order_with(&Faults::commit_then_500).status, 500);
    EXPECT_EQ(entry().effects, 1U);
    EXPECT_EQ(order_with(&Faults::commit_then_drop).status, 0);
    EXPECT_EQ(entry().received, 2U);
    EXPECT_EQ(erp_.faults().met(Fault::commit_then_drop), 1U);
    EXPECT_EQ(erp_.faults().met_all(), 2U);
}

TEST_F(StandInFaults, ALateAnswerMissesTheClientAndTheEffectStands) {
    EXPECT_EQ(order_with(&Faults::late_answer, Millis(100)).status, 0);
    EXPECT_EQ(entry().effects, 1U);
    Client client(erp_.port());
    EXPECT_EQ(client.post_order("k", "ord_1").id(), entry().number);
}

TEST_F(StandInFaults, ALateEffectCanCrossARepetitionAndStillBeOne) {
    EXPECT_EQ(order_with(&Faults::late_effect, Millis(100)).status, 0);
    Client client(erp_.port());
    EXPECT_EQ(client.post_order("k", "ord_1").status, 201);  // overtakes the first
    const MonoTime until = system_now().mono + std::chrono::seconds(20);
    while (entry().received < 2 && system_now().mono < until) std::this_thread::sleep_for(Millis(5));
    EXPECT_EQ(entry().received, 2U);
    EXPECT_EQ(entry().effects, 1U);
}

TEST(FaultDice, OfOneSeedFallTheSame) {
    Faults faults;
    faults.fail_500 = 0.3;
    faults.commit_then_drop = 0.3;
    FaultDice one(faults, 7);
    FaultDice other(faults, 7);
    for (int i = 0; i < 1'000; ++i) ASSERT_EQ(one.draw(), other.draw()) << "draw " << i;
    // 1,000 draws at 0.3: standard deviation 14.5; ten of them never happen by chance.
    EXPECT_NEAR(static_cast<double>(one.met(Fault::fail_500)), 300, 145);
    EXPECT_NEAR(static_cast<double>(one.met(Fault::commit_then_drop)), 300, 145);
    EXPECT_EQ(one.met(Fault::busy_503), 0U);
}

}  // namespace
}  // namespace citybridge::stand_in
