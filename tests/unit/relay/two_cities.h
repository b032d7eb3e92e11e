#pragma once
// Two cities' stores in memory, and the callback protocol between them: what
// one says is taken by the other when the test says so.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/relay/callback.h"

namespace citybridge::relay::test {

class OneCity final : public CallbackView {
public:
    OneCity(const std::string& name, const std::string& other) {
        settings.city = name;
        settings.life = name + "1";
        settings.group = "callbacks";
        settings.cities[other] = {"link." + other};
    }

    Result<CallbackDecision> ask(decltype(CallbackInput::what) what, CallbackActor actor = {"lead", true}) {
        auto decision = apply_callback(settings, *this, {std::move(actor), std::move(what)}, now);
        if (!decision) return decision;
        for (const CallbackRecord& row : decision->changes.callback.callbacks) rows[row.id] = row;
        for (const CallbackHistoryRecord& row : decision->changes.callback.history) history.push_back(row);
        for (const CityRecord& row : decision->changes.callback.cities) cities[row.city] = row;
        for (const InboxRecord& row : decision->changes.inbox) inbox.insert(row.source + ' ' + row.id);
        for (const OutboxRecord& row : decision->changes.outbox) outbox.push_back(row);
        return decision;
    }
    Result<CallbackDecision> take(const std::string& from, const OutboxRecord& message) {
        return take(from, message.id, nlohmann::ordered_json::parse(message.payload));
    }
    Result<CallbackDecision> take(const std::string& from, const std::string& id, nlohmann::ordered_json payload) {
        InboundMessage inbound;
        inbound.source = "city:" + from;
        inbound.id = id;
        inbound.type = "city_message";
        inbound.data = std::move(payload);
        return ask(TakeCityMessage{std::move(inbound)});
    }
    // What it said and nobody has taken yet.
    std::vector<OutboxRecord> said() { return std::exchange(outbox, {}); }

    const CallbackRecord* callback(const std::string& id) const override {
        const auto found = rows.find(id);
        return found == rows.end() ? nullptr : &found->second;
    }
    const CityRecord* city(const std::string& id) const override {
        const auto found = cities.find(id);
        return found == cities.end() ? nullptr : &found->second;
    }
    std::vector<const CallbackRecord*> open_callbacks(const std::string& with) const override {
        return callbacks_with(with, false);
    }
    std::vector<const CallbackRecord*> ended_callbacks(const std::string& with) const override {
        return callbacks_with(with, true);
    }
    std::vector<const CallbackRecord*> callbacks_with(const std::string& other, bool ended) const {
        std::vector<const CallbackRecord*> out;
        for (const auto& [id, row] : rows)
            if (row.closed_at.has_value() == ended && far_city(row) == other) out.push_back(&row);
        return out;
    }
    bool inbox_has(const std::string& source, const std::string& id) const override {
        return inbox.contains(source + ' ' + id);
    }
    std::vector<Candidate> candidates(const std::string&) const override { return on_line; }
    WallTime next_opening(WallTime time) const override { return std::max(time, opens); }

    CallbackSettings settings;
    Now now{WallTime{Millis{1'780'000'000'000}}, MonoTime{}};
    std::map<std::string, CallbackRecord> rows;
    std::map<std::string, CityRecord> cities;
    std::vector<CallbackHistoryRecord> history;
    std::set<std::string> inbox;
    std::vector<OutboxRecord> outbox;
    std::vector<Candidate> on_line;
    WallTime opens{};  // closed until then
};

// Both with the other in their directory, and nothing on the way between them.
class TwoCities : public testing::Test {
protected:
    void greet() {
        ASSERT_TRUE(hangzhou_.ask(GreetCity{"beijing"}));
        ASSERT_TRUE(beijing_.ask(GreetCity{"hangzhou"}));
        settle();
    }
    // Until nobody has anything to say.
    void settle() {
        for (int i = 0; i < 10; ++i) {
            for (const OutboxRecord& each : hangzhou_.said()) heard(beijing_, "hangzhou", each);
            for (const OutboxRecord& each : beijing_.said()) heard(hangzhou_, "beijing", each);
        }
        ASSERT_TRUE(hangzhou_.outbox.empty());
        ASSERT_TRUE(beijing_.outbox.empty());
    }
    virtual void heard(OneCity& by, const char* from, const OutboxRecord& message) {
        ASSERT_TRUE(by.take(from, message)) << message.id;
    }

    OneCity beijing_{"beijing", "hangzhou"};
    OneCity hangzhou_{"hangzhou", "beijing"};
};

}  // namespace citybridge::relay::test
