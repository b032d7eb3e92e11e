#pragma once
// The plugin under test between a lane, an HTTP client and a node of the test's own.
#include <gtest/gtest.h>

#include "plugins/sms_http/sms_http.h"
#include "tests/support/plugin_host.h"

namespace citybridge::sms_http {

inline const WallTime kNow{std::chrono::seconds(1'551'113'065)};  // 2019-02-25T16:44:25Z

using Settings = std::vector<std::pair<std::string, std::string>>;

inline RawSettings raw(const Settings& settings) {
    RawSettings out{{"city.xml", 3, 5}, {}};
    int line = 4;
    for (const auto& [name, value] : settings) out.settings.push_back({name, value, {"city.xml", line++, 7}});
    return out;
}

inline OutboxRecord message(const std::string& text = "您的验证码123456", const std::string& to = "+8613800000000") {
    OutboxRecord out;
    out.id = "ver_1.1.sms";
    out.order = "ord_1";
    out.payload = nlohmann::json{{"channel", "sms"}, {"to", to}, {"text", text}, {"kind", "verification"}}.dump();
    return out;
}

inline HttpOutcome answered(int status, const std::string& body) {
    HttpOutcome out;
    out.progress = HttpProgress::answered;
    out.status = status;
    out.body = body;
    return out;
}

struct Fixture {
    explicit Fixture(const Settings& settings) {
        host.kept_http.may_reach = [](std::string_view url) {
            return url.starts_with("https://") || url.starts_with("http://127.");
        };
        plugin.configure(raw(settings), problems);
    }
    void deliver(const OutboxRecord& record = message()) {
        plugin.deliver(record, [this](DeliveryReply reply) { replies.push_back(std::move(reply)); });
        host.kept_lane.run();
    }
    tests::PluginHost host{"sms", kNow};
    SmsHttpPlugin plugin{host};
    Problems problems;
    std::vector<DeliveryReply> replies;
};

}  // namespace citybridge::sms_http
