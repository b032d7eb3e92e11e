#pragma once
// One manager connection after another, without socket and clock: bytes and
// times in, bytes, signals and finished commands out. Not thread-safe.
//
// After connecting: banner, login, event filters, FullyBooted, list answers; then
// LinkUp, Snapshot, and whatever came while the lists were taken. The caller
// takes output() after every call and acts on it in this order: write, signals,
// completed, log, close. When the connection ends for whatever reason, also
// because of `close`, it calls on_closed().
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/asterisk/action.h"
#include "adapters/asterisk/call_commands.h"
#include "adapters/asterisk/dial.h"
#include "adapters/asterisk/framer.h"
#include "adapters/asterisk/members.h"
#include "adapters/asterisk/snapshot.h"
#include "adapters/asterisk/translate.h"
#include "core/api/backoff.h"
#include "core/api/plugin.h"

namespace citybridge::asterisk {

struct SessionSettings {
    std::string user;
    std::string secret;
    bool md5 = true;     // the secret itself does not cross the wire
    bool filter = true;  // ask the PBX to leave out what is not used
    Millis ping_interval{10'000};
    Millis reply_timeout{5'000};
    Millis boot_timeout{300'000};
    Millis reconnect_min{500};
    Millis reconnect_max{30'000};
    Millis refused_retry{60'000};
    std::vector<std::string> queues{};  // an agent logs in to, if his command names none
    DialSettings dial;
    CallCommandSettings calls{};
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

// Signals held back while the snapshot is taken. More: the PBX is so far ahead
// that the snapshot is worth nothing, and the link counts as cut.
inline constexpr std::size_t kMaxHeldSignals = 50'000;
// Commands without an answer at one time.
inline constexpr std::size_t kMaxCommands = 1'000;

class Session {
public:
    // `seed` makes jitter and ActionIDs; two nodes at one PBX need different ones,
    // because answers to Originate are shown to every client.
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
    enum class Phase { closed, banner, login, booting, snapshot, ready, stopping };
    enum class Asked { challenge, login, filter, core_status, rooms, list, ping, channels, member };
    struct Request {
        Asked what;
        MonoTime deadline;
        std::string name;
        CommandDone done;
    };

    void handle(const Message& message, Now now);
    void handle_banner(const Message& message, Now now);
    void handle_response(const Message& message, Now now);
    void handle_event(const Message& message, Now now);
    void handle_list_item(Request& request, const std::string& id, const Message& item, Now now);

    void send_login(std::string_view challenge, Now now);
    void after_login(Now now);
    void start_snapshot(Now now);
    void list_finished(const std::string& id, Now now);
    void finish_snapshot(Now now);
    void look_for_dials(Now now);
    void looked(bool answered, Now now);
    void shut_down(Now now);

    bool answer_setup(const Request& request, const Message& response, Now now);
    void answer_command(Request& request, const Message& response);
    void log_in(const AgentStateCommand& command, CommandDone done, Now now);
    void log_out(const AgentStateCommand& command, CommandDone done, Now now);
    void pause(const AgentStateCommand& command, CommandDone done, Now now);
    void collect();
    void check_rooms(bool there, std::string_view why_not);
    void expire(Request& request, Now now);

    void ask(Asked what, const Action& action, const std::string& id, Now now, CommandDone done = {});
    std::string next_id();
    void fail(std::string code, std::string detail);
    void log(LogLevel level, std::string code, std::string text);
    void reply(CommandDone done, CommandOutcome outcome, std::string reason);

    SessionSettings settings_;
    std::string id_prefix_;
    std::uint64_t last_id_ = 0;
    Backoff backoff_;
    Framer framer_;
    Translator translator_;
    DialBook dials_;
    CallCommands calls_;
    Members members_;

    Phase phase_ = Phase::closed;
    bool link_up_said_ = false;
    bool filter_refusal_logged_ = false;
    bool rooms_there_ = false;  // the context of conference rooms
    std::optional<MonoTime> phase_deadline_;
    std::optional<MonoTime> next_ping_;
    std::unordered_map<std::string, Request> requests_;
    std::size_t lists_open_ = 0;
    std::string pbx_start_;
    std::optional<SnapshotBuilder> builder_;  // of the snapshot
    std::optional<SnapshotBuilder> looking_;  // of a search for lost dials
    std::vector<PbxSignal> held_;
    Output out_;
};

}  // namespace citybridge::asterisk
