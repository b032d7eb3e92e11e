#pragma once
// A FreeSWITCH played on loopback: replies and events as recorded (captures
// click2dial, click2dial_fail, kill, agent_hold_api, record, three_way,
// transfer_attended_bridge and FACTS of the event socket).
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/freeswitch/replay_replies.h"
#include "tests/contract/pbx_adapter/played_pbx.h"

namespace citybridge::contract {

class FakeFreeSwitch final : public PlayedPbx {
public:
    FakeFreeSwitch();
    ~FakeFreeSwitch() override;

private:
    using Headers = std::vector<std::pair<std::string, std::string>>;
    struct Channel {
        std::string name;
        std::string number;
        bool outbound = true;
        std::string peer;
    };

    std::string greet() override;
    std::string answer(const std::string& command) override;
    std::string half_a_message() const override {
        return "Content-Length: 4000\nContent-Type: text/event-plain\n\nEvent-";
    }
    void begin_again() override;

    std::string api(const std::string& command);
    std::string on_channel(const std::string& verb, std::vector<std::string> words);
    std::string originate(const std::string& command, const std::string& job);
    std::string moved(const std::string& channel, const std::vector<std::string>& words);
    std::string shown() const;

    std::string event(const std::string& name, const Headers& headers, const std::string& body = {});
    std::string about(const std::string& name, const std::string& id, Headers more = {});
    std::string job(const std::string& id, const std::string& body);
    std::string begin(const std::string& id, const std::string& number, const std::string& from = {});
    std::string bridge(const std::string& one, const std::string& other);
    std::string unbridge(const std::string& one);
    std::string end(const std::string& id);
    std::string new_id();
    std::string core_uuid() const { return "5f0d2c1a-0000-4000-8000-00000000000" + std::to_string(starts_); }

    std::unique_ptr<freeswitch::ReplayReplies> replies_;  // logs in, subscribes, lists that are empty
    std::map<std::string, Channel> channels_;
    int last_ = 0;
    int starts_ = 1;
    std::int64_t now_us_ = 1'795'290'000'000'000;
};

}  // namespace citybridge::contract
