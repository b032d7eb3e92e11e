#pragma once
// citybridged with an SMS gateway that does as it is told, to be killed and started again on the same files.
#include <map>
#include <memory>

#include "tests/crash/daemon.h"
#include "tests/support/hostile_http_server.h"
#include "tests/unit/gateway/test_client.h"
#include "tools/support/temp_folder.h"

namespace citybridge::crash {

// As the gateway got it.
struct Sms {
    std::string id;
    std::string to;
    std::string text;
};

class SmsNode {
public:
    struct Setup {
        std::string repeats;  // of sms_http: "dedupes", "neither"
        std::string more_desk;
        std::string more_plugins;
    };
    explicit SmsNode(const Setup& setup);

    // Throws when it does not come up. Users: agent1, chief (supervisor), admin; passwords equal names.
    void start();
    void kill() { daemon_->kill_hard(); }
    int stop() { return daemon_->stop(); }
    std::string log() const { return daemon_->log(); }
    test::HostileHttpServer& gateway() { return gateway_; }

    test::Reply ask(const std::string& method, const std::string& target, const std::string& user,
                    const nlohmann::json& body = nullptr, const std::string& headers = {});
    std::string outbox_state(const std::string& message);
    std::vector<Sms> received() const;

private:
    void write_configuration(const Setup& setup) const;

    TempFolder folder_{"citybridge-sms"};
    test::HostileHttpServer gateway_;
    std::unique_ptr<Daemon> daemon_;
    std::uint16_t port_ = 0;
    int life_ = 0;
    std::map<std::string, std::string> tokens_;
};

// True as soon as it is; false after half a minute.
bool eventually(const std::function<bool()>& condition);

}  // namespace citybridge::crash
