// What a person may do with a message.
#include "core/relay/lane.h"

namespace citybridge::relay {

namespace {

Error on_its_way(const OutboxRecord& row) {
    return {"relay.on_its_way",
            "message " + row.id + " is on its way to " + row.destination + "; wait for its answer and look again"};
}

}  // namespace

Result<OutboxProgress> Lane::replay(const OutboxRecord& row, bool out_of_turn, Now now) const {
    const Message* message = find(row.id);
    if (message != nullptr && message->phase != Phase::queued) return on_its_way(row);
    OutboxProgress progress = progress_of(row);
    switch (row.state) {
        case OutboxState::dead:
        case OutboxState::possibly_done: progress.out_of_turn = out_of_turn; break;
        case OutboxState::cancelled: progress.out_of_turn = true; break;
        case OutboxState::pending:
            if (!out_of_turn)
                return Error{"relay.not_replayable",
                             "message " + row.id +
                                 " is pending and goes out by itself; replay it out of turn, or "
                                 "decide about the message of its key that was given up"};
            // Marked by the node's life before, and not met yet: about to be possibly_done.
            if (message == nullptr && traits_.repeats == Repeats::neither && row.must_find) return on_its_way(row);
            progress.out_of_turn = true;
            break;
        case OutboxState::delivered: return Error{"relay.not_replayable", "message " + row.id + " was delivered"};
    }
    progress.state = OutboxState::pending;
    progress.attempts = 0;
    progress.next_at = progress.updated_at = now.wall;
    // There must_find means possibly sent, and the person has just decided that it is to be sent again.
    if (traits_.repeats == Repeats::neither) progress.must_find = false;
    return progress;
}

Result<OutboxProgress> Lane::cancel(const OutboxRecord& row, Now now) const {
    const Message* message = find(row.id);
    // A marked message has not been sent yet, and may wait for long.
    const bool waits = message == nullptr || message->phase == Phase::queued || message->phase == Phase::marked;
    if (!waits) return on_its_way(row);
    if (row.state == OutboxState::delivered || row.state == OutboxState::cancelled)
        return Error{"relay.not_cancellable",
                     "message " + row.id + " is " + std::string(to_string(row.state)) + " already"};
    OutboxProgress progress = progress_of(row);
    progress.state = OutboxState::cancelled;
    progress.updated_at = now.wall;
    return progress;
}

void Lane::acted(const OutboxRecord& row, bool still_parked, std::optional<std::int64_t> first_new, Now now) {
    seen_ = std::max(seen_, now.mono);
    Message* message = find(row.id);
    if (row.state == OutboxState::cancelled && message != nullptr) {
        if (message->phase == Phase::queued || message->phase == Phase::marked) {
            remove(*message);
        } else {
            message->cancelled = true;
        }
    }
    if (row.state == OutboxState::pending && message != nullptr && message->phase == Phase::queued) {
        const bool may_be_sent_before = message->may_be_sent;
        remove(*message);
        hold(row, may_be_sent_before, now);
    } else if (row.state == OutboxState::pending && message == nullptr && row.out_of_turn) {
        const bool unmet = row.seq > cursor_ || keys_wanted_.contains(row.key);
        // One row by a person's hand may exceed the window, but not without bound.
        if (messages_.size() < 2 * window_) {
            hold(row, unmet && !(first_new && row.seq >= *first_new), now);
        } else {
            keys_wanted_.insert(row.key);
        }
    }
    if (!still_parked) unpark(row.key);
    refresh(row.key);
}

}  // namespace citybridge::relay
