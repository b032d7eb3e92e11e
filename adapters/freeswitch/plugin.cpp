// The FreeSWITCH adapter as a plugin: joins the session, which has neither socket
// nor clock, to a lane's link and timers. Nothing is decided here.
#include "core/api/plugin.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <utility>

#include "adapters/freeswitch/cdr_settings.h"
#include "adapters/freeswitch/session.h"
#include "adapters/freeswitch/settings.h"
#include "core/api/command_inbox.h"
#include "core/api/past_calls.h"

namespace citybridge::freeswitch {
namespace {

// A full live strand is asked again this often whether it takes the LinkDown.
constexpr Millis kOwedRetry{50};

std::uint64_t random_seed() {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

class FreeswitchPlugin final : public Plugin, public PbxAdapter {
public:
    explicit FreeswitchPlugin(Host& host) : host_(host) {}

    static SettingsDoc settings() { return settings_doc(); }

    void configure(const RawSettings& raw, Problems& problems) override { config_ = parse_config(raw, problems); }
    Capabilities offers() override { return {.pbx = this}; }

    Result<> start() override {
        session_.emplace(session_settings(config_), random_seed());
        past_calls_.emplace(
            host_.lane(), past_calls_settings(config_), [this](std::span<PbxSignal> signals) { return host_.signal(signals); },
            [this](LogLevel level, std::string_view code, std::string_view text) { host_.log(level, code, text); });
        inbox_.open();
        connect();
        return ok();
    }

    void stop(Millis) override {
        if (!session_) return;
        link_.reset();
        retired_.reset();
        past_calls_.reset();
        for (const TimerId timer : {tick_timer_, wait_timer_, retire_timer_}) host_.lane().cancel(timer);
        session_->stop();
        Output rest = session_->take_output();
        session_.reset();
        for (Completion& completion : rest.completed) completion.done(std::move(completion.reply));
        inbox_.close();
    }

    std::vector<CallAction> call_actions() const override {
        return CommandWriter(session_settings(config_).commands).call_actions();
    }

    void dial(const DialCommand& command, CommandDone done) override {
        hand_over(std::move(done), [command](Session& session, CommandDone handed, Now now) {
            session.dial(command, std::move(handed), now);
        });
    }
    void hangup(const std::string& channel, CommandDone done) override {
        hand_over(std::move(done), [channel](Session& session, CommandDone handed, Now now) {
            session.hangup(channel, std::move(handed), now);
        });
    }
    void command(const CallCommand& command, CommandDone done) override {
        hand_over(std::move(done), [command](Session& session, CommandDone handed, Now now) {
            session.command(command, std::move(handed), now);
        });
    }
    void set_agent_state(const AgentStateCommand& command, CommandDone done) override {
        hand_over(std::move(done), [command](Session& session, CommandDone handed, Now now) {
            session.set_agent_state(command, std::move(handed), now);
        });
    }

private:
    using Command = std::function<void(Session&, CommandDone, Now)>;

    void hand_over(CommandDone done, Command command) {
        inbox_.put(host_.lane(), std::move(done), [this, command = std::move(command)](const CommandDone& handed) {
            command(*session_, handed, host_.lane().now());
            act();
        });
    }

    void connect() {
        LinkOptions options;
        options.host = config_.host;
        options.port = static_cast<std::uint16_t>(config_.port);
        options.connect_timeout = Millis(config_.connect_timeout_ms);
        LinkCallbacks callbacks;
        // A link that was given up may still call until it is destroyed.
        const auto mine = ++generation_;
        callbacks.opened = [this, mine] {
            if (mine == generation_) with_session([](Session& s, Now now) { s.on_connected(now); });
        };
        callbacks.received = [this, mine](std::string_view bytes) {
            if (mine != generation_) return;
            past_calls_->heard();
            with_session([bytes](Session& s, Now now) { s.on_bytes(bytes, now); });
        };
        callbacks.closed = [this, mine](const Error& why) {
            if (mine == generation_) drop(why);
        };
        link_ = host_.lane().connect(options, std::move(callbacks));
    }

    template <class Step>
    void with_session(Step step) {
        step(*session_, host_.lane().now());
        act();
    }

    // Carries out what the session wants, in the order it promises.
    void act() {
        Output output = session_->take_output();
        if (link_ && !output.write.empty()) link_->send(output.write);
        Outages::Facts facts = past_calls_->facts_of(output.signals);
        const bool taken = output.signals.empty() || host_.signal(output.signals);
        if (taken) past_calls_->told(std::move(facts));
        tell(output);
        if (output.close) return drop(*output.close);
        if (!taken)
            return drop({"freeswitch.strand_full", "the live strand takes no more; connecting again for a snapshot"});
        arm();
    }

    void tell(Output& output) {
        for (const LogLine& line : output.log) host_.log(line.level, line.code, line.text);
        for (Completion& completion : output.completed) completion.done(std::move(completion.reply));
    }

    void drop(const Error& why) {
        retire_link();
        host_.log(LogLevel::warning, why.code, why.detail);
        const Millis wait = session_->on_closed(why, host_.lane().now());
        Output output = session_->take_output();
        past_calls_->told(past_calls_->facts_of(output.signals));
        std::move(output.signals.begin(), output.signals.end(), std::back_inserter(owed_));
        tell(output);
        connect_at_ = host_.lane().now().mono + wait;
        settle();
        arm();
    }

    // This may run inside one of the link's own callbacks, so it is destroyed later.
    void retire_link() {
        ++generation_;
        if (!link_) return;
        retired_ = std::move(link_);
        host_.lane().cancel(retire_timer_);
        retire_timer_ = host_.lane().after(Millis(0), [this] { retired_.reset(); });
    }

    // The end of the old link must be told before anything of a new one is.
    void settle() {
        host_.lane().cancel(wait_timer_);
        if (!owed_.empty() && host_.signal(owed_)) owed_.clear();
        const Millis wait = std::max(connect_at_ - host_.lane().now().mono, Millis(0));
        if (owed_.empty()) {
            wait_timer_ = host_.lane().after(wait, [this] { connect(); });
        } else {
            wait_timer_ = host_.lane().after(kOwedRetry, [this] { settle(); });
        }
    }

    void arm() {
        host_.lane().cancel(tick_timer_);
        tick_timer_ = 0;
        const auto deadline = session_->next_deadline();
        if (!deadline) return;
        const Millis wait = std::max(*deadline - host_.lane().now().mono, Millis(0));
        tick_timer_ = host_.lane().after(wait, [this] { with_session([](Session& s, Now now) { s.on_tick(now); }); });
    }

    Host& host_;
    Config config_;
    std::optional<Session> session_;
    CommandInbox inbox_;
    std::optional<PastCalls> past_calls_;
    std::unique_ptr<Link> link_;
    std::unique_ptr<Link> retired_;
    std::uint64_t generation_ = 0;  // of the link whose callbacks count
    MonoTime connect_at_{};
    std::vector<PbxSignal> owed_;  // of a link that ended, not taken yet
    TimerId tick_timer_ = 0;
    TimerId wait_timer_ = 0;
    TimerId retire_timer_ = 0;
};

}  // namespace
}  // namespace citybridge::freeswitch

CITYBRIDGE_PLUGIN(citybridge::freeswitch::FreeswitchPlugin, "freeswitch", "0.1.0");
