#pragma once
// The simulator as a plugin: the engine on the lane's real time.
#include <fstream>
#include <memory>

#include "adapters/simulator/engine.h"
#include "adapters/simulator/settings.h"
#include "core/api/command_inbox.h"
#include "core/api/plugin.h"

namespace citybridge::simulator {

class SimulatorPlugin final : public Plugin, public PbxAdapter {
public:
    explicit SimulatorPlugin(Host& host) : host_(host) {}

    static SettingsDoc settings();
    void configure(const RawSettings& settings, Problems& problems) override;
    Result<> start() override;
    void stop(Millis grace) override;
    Capabilities offers() override { return {this}; }

    std::vector<CallAction> call_actions() const override;
    void dial(const DialCommand& command, CommandDone done) override;
    void hangup(const std::string& channel, CommandDone done) override;
    void command(const CallCommand& command, CommandDone done) override;
    void set_agent_state(const AgentStateCommand& command, CommandDone done) override;

private:
    // Lane thread only, like everything below.
    WallTime clock() const;
    void on_lane(CommandDone done, std::function<void(const CommandDone&)> task);
    void tick();
    void plan_tick();
    void link_up();
    void cut_link();
    void write_truth();

    Host& host_;
    Settings settings_;
    std::unique_ptr<SimulatedPbx> pbx_;  // set between start and stop
    Now started_{};
    bool linked_ = false;
    bool was_linked_ = false;
    Millis retry_{0};
    TimerId timer_ = 0;
    CommandInbox inbox_;
    std::ofstream truth_;
};

}  // namespace citybridge::simulator
