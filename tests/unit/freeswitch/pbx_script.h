#pragma once
// A Session with a PBX played by hand, in FreeSWITCH's own framing: replies go
// out in order, time moves only when told.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/freeswitch/session.h"

namespace citybridge::freeswitch {

using Fields = std::vector<std::pair<std::string, std::string>>;

// text/event-plain as FreeSWITCH writes it; values are percent-encoded here.
std::string event_frame(const Fields& fields, std::string_view body = {});
std::string reply_frame(std::string_view text);
std::string api_frame(std::string_view body);

inline constexpr std::string_view kCoreUuid = "bee8782d-2ed6-4df0-b532-65e3ac50e401";

class PbxScript {
public:
    explicit PbxScript(SessionSettings settings = with_password()) : session(std::move(settings), 7) {}

    static SessionSettings with_password();

    void greet() { bytes("Content-Type: auth/request\n\n"); }
    // Up to the accepted subscription.
    void log_in();
    // Everything: logged in, waited, lists answered (empty but for `channels`).
    void make_ready(std::string_view channels = R"({"row_count":0})");
    void answer_lists(std::string_view channels);

    void connect();
    void bytes(std::string_view text);
    void event(const Fields& fields, std::string_view body = {}) { bytes(event_frame(fields, body)); }
    // The end of a job of ours.
    void job_ends(std::string_view job, std::string_view body);
    void pass(Millis time);
    Millis close(const std::string& code);
    CommandDone expect_reply();

    // Commands not looked at yet, oldest first; without their final empty line.
    std::vector<std::string> take_commands() { return std::exchange(commands, {}); }

    template <class T>
    std::vector<T> signals_of() const {
        std::vector<T> out;
        for (const PbxSignal& s : signals) {
            if (const auto* body = std::get_if<T>(&s.body)) out.push_back(*body);
        }
        return out;
    }

    Now now{WallTime(Millis(1'795'289'700'000)), MonoTime(Millis(1'000))};
    Session session;
    std::vector<std::string> commands;
    std::vector<PbxSignal> signals;
    std::vector<CommandReply> replies;
    std::vector<LogLine> log;
    std::optional<Error> closed;

private:
    void collect();
};

}  // namespace citybridge::freeswitch
