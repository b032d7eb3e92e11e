#pragma once
// The connector on a real lane with real HTTP against a hostile ERP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "core/host/plugin_host.h"
#include "plugins/erp_rest/erp_rest.h"
#include "tests/support/hostile_http_server.h"

namespace citybridge::erp_rest::test {

using citybridge::test::HostileAnswer;
using citybridge::test::HostileHttpServer;
using citybridge::test::ReceivedRequest;
using Kind = HostileAnswer::Kind;

using Given = std::vector<std::pair<std::string, std::string>>;

inline RawSettings raw_settings(const Given& pairs) {
    RawSettings out{{"city.xml", 1, 1}, {}};
    int line = 1;
    for (const auto& [name, value] : pairs) out.settings.push_back({name, value, {"city.xml", ++line, 5}});
    return out;
}

inline OutboxRecord message(const std::string& kind = "open_order") {
    OutboxRecord out;
    out.id = "ord_7.1.erp";
    out.destination = "erp";
    out.key = out.order = "ord_7";
    out.kind = kind;
    out.payload = R"({"action":")" + kind + R"(","order":"ord_7","external_id":null,"note":"三室"})";
    return out;
}

class Erp {
public:
    explicit Erp(Given settings, const HostOptions& options = {}) : host("erp", options), plugin(host) {
        if (std::none_of(settings.begin(), settings.end(), [](const auto& pair) { return pair.first == "url"; }))
            settings.emplace_back("url", server.url("/api/"));
        step([&] {
            plugin.configure(raw_settings(settings), problems);
            const bool started = !problems.empty() || static_cast<bool>(plugin.start());
            EXPECT_TRUE(started);
        });
    }
    Erp(const Erp&) = delete;
    Erp& operator=(const Erp&) = delete;
    ~Erp() {
        step([&] { plugin.stop(Millis(100)); });
        host.shut();
        step([&] { host.quiesce(); });
        host.own_lane().finish(Millis(30'000));
    }

    DeliveryReply deliver(const OutboxRecord& what) {
        auto promise = std::make_shared<std::promise<DeliveryReply>>();
        plugin.deliver(what, [promise](DeliveryReply reply) { promise->set_value(std::move(reply)); });
        return wait(promise->get_future());
    }
    FindReply find(const OutboxRecord& what) {
        auto promise = std::make_shared<std::promise<FindReply>>();
        plugin.find(what, [promise](FindReply reply) { promise->set_value(std::move(reply)); });
        return wait(promise->get_future());
    }
    void step(std::function<void()> work) { host.own_lane().run(std::move(work), Millis(30'000)); }

    HostileHttpServer server;
    Problems problems;
    PluginHost host;
    ErpRestPlugin plugin;

private:
    template <class T>
    static T wait(std::future<T> future) {
        if (future.wait_for(std::chrono::seconds(30)) != std::future_status::ready)
            throw std::runtime_error("no reply within 30 s");
        return future.get();
    }
};

}  // namespace citybridge::erp_rest::test
