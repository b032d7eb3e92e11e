#include "tests/unit/host/broken/misbehaving.h"

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/host/broken/fault.h"

namespace citybridge::test {
namespace {

void misbehave(std::string_view step) {
    if (kFault == "throws_in_" + std::string(step))
        throw std::runtime_error("fault on purpose in " + std::string(step));
    if (kFault == "throws_int_in_" + std::string(step)) throw 42;
    while (kFault == "hangs_in_" + std::string(step)) std::this_thread::sleep_for(std::chrono::hours(1));
    if (kFault == "late_in_" + std::string(step)) std::this_thread::sleep_for(std::chrono::milliseconds(400));
}

const std::vector<Setting<Misbehaving::Config>>& table() {
    static const std::vector<Setting<Misbehaving::Config>> rows = {
        {{.name = "greeting", .fallback = "hello", .sentence = "What it says."}, &Misbehaving::Config::greeting},
        {{.name = "secret", .fallback = "fallback-secret", .secret = true, .sentence = "What it keeps."},
         &Misbehaving::Config::secret},
        {{.name = "port",
          .type = SettingType::integer,
          .unit = "",
          .required = true,
          .min = 1,
          .max = 65535,
          .sentence = "Where it goes."},
         &Misbehaving::Config::port},
        {{.name = "refuse_start", .type = SettingType::boolean, .fallback = "false", .sentence = "Says no to start()."},
         &Misbehaving::Config::refuse_start},
    };
    return rows;
}

}  // namespace

Misbehaving::Misbehaving(Host& host) : host_(host) { misbehave("create"); }

Misbehaving::~Misbehaving() { host_.log(LogLevel::info, "test.destroyed", "gone"); }

SettingsDoc Misbehaving::settings() {
    misbehave("settings");
    return describe("A plugin for tests.", table());
}

void Misbehaving::configure(const RawSettings& settings, Problems& problems) {
    misbehave("configure");
    config_ = parse_settings(table(), settings, problems);
    if (config_.greeting == "rude") problems.push_back({settings.where, "greeting must not be rude"});
}

Result<> Misbehaving::start() {
    tell("start");
    misbehave("start");
    if (config_.refuse_start) return Error{"test.refused", "told to refuse"};
    if (kFault == "throws_in_callback") throwing_tick();
    ticker();
    return ok();
}

void Misbehaving::stop(Millis) {
    tell("stop");
    misbehave("stop");
    if (kFault != "forgets_its_timer") host_.lane().cancel(timer_);
}

void Misbehaving::dial(const DialCommand&, CommandDone done) { answer(done); }
void Misbehaving::hangup(const std::string&, CommandDone done) { answer(done); }
void Misbehaving::command(const CallCommand&, CommandDone done) { answer(done); }
void Misbehaving::set_agent_state(const AgentStateCommand&, CommandDone done) { answer(done); }

void Misbehaving::answer(const CommandDone& done) {
    const auto accepted = host_.lane().post([done] { done({CommandOutcome::succeeded, "", ""}); });
    if (!accepted) done({CommandOutcome::failed, "link_down", ""});
}

void Misbehaving::tell(std::string_view what) {
    PbxSignal signal{{}, "", "", signal::AttributeSet{"step", std::string(what)}};
    host_.signal({&signal, 1});
}

void Misbehaving::ticker() {
    timer_ = host_.lane().after(Millis{1}, [this] {
        ticker();
        tell("tick");
    });
}

void Misbehaving::throwing_tick() {
    host_.lane().after(Millis{1}, [this] {
        throwing_tick();
        misbehave("callback");
    });
}

SettingsDoc misbehaving_settings() { return Misbehaving::settings(); }

Plugin* make_misbehaving(Host& host) { return new Misbehaving(host); }

void drop_misbehaving(Plugin* plugin) { delete plugin; }

}  // namespace citybridge::test
