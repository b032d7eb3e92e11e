// What every link between cities must do, whatever carries it.
#include <gtest/gtest.h>

#include "tests/contract/city_link/world.h"

namespace citybridge::test {
namespace {

struct Kind {
    const char* name;
    std::unique_ptr<World> (*make)();
};

class CityLink : public testing::TestWithParam<Kind> {
protected:
    // Servers take a second to start: the worlds of both links last for all tests, the cities for one.
    static World& world(const Kind& kind) {
        static std::map<std::string, std::unique_ptr<World>> worlds;
        auto& world = worlds[kind.name];
        if (!world) world = kind.make();
        return *world;
    }
    World& world() { return world(GetParam()); }
    Book& hangzhou() { return *world().book("hangzhou"); }
    std::string fresh(const std::string& id) { return unique_ + id; }

    void TearDown() override {
        hangzhou().judge_by({});
        for (const char* city : kCities) world().line(city).set(Line::Mode::open);
        if (HasFailure()) std::cerr << hangzhou().log();
    }

    // Of messages whose id begins with this test's name.
    std::vector<InboundMessage> taken(Book& book) {
        std::vector<InboundMessage> out;
        for (InboundMessage& each : book.taken())
            if (each.id.starts_with(unique_)) out.push_back(std::move(each));
        return out;
    }
    std::set<std::string> different(Book& book) {
        std::set<std::string> out;
        for (const InboundMessage& each : taken(book)) out.insert(each.id);
        return out;
    }

    // What the node shows at /metrics: the cities that something was refused of for this reason.
    using Refused = std::set<std::string>;
    static Refused refusals(const City& city, const std::string& code) {
        Refused out;
        for (const auto& [of, number] : city.refused(code.substr(code.find('.') + 1)))
            if (number > 0) out.insert(of);
        return out;
    }

    const std::string unique_ = std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + '.';
};

TEST_P(CityLink, AMessageArrivesAsItWasAndFromWhoSentIt) {
    const auto far = world().start("hangzhou");
    const auto near = world().start("beijing");
    const OutboxRecord message = city_message(fresh("1"), "beijing", "hangzhou");
    const DeliveryReply reply = near->send_until_done("hangzhou", message);
    ASSERT_EQ(reply.outcome, DeliveryOutcome::delivered) << reply.code << ' ' << reply.detail;
    const auto arrived = taken(hangzhou());
    ASSERT_FALSE(arrived.empty());
    EXPECT_EQ(arrived[0].source, "city:beijing");
    EXPECT_EQ(arrived[0].id, message.id);
    EXPECT_EQ(arrived[0].type, "city_message");
    EXPECT_EQ(arrived[0].sent_at, message.created_at);
    EXPECT_EQ(arrived[0].data.dump(), message.payload);
}

TEST_P(CityLink, IsSpokenInBothDirectionsAndByAllCities) {
    std::vector<std::unique_ptr<City>> cities;
    for (const char* city : kCities) cities.push_back(world().start(city));
    for (std::size_t from = 0; from < cities.size(); ++from)
        for (std::size_t to = 0; to < cities.size(); ++to) {
            if (from == to) continue;
            const std::string id = fresh(std::string(kCities[from]) + '.' + kCities[to]);
            const DeliveryReply reply =
                cities[from]->send_until_done(kCities[to], city_message(id, kCities[from], kCities[to]));
            EXPECT_EQ(reply.outcome, DeliveryOutcome::delivered) << id << ' ' << reply.code << ' ' << reply.detail;
            EXPECT_TRUE(different(*world().book(kCities[to])).contains(id));
        }
}

TEST_P(CityLink, KeepsTheOrderOfAKeyThatIsSentOneAfterTheOther) {
    constexpr int kKeys = 8;
    constexpr int kOfAKey = 6;
    const auto far = world().start("hangzhou");
    const auto near = world().start("beijing");
    std::vector<std::thread> senders;
    senders.reserve(kKeys);
    std::atomic<int> delivered{0};
    for (int key = 0; key < kKeys; ++key)
        senders.emplace_back([&, key] {
            for (int n = 0; n < kOfAKey; ++n) {
                const std::string id = fresh(std::to_string(key) + '.' + std::to_string(n));
                const DeliveryReply reply = near->send_until_done("hangzhou", city_message(id, "beijing", "hangzhou"));
                delivered += reply.outcome == DeliveryOutcome::delivered ? 1 : 0;
            }
        });
    for (std::thread& each : senders) each.join();
    EXPECT_EQ(delivered, kKeys * kOfAKey);
    std::map<std::string, std::vector<std::string>> of_key;
    std::set<std::string> seen;
    for (const InboundMessage& each : taken(hangzhou()))
        if (seen.insert(each.id).second) of_key[each.id.substr(0, each.id.rfind('.'))].push_back(each.id);
    ASSERT_EQ(of_key.size(), static_cast<std::size_t>(kKeys));
    for (const auto& [key, ids] : of_key)
        for (int n = 0; n < kOfAKey; ++n) EXPECT_EQ(ids.at(static_cast<std::size_t>(n)), key + '.' + std::to_string(n));
}

TEST_P(CityLink, ARepetitionIsAnsweredLikeTheFirst) {
    const auto far = world().start("hangzhou");
    const auto near = world().start("beijing");
    OutboxRecord message = city_message(fresh("1"), "beijing", "hangzhou");
    for (; message.attempts < 3; ++message.attempts)
        EXPECT_EQ(near->send_until_done("hangzhou", message).outcome, DeliveryOutcome::delivered);
    EXPECT_EQ(different(hangzhou()).size(), 1U);
}

TEST_P(CityLink, WhatTheFarNodeDoesNotTakeNowIsNotCalledDelivered) {
    const auto far = world().start("hangzhou");
    const auto near = world().start("beijing");
    std::atomic<int> asked{0};
    hangzhou().judge_by([&](const InboundMessage&) -> Result<> {
        if (++asked < 3) return Error{"node.busy", "later"};
        return ok();
    });
    const DeliveryReply reply = near->send_until_done("hangzhou", city_message(fresh("1"), "beijing", "hangzhou"));
    EXPECT_EQ(reply.outcome, DeliveryOutcome::delivered) << reply.code << ' ' << reply.detail;
    EXPECT_GE(asked, 3);
    EXPECT_EQ(different(hangzhou()).size(), 1U);
}

TEST_P(CityLink, WhatTheFarNodeWillNeverTakeComesBackWithItsReason) {
    const auto far = world().start("hangzhou");
    const auto near = world().start("beijing");
    hangzhou().judge_by([](const InboundMessage&) -> Result<> {
        return Error{"hook.not_understood", "protocol 9 is not known here"};
    });
    const DeliveryReply reply = near->send_until_done("hangzhou", city_message(fresh("1"), "beijing", "hangzhou"));
    EXPECT_EQ(reply.outcome, DeliveryOutcome::refused);
    EXPECT_EQ(reply.code, "hook.not_understood");
    EXPECT_EQ(reply.detail, "protocol 9 is not known here");
    // When the far side has been put right a person sends it again.
    hangzhou().judge_by({});
    OutboxRecord again = city_message(fresh("1"), "beijing", "hangzhou");
    again.attempts = 50;
    EXPECT_EQ(near->send_until_done("hangzhou", again).outcome, DeliveryOutcome::delivered);
}

TEST_P(CityLink, AMessageThatNoFarNodeCouldTakeIsRefusedAtOnce) {
    const auto near = world().start("beijing");
    OutboxRecord message = city_message(fresh("1"), "beijing", "hangzhou", (1U << 20U) + 1);
    EXPECT_EQ(near->send("hangzhou", message).get().outcome, DeliveryOutcome::refused);
    message = city_message(fresh("2"), "beijing", "hangzhou");
    message.payload = "no JSON";
    EXPECT_EQ(near->send("hangzhou", message).get().code, "city.bad_message");
}

TEST_P(CityLink, OutlivesAFarNodeThatIsDown) {
    const auto near = world().start("beijing");
    const OutboxRecord message = city_message(fresh("1"), "beijing", "hangzhou");
    auto early = near->send("hangzhou", message);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_TRUE(early.wait_for(std::chrono::seconds(0)) != std::future_status::ready ||
                early.get().outcome == DeliveryOutcome::not_done);
    const auto far = world().start("hangzhou");
    OutboxRecord again = message;
    again.attempts = 1;
    EXPECT_EQ(near->send_until_done("hangzhou", again).outcome, DeliveryOutcome::delivered);
    EXPECT_EQ(different(hangzhou()).size(), 1U);
}

TEST_P(CityLink, OutlivesACutLineAndWhatWasOnItsWay) {
    const auto far = world().start("hangzhou");
    const auto near = world().start("beijing");
    ASSERT_EQ(near->send_until_done("hangzhou", city_message(fresh("0"), "beijing", "hangzhou")).outcome,
              DeliveryOutcome::delivered);
    world().line("hangzhou").set(Line::Mode::cut);
    std::vector<std::thread> senders;
    std::atomic<int> delivered{0};
    for (int n = 1; n <= 8; ++n)
        senders.emplace_back([&, n] {
            const auto message = city_message(fresh(std::to_string(n)), "beijing", "hangzhou");
            delivered += near->send_until_done("hangzhou", message).outcome == DeliveryOutcome::delivered ? 1 : 0;
        });
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    EXPECT_EQ(delivered, 0);
    world().line("hangzhou").set(Line::Mode::open);
    for (std::thread& each : senders) each.join();
    EXPECT_EQ(delivered, 8);
    EXPECT_EQ(different(hangzhou()).size(), 9U);
}

TEST_P(CityLink, OutlivesARestartOfTheNearNode) {
    const auto far = world().start("hangzhou");
    auto near = world().start("beijing");
    std::vector<std::future<DeliveryReply>> lost;
    lost.reserve(50);
    for (int n = 0; n < 50; ++n)
        lost.push_back(near->send("hangzhou", city_message(fresh(std::to_string(n)), "beijing", "hangzhou")));
    near = nullptr;
    near = world().start("beijing");
    for (int n = 0; n < 50; ++n) {
        OutboxRecord message = city_message(fresh(std::to_string(n)), "beijing", "hangzhou");
        message.attempts = 1;
        EXPECT_EQ(near->send_until_done("hangzhou", message).outcome, DeliveryOutcome::delivered);
    }
    EXPECT_EQ(different(hangzhou()).size(), 50U);
}

TEST_P(CityLink, ManyLargeMessagesAtOnceAllArrive) {
    constexpr int kMessages = 1'000;
    const auto far = world().start("hangzhou");
    const auto near = world().start("beijing");
    ASSERT_EQ(near->send_until_done("hangzhou", city_message(fresh("0"), "beijing", "hangzhou")).outcome,
              DeliveryOutcome::delivered);
    std::vector<std::future<DeliveryReply>> replies;
    for (int n = 1; n <= kMessages; ++n)
        replies.push_back(near->send("hangzhou", city_message(fresh(std::to_string(n)), "beijing", "hangzhou", 4'096)));
    int delivered = 0;
    for (int n = 1; n <= kMessages; ++n) {
        OutboxRecord again = city_message(fresh(std::to_string(n)), "beijing", "hangzhou", 4'096);
        again.attempts = 1;
        const bool at_once = replies[static_cast<std::size_t>(n - 1)].get().outcome == DeliveryOutcome::delivered;
        delivered += at_once || near->send_until_done("hangzhou", again).outcome == DeliveryOutcome::delivered ? 1 : 0;
    }
    EXPECT_EQ(delivered, kMessages);
    EXPECT_EQ(different(hangzhou()).size(), kMessages + 1U);
}

TEST_P(CityLink, ASilentCityHoldsBackOnlyItself) {
    const auto far = world().start("hangzhou");
    const auto silent = world().start("nanjing");
    const auto near = world().start("beijing");
    ASSERT_EQ(near->send_until_done("hangzhou", city_message(fresh("0"), "beijing", "hangzhou")).outcome,
              DeliveryOutcome::delivered);
    world().line("nanjing").set(Line::Mode::silent);
    std::vector<std::future<DeliveryReply>> unheard;
    unheard.reserve(20);
    for (int n = 0; n < 20; ++n)
        unheard.push_back(near->send("nanjing", city_message(fresh("n" + std::to_string(n)), "beijing", "nanjing")));
    for (int n = 1; n <= 20; ++n)
        EXPECT_EQ(
            near->send_until_done("hangzhou", city_message(fresh(std::to_string(n)), "beijing", "hangzhou")).outcome,
            DeliveryOutcome::delivered);
    for (auto& each : unheard) EXPECT_EQ(each.get().outcome, DeliveryOutcome::not_done);
}

TEST_P(CityLink, StopsWithinItsGraceWhateverIsOnItsWay) {
    const auto far = world().start("hangzhou");
    const auto near = world().start("beijing");
    world().line("hangzhou").set(Line::Mode::silent);
    std::vector<std::future<DeliveryReply>> unheard;
    unheard.reserve(20);
    for (int n = 0; n < 20; ++n)
        unheard.push_back(near->send("hangzhou", city_message(fresh(std::to_string(n)), "beijing", "hangzhou")));
    near->stop();
    EXPECT_EQ(world().book("beijing")->lines_with("plugin.stop_timeout"), 0U);
}

TEST_P(CityLink, SomebodyElseInACitysNameIsRefusedAndCounted) {
    const auto far = world().start("hangzhou");
    const std::size_t before = hangzhou().lines_with(world().impostor_code());
    world().impostor();
    EXPECT_TRUE(hangzhou().wait([&](const Book& book) { return book.lines_with(world().impostor_code()) > before; }));
    EXPECT_EQ(refusals(*far, world().impostor_code()), (Refused{world().impostor_city()}));
    for (const InboundMessage& each : hangzhou().taken()) EXPECT_NE(each.id, "x.1");
}

TEST_P(CityLink, ACityInAnothersNameIsRefusedAndCounted) {
    const auto far = world().start("hangzhou");
    const std::size_t before = hangzhou().lines_with(world().false_name_code());
    world().false_name();
    EXPECT_TRUE(hangzhou().wait([&](const Book& book) { return book.lines_with(world().false_name_code()) > before; }));
    EXPECT_EQ(refusals(*far, world().false_name_code()), (Refused{"nanjing"}));
    for (const InboundMessage& each : hangzhou().taken()) EXPECT_NE(each.id, "x.2");
}

TEST_P(CityLink, AnAlteredMessageIsRefusedAndCountedAndAReplayedOneIsKnown) {
    const auto far = world().start("hangzhou");
    const std::size_t before = hangzhou().lines_with(world().altered_code());
    world().alter_and_replay();
    EXPECT_TRUE(hangzhou().wait([&](const Book& book) { return book.lines_with(world().altered_code()) > before; }));
    EXPECT_EQ(refusals(*far, world().altered_code()), (Refused{"beijing"}));
    for (const InboundMessage& each : hangzhou().taken()) EXPECT_NE(each.data.value("matter", ""), "altered");
}

INSTANTIATE_TEST_SUITE_P(Links, CityLink, testing::Values(Kind{"https", https_world}, Kind{"nats", nats_world}),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace citybridge::test
