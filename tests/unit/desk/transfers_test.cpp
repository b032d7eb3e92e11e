// On-line transfers between two cities: what each keeps and tells, and what neither believes.
#include <gtest/gtest.h>

#include "core/desk/desk.h"

namespace citybridge::desk {
namespace {

using relay::TransferState;
using Json = nlohmann::ordered_json;

struct TransferRows final : View {
    const OrderRecord* order(const std::string&) const override { return nullptr; }
    const OrderRecord* order_by_external(const std::string&, const std::string&) const override { return nullptr; }
    std::vector<DeadlineRecord> open_deadlines(const std::string&) const override { return {}; }
    const CustomerRecord* customer(const std::string&) const override { return nullptr; }
    const CustomerRecord* customer_by_number(const std::string&) const override { return nullptr; }
    bool inbox_has(const std::string& source, const std::string& id) const override {
        return inbox.contains(source + ' ' + id);
    }
    const PaperRecord* paper(const std::string&) const override { return nullptr; }
    const MarkRecord* mark(const std::string&, const std::string&, const std::string&) const override {
        return nullptr;
    }
    const DispositionRecord* disposition(const std::string&) const override { return nullptr; }
    const CommandRecord* command(const std::string& id) const override {
        const auto found = commands.find(id);
        return found == commands.end() ? nullptr : &found->second;
    }
    const CityRecord* city(const std::string& id) const override { return id == known.city ? &known : nullptr; }
    void take(const Changes& changes) {
        for (const CommandRecord& row : changes.commands) commands[row.id] = row;
        for (const InboxRecord& row : changes.inbox) inbox[row.source + ' ' + row.id] = row.result;
    }
    std::map<std::string, CommandRecord> commands;
    std::map<std::string, std::string> inbox;
    CityRecord known;
};

// One of the two cities.
struct Town {
    Town(const std::string& own, const std::string& other) : desk(settings_of(own, other), FlowSet{}, Calendars{}) {
        name = own;
    }
    static DeskSettings settings_of(const std::string& own, const std::string& other) {
        DeskSettings out;
        out.city = own;
        City city;
        city.id = other;
        city.destination = "cities." + other;
        out.cities.all[other] = city;
        out.cities.callbacks.group = "callbacks";
        return out;
    }
    Result<Decision> ask(decltype(Request::what) what, const Actor& actor = {"wang", "agent", {}}) {
        auto decision = desk.apply(view, {"r1", actor, std::move(what)}, {now, {}});
        if (!decision) return decision;
        view.take(decision->changes);
        for (const OutboxRecord& row : decision->changes.outbox) sent.push_back(row);
        for (const Event& event : decision->events) events.push_back(std::get<PaperChanged>(event));
        return decision;
    }
    // Another city's message as the link gives it.
    Result<Decision> hears(const OutboxRecord& message, const std::string& source) {
        InboundMessage inbound;
        inbound.source = source;
        inbound.id = message.id;
        inbound.type = message.kind;
        inbound.data = Json::parse(message.payload);
        return ask(TakeInbound{inbound}, {source, "node", {}});
    }
    relay::CityTransfer transfer(const std::string& id) const { return relay::transfer_of(view.commands.at(id)); }

    std::string name;
    TransferRows view;
    Desk desk;
    WallTime now{std::chrono::seconds{1'790'000'000}};
    std::vector<OutboxRecord> sent;
    std::vector<PaperChanged> events;
};

class Transfers : public ::testing::Test {
protected:
    Transfers() { hangzhou_.now += std::chrono::minutes{7}; }  // its clock is wrong
    void begin() {
        TransferToCity what;
        what.id = "ct_1";
        what.consult = "cmd_1";
        what.city = "hangzhou";
        what.to = "057112345678";
        what.agent = "SIP/1001";
        what.contact = "contact-1";
        what.number = "+8613800138000";
        what.name = "陈女士";
        what.callers = {"01087654321"};
        ASSERT_TRUE(beijing_.ask(what));
    }
    void step(Town& town, TransferState to, const std::string& contact = {}, const std::string& reason = {}) {
        StepTransfer what{"ct_1", to, reason, contact, {}};
        ASSERT_TRUE(town.ask(what, {"system", "system", {}}));
    }
    Town beijing_{"beijing", "hangzhou"};
    Town hangzhou_{"hangzhou", "beijing"};
};

TEST_F(Transfers, both_know_the_call_as_one_matter) {
    begin();
    EXPECT_EQ(beijing_.view.commands.at("cmd_1").kind, "consult") << "committed before a phone rings";
    ASSERT_EQ(beijing_.sent.size(), 1U);
    EXPECT_EQ(beijing_.sent[0].destination, "cities.hangzhou");
    EXPECT_EQ(beijing_.events.at(0).users, std::vector<std::string>{"wang"});
    ASSERT_TRUE(hangzhou_.hears(beijing_.sent[0], "city:beijing"));
    const auto expected = hangzhou_.transfer("ct_1");
    EXPECT_EQ(expected.state, TransferState::expected);
    EXPECT_EQ(expected.far_contact, "contact-1");
    EXPECT_EQ(expected.until, hangzhou_.now + relay::kTransferWindow) << "by its own clock";

    step(beijing_, TransferState::transferred);
    ASSERT_TRUE(hangzhou_.hears(beijing_.sent.at(1), "city:beijing"));
    EXPECT_EQ(hangzhou_.transfer("ct_1").state, TransferState::expected);
    step(hangzhou_, TransferState::arrived, "contact-9");
    step(hangzhou_, TransferState::answered);
    ASSERT_EQ(hangzhou_.sent.size(), 2U);
    for (const OutboxRecord& message : hangzhou_.sent) ASSERT_TRUE(beijing_.hears(message, "city:hangzhou"));
    EXPECT_EQ(beijing_.transfer("ct_1").far_state, "answered");
    EXPECT_EQ(beijing_.transfer("ct_1").far_contact, "contact-9");
    EXPECT_EQ(beijing_.transfer("ct_1").state, TransferState::transferred);
}

TEST_F(Transfers, what_failed_is_called_off_and_offers_a_callback) {
    begin();
    ASSERT_TRUE(hangzhou_.hears(beijing_.sent[0], "city:beijing"));
    step(beijing_, TransferState::failed, {}, "busy");
    EXPECT_EQ(beijing_.events.back().type, "transfer.failed");
    const Json told = Json::parse(beijing_.events.back().json);
    EXPECT_TRUE(told["callback"].is_object());
    EXPECT_EQ(told["reason"], "busy");
    EXPECT_EQ(told["sentence"], "The hotline was busy. Offer a callback.");
    ASSERT_TRUE(hangzhou_.hears(beijing_.sent.at(1), "city:beijing"));
    EXPECT_EQ(hangzhou_.transfer("ct_1").state, TransferState::called_off);
    EXPECT_EQ(hangzhou_.transfer("ct_1").reason, "busy") << "the other city sees why, too";
    step(beijing_, TransferState::transferred);
    EXPECT_EQ(beijing_.transfer("ct_1").state, TransferState::failed) << "an end is an end";
}

// A newer node tells more with every message; an older one keeps all of it.
TEST_F(Transfers, what_is_not_known_of_a_later_message_is_kept_too) {
    begin();
    ASSERT_TRUE(hangzhou_.hears(beijing_.sent[0], "city:beijing"));
    step(beijing_, TransferState::transferred);
    OutboxRecord later = beijing_.sent.at(1);
    Json payload = Json::parse(later.payload);
    payload["transfer"]["mood"] = "good";
    later.payload = payload.dump();
    ASSERT_TRUE(hangzhou_.hears(later, "city:beijing"));
    EXPECT_EQ(hangzhou_.transfer("ct_1").unknown.value("mood", ""), "good");
}

TEST_F(Transfers, messages_come_once_and_in_any_order) {
    begin();
    step(beijing_, TransferState::failed);
    ASSERT_EQ(beijing_.sent.size(), 2U);
    ASSERT_TRUE(hangzhou_.hears(beijing_.sent[1], "city:beijing"));
    ASSERT_TRUE(hangzhou_.hears(beijing_.sent[0], "city:beijing"));
    ASSERT_TRUE(hangzhou_.hears(beijing_.sent[0], "city:beijing"));
    EXPECT_EQ(hangzhou_.transfer("ct_1").state, TransferState::called_off);
    EXPECT_EQ(hangzhou_.view.inbox.at("city:beijing " + beijing_.sent[0].id), "late");
}

TEST_F(Transfers, cities_speak_for_themselves) {
    begin();
    const auto forged = hangzhou_.hears(beijing_.sent[0], "city:nanjing");
    ASSERT_FALSE(forged);
    EXPECT_EQ(forged.error().code, "hook.not_understood");
    // An answer about a transfer that is another city's, or none of ours.
    ASSERT_TRUE(hangzhou_.hears(beijing_.sent[0], "city:beijing"));
    step(hangzhou_, TransferState::arrived, "contact-9");
    Town other("beijing", "hangzhou");
    ASSERT_TRUE(other.hears(hangzhou_.sent[0], "city:hangzhou"));
    EXPECT_TRUE(other.view.commands.empty());
    EXPECT_EQ(other.view.inbox.begin()->second, "unknown");
}

TEST_F(Transfers, a_node_of_before_is_not_told_what_it_cannot_understand) {
    beijing_.view.known.city = "hangzhou";
    beijing_.view.known.protocol = 1;
    begin();
    EXPECT_TRUE(beijing_.sent.empty());
    EXPECT_EQ(beijing_.transfer("ct_1").state, TransferState::calling);
}

TEST_F(Transfers, a_message_that_will_not_arrive_is_told_to_who_asked_and_to_his_team_lead) {
    begin();
    OutboxRecord message = beijing_.sent.at(0);
    message.state = OutboxState::dead;
    message.last_code = "city.refused";
    ASSERT_EQ(beijing_.desk.needs({"r2", {}, DeliveryEnded{message}}).commands, std::vector<std::string>{"ct_1"});
    beijing_.events.clear();
    ASSERT_TRUE(beijing_.ask(DeliveryEnded{message}, {"system", "system", {}}));
    ASSERT_EQ(beijing_.events.size(), 1U);
    EXPECT_EQ(beijing_.events[0].type, "transfer.undelivered");
    EXPECT_EQ(beijing_.events[0].id, "ct_1");
    EXPECT_EQ(beijing_.events[0].users, std::vector<std::string>{"wang"});
    EXPECT_EQ(beijing_.events[0].groups, std::vector<std::string>{"callbacks"});
    EXPECT_EQ(Json::parse(beijing_.events[0].json)["id"], "ct_1");
    EXPECT_EQ(beijing_.transfer("ct_1").state, TransferState::calling) << "the call goes on all the same";

    // There is nobody at the target who asked for it.
    ASSERT_TRUE(hangzhou_.hears(beijing_.sent[0], "city:beijing"));
    step(hangzhou_, TransferState::arrived, "contact-9");
    message = hangzhou_.sent.at(0);
    hangzhou_.events.clear();
    message.state = OutboxState::cancelled;
    ASSERT_TRUE(hangzhou_.ask(DeliveryEnded{message}, {"system", "system", {}}));
    ASSERT_EQ(hangzhou_.events.size(), 1U);
    EXPECT_TRUE(hangzhou_.events[0].users.empty());
    EXPECT_EQ(hangzhou_.events[0].groups, std::vector<std::string>{"callbacks"});
}

TEST_F(Transfers, nobody_is_told_of_one_that_arrived_or_is_forgotten) {
    begin();
    OutboxRecord message = beijing_.sent.at(0);
    beijing_.events.clear();
    message.state = OutboxState::delivered;
    ASSERT_TRUE(beijing_.ask(DeliveryEnded{message}, {"system", "system", {}}));
    message.state = OutboxState::dead;
    message.key = "ct_of_long_ago";
    ASSERT_TRUE(beijing_.ask(DeliveryEnded{message}, {"system", "system", {}}));
    EXPECT_TRUE(beijing_.events.empty());
}

TEST(TransferRulesTest, decide_whose_call_goes_to_another_city) {
    TransferRules rules;
    rules.levels = {"vip"};
    CustomerRecord vip, plain;
    vip.fields["level"] = "vip";
    plain.fields["level"] = "low";
    EXPECT_TRUE(may_transfer(rules, &vip, true, false));
    EXPECT_FALSE(may_transfer(rules, &vip, false, false)) << "he does not insist";
    EXPECT_FALSE(may_transfer(rules, &plain, true, false));
    EXPECT_FALSE(may_transfer(rules, nullptr, true, false));
    EXPECT_TRUE(may_transfer(rules, &plain, false, true)) << "a supervisor decides";
    rules.policy = TransferRules::Policy::supervisor;
    EXPECT_TRUE(may_transfer(rules, nullptr, false, false)) << "the supervisor has the call first";
    rules.policy = TransferRules::Policy::never;
    EXPECT_EQ(may_transfer(rules, &vip, true, true).error().code, "transfer.not_allowed");
}

}  // namespace
}  // namespace citybridge::desk
