#pragma once
// A PBX adapter as a plugin: joins a session, which has neither socket nor
// clock, to a lane's link and timers. Nothing is decided here.
//
// `Protocol` names one PBX's parts: types Session and Config; static functions
// settings(), configure(raw, problems), session_settings(config),
// past_calls(config), call_actions(config); kStrandFull, an error code.
//
// A Session takes on_connected, on_bytes, on_tick, on_closed, dial, hangup,
// command, set_agent_state and stop; after each, take_output() says what to
// write, tell, answer and log, and whether to close.
#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <utility>

#include "core/api/command_inbox.h"
#include "core/api/past_calls.h"
#include "core/api/plugin.h"

namespace citybridge {

template <class Protocol>
class PbxPlugin final : public Plugin, public PbxAdapter {
public:
    using Session = typename Protocol::Session;
    using Config = typename Protocol::Config;

    explicit PbxPlugin(Host& host) : host_(host) {}

    static SettingsDoc settings() { return Protocol::settings(); }

    void configure(const RawSettings& raw, Problems& problems) override {
        config_ = Protocol::configure(raw, problems);
    }
    Capabilities offers() override { return {.pbx = this}; }

    Result<> start() override {
        session_.emplace(Protocol::session_settings(config_), seed());
        past_calls_.emplace(
            host_.lane(), Protocol::past_calls(config_),
            [this](std::span<PbxSignal> signals) { return host_.signal(signals); },
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
        auto rest = session_->take_output();
        session_.reset();
        for (auto& completion : rest.completed) completion.done(std::move(completion.reply));
        inbox_.close();
    }

    std::vector<CallAction> call_actions() const override { return Protocol::call_actions(config_); }

    void dial(const DialCommand& command, CommandDone done) override {
        hand_over(done, [command](Session& session, CommandDone handed, Now now) {
            session.dial(command, std::move(handed), now);
        });
    }
    void hangup(const std::string& channel, CommandDone done) override {
        hand_over(done, [channel](Session& session, CommandDone handed, Now now) {
            session.hangup(channel, std::move(handed), now);
        });
    }
    void command(const CallCommand& command, CommandDone done) override {
        hand_over(done, [command](Session& session, CommandDone handed, Now now) {
            session.command(command, std::move(handed), now);
        });
    }
    void set_agent_state(const AgentStateCommand& command, CommandDone done) override {
        hand_over(done, [command](Session& session, CommandDone handed, Now now) {
            session.set_agent_state(command, std::move(handed), now);
        });
    }

private:
    using Command = std::function<void(Session&, CommandDone, Now)>;
    using Output = decltype(std::declval<Session&>().take_output());

    // A full live strand is asked again this often whether it takes the LinkDown.
    static constexpr Millis kOwedRetry{50};

    static std::uint64_t seed() {
        std::random_device device;
        return (static_cast<std::uint64_t>(device()) << 32U) | device();
    }

    void hand_over(const CommandDone& done, Command command) {
        inbox_.put(host_.lane(), done, [this, command = std::move(command)](const CommandDone& handed) {
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
        auto output = session_->take_output();
        if (link_ && !output.write.empty()) link_->send(output.write);
        Outages::Facts facts = past_calls_->facts_of(output.signals);
        const bool taken = output.signals.empty() || host_.signal(output.signals);
        if (taken) past_calls_->told(std::move(facts));
        tell(output);
        if (output.close) return drop(*output.close);
        if (!taken)
            return drop(
                {std::string(Protocol::kStrandFull), "the live strand takes no more; connecting again for a snapshot"});
        arm();
    }

    void tell(Output& output) {
        for (const auto& line : output.log) host_.log(line.level, line.code, line.text);
        for (auto& completion : output.completed) completion.done(std::move(completion.reply));
    }

    void drop(const Error& why) {
        retire_link();
        host_.log(LogLevel::warning, why.code, why.detail);
        const Millis wait = session_->on_closed(why, host_.lane().now());
        auto output = session_->take_output();
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

}  // namespace citybridge
