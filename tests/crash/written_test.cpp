// P1 and P2 of the messages that people write: citybridged is killed while they are accepted and sent. What was
// acknowledged is there and goes, a repeated request is the same message, and the customer's claims count each once.
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "tests/crash/rounds.h"
#include "tests/crash/sms_node.h"

namespace citybridge::crash {
namespace {

using Json = nlohmann::json;
using test::Reply;

constexpr int kMessages = 12;

class WrittenRound {
public:
    explicit WrittenRound(const std::string& repeats)
        : node_({repeats, " sms_per_customer_day=\"" + std::to_string(kMessages) + "\"", ""}) {}

    SmsNode& node() { return node_; }
    void begin() {
        node_.start();
        const Reply opened =
            node_.ask("POST", "/v1/orders", "agent1",
                      {{"kind", "data_change"},
                       {"phone", "13800138000"},
                       {"fields", {{"subject", "customer"}, {"item", "email"}, {"new_value", "a@example.com"}}}});
        ASSERT_EQ(opened.status, 201) << opened.body;
        order_ = opened.json().value("id", "");
    }
    // The id of message `n`; asked for under the same key until the node says it, through any number of deaths.
    std::string written(int n, std::mt19937_64& random) {
        for (int life = 0; life < 20; ++life) {
            std::thread killer;
            if (random() % 3 == 0)
                killer = std::thread([this, wait = random() % 6'000] {
                    std::this_thread::sleep_for(std::chrono::microseconds{wait});
                    node_.kill();
                });
            const bool killed = killer.joinable();
            const Reply reply = try_to_write(n);
            if (killed) {
                killer.join();
                ++kills_;
                node_.start();
            }
            if (reply.status == 202) return reply.json().value("id", "");
            EXPECT_TRUE(killed && reply.status == 0) << reply.status << reply.body;
        }
        return {};
    }
    std::string code_of_one_more() { return try_to_write(kMessages).code(); }
    Json messages() { return node_.ask("GET", "/v1/messages?order=" + order_ + "&limit=100", "chief").json()["items"]; }
    static std::string text_of(int n) { return "第" + std::to_string(n + 1) + "条"; }
    int kills() const { return kills_; }

private:
    Reply try_to_write(int n) {
        try {
            return node_.ask("POST", "/v1/messages", "chief", {{"order", order_}, {"text", text_of(n)}},
                             "Idempotency-Key: message-" + std::to_string(n) + "\r\n");
        } catch (const std::exception&) {
            return {};  // it is dead already
        }
    }

    SmsNode node_;
    std::string order_;
    int kills_ = 0;
};

// What the gateway got of each message, by the number the outbox gave it.
std::map<std::string, std::multiset<std::string>> texts_of(const std::vector<Sms>& received) {
    std::map<std::string, std::multiset<std::string>> out;
    for (const Sms& sms : received) out[sms.id].insert(sms.text);
    return out;
}

class KilledWhileWriting : public ::testing::TestWithParam<const char*> {};

TEST_P(KilledWhileWriting, WhatWasAcknowledgedGoesAndIsCountedOnce) {
    const std::string repeats = GetParam();
    std::mt19937_64 random(new_seed("written, " + repeats));
    int kills = 0;
    std::size_t unclear = 0;
    for (std::uint64_t i = 0; i < rounds(); ++i) {
        SCOPED_TRACE("round " + std::to_string(i));
        WrittenRound round(repeats);
        ASSERT_NO_FATAL_FAILURE(round.begin());
        std::vector<std::string> ids;
        for (int n = 0; n < kMessages; ++n) ids.push_back(round.written(n, random));
        kills += round.kills();
        EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), std::size_t{kMessages});
        EXPECT_EQ(round.messages().size(), std::size_t{kMessages}) << "a repeated request made another message";
        EXPECT_EQ(round.code_of_one_more(), "message.budget_of_customer") << "each of them claimed one, and once";

        for (int n = 0; n < kMessages; ++n) {
            const std::string row = ids[static_cast<std::size_t>(n)] + ".sms";
            ASSERT_TRUE(eventually([&] { return round.node().outbox_state(row) != "pending"; })) << round.node().log();
            const std::string state = round.node().outbox_state(row);
            if (state == "possibly_done") ++unclear;
            if (repeats == "dedupes" || state != "possibly_done") {
                EXPECT_EQ(state, "delivered") << row;
            }
            const auto got = texts_of(round.node().received());
            const auto texts = got.find(row);
            if (state == "delivered") {
                ASSERT_NE(texts, got.end()) << "delivered, and the gateway never had it";
            }
            if (texts == got.end()) continue;
            for (const std::string& text : texts->second) EXPECT_EQ(text, WrittenRound::text_of(n));
            if (repeats == "neither") {
                EXPECT_EQ(texts->second.size(), 1U) << "nobody gets it twice by itself";
            }
        }
        EXPECT_EQ(round.node().stop(), 0) << round.node().log();
    }
    EXPECT_GT(kills, 0);
    std::cout << repeats << ": killed " << kills << " times, " << unclear << " messages unclear" << std::endl;
}

INSTANTIATE_TEST_SUITE_P(at, KilledWhileWriting, ::testing::Values("dedupes", "neither"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace citybridge::crash
