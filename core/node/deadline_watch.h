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
    static constexpr std::size_t kAtOnce = 1'000;  // loaded from the store in one go

    // Rows as committed or loaded.
    void put(const DeadlineRecord& row, WallTime now);
    // Those whose time has come, at most kAtOnce; they are forgotten here.
    std::vector<DeadlineRecord> take_due(WallTime now);
    // Time to load the next stretch from the store: up to horizon().
    bool wants_load(MonoTime now) const { return now >= load_again_; }
    static WallTime horizon(WallTime now) { return now + kHorizon; }
    // `more`: there were more rows than asked for; ask again as soon as these are through.
    void loaded(MonoTime now, bool more) { load_again_ = now + (more ? Millis{1'000} : kHorizon / 2); }
    void load_failed(MonoTime now) { load_again_ = now + Millis{1'000}; }
    // How long until the earliest; nothing if there is none.
    std::optional<Millis> wait(WallTime now) const;

private:
    using Key = std::tuple<WallTime, std::string, std::string, std::int64_t>;
    std::map<Key, DeadlineRecord> rows_;
    MonoTime load_again_{};
};

}  // namespace citybridge
