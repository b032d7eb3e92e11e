#pragma once
// Click to dial, from the action to a truthful outcome (P6). A person is dialled
// once: when an answer is lost, the channel is looked for by the id we gave it;
// nothing is ever sent again.
//
//   sent --Response--> ringing --OriginateResponse--> done
//     |                  |  \-- failure, phone still there: ending --Hangup--> done
//     +---- time-out ----+--> looking --CoreShowChannels--> done
//   link lost in any of them --> adrift --next snapshot--> done (or ringing again)
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/asterisk/framer.h"
#include "core/api/capabilities.h"
#include "core/api/signals.h"
#include "core/api/time.h"

namespace citybridge::asterisk {

struct Completion {
    CommandDone done;
    CommandReply reply;
};

struct DialSettings {
    std::string context = "internal";
    std::string prefix;     // put before the number
    std::string caller_id;  // shown to both parties; empty: the PBX's own
    Millis reply_timeout{5'000};
    std::size_t internal_digits = 0;  // numbers no longer than this take no prefix
};

// How long a command waits for the link to come back before nobody can say.
inline constexpr Millis kAdriftWait{60'000};

class DialBook {
public:
    explicit DialBook(DialSettings settings) : settings_(std::move(settings)) {}

    // The Originate to send. On error (asterisk.bad_value) `done` has already been given its reply.
    Result<std::string> start(const DialCommand& command, std::string_view action_id, CommandDone done, Now now);
    // Into an extension of another context, as it is.
    Result<std::string> start_into(const DialCommand& command, std::string_view context, std::string_view extension,
                                   std::string_view action_id, CommandDone done, Now now);

    bool empty() const { return dials_.empty(); }
    std::size_t size() const { return dials_.size(); }
    // True: the answer was for one of these dials.
    bool on_response(const Message& response, Now now);
    bool on_originate_response(const Message& event, Now now);
    // Live events of the channels we made.
    void observe(const Message& event, Now now);
    // True: some dials' answers are overdue, CoreShowChannels must be asked and on_channels() called.
    bool on_tick(Now now);
    // All channels there are; nullopt: the PBX would not say.
    void on_channels(std::optional<std::span<const signal::SnapshotChannel>> channels, Now now);
    void on_link_down(Now now);
    // The first snapshot after on_link_down().
    void on_snapshot(std::span<const signal::SnapshotChannel> channels, Now now);
    void stop();

    std::optional<MonoTime> next_deadline() const;
    std::vector<Completion> take_completed();

private:
    enum class State { sent, ringing, ending, looking, adrift, done };
    struct Dial {
        State state = State::sent;
        std::string action_id;
        std::string channel;  // the id we gave it
        CommandDone done;
        MonoTime deadline;         // of the current state
        MonoTime answer_deadline;  // of OriginateResponse
        bool exists = false;       // its channel was seen
        bool up = false;
        std::optional<int> cause;  // Q.850 of its end
        std::string reason;        // of the failure, while ending
    };

    void finish(Dial& dial, CommandOutcome outcome, std::string reason);
    void conclude(Dial& dial, const signal::SnapshotChannel* found, std::string_view missing_reason, Now now);
    void expire(Dial& dial, Now now);
    Dial* by_action(std::string_view action_id);
    void sweep();

    DialSettings settings_;
    std::vector<Dial> dials_;
    std::vector<Completion> completed_;
};

}  // namespace citybridge::asterisk
