#include "core/node/deadline_watch.h"

#include <algorithm>

namespace citybridge {

void DeadlineWatch::put(const DeadlineRecord& row, WallTime now) {
    const Key key{row.due_at, row.order, row.name, row.n};
    if (row.state != DeadlineState::open || row.due_at > horizon(now)) {
        rows_.erase(key);
        return;
    }
    rows_.insert_or_assign(key, row);
}

std::vector<DeadlineRecord> DeadlineWatch::take_due(WallTime now) {
    std::vector<DeadlineRecord> out;
    while (!rows_.empty() && out.size() < kAtOnce && rows_.begin()->second.due_at <= now)
        out.push_back(std::move(rows_.extract(rows_.begin()).mapped()));
    return out;
}

std::optional<Millis> DeadlineWatch::wait(WallTime now) const {
    if (rows_.empty()) return {};
    return std::max(Millis{0}, rows_.begin()->second.due_at - now);
}

}  // namespace citybridge
