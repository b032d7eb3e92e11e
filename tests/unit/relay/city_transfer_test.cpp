// What two cities tell each other of a transferred call.
#include "core/relay/city_transfer.h"

#include <gtest/gtest.h>

#include <set>

namespace citybridge::relay {
namespace {

WallTime at(std::int64_t seconds) { return WallTime{std::chrono::seconds{1'790'000'000 + seconds}}; }

CityTransfer announced() {
    CityTransfer transfer;
    transfer.id = "ct_0123";
    transfer.city = "hangzhou";
    transfer.user = "wang";
    transfer.agent = "SIP/1001";
    transfer.contact = "contact-1";
    transfer.number = "+8613800138000";
    transfer.name = "陈女士";
    transfer.notes = "湖边两居";
    transfer.callers = {"+8613800138000", "01087654321"};
    transfer.version = 3;
    transfer.at = at(0);
    transfer.until = at(180);
    return transfer;
}

TEST(CityTransfer, is_kept_in_a_command_and_read_from_it_again) {
    CityTransfer transfer = announced();
    transfer.updated_at = at(1);
    transfer.legs_before = 4;
    const CommandRecord row = row_of(transfer);
    EXPECT_EQ(row.kind, kTransferOut);
    EXPECT_EQ(row.state, "accepted");
    EXPECT_EQ(row_of(transfer_of(row)), row);
    transfer.state = TransferState::failed;
    transfer.reason = "busy";
    EXPECT_EQ(row_of(transfer).state, "failed");
}

TEST(CityTransfer, that_failed_tells_the_agent_why_in_a_sentence) {
    CityTransfer transfer = announced();
    EXPECT_TRUE(transfer_json(transfer)["sentence"].is_null());
    transfer.state = TransferState::failed;
    std::set<std::string> sentences;
    for (const char* const reason : {"busy", "no_answer", "rejected", "no_such_number", "unreachable", "cancelled",
                                     "hung_up", "customer_hung_up", "not_reached"}) {
        transfer.reason = reason;
        const std::string sentence = transfer_json(transfer)["sentence"];
        EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
        const bool there = std::string_view(reason) != "customer_hung_up";
        EXPECT_EQ(sentence.find("Offer a callback") != std::string::npos, there) << "the customer is still there";
    }
    transfer.reason = "busy";
    EXPECT_EQ(transfer_json(transfer)["sentence"], "The hotline was busy. Offer a callback.");
    EXPECT_EQ(transfer_json(transfer)["callback"]["transfer"], "ct_0123");
    transfer.to_supervisor = true;
    EXPECT_EQ(transfer_json(transfer)["sentence"], "The supervisor was busy.");
    transfer.out = false;
    EXPECT_TRUE(transfer_json(transfer)["sentence"].is_null()) << "the other city has nobody to tell";
}

TEST(CityTransfer, every_state_has_a_word) {
    for (int i = 0; i <= static_cast<int>(TransferState::called_off); ++i) {
        const auto state = static_cast<TransferState>(i);
        EXPECT_EQ(transfer_state_from(to_string(state)), state);
    }
    EXPECT_FALSE(transfer_state_from("nonsense"));
}

// The window is a duration: the receiver's clock may be minutes off.
TEST(CityTransfer, is_told_without_comparing_clocks) {
    const Fields message = transfer_message(announced(), "beijing", at(60));
    const auto told = read_transfer_message(message, "hangzhou", at(5'000));
    ASSERT_TRUE(told) << told.error().detail;
    EXPECT_EQ(told->city, "beijing");
    EXPECT_EQ(told->state, TransferState::calling);
    EXPECT_EQ(told->contact, "contact-1");
    EXPECT_EQ(told->notes, "湖边两居");
    EXPECT_EQ(told->callers.size(), 2U);
    EXPECT_EQ(told->version, 3);
    EXPECT_EQ(told->until, at(5'120));
}

TEST(CityTransfer, of_a_newer_node_is_understood_and_its_own_fields_are_kept) {
    Fields message = transfer_message(announced(), "beijing", at(0));
    message["protocol"] = 99;
    message["future"] = "1";
    message["transfer"]["mood"] = "good";
    const auto told = read_transfer_message(message, "hangzhou", at(0));
    ASSERT_TRUE(told);
    EXPECT_EQ(told->unknown, (Fields{{"mood", "good"}}));
    EXPECT_EQ(transfer_of(row_of(*told)).unknown, told->unknown);
}

TEST(CityTransfer, that_cannot_be_one_is_refused) {
    const Fields good = transfer_message(announced(), "beijing", at(0));
    const auto refused = [&](const std::function<void(Fields&)>& change) {
        Fields message = good;
        change(message);
        const auto told = read_transfer_message(message, "hangzhou", at(0));
        return !told && told.error().code == "hook.not_understood";
    };
    EXPECT_TRUE(refused([](Fields& m) { m["to"] = "nanjing"; }));
    EXPECT_TRUE(refused([](Fields& m) { m.erase("transfer"); }));
    EXPECT_TRUE(refused([](Fields& m) { m["transfer"]["id"] = "../x"; }));
    EXPECT_TRUE(refused([](Fields& m) { m["transfer"]["state"] = "flying"; }));
    EXPECT_TRUE(refused([](Fields& m) { m["transfer"]["version"] = "three"; }));
    EXPECT_TRUE(refused([](Fields& m) { m["transfer"]["notes"] = std::string(5'000, 'x'); }));
}

TEST(CityTransfer, in_vain_offers_the_callback_instead) {
    CityTransfer transfer = announced();
    EXPECT_TRUE(transfer_json(transfer)["callback"].is_null());
    transfer.state = TransferState::failed;
    const Fields offer = transfer_json(transfer)["callback"];
    EXPECT_EQ(offer, (Fields{{"city", "hangzhou"},
                             {"number", "+8613800138000"},
                             {"contact", "contact-1"},
                             {"transfer", "ct_0123"},
                             {"notes", "湖边两居"}}));
    transfer.state = TransferState::transferred;
    transfer.far_state = "missed";
    EXPECT_TRUE(transfer_json(transfer)["callback"].is_object()) << "nobody there answered him";
}

}  // namespace
}  // namespace citybridge::relay
