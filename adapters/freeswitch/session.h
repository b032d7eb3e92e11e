#pragma once
// One event-socket connection after another, without socket and clock: bytes
// and times in, bytes, signals and finished commands out. Not thread-safe.
//
// After connecting: auth, subscriptions, a short wait (the tables lag the
// events), lists; then LinkUp, Snapshot, and whatever came meanwhile. The caller
// takes output() after every call and acts on it in this order: write, signals,
// completed, log, close. When the connection ends for whatever reason, also
// because of `close`, it calls on_closed().
//
// Replies carry no id: they come in the order of the commands, so there is one
// queue of what was asked. A command whose time is up keeps its place in it.
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/freeswitch/commands.h"
#include "adapters/freeswitch/dial.h"
#include "adapters/freeswitch/framer.h"
#include "adapters/freeswitch/snapshot.h"
#include "adapters/freeswitch/translate.h"
#include "core/api/backoff.h"
#include "core/api/plugin.h"

namespace citybridge::freeswitch {

struct SessionSettings {
    std::string password;
    std::string user;  // "citybridge@beijing" for userauth; empty: auth
    Millis ping_interval{10'000};
    Millis reply_timeout{5'000};
    Millis reconnect_min{500};
    Millis reconnect_max{30'000};
    Millis refused_retry{60'000};
    CommandSettings commands;
    TranslatorSettings translator;
};

struct LogLine {
    LogLevel level = LogLevel::info;
    std::string code;
    std::string text;
};

struct Output {
    std::string write;
    std::vector<PbxSignal> signals;
    std::vector<Completion> completed;
    std::vector<LogLine> log;
    std::optional<Error> close;  // drop the connection for this reason
};

// Why a connection ended whose last signals nobody took.
inline constexpr std::string_view kStrandFull = "freeswitch.strand_full";

// Signals held back while the snapshot is taken. More: the PBX is so far ahead
// that the snapshot is worth nothing, and the link counts as cut.
inline constexpr std::size_t kMaxHeldSignals = 50'000;
// Commands without an answer at one time.
inline constexpr std::size_t kMaxCommands = 1'000;
// A new channel is in the tables this late (0.2 s seen).
inline constexpr Millis kTableLag{300};

class Session {
public:
    // `seed` makes jitter.
    Session(SessionSettings settings, std::uint64_t seed);

    void on_connected(Now now);
    void on_bytes(std::string_view bytes, Now now);
    void on_tick(Now now);
    // The connection ended or could not be made. Returns when to connect again.
    Millis on_closed(const Error& why, Now now);
    // Earliest time on_tick() has something to do.
    std::optional<MonoTime> next_deadline() const;
    // Finishes every command. Nothing else may follow.
    void stop();

    // Answered at once with link_down while there is no working link.
    void dial(const DialCommand& command, CommandDone done, Now now);
    void hangup(const std::string& channel, CommandDone done, Now now);
    void command(const CallCommand& command, CommandDone done, Now now);
    void set_agent_state(const AgentStateCommand& command, CommandDone done, Now now);

    bool ready() const { return phase_ == Phase::ready; }
    Output take_output();

private:
    enum class Phase { closed, greeting, login, subscribing, settling, snapshot, ready, stopping };
    enum class Asked { login, subscribe, core_uuid, list, ping, job, exists, step, background_step, aside };

    // api commands one after the other; the first that fails is the outcome.
    struct Script {
        std::vector<std::string> commands;
        std::size_t next = 0;
        CommandDone done;
        std::string missing_reason;  // when FreeSWITCH does not know whom it is about
        std::string ends{};          // channel it is to end, and that does
        bool ended = false;
        bool waited = false;  // for an answer that is late; answers come in order, so no question would be faster
        bool finished = false;
    };
    struct Request {
        Asked what = Asked::aside;
        MonoTime deadline{};
        std::string about{};  // job, channel or queue
        Listing listing = Listing::channels;
        std::shared_ptr<Script> script{};
    };

    void handle(const Frame& frame, Now now);
    void handle_event(const Frame& frame, Now now);
    void handle_reply(const Frame& frame, Now now);
    void greeted(Now now);
    void logged_in(const Frame& reply, Now now);
    void start_snapshot(Now now);
    void listed(const Request& request, std::string_view answer, Now now);
    void finish_snapshot(Now now);
    void watch_consultation(const Event& event, Now now);

    void start(std::vector<std::string> commands, std::string missing_reason, CommandDone done, Now now);
    void next_step(const std::shared_ptr<Script>& script, Now now);
    void stepped(const Request& request, std::string_view answer, Now now);
    void finish(Script& script, CommandOutcome outcome, std::string reason);
    void expire(Request& request, Now now);
    void watch_ends(const Event& event);
    void settle_ends(const signal::Snapshot& snapshot);
    void resume_consultations(const signal::Snapshot& snapshot, Now now);
    void put_adrift(Now now);

    void ask(Request request, std::string_view command, Now now);
    void fail(std::string code, std::string detail);
    void log(LogLevel level, std::string code, std::string text);
    void reply(CommandDone done, CommandOutcome outcome, std::string reason);
    void refuse(CommandDone done, const Error& why);
    bool accepts(const CommandDone& done);

    SessionSettings settings_;
    Backoff backoff_;
    Framer framer_;
    Event event_;
    Translator translator_;
    CommandWriter writer_;
    DialBook dials_;

    Phase phase_ = Phase::closed;
    bool link_up_said_ = false;
    bool callcenter_missing_logged_ = false;
    std::optional<MonoTime> phase_deadline_;
    std::optional<MonoTime> next_ping_;
    std::deque<Request> requests_;
    std::size_t lists_open_ = 0;
    std::string pbx_start_;
    std::string seen_core_uuid_;
    std::optional<SnapshotBuilder> builder_;
    std::vector<PbxSignal> held_;
    // Agents' channels whose consultation runs, with the customer who waits.
    std::unordered_map<std::string, std::string> consulting_;
    std::vector<std::shared_ptr<Script>> ending_;  // hang-ups without an outcome
    std::optional<MonoTime> ending_until_;         // while the link is lost
    Output out_;
};

}  // namespace citybridge::freeswitch
