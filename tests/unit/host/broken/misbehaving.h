#pragma once
// A plugin with one fault. With the fault "well_behaved" it does everything right.
#include <string>

#include "core/api/plugin.h"

namespace citybridge::test {

class Misbehaving final : public Plugin, public PbxAdapter {
public:
    struct Config {
        std::string greeting;
        std::string secret;
        std::int64_t port = 0;
        bool refuse_start = false;
    };

    explicit Misbehaving(Host& host);
    ~Misbehaving() override;

    static SettingsDoc settings();
    void configure(const RawSettings& settings, Problems& problems) override;
    Result<> start() override;
    void stop(Millis patience) override;
    Capabilities offers() override { return {this}; }

    std::vector<CallAction> call_actions() const override { return {CallAction::hangup}; }
    void dial(const DialCommand& command, CommandDone done) override;
    void hangup(const std::string& channel, CommandDone done) override;
    void command(const CallCommand& command, CommandDone done) override;
    void set_agent_state(const AgentStateCommand& command, CommandDone done) override;

private:
    void answer(const CommandDone& done);
    void tell(std::string_view what);
    void ticker();
    void throwing_tick();

    Host& host_;
    Config config_;
    TimerId timer_ = 0;
};

}  // namespace citybridge::test
