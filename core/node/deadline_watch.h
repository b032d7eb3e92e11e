#pragma once
// The near horizon of open deadlines, in memory; the store has the rest. Pure.
// A deadline may be here although it was settled meanwhile: the desk looks
// again before it acts.
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/api/records.h"

namespace citybridge {

class DeadlineWatch {
public:
    static constexpr Millis kHorizon{3'600'000};
    // Loaded from the store in one go: what a restart after a long outage finds overdue comes in such pieces.
    static constexpr std::size_t kLoad = 4'096;
    // Fired in one batch: a caller waits for no more of them than that.
    static constexpr std::size_t kAtOnce = 512;

    // Rows as committed or loaded.
    void put(const DeadlineRecord& row, WallTime now);
    // Those whose time has come, at most kAtOnce, the earliest first; they are forgotten here.
    std::vector<DeadlineRecord> take_due(WallTime now);
    // Time to load the next stretch from the store: the earliest kLoad up to horizon().
    bool wants_load(MonoTime now) const { return now >= load_again_ || (more_ && rows_.size() < kAtOnce); }
    static WallTime horizon(WallTime now) { return now + kHorizon; }
    // What the store gave, in its order; put here, too.
    void loaded(const std::vector<DeadlineRecord>& rows, Now now);
    void load_failed(MonoTime now);
    // How long until the earliest; nothing if there is none.
    std::optional<Millis> wait(WallTime now) const;
    std::size_t size() const { return rows_.size(); }

private:
    using Key = std::tuple<WallTime, std::string, std::string, std::int64_t>;
    static Key key_of(const DeadlineRecord& row) { return {row.due_at, row.order, row.name, row.n}; }

    std::map<Key, DeadlineRecord> rows_;
    MonoTime load_again_{};
    bool more_ = false;  // the store has rows of the horizon that are not here, all due after `until_`
    WallTime until_ = WallTime::max();
    Key first_{};  // of the last load: if it is the first again, the desk could do nothing with it
};

}  // namespace citybridge
