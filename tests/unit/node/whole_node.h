#pragma once
// A whole node in this process: SQLite in a folder of its own, plugins as built,
// the simulator as its PBX, an ERP on loopback that does as it is told.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "core/node/node.h"
#include "tests/support/hostile_http_server.h"
#include "tests/unit/gateway/test_client.h"

namespace citybridge::test {

// Users of the file: agent1 (SIM/1001), agent2 (SIM/1002), lead, chief (supervisor), quality, admin, erp.
// Passwords equal names; the erp's token is "erp-token".
class WholeNode : public testing::Test {
protected:
    WholeNode();
    ~WholeNode() override;

    // What goes into the configuration; before begin().
    struct Setup {
        std::string city = "beijing";
        int callers_per_minute = 0;
        std::string follow_up_after = "2h";  // of the flow's first follow-up, in business time, which is all day long
        std::string retry_schedule = "20ms, 20ms, 20ms, 1h";
        std::string busy_timeout_ms = "10000";
        bool with_erp = true;                 // the connector the flow sends to
        std::string directory;                // empty: the shipped one
        std::string more_desk;                // attributes of <desk>
        std::vector<std::string> more_flows;  // shipped ones, besides sales_lead
        std::string more_plugins;
        std::string more_sections;
        std::string calendar =
            "<calendar zone=\"Asia/Shanghai\"><week days=\"mon tue wed thu fri sat sun\" "
            "open=\"00:00-24:00\"/></calendar>";
        std::string pbx_settings;  // more elements of the simulator's
    };
    Setup setup_;
    // Starts a node on what is in the folder; again after end(). Throws when it does not start: a test must not go on.
    void begin();
    void end();
    void restart();

    Reply ask(const std::string& method, const std::string& target, const std::string& user = "admin",
              const nlohmann::json& body = nullptr, const std::string& headers = {});
    std::string token_of(const std::string& user);
    // Connected, and with its snapshot read.
    std::unique_ptr<StreamClient> stream_of(const std::string& user);
    // The next event of this type on the stream; null if the stream ends first.
    static nlohmann::json next_of(StreamClient& stream, const std::string& type);

    // True as soon as it is; false after 30 s.
    static bool eventually(const std::function<bool()>& condition);
    nlohmann::json open_order(const std::string& user = "agent1", const std::string& phone = "13800138000");
    nlohmann::json order(const std::string& id) { return ask("GET", "/v1/orders/" + id).json(); }
    nlohmann::json history(const std::string& id);
    bool wait_for_state(const std::string& message, const std::string& state);
    // A signed message of the ERP (Standard Webhooks).
    Reply hook(const std::string& id, const nlohmann::json& message, const std::string& connector = "erp_hooks");

    Node& node() { return *node_; }
    std::string folder() const { return folder_; }
    std::string store_path() const { return folder_ + "/node.db"; }
    std::size_t erp_requests(const std::string& path) const;

    HostileHttpServer erp_;

private:
    std::string write(const std::string& name, const std::string& text) const;
    std::string erp_element() const;
    void write_configuration() const;

    std::string folder_;
    std::unique_ptr<Node> node_;
    std::map<std::string, std::string> tokens_;
};

}  // namespace citybridge::test
