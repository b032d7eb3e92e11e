// What is to be done about on-line transfers, from what their calls show.
#include "core/node/transfer_watch.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

using relay::CityTransfer;
using relay::TransferState;
using Wish = TransferWatch::Wish;

constexpr const char* kHotline = "057112345678";
WallTime at(std::int64_t seconds) { return WallTime{std::chrono::seconds{1'790'000'000 + seconds}}; }

CityTransfer out_of_here() {
    CityTransfer transfer;
    transfer.id = "ct_1";
    transfer.city = "hangzhou";
    transfer.agent = "SIP/1001";
    transfer.contact = "c1";
    transfer.number = "+8613800138000";
    transfer.to = kHotline;
    transfer.consult = "cmd1";
    transfer.legs_before = 2;
    transfer.at = at(10);
    transfer.until = at(190);
    return transfer;
}

CityTransfer from_there() {
    CityTransfer transfer;
    transfer.id = "ct_2";
    transfer.out = false;
    transfer.city = "beijing";
    transfer.state = TransferState::expected;
    transfer.number = "+8613800138000";
    transfer.callers = {"+8613800138000", "01087654321"};
    transfer.at = at(10);
    transfer.until = at(190);
    return transfer;
}

Contact talking() {
    Contact contact;
    contact.id = "c1";
    contact.state = ContactState::talking;
    contact.customer_number = "13800138000";
    contact.customer_number_e164 = "+8613800138000";
    contact.started_at = at(0);
    contact.legs = {{LegRole::customer, "13800138000", "", "", "", {}, at(1), {}},
                    {LegRole::agent, "1001", "", "SIP/1001", "SIP/1001", {}, at(1), {}}};
    return contact;
}

ContactChanged changed(const Contact& contact) {
    return {ContactChanged::What::changed, std::make_shared<const Contact>(contact), {}};
}

Leg hotline_leg(std::optional<WallTime> joined, std::optional<WallTime> left) {
    return {LegRole::consult, kHotline, "", "", "SIP/trunk", {}, joined, left};
}

TEST(TransferWatch, when_the_hotline_answers_the_customer_goes_over_once) {
    TransferWatch watch;
    watch.put(out_of_here());
    Contact contact = talking();
    EXPECT_TRUE(watch.contact(changed(contact)).empty());
    contact.legs.push_back(hotline_leg({}, {}));
    EXPECT_TRUE(watch.contact(changed(contact)).empty()) << "it rings";
    contact.legs.back().joined_at = at(15);
    const auto wishes = watch.contact(changed(contact));
    ASSERT_EQ(wishes.size(), 1U);
    EXPECT_EQ(wishes[0].what, Wish::What::complete);
    watch.completing("ct_1", "cmd2", true);
    EXPECT_TRUE(watch.contact(changed(contact)).empty());
    contact.transfers.push_back({TransferKind::attended, "SIP/1001", kHotline, TransferResult::completed, at(16)});
    const auto done = watch.contact(changed(contact));
    ASSERT_EQ(done.size(), 1U);
    EXPECT_EQ(done[0].to, TransferState::transferred);
    EXPECT_TRUE(watch.contact(changed(contact)).empty()) << "told once";
}

TEST(TransferWatch, what_was_refused_is_asked_for_again) {
    TransferWatch watch;
    watch.put(out_of_here());
    Contact contact = talking();
    contact.legs.push_back(hotline_leg(at(15), {}));
    ASSERT_EQ(watch.contact(changed(contact)).size(), 1U);
    watch.completing("ct_1", "cmd2", true);
    EXPECT_TRUE(watch.command({"cmd2", "wang", CommandOutcome::failed, "failed", "c1"}).empty());
    EXPECT_EQ(watch.contact(changed(contact)).size(), 1U);
}

TEST(TransferWatch, a_hotline_that_does_not_answer_leaves_the_customer_with_his_agent) {
    TransferWatch watch;
    watch.put(out_of_here());
    Contact contact = talking();
    contact.legs.push_back(hotline_leg({}, at(40)));
    const auto wishes = watch.contact(changed(contact));
    ASSERT_EQ(wishes.size(), 1U);
    EXPECT_EQ(wishes[0].to, TransferState::failed);
    EXPECT_EQ(wishes[0].reason, "not_reached") << "nothing told why";
}

Transfer in_vain(TransferReason why, TransferResult result = TransferResult::failed) {
    return {TransferKind::attended, "SIP/1001", kHotline, result, at(40), why};
}

TEST(TransferWatch, why_it_failed_is_what_the_pbx_told_of_the_call) {
    using Why = TransferReason;
    for (const auto& [told, reason] :
         {std::pair(Why::busy, "busy"), std::pair(Why::no_answer, "no_answer"), std::pair(Why::rejected, "rejected"),
          std::pair(Why::no_such_number, "no_such_number"), std::pair(Why::unreachable, "unreachable"),
          std::pair(Why::cancelled, "cancelled")}) {
        TransferWatch watch;
        watch.put(out_of_here());
        Contact contact = talking();
        contact.legs.push_back(hotline_leg({}, {}));
        contact.transfers.push_back(in_vain(told));
        // Its cause may come with the end of the line only.
        EXPECT_TRUE(watch.contact(changed(contact)).empty());
        contact.legs.back().left_at = at(40);
        const auto wishes = watch.contact(changed(contact));
        ASSERT_EQ(wishes.size(), 1U);
        EXPECT_EQ(wishes[0].to, TransferState::failed);
        EXPECT_EQ(wishes[0].reason, reason);
    }
}

TEST(TransferWatch, a_hotline_that_answers_and_hangs_up_has_hung_up) {
    TransferWatch watch;
    watch.put(out_of_here());
    Contact contact = talking();
    contact.legs.push_back(hotline_leg(at(15), at(16)));
    contact.transfers.push_back(in_vain(TransferReason::hung_up, TransferResult::cancelled));
    const auto wishes = watch.contact(changed(contact));
    ASSERT_EQ(wishes.size(), 1U);
    EXPECT_EQ(wishes[0].reason, "hung_up");
}

// The dialplan rings two lines to the hotline at once, and one of them is congested.
TEST(TransferWatch, one_line_that_failed_is_no_end_while_another_rings) {
    TransferWatch watch;
    watch.put(out_of_here());
    Contact contact = talking();
    contact.legs.push_back(hotline_leg({}, {}));
    contact.legs.push_back(hotline_leg({}, at(12)));
    contact.transfers.push_back(in_vain(TransferReason::unreachable));
    EXPECT_TRUE(watch.contact(changed(contact)).empty());
    contact.legs[2].joined_at = at(15);
    const auto wishes = watch.contact(changed(contact));
    ASSERT_EQ(wishes.size(), 1U);
    EXPECT_EQ(wishes[0].what, Wish::What::complete);
}

TEST(TransferWatch, an_earlier_try_of_the_same_call_is_none_of_this_one) {
    TransferWatch watch;
    CityTransfer transfer = out_of_here();
    Contact contact = talking();
    contact.legs.push_back(hotline_leg({}, at(5)));
    contact.transfers.push_back({TransferKind::attended, "SIP/1001", kHotline, TransferResult::failed, at(5)});
    transfer.legs_before = contact.legs.size();
    transfer.transfers_before = contact.transfers.size();
    watch.put(transfer);
    EXPECT_TRUE(watch.contact(changed(contact)).empty());
}

TEST(TransferWatch, a_command_that_fails_says_why) {
    TransferWatch watch;
    watch.put(out_of_here());
    ASSERT_EQ(watch.rung().size(), 1U);
    const auto wishes = watch.command({"cmd1", "wang", CommandOutcome::failed, "busy", "c1"});
    ASSERT_EQ(wishes.size(), 1U);
    EXPECT_EQ(wishes[0].to, TransferState::failed);
    EXPECT_EQ(wishes[0].reason, "busy");
    watch.again("ct_1");
    EXPECT_EQ(watch.command({"cmd1", "wang", CommandOutcome::failed, "busy", "c1"}).size(), 1U) << "not committed";
}

TEST(TransferWatch, a_customer_who_hangs_up_meanwhile_ends_it) {
    TransferWatch watch;
    watch.put(out_of_here());
    Contact contact = talking();
    contact.ended_at = at(20);
    const auto wishes = watch.contact(changed(contact));
    ASSERT_EQ(wishes.size(), 1U);
    EXPECT_EQ(wishes[0].reason, "customer_hung_up");
}

TEST(TransferWatch, what_nobody_saw_the_end_of_is_unknown) {
    TransferWatch watch;
    watch.put(out_of_here());
    EXPECT_TRUE(watch.time_passed(at(189)).empty());
    const auto wishes = watch.time_passed(at(190));
    ASSERT_EQ(wishes.size(), 1U);
    EXPECT_EQ(wishes[0].to, TransferState::unknown);
}

Contact coming(const std::string& number, const std::string& e164, std::int64_t since = 20) {
    Contact contact;
    contact.id = "c9";
    contact.customer_number = number;
    contact.customer_number_e164 = e164;
    contact.started_at = at(since);
    contact.state = ContactState::queued;
    return contact;
}

TEST(TransferWatch, the_announced_call_is_found_by_the_customers_number_or_the_other_citys_line) {
    for (const auto& call : {coming("13800138000", "+8613800138000"), coming("01087654321", "+861087654321")}) {
        TransferWatch watch;
        watch.put(from_there());
        const auto wishes = watch.contact(changed(call));
        ASSERT_EQ(wishes.size(), 1U) << call.customer_number;
        EXPECT_EQ(wishes[0].to, TransferState::arrived);
        EXPECT_EQ(wishes[0].contact, "c9");
        EXPECT_TRUE(watch.contact(changed(call)).empty()) << "found once";
    }
}

TEST(TransferWatch, other_calls_are_other_matters) {
    TransferWatch watch;
    watch.put(from_there());
    EXPECT_TRUE(watch.contact(changed(coming("13900139000", "+8613900139000"))).empty());
    EXPECT_TRUE(watch.contact(changed(coming("13800138000", "+8613800138000", -600))).empty()) << "long before";
    Contact outbound = coming("13800138000", "+8613800138000");
    outbound.direction = Direction::outbound;
    EXPECT_TRUE(watch.contact(changed(outbound)).empty());
}

TEST(TransferWatch, the_customers_own_number_wins_and_else_who_waits_longest) {
    TransferWatch watch;
    CityTransfer first = from_there();
    CityTransfer second = from_there();
    second.id = "ct_3";
    second.number = "+8613700137000";
    second.callers = {"+8613700137000", "01087654321"};
    second.at = at(5);
    watch.put(first);
    watch.put(second);
    const auto his = watch.contact(changed(coming("13800138000", "+8613800138000")));
    ASSERT_EQ(his.size(), 1U);
    EXPECT_EQ(his[0].id, "ct_2");
    TransferWatch line;
    line.put(first);
    line.put(second);
    const auto oldest = line.contact(changed(coming("01087654321", "+861087654321")));
    ASSERT_EQ(oldest.size(), 1U);
    EXPECT_EQ(oldest[0].id, "ct_3");
}

TEST(TransferWatch, of_a_call_that_arrived_it_tells_whether_it_was_answered) {
    CityTransfer transfer = from_there();
    transfer.state = TransferState::arrived;
    transfer.contact = "c9";
    TransferWatch watch;
    watch.put(transfer);
    Contact call = coming("13800138000", "+8613800138000");
    EXPECT_TRUE(watch.contact(changed(call)).empty());
    call.answered_at = at(30);
    call.legs = {{LegRole::agent, "2001", "", "SIP/2001", "SIP/2001", {}, at(30), {}}};
    const auto answered = watch.contact(changed(call));
    ASSERT_EQ(answered.size(), 1U);
    EXPECT_EQ(answered[0].to, TransferState::answered);
    EXPECT_EQ(answered[0].agent, "SIP/2001");

    TransferWatch other;
    other.put(transfer);
    Contact lost = coming("13800138000", "+8613800138000");
    lost.ended_at = at(30);
    const auto missed = other.contact(changed(lost));
    ASSERT_EQ(missed.size(), 1U);
    EXPECT_EQ(missed[0].to, TransferState::missed);
}

TEST(TransferWatch, a_call_that_does_not_come_is_not_seen) {
    TransferWatch watch;
    watch.put(from_there());
    EXPECT_TRUE(watch.expects());
    const auto wishes = watch.time_passed(at(190));
    ASSERT_EQ(wishes.size(), 1U);
    EXPECT_EQ(wishes[0].to, TransferState::not_seen);
    CityTransfer over = from_there();
    over.state = TransferState::not_seen;
    watch.put(over);
    EXPECT_TRUE(watch.empty());
}

}  // namespace
}  // namespace citybridge
