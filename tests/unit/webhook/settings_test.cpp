#include "plugins/webhook/settings.h"

#include <gtest/gtest.h>

#include "tests/unit/webhook/signed_at.h"

namespace citybridge::webhook {
namespace {

using namespace std::chrono_literals;

constexpr const char* kOther = "whsec_b2xkIHNlY3JldCBvZiB0aGUgZXJwLCAyNCBieXRlcw==";

using Values = std::vector<std::pair<std::string, std::string>>;

// The plugin's element stands in line 3, its settings from line 4 on.
RawSettings raw(const Values& values) {
    RawSettings out{{"city.xml", 3, 5}, {}};
    int line = 4;
    for (const auto& [name, value] : values) out.settings.push_back({name, value, {"city.xml", line++, 7}});
    return out;
}

Config good(const Values& values) {
    Problems problems;
    Config config = read_config(raw(values), problems);
    for (const Problem& problem : problems) ADD_FAILURE() << to_string(problem);
    return config;
}

std::string only_problem(const Values& values) {
    Problems problems;
    read_config(raw(values), problems);
    EXPECT_EQ(problems.size(), 1U);
    std::string all;
    for (const Problem& problem : problems) all += to_string(problem);
    return all;
}

#define EXPECT_STARTS_WITH(text, start) EXPECT_EQ((text).find(start), 0U) << (text)

TEST(WebhookSettings, MakeADestinationOfUrlAndSecretAlone) {
    const Config config = good({{"url", "https://erp.example/h"}, {"secret", kSecret}});
    ASSERT_TRUE(config.destination);
    EXPECT_FALSE(config.door);
    EXPECT_EQ(config.destination->url, "https://erp.example/h");
    EXPECT_EQ(config.destination->keys.size(), 1U);
    EXPECT_EQ(config.destination->timeout, Millis(20s));
    const DeliveryTraits& traits = config.destination->traits;
    EXPECT_EQ(traits.repeats, Repeats::dedupes);
    EXPECT_EQ(traits.connections, 4U);
    EXPECT_DOUBLE_EQ(traits.jitter, 0.2);
    EXPECT_EQ(traits.far_timeout, Millis(30s));
    EXPECT_EQ(traits.events, std::vector<std::string>{"order.*"});
    // The specification's example schedule.
    EXPECT_EQ(traits.schedule, (std::vector<Millis>{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h}));
}

TEST(WebhookSettings, MakeADoorOfAReceiveSecretAlone) {
    const Config config = good({{"receive_secret", kSecret}});
    EXPECT_FALSE(config.destination);
    ASSERT_TRUE(config.door);
    EXPECT_EQ(config.door->keys.size(), 1U);
    EXPECT_EQ(config.door->tolerance, 300s);
}

TEST(WebhookSettings, TakeAllThatCanBeSaid) {
    const Config config = good({{"url", "http://127.0.0.1:9/"},
                                {"secret", kSecret},
                                {"old_secret", kOther},
                                {"events", "contact.ended, order.*, *"},
                                {"retry_schedule", "200ms, 1s"},
                                {"jitter_percent", "0"},
                                {"connections", "64"},
                                {"timeout_ms", "1500"},
                                {"far_timeout_ms", "0"},
                                {"repeats", "neither"},
                                {"ca_file", "erp.pem"},
                                {"receive_secret", kOther},
                                {"receive_old_secret", kSecret},
                                {"receive_tolerance_s", "60"}});
    EXPECT_EQ(config.destination->keys.size(), 2U);
    EXPECT_EQ(config.destination->ca_file, "erp.pem");
    EXPECT_EQ(config.destination->timeout, Millis(1500));
    EXPECT_EQ(config.destination->traits.repeats, Repeats::neither);
    EXPECT_EQ(config.destination->traits.connections, 64U);
    EXPECT_DOUBLE_EQ(config.destination->traits.jitter, 0.0);
    EXPECT_EQ(config.destination->traits.far_timeout, Millis(0));
    EXPECT_EQ(config.destination->traits.schedule, (std::vector<Millis>{200ms, 1s}));
    EXPECT_EQ(config.destination->traits.events, (std::vector<std::string>{"contact.ended", "order.*", "*"}));
    EXPECT_EQ(config.door->keys.size(), 2U);
    EXPECT_EQ(config.door->tolerance, 60s);
}

TEST(WebhookSettings, SignWithTheNewSecretFirst) {
    const Config config = good({{"old_secret", kOther}, {"secret", kSecret}, {"url", "https://x"}});
    EXPECT_TRUE(config.destination->keys[0].same_secret(*SigningKey::parse(kSecret)));
    EXPECT_TRUE(config.destination->keys[1].same_secret(*SigningKey::parse(kOther)));
}

TEST(WebhookSettings, MayNameNoEvents) {
    EXPECT_TRUE(good({{"url", "https://x"}, {"secret", kSecret}, {"events", ""}}).destination->traits.events.empty());
}

TEST(WebhookSettings, MustSayWhatTheConnectorIsFor) {
    EXPECT_STARTS_WITH(only_problem({}), "city.xml:3:5: give url and secret");
    EXPECT_STARTS_WITH(only_problem({{"events", "*"}}), "city.xml:3:5: give url and secret");
}

TEST(WebhookSettings, MustBeWhole) {
    EXPECT_STARTS_WITH(only_problem({{"url", "https://x"}}), "city.xml:3:5: secret is needed");
    EXPECT_STARTS_WITH(only_problem({{"secret", kSecret}}), "city.xml:3:5: url is missing");
    EXPECT_STARTS_WITH(only_problem({{"old_secret", kSecret}, {"receive_secret", kSecret}}),
                       "city.xml:3:5: url is missing");
    EXPECT_STARTS_WITH(only_problem({{"receive_old_secret", kSecret}}), "city.xml:3:5: receive_secret is missing");
}

TEST(WebhookSettings, SayWhichSecretIsWrongWithoutShowingIt) {
    for (const char* name : {"secret", "old_secret", "receive_secret", "receive_old_secret"}) {
        Values values{{"url", "https://x"}, {"secret", kSecret}, {"receive_secret", kSecret}};
        std::erase_if(values, [&](const auto& value) { return value.first == name; });
        values.insert(values.begin(), {name, "hunter2hunter2"});
        const std::string problem = only_problem(values);
        EXPECT_STARTS_WITH(problem, "city.xml:4:7: " + std::string(name) + " must be \"whsec_\"");
        EXPECT_EQ(problem.find("hunter2"), std::string::npos);
    }
}

TEST(WebhookSettings, NoticeARotationThatDoesNotRotate) {
    EXPECT_STARTS_WITH(only_problem({{"url", "https://x"}, {"secret", kSecret}, {"old_secret", kSecret}}),
                       "city.xml:6:7: old_secret is the same");
    EXPECT_STARTS_WITH(only_problem({{"receive_secret", kSecret}, {"receive_old_secret", kSecret}}),
                       "city.xml:5:7: receive_old_secret is the same");
}

TEST(WebhookSettings, RefuseEventsThatNameNothing) {
    for (const char* events : {"order", "order.", ".opened", "Order.*", "order.*.x", "order.op*", "**", "*.opened"})
        EXPECT_STARTS_WITH(only_problem({{"url", "https://x"}, {"secret", kSecret}, {"events", events}}),
                           "city.xml:6:7: events has \"" + std::string(events) + "\"");
}

TEST(WebhookSettings, RefuseASchedule) {
    for (const char* schedule : {"", "5", "5s,,1m", "soon", "0s"})
        EXPECT_STARTS_WITH(only_problem({{"url", "https://x"}, {"secret", kSecret}, {"retry_schedule", schedule}}),
                           "city.xml:6:7: retry_schedule");
}

TEST(WebhookSettings, RefuseValuesOutOfRange) {
    for (const auto& [name, value] : Values{{"connections", "0"},
                                            {"connections", "257"},
                                            {"timeout_ms", "0"},
                                            {"jitter_percent", "101"},
                                            {"repeats", "findable"},
                                            {"receive_tolerance_s", "0"},
                                            {"far_timeout_ms", "-1"}})
        EXPECT_STARTS_WITH(only_problem({{"url", "https://x"}, {"secret", kSecret}, {name, value}}),
                           "city.xml:6:7: " + name);
}

TEST(WebhookSettings, SayEveryProblemAtOnce) {
    Problems problems;
    read_config(
        raw({{"url", "https://x"}, {"secret", "x"}, {"events", "?"}, {"retry_schedule", "?"}, {"receive_secret", "y"}}),
        problems);
    EXPECT_EQ(problems.size(), 4U);
}

TEST(WebhookSettings, MarkEverySecretAsOne) {
    for (const SettingDoc& doc : settings_doc().settings)
        EXPECT_EQ(doc.secret, doc.name.find("secret") != std::string::npos) << doc.name;
}

}  // namespace
}  // namespace citybridge::webhook
