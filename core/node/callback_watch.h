#pragma once
// What the durable strand keeps of callbacks in memory: when which must be
// looked at again, and which dialling is which command or contact. The first is
// the strand's alone; heard() comes from the live strand.
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/api/callbacks.h"
#include "core/api/events.h"
#include "core/relay/callback.h"
#include "core/store/callback_reader.h"

namespace citybridge {

class CallbackWatch {
public:
    static constexpr Millis kHorizon{3'600'000};
    static constexpr std::size_t kLoad = 4'096;
    static constexpr std::size_t kAtOnce = 256;

    // ---- the strand's
    void committed(const std::vector<CallbackRecord>& rows, WallTime now);
    // At start, and then twice an horizon.
    bool wants_load(MonoTime now) const { return now >= load_again_; }
    void loaded(const std::vector<store::CallbackDueRow>& rows, Now now);
    void load_failed(MonoTime now) { load_again_ = now + Millis{1'000}; }
    std::vector<std::string> take_due(WallTime now);
    std::optional<Millis> wait(WallTime now) const;

    // ---- any thread: what became of a dialling, if the event tells it.
    std::optional<relay::CallbackDialEnded> heard(const Event& event);

private:
    struct Dialling {
        std::string task;
        std::string command;
    };
    void put(const std::string& id, const std::optional<WallTime>& due, WallTime now);
    std::optional<relay::CallbackDialEnded> finished(const CommandFinished& result);
    std::optional<relay::CallbackDialEnded> ended(const ContactChanged& change);

    std::map<std::pair<WallTime, std::string>, std::monostate> due_;
    std::map<std::string, WallTime> due_of_;
    MonoTime load_again_{};
    std::mutex mutex_;
    std::map<std::string, Dialling> by_command_;  // guarded by mutex_
    std::map<std::string, Dialling> by_contact_;  // guarded by mutex_
};

}  // namespace citybridge
