#include "core/node/plugin_state.h"

#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

namespace citybridge {
namespace {

std::string text_of_metrics(const prometheus::Registry& registry) {
    return prometheus::TextSerializer().Serialize(registry.Collect());
}

TEST(PluginMetrics, CountWarningsAndErrorsByTheirCode) {
    prometheus::Registry registry;
    PluginMetrics metrics(registry);
    metrics.said("sms", LogLevel::info, "smpp.bound");
    EXPECT_EQ(text_of_metrics(registry).find("citybridge_plugin_troubles_total"), std::string::npos);
    metrics.said("sms", LogLevel::error, "smpp.bind_refused");
    metrics.said("sms", LogLevel::error, "smpp.bind_refused");
    metrics.said("mail", LogLevel::warning, "email.read_failed");
    const std::string text = text_of_metrics(registry);
    EXPECT_NE(text.find(R"({code="smpp.bind_refused",level="error",plugin="sms"} 2)"), std::string::npos) << text;
    EXPECT_NE(text.find(R"({code="email.read_failed",level="warning",plugin="mail"} 1)"), std::string::npos) << text;
}

TEST(PluginMetrics, DoNotGrowByCodesThatAPluginInvents) {
    prometheus::Registry registry;
    PluginMetrics metrics(registry);
    for (int i = 0; i < 1'000; ++i) metrics.said("odd", LogLevel::error, "odd." + std::to_string(i));
    const std::string text = text_of_metrics(registry);
    EXPECT_NE(text.find(R"(code="other")"), std::string::npos);
    EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 80);
}

TEST(PluginJson, SaysWhatAnInstanceSaidLast) {
    InstanceInfo info;
    info.name = "mail";
    EXPECT_TRUE(plugin_json(info)["last_said"].is_null());
    info.last_said = Said{LogLevel::error, "email.login_refused", "535 5.7.8 no", WallTime{Millis{1'795'000'000'000}}};
    const auto said = plugin_json(info)["last_said"];
    EXPECT_EQ(said["level"], "error");
    EXPECT_EQ(said["code"], "email.login_refused");
    EXPECT_EQ(said["text"], "535 5.7.8 no");
    EXPECT_EQ(said["at"], "2026-11-18T11:06:40.000Z");
}

}  // namespace
}  // namespace citybridge
