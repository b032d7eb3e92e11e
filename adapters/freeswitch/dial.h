#pragma once
// Click to dial, from the job to a truthful outcome (P6). A person is dialled
// once: when an answer is lost, the channel is looked for by the id we gave it;
// nothing is ever sent again.
//
//   sent --BACKGROUND_JOB--> done
//     +-- time-out --> looking --uuid_exists--> done (or waiting for its end again)
//   link lost --> adrift --next snapshot, or the job's event after all--> done
//
// FreeSWITCH refuses a phone that is not registered before anything rings
// (USER_NOT_REGISTERED, no channel is made).
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/freeswitch/event.h"
#include "core/api/capabilities.h"
#include "core/api/signals.h"
#include "core/api/time.h"

namespace citybridge::freeswitch {

struct Completion {
    CommandDone done;
    CommandReply reply;
};

// How long a command waits for the link to come back before nobody can say.
inline constexpr Millis kAdriftWait{60'000};

class DialBook {
public:
    explicit DialBook(Millis reply_timeout) : reply_timeout_(reply_timeout) {}

    void start(std::string channel, std::string job, Millis ring_timeout, CommandDone done, Now now);

    bool empty() const { return dials_.empty(); }
    std::size_t size() const { return dials_.size(); }
    // FreeSWITCH did not take the job.
    void refused(std::string_view job);
    // BACKGROUND_JOB, and the events of the channels we made.
    void observe(const Event& event);
    // Channels to ask uuid_exists for; on_exists() must follow for each.
    std::vector<std::string> on_tick(Now now);
    // nullopt: the PBX would not say.
    void on_exists(std::string_view channel, std::optional<bool> exists, Now now);
    void on_link_down(Now now);
    // The first snapshot after on_link_down().
    void on_snapshot(std::span<const signal::SnapshotChannel> channels, Now now);
    void stop();

    std::optional<MonoTime> next_deadline() const;
    std::vector<Completion> take_completed();

private:
    enum class State { waiting, looking, adrift, done };
    struct Dial {
        State state = State::waiting;
        std::string channel;
        std::string job;
        CommandDone done;
        MonoTime deadline;
        MonoTime last_moment;  // by then FreeSWITCH has given up ringing
        bool up = false;
        std::string cause;  // of its end
    };

    void on_job(const Event& event);
    void finish(Dial& dial, CommandOutcome outcome, std::string reason);
    void conclude(Dial& dial, bool exists, std::string_view missing_reason, Now now);
    void sweep();

    Millis reply_timeout_;
    std::vector<Dial> dials_;
    std::vector<Completion> completed_;
};

}  // namespace citybridge::freeswitch
