#pragma once
// What agents ask of a live call, from the action to a truthful outcome (P6).
// Sent once, never again. Where the manager's answer only says that the wish was
// taken (consultations are fed to the PBX as keys), the stream shows whether it
// came true; if it does not, the channels are looked at.
//
//   looking_before --> sent --Response--> watching --event--> done
//                       |                    |
//                       +---- time-out ------+--> looking_after --> done
//                       +---- link lost --> adrift --link up--^
//
// A lost answer is told by the event of what was asked for, else by a look at the
// channels; what the PBX lists nowhere (a recording) stays unknown.
//
// What begins or ends a consultation looks first: a hang-up or a key sent to an
// agent who is back with the customer would hit the customer.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/asterisk/action.h"
#include "adapters/asterisk/dial.h"

namespace citybridge::asterisk {

struct CallCommandSettings {
    std::string context = "internal";  // of numbers that are dialled
    std::string prefix;                // put before them
    std::size_t internal_digits = 0;   // numbers no longer than this take no prefix
    std::vector<CallAction> offered{};
    std::string conference_context;    // of rooms; empty: nobody can be invited
    std::string threeway_code = "*3";  // atxferthreeway of features.conf
    std::string recording_folder;      // on the PBX; empty: its own
    std::string recording_format = "wav";
    std::string parking_lot;  // empty: the default one
    Millis park_timeout{45'000};
    Millis reply_timeout{5'000};
};

// Somebody is to be rung into a room; the command's outcome is that of ringing him.
struct Invitation {
    DialCommand dial;
    std::string context;
    std::string room;
    CommandDone done;
    Now now;
};

class CallCommands {
public:
    CallCommands(CallCommandSettings settings, std::string id_prefix)
        : settings_(std::move(settings)), id_prefix_(std::move(id_prefix)) {}

    bool offers(CallAction action) const;
    void start(const CallCommand& command, CommandDone done, Now now);
    void hang_up(const std::string& channel, CommandDone done, Now now);

    bool empty() const { return running_.empty(); }
    std::size_t size() const { return running_.size(); }
    // True: it was for one of these.
    bool on_response(const Message& response, Now now);
    bool on_list_item(const Message& item, Now now);
    // Live events.
    void observe(const Message& event, Now now);
    void on_tick(Now now);
    // What was sent is looked at when the link is back.
    void on_link_down(Now now);
    void on_link_up(Now now);
    // The adapter stops: nobody can say any more.
    void give_up();

    std::optional<MonoTime> next_deadline() const;
    std::string take_text() { return std::exchange(text_, {}); }
    std::vector<Completion> take_completed() { return std::exchange(completed_, {}); }
    std::vector<Invitation> take_invitations() { return std::exchange(invitations_, {}); }

private:
    enum class State { looking_before, sent, watching, looking_after, adrift, done };
    // One channel as the PBX shows it at the moment.
    struct Look {
        std::string id;  // of the action that asks
        bool finished = false;
        bool there = false;
        bool parked = false;
        std::string bridge;
        std::string extension;
    };
    struct Running {
        CallCommand command;
        CommandDone done;
        State state = State::sent;
        MonoTime deadline{};
        std::string action_id;
        std::size_t step = 0;  // of actions that are several
        Look agent{};
        Look customer{};
        std::string bridge;     // the customer's, before
        bool answered = false;  // the PBX took the wish
        bool began = false;     // the PBX heard the feature code
        bool shown = false;     // the stream shows that it came true
        bool consult_ended = false;
        bool link_lost = false;
    };

    static std::string refusal(const CallCommand& command);
    static bool by_keys(const CallCommand& command);
    static bool can_be_seen(const CallCommand& command);
    static bool is_shown_by(const CallCommand& command, const Message& event);
    Action action_for(const Running& running) const;
    std::size_t steps_of(const CallCommand& command) const;
    Millis patience(const CallCommand& command) const;
    std::string number(const CallCommand& command) const;
    std::string next_id() { return id_prefix_ + std::to_string(++last_id_); }

    void look(Running& running, State state, Now now);
    void look_finished(Running& running, Now now);
    void send(Running& running, Now now);
    void took(Running& running, Now now);
    void show(Running& running);
    void judge_after(Running& running);
    bool came_true(const Running& running) const;
    void ask_for(Running& running, Look& look, const std::string& channel);
    void item_of(Running& running, Look& look, const Message& item, Now now);
    void expire(Running& running, Now now);
    void finish(Running& running, CommandOutcome outcome, std::string reason);
    void settle(Running& running);
    void drop_invitations();
    void sweep();

    CallCommandSettings settings_;
    std::string id_prefix_;
    std::uint64_t last_id_ = 0;
    std::vector<Running> running_;
    std::string text_;
    std::vector<Completion> completed_;
    std::vector<Invitation> invitations_;
};

// The stable word for what a manager says when it refuses an action.
std::string reason_of_refusal(std::string_view message);
// The action is not known to this PBX: a module is missing, or it is too old.
bool is_unknown_action(std::string_view message);

}  // namespace citybridge::asterisk
