// P4, DESIGN section 8: wherever the link is cut and however much is lost, after
// the snapshot the node tells the truth. Every capture, every index.
//
// It takes minutes: CITYBRIDGE_CUT_STRIDE=1 cuts at every index, 4 at every
// fourth of a long capture. Without it only the mutants run.
#include <gmock/gmock.h>

#include <cstdlib>
#include <random>

#include "tests/sim/asterisk_pbx.h"
#include "tests/sim/freeswitch_pbx.h"
#include "tests/sim/recorded_pbx.h"

namespace citybridge::sim {
namespace {

constexpr std::size_t kShort = 60;  // messages: cut at every index in any case

std::size_t stride_for(std::size_t messages) {
    const char* const asked = std::getenv("CITYBRIDGE_CUT_STRIDE");
    if (asked != nullptr && std::atoi(asked) > 0) return static_cast<std::size_t>(std::atoi(asked));
    return messages <= kShort ? 1 : 4;
}

bool asked_for() { return std::getenv("CITYBRIDGE_CUT_STRIDE") != nullptr; }

std::string described(const Cut& cut) {
    return "cut after " + std::to_string(cut.seen) + ", lost " + std::to_string(cut.lost) +
           (cut.restart ? ", node restarted" : "") +
           (cut.ahead > 0 ? ", lists ahead by " + std::to_string(cut.ahead) : "");
}

// The first few of what is wrong; a broken reconnect is wrong everywhere.
class Findings {
public:
    void add(const Cut& cut, const std::vector<std::string>& found) {
        if (found.empty()) return;
        ++bad_cuts_;
        if (bad_cuts_ > 12) return;
        text_ += described(cut) + "\n";
        for (const std::string& each : found) text_ += "    " + each + "\n";
    }
    std::size_t bad_cuts() const { return bad_cuts_; }
    std::string text() const { return std::to_string(bad_cuts_) + " cuts with differences\n" + text_; }

private:
    std::size_t bad_cuts_ = 0;
    std::string text_;
};

std::vector<Cut> cuts_at(const RecordedPbx& pbx, std::size_t index) {
    std::vector<Cut> out;
    for (const std::size_t lost : {std::size_t{1}, std::size_t{3}, std::size_t{10}, pbx.end_of_call(index) - index})
        out.push_back({index, lost, false});
    out.push_back({index, 0, false});
    out.push_back({index, 0, true});
    return out;
}

Findings cut_everywhere(const RecordedPbx& pbx, Plan plan, std::size_t stride) {
    Findings findings;
    const Told uncut = play(pbx, {});
    for (std::size_t index = 0; index < pbx.size(); index += stride)
        for (const Cut& cut : cuts_at(pbx, index)) {
            plan.cuts = {cut};
            findings.add(cut, differences(uncut, play(pbx, plan)));
        }
    return findings;
}

class CutAtEveryIndex : public testing::TestWithParam<std::string> {
protected:
    CutAtEveryIndex() : pbx_(recorded_pbx(GetParam())) {}
    std::unique_ptr<RecordedPbx> pbx_;
};

TEST_P(CutAtEveryIndex, the_node_tells_the_truth_afterwards) {
    if (!asked_for()) GTEST_SKIP() << "CITYBRIDGE_CUT_STRIDE is not set";
    const Findings findings = cut_everywhere(*pbx_, {}, stride_for(pbx_->size()));
    EXPECT_EQ(findings.bad_cuts(), 0U) << findings.text();
}

// FACTS 5: the lists may show what the stream tells only later.
TEST_P(CutAtEveryIndex, lists_ahead_of_the_stream_change_nothing) {
    if (!asked_for()) GTEST_SKIP() << "CITYBRIDGE_CUT_STRIDE is not set";
    Findings findings;
    const Told uncut = play(*pbx_, {});
    for (std::size_t index = 0; index < pbx_->size(); index += stride_for(pbx_->size()))
        for (const std::size_t ahead : {std::size_t{2}, std::size_t{8}}) {
            const Cut cut{index, 1, false, ahead};
            Told told = play(*pbx_, {.cuts = {cut}});
            // What is known early may be told early.
            if (!told.gaps.empty())
                told.gaps.back().to = pbx_->at(std::min(index + 1 + ahead, pbx_->size()) - 1) + pbx_->grain();
            findings.add(cut, differences(uncut, told));
        }
    EXPECT_EQ(findings.bad_cuts(), 0U) << findings.text();
}

INSTANTIATE_TEST_SUITE_P(asterisk, CutAtEveryIndex, testing::ValuesIn(asterisk_captures()), capture_test_name);
INSTANTIATE_TEST_SUITE_P(freeswitch, CutAtEveryIndex, testing::ValuesIn(freeswitch_captures()), capture_test_name);

// Fifteen calls a second: outages of every length at seeded places, several in one run.
std::vector<Cut> seeded_cuts(const RecordedPbx& pbx, std::mt19937_64& random, std::size_t count) {
    std::vector<Cut> out;
    std::size_t from = 1;
    const std::size_t share = pbx.size() / count;
    for (std::size_t n = 0; n < count; ++n) {
        const std::size_t index = from + random() % (share / 2);
        const std::size_t losses[] = {1, 3, 10, std::min(pbx.end_of_call(index) - index, share / 2)};
        out.push_back({index, losses[random() % 4], false});
        from = std::max(index + out.back().lost + 1, (n + 1) * share);
    }
    return out;
}

class CutWhileBusy : public testing::TestWithParam<std::string> {};

TEST_P(CutWhileBusy, the_node_tells_the_truth_afterwards) {
    if (!asked_for()) GTEST_SKIP() << "CITYBRIDGE_CUT_STRIDE is not set";
    constexpr std::size_t kCutsPerRun = 5;
    constexpr std::size_t kCuts = 200;
    const auto recorded = recorded_pbx(GetParam());
    const RecordedPbx& pbx = *recorded;
    const Told uncut = play(pbx, {});
    std::mt19937_64 random(4);
    Findings findings;
    for (std::size_t n = 0; n < kCuts / kCutsPerRun; ++n) {
        Plan plan;
        plan.cuts = seeded_cuts(pbx, random, kCutsPerRun);
        findings.add(plan.cuts.front(), differences(uncut, play(pbx, plan)));
    }
    EXPECT_EQ(findings.bad_cuts(), 0U) << findings.text();
}

INSTANTIATE_TEST_SUITE_P(asterisk, CutWhileBusy, testing::Values("asterisk/20-busy-head.ami"), capture_test_name);
INSTANTIATE_TEST_SUITE_P(freeswitch, CutWhileBusy, testing::Values("freeswitch/busy-head.esl"), capture_test_name);

// The test must be able to fail: a node that ignores the snapshot.
TEST(CutMutants, a_node_that_does_not_look_is_caught) {
    const AsteriskPbx pbx("asterisk/02-inbound-queue-hold.ami");
    Plan blind;
    blind.look = false;
    EXPECT_GT(cut_everywhere(pbx, blind, 1).bad_cuts(), pbx.size());
}

// P5: a node that shows open offers again when the link is back.
TEST(CutMutants, a_node_that_pops_twice_is_caught) {
    const AsteriskPbx pbx("asterisk/05b-abandon-ringing.ami");
    Plan twice;
    twice.pops_again = true;
    const Findings findings = cut_everywhere(pbx, twice, 1);
    EXPECT_GT(findings.bad_cuts(), 0U);
    EXPECT_THAT(findings.text(), testing::HasSubstr("second pop"));
}

}  // namespace
}  // namespace citybridge::sim
