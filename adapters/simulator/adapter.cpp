#include "adapters/simulator/adapter.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace citybridge::simulator {
namespace {

constexpr Millis kFirstRetry{200};
constexpr Millis kLongestRetry{5'000};
constexpr Millis kLongestSleep{1'000};

}  // namespace

SettingsDoc SimulatorPlugin::settings() {
    return describe("A PBX with callers and agents invented from a seed, for trying CityBridge without a PBX.",
                    settings_table());
}

void SimulatorPlugin::configure(const RawSettings& settings, Problems& problems) {
    settings_ = read_settings(settings, problems);
}

Result<> SimulatorPlugin::start() {
    if (!settings_.truth_file.empty()) {
        truth_.open(settings_.truth_file, std::ios::app);
        if (!truth_)
            return Error{"simulator.truth_file", "cannot write " + settings_.truth_file +
                                                     "; name a file in a folder that exists and is writable"};
    }
    Config config = engine_config(settings_);
    // Without a reader nothing needs to be remembered: a node runs for weeks.
    if (settings_.truth_file.empty()) config.truth_limit = 0;
    started_ = host_.lane().now();
    pbx_ = std::make_unique<SimulatedPbx>(std::move(config));
    pbx_->start(started_.wall);
    inbox_.open();
    link_up();
    return ok();
}

void SimulatorPlugin::stop(Millis) {
    if (!pbx_) return;
    host_.lane().cancel(timer_);
    pbx_->answer_waiting({CommandOutcome::unknown, "link_down", {}});
    inbox_.close();
    pbx_.reset();
    linked_ = false;
    truth_.close();
}

// Wall time that never jumps: the start, and what the monotonic clock adds.
WallTime SimulatorPlugin::clock() const { return started_.wall + (host_.lane().now().mono - started_.mono); }

void SimulatorPlugin::plan_tick() {
    Millis delay = retry_;
    if (linked_) {
        const auto next = pbx_->next_deadline();
        delay = next ? std::clamp(*next - clock(), Millis{1}, kLongestSleep) : kLongestSleep;
    }
    timer_ = host_.lane().after(delay, [this] { tick(); });
}

void SimulatorPlugin::tick() {
    if (!linked_) return link_up();
    std::vector<PbxSignal> batch = pbx_->advance(clock());
    write_truth();
    if (!batch.empty() && !host_.signal(batch)) return cut_link();
    plan_tick();
}

void SimulatorPlugin::cut_link() {
    // A fact is lost. From here the stream means nothing until the next snapshot.
    linked_ = false;
    retry_ = kFirstRetry;
    host_.log(LogLevel::warning, "simulator.link_cut", "the node could not take the signals; the link starts again");
    plan_tick();
}

void SimulatorPlugin::link_up() {
    const WallTime now = clock();
    signal::Snapshot snapshot = pbx_->snapshot(now);
    pbx_->advance(now);  // all of it is in the snapshot
    write_truth();
    std::vector<PbxSignal> batch;
    if (was_linked_) batch.push_back({now, {}, {}, signal::LinkDown{"the node could not take the signals", false}});
    batch.push_back({now, {}, {}, signal::LinkUp{pbx_->pbx_start()}});
    batch.push_back({now, {}, {}, std::move(snapshot)});
    linked_ = host_.signal(batch);
    was_linked_ = was_linked_ || linked_;
    if (!linked_) retry_ = std::clamp(retry_ * 2, kFirstRetry, kLongestRetry);
    plan_tick();
}

void SimulatorPlugin::write_truth() {
    if (!truth_.is_open()) return;
    for (const auto& call : pbx_->take_truth()) truth_ << to_json(call).dump() << '\n';
    truth_.flush();
}

void SimulatorPlugin::on_lane(CommandDone done, std::function<void(const CommandDone&)> task) {
    inbox_.put(host_.lane(), std::move(done), [this, task = std::move(task)](const CommandDone& handed) {
        if (!linked_) return handed({CommandOutcome::failed, "link_down", {}});
        task(handed);
        // The command's signals go out at once, not at the next deadline.
        host_.lane().cancel(timer_);
        tick();
    });
}

void SimulatorPlugin::dial(const DialCommand& command, CommandDone done) {
    on_lane(std::move(done), [this, command](const CommandDone& answer) { pbx_->dial(command, clock(), answer); });
}

void SimulatorPlugin::hangup(const std::string& channel, CommandDone done) {
    on_lane(std::move(done), [this, channel](const CommandDone& answer) { answer(pbx_->hangup(channel, clock())); });
}

std::vector<CallAction> SimulatorPlugin::call_actions() const {
    using enum CallAction;
    return {hangup,
            hold,
            retrieve,
            transfer,
            consult,
            attended_transfer,
            cancel_consult,
            conference,
            record,
            stop_recording,
            mute_recording,
            unmute_recording,
            park};
}

void SimulatorPlugin::command(const CallCommand& command, CommandDone done) {
    if (command.action == CallAction::hangup) return done({CommandOutcome::not_supported, "not_supported", {}});
    on_lane(std::move(done), [this, command](const CommandDone& answer) { pbx_->command(command, clock(), answer); });
}

void SimulatorPlugin::set_agent_state(const AgentStateCommand& command, CommandDone done) {
    on_lane(std::move(done),
            [this, command](const CommandDone& answer) { answer(pbx_->set_agent_state(command, clock())); });
}

}  // namespace citybridge::simulator
