#pragma once
// P4: what a snapshot shows that the stream did not tell. The answer is given
// as signals, as the PBX would have sent them, so that a missed fact takes the
// same way through the model as a seen one.
#include <unordered_set>

#include "core/calls/call_book.h"

namespace citybridge::calls {

class Reconciler {
public:
    explicit Reconciler(CallBook& book) : book_(book) {}

    // In an order the call book can follow: ended channels first, then new
    // ones with those that ring others before those that are rung, then who is
    // where.
    std::vector<PbxSignal> missed_signals(const signal::Snapshot& snapshot, WallTime at) const;

private:
    void missed_ends(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const;
    void missed_starts(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const;
    void missed_departures(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const;
    void missed_first_meeting(const signal::Snapshot& snapshot, const Channel& agent, WallTime at,
                              std::vector<PbxSignal>& out) const;
    void missed_talk(const signal::SnapshotChannel& customer, const signal::SnapshotChannel& agent, bool told_who_rang,
                     WallTime at, std::vector<PbxSignal>& out) const;
    void missed_member(const signal::Snapshot& snapshot, const signal::SnapshotChannel& channel, WallTime at,
                       std::vector<PbxSignal>& out) const;
    enum class Rung { by_caller, by_others };
    void missed_dials(const signal::Snapshot& snapshot, WallTime at, Rung rung, std::vector<PbxSignal>& out) const;
    void missed_talks(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const;
    void missed_queues(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const;
    void missed_meetings(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const;
    void missed_bridges(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const;
    void missed_parking(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const;
    void missed_holds(const signal::Snapshot& snapshot, WallTime at, std::vector<PbxSignal>& out) const;
    WallTime not_before_outage(WallTime time, WallTime at) const;
    bool told_on_hold(const Channel* channel) const;
    bool has_spoken(const Channel* known) const;
    bool was_taken(const Channel& channel) const;

    CallBook& book_;
};

}  // namespace citybridge::calls
