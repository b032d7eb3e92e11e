// One plugin with one fault, chosen at compile time: the library is named
// after it. With the fault "well_behaved" it does everything right.
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/api/plugin.h"

namespace {

using namespace citybridge;

constexpr std::string_view kFault = MISBEHAVIOUR;

void misbehave(std::string_view step) {
    if (kFault == "throws_in_" + std::string(step))
        throw std::runtime_error("fault on purpose in " + std::string(step));
    if (kFault == "throws_int_in_" + std::string(step)) throw 42;
    while (kFault == "hangs_in_" + std::string(step)) std::this_thread::sleep_for(std::chrono::hours(1));
    if (kFault == "late_in_" + std::string(step)) std::this_thread::sleep_for(std::chrono::milliseconds(400));
}

struct Config {
    std::string greeting;
    std::string secret;
    std::int64_t port = 0;
    bool refuse_start = false;
};

const std::vector<Setting<Config>>& table() {
    static const std::vector<Setting<Config>> rows = {
        {{.name = "greeting", .fallback = "hello", .sentence = "What it says."}, &Config::greeting},
        {{.name = "secret", .fallback = "fallback-secret", .secret = true, .sentence = "What it keeps."},
         &Config::secret},
        {{.name = "port",
          .type = SettingType::integer,
          .unit = "",
          .required = true,
          .min = 1,
          .max = 65535,
          .sentence = "Where it goes."},
         &Config::port},
        {{.name = "refuse_start", .type = SettingType::boolean, .fallback = "false", .sentence = "Says no to start()."},
         &Config::refuse_start},
    };
    return rows;
}

class Misbehaving final : public Plugin, public PbxAdapter {
public:
    explicit Misbehaving(Host& host) : host_(host) { misbehave("create"); }
    ~Misbehaving() override { host_.log(LogLevel::info, "test.destroyed", "gone"); }

    static SettingsDoc settings() {
        misbehave("settings");
        return describe("A plugin for tests.", table());
    }

    void configure(const RawSettings& settings, Problems& problems) override {
        misbehave("configure");
        config_ = parse_settings(table(), settings, problems);
        if (config_.greeting == "rude") problems.push_back({settings.where, "greeting must not be rude"});
    }

    Result<> start() override {
        tell("start");
        misbehave("start");
        if (config_.refuse_start) return Error{"test.refused", "told to refuse"};
        if (kFault == "throws_in_callback") throwing_tick();
        ticker();
        return ok();
    }

    void stop(Millis) override {
        tell("stop");
        misbehave("stop");
        if (kFault != "forgets_its_timer") host_.lane().cancel(timer_);
    }

    Capabilities offers() override { return {this}; }

    std::vector<CallAction> call_actions() const override { return {CallAction::hangup}; }
    void dial(const DialCommand&, CommandDone done) override { answer(std::move(done)); }
    void hangup(const std::string&, CommandDone done) override { answer(std::move(done)); }
    void command(const CallCommand&, CommandDone done) override { answer(std::move(done)); }
    void set_agent_state(const AgentStateCommand&, CommandDone done) override { answer(std::move(done)); }

private:
    void answer(CommandDone done) {
        const auto accepted = host_.lane().post([done] { done({CommandOutcome::succeeded, "", ""}); });
        if (!accepted) done({CommandOutcome::failed, "link_down", ""});
    }
    void tell(std::string_view what) {
        PbxSignal signal{{}, "", "", signal::AttributeSet{"step", std::string(what)}};
        host_.signal({&signal, 1});
    }
    void ticker() {
        timer_ = host_.lane().after(Millis{1}, [this] {
            ticker();
            tell("tick");
        });
    }
    void throwing_tick() {
        host_.lane().after(Millis{1}, [this] {
            throwing_tick();
            misbehave("callback");
        });
    }

    Host& host_;
    Config config_;
    TimerId timer_ = 0;
};

}  // namespace

CITYBRIDGE_PLUGIN(Misbehaving, MISBEHAVIOUR, "1.2.3");
