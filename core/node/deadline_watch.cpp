#include "core/node/deadline_watch.h"

#include <algorithm>

namespace citybridge {
namespace {

constexpr Millis kAgain{1'000};

}  // namespace

void DeadlineWatch::put(const DeadlineRecord& row, WallTime now) {
    // What lies behind the loaded stretch comes with the next one: the memory stays bounded however many are due.
    if (row.state != DeadlineState::open || row.due_at > std::min(horizon(now), until_)) {
        rows_.erase(key_of(row));
        return;
    }
    rows_.insert_or_assign(key_of(row), row);
}

std::vector<DeadlineRecord> DeadlineWatch::take_due(WallTime now) {
    std::vector<DeadlineRecord> out;
    while (!rows_.empty() && out.size() < kAtOnce && rows_.begin()->second.due_at <= now)
        out.push_back(std::move(rows_.extract(rows_.begin()).mapped()));
    return out;
}

void DeadlineWatch::loaded(const std::vector<DeadlineRecord>& rows, Now now) {
    const Key first = rows.empty() ? Key{} : key_of(rows.front());
    const bool full = rows.size() >= kLoad;
    // Rows that stay open although their time has come would be loaded for ever, and nothing else.
    const bool stuck = full && first == first_;
    first_ = first;
    more_ = full && !stuck;
    until_ = full ? rows.back().due_at : WallTime::max();
    for (const DeadlineRecord& row : rows) put(row, now.wall);
    load_again_ = now.mono + (stuck ? kAgain : kHorizon / 2);
}

void DeadlineWatch::load_failed(MonoTime now) {
    more_ = false;
    load_again_ = now + kAgain;
}

std::optional<Millis> DeadlineWatch::wait(WallTime now) const {
    if (more_ && rows_.size() < kAtOnce) return Millis{0};
    if (rows_.empty()) return {};
    return std::max(Millis{0}, rows_.begin()->second.due_at - now);
}

}  // namespace citybridge
