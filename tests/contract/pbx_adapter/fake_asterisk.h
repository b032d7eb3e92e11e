#pragma once
// An Asterisk played on loopback: answers and events as recorded (captures 07
// to 17 and FACTS of the manager stream), calls in a small table of its own.
#include <map>
#include <memory>
#include <string>

#include "adapters/asterisk/replay_peer.h"
#include "tests/contract/pbx_adapter/played_pbx.h"

namespace citybridge::contract {

class FakeAsterisk final : public PlayedPbx {
public:
    FakeAsterisk();
    ~FakeAsterisk() override;

private:
    struct Channel {
        std::string name;
        std::string number;
        std::string bridge;
        std::string group;
    };
    using Action = std::map<std::string, std::string>;

    std::string greet() override;
    std::string answer(const std::string& text) override;
    std::string half_a_message() const override { return "Event: Newchannel\r\nPrivilege: call,all\r\nChann"; }
    void begin_again() override;
    std::string on_call(const std::string& name, const Action& action);
    std::string on_member(const std::string& name, const Action& action);
    std::string originate(const Action& action);
    std::string status(const Action& action);
    std::string channels(const Action& action);
    std::string hangup(const Action& action);
    std::string consult(const Action& action);
    std::string back(const Action& action, bool three_way);

    std::string talk(const std::string& id, const std::string& device);
    std::string new_channel(const std::string& id, const std::string& name, const std::string& number,
                            const std::string& group);
    std::string about(const std::string& event, const std::string& id, const std::string& rest = {});
    std::string enter(const std::string& id, const std::string& bridge);
    std::string leave(const std::string& id);
    std::string end(const std::string& id, int cause = 16);
    Channel* find(const Action& action);
    std::string id_of(const Action& action) const;

    std::unique_ptr<asterisk::ReplayPeer> peer_;   // logs in, answers lists that are empty
    std::map<std::string, Channel> channels_;      // by Uniqueid
    std::map<std::string, std::string> consults_;  // whom an agent consults, by his Uniqueid
    int last_ = 0;
    int starts_ = 1;
};

}  // namespace citybridge::contract
