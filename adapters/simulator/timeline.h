#pragma once
// What will happen, in order of time and, at one time, in order of planning:
// the only source of order in the simulation.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "core/api/time.h"

namespace citybridge::simulator {

class Timeline {
public:
    using Action = std::function<void()>;
    using Key = std::pair<WallTime, std::uint64_t>;

    Key plan(WallTime at, Action action) {
        const Key key{at, ++last_};
        actions_.emplace(key, std::move(action));
        return key;
    }

    void cancel(const Key& key) { actions_.erase(key); }  // fired ones are ignored

    std::optional<WallTime> next() const {
        if (actions_.empty()) return std::nullopt;
        return actions_.begin()->first.first;
    }

    // The earliest action, taken out before it runs: it may plan and cancel freely.
    Action take() { return std::move(actions_.extract(actions_.begin()).mapped()); }

private:
    std::map<Key, Action> actions_;
    std::uint64_t last_ = 0;
};

}  // namespace citybridge::simulator
