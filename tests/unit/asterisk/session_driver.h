#pragma once
// A Session with a PBX played by hand: what it writes is split into actions,
// answers are given by action name, time moves only when told.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/asterisk/session.h"

namespace citybridge::asterisk {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string message(const Fields& fields);

class SessionDriver {
public:
    explicit SessionDriver(SessionSettings settings = {}) : session(std::move(settings), 7) {}

    // Up to and including the accepted login.
    void log_in();
    // Everything: booted, lists answered empty.
    void make_ready();
    void boot() { event({{"Event", "FullyBooted"}, {"Status", "Fully Booted"}}); }
    // Answers every unanswered setup action: CoreStatus, Filter, empty lists.
    void answer_lists();

    void bytes(std::string_view text);
    void event(const Fields& fields) { bytes(message(fields)); }
    // Answers the oldest unanswered action of this name; the test fails if there is none.
    void answer(const std::string& action, const std::string& status, Fields rest = {});
    void finish_list(const std::string& action, const std::vector<Fields>& items);
    void pass(Millis time);
    Millis close(const std::string& code);

    bool asked(const std::string& action) const { return !waiting(action).empty(); }
    std::string id_of(const std::string& action) const;
    // Fields of the last action written with this name.
    std::string sent(const std::string& action, const std::string& key) const;
    std::size_t count(const std::string& action) const;
    CommandDone expect_reply();

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
    std::vector<PbxSignal> signals;
    std::vector<CommandReply> replies;
    std::vector<LogLine> log;
    std::optional<Error> closed;
    std::string written;  // everything, as sent

private:
    std::string waiting(const std::string& action) const;
    void collect();

    std::vector<std::pair<std::string, std::string>> actions_;  // name, text
    std::vector<std::string> answered_;                         // ActionIDs
};

}  // namespace citybridge::asterisk
