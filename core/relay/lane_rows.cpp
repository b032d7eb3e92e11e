// Which rows are held: the window and its refilling from the store.
#include <algorithm>

#include "core/relay/lane.h"

namespace citybridge::relay {

// Its key takes its rows elsewhere, or none.
bool Lane::skipped(const OutboxRecord& row) const {
    if (row.state != OutboxState::pending || holds(row.id)) return true;
    if (keys_wanted_.contains(row.key)) return true;
    return parked(row.key) && !row.out_of_turn;
}

// A key's next message was sent only after the end of the one before was committed, so of a life that ended at any
// moment only the first pending message of a key, or one sent out of turn, may have been on its way.
bool Lane::may_be_sent(const OutboxRecord& row, std::optional<std::int64_t> first_new) const {
    if (first_new && row.seq >= *first_new) return false;
    if (row.out_of_turn) return true;
    const auto key = keys_.find(row.key);
    if (key == keys_.end()) return true;
    return std::none_of(key->second.rows.begin(), key->second.rows.end(),
                        [](const auto& entry) { return !entry.second->row.out_of_turn; });
}

void Lane::hold(const OutboxRecord& row, bool may_be_sent, Now now) {
    auto owned = std::make_unique<Message>();
    Message& message = *owned;
    message.row = row;
    message.may_be_sent = may_be_sent;
    Millis wait = remaining_wait(traits_, row.next_at, now.wall);
    // The far side may be at it still, and what is not there yet would be sent twice.
    if (may_be_sent && traits_.repeats == Repeats::findable) wait = std::max(wait, traits_.far_timeout);
    message.due = now.mono + wait;
    KeyQueue& key = keys_[row.key];
    key.rows.emplace(row.seq, &message);
    if (row.out_of_turn) key.out_of_turn.push_back(&message);
    messages_.emplace(row.id, std::move(owned));
    if (traits_.repeats == Repeats::neither && row.must_find) {
        interrupted(message, now);
        return;
    }
    refresh(row.key);
}

// Marked in the store, and nobody knows what came of it.
void Lane::interrupted(Message& message, Now now) {
    OutboxProgress progress = progress_of(message.row);
    progress.state = OutboxState::possibly_done;
    ++progress.attempts;
    progress.next_at = progress.updated_at = now.wall;
    progress.last_code = "relay.interrupted";
    progress.last_detail = "the node stopped while this message was on its way; look at the far side before replaying";
    decisions_.push_back(settle(message, std::move(progress), false));
}

void Lane::add(const OutboxRecord& row, Now now) {
    seen_ = std::max(seen_, now.mono);
    if (asked_ && asked_->key == row.key) left_since_asked_ = true;
    if (!caught_up_) {
        left_since_asked_ = true;
        return;
    }
    if (!skipped(row)) {
        if (messages_.size() >= window_) {
            caught_up_ = false;
            left_since_asked_ = true;
            return;
        }
        hold(row, false, now);
    }
    cursor_ = std::max(cursor_, row.seq);
}

std::optional<WantRows> Lane::want() {
    if (asked_ || disabled_ || messages_.size() >= window_) return std::nullopt;
    // Asking for a few rows at a time would cost a statement each.
    const bool worth_asking = messages_.size() <= window_ / 2;
    for (const std::string& key : keys_wanted_) {
        if (!worth_asking && keys_.contains(key)) continue;
        asked_ = WantRows{name_, 0, 0, key};
        break;
    }
    if (!asked_ && !caught_up_ && worth_asking) asked_ = WantRows{name_, cursor_, window_ - messages_.size(), ""};
    if (asked_) left_since_asked_ = false;
    return asked_;
}

void Lane::not_loaded(const WantRows& want) {
    if (asked_ && asked_->key == want.key && asked_->after_seq == want.after_seq) asked_.reset();
}

void Lane::loaded(const WantRows& want, const std::vector<OutboxRecord>& rows, std::optional<std::int64_t> first_new,
                  Now now) {
    seen_ = std::max(seen_, now.mono);
    if (!asked_ || asked_->key != want.key || asked_->after_seq != want.after_seq) return;
    const WantRows asked = *std::exchange(asked_, std::nullopt);
    if (!asked.key.empty()) {
        loaded_key(asked, rows, first_new, now);
        return;
    }
    for (const OutboxRecord& row : rows) {
        if (!skipped(row)) {
            // A person's act may have taken the room meanwhile.
            if (messages_.size() >= window_) return;
            hold(row, may_be_sent(row, first_new), now);
        }
        cursor_ = std::max(cursor_, row.seq);
    }
    caught_up_ = rows.size() < asked.limit && !left_since_asked_;
}

void Lane::loaded_key(const WantRows& want, const std::vector<OutboxRecord>& rows,
                      std::optional<std::int64_t> first_new, Now now) {
    keys_wanted_.erase(want.key);
    bool whole = !left_since_asked_;
    for (const OutboxRecord& row : rows) {
        if (row.key != want.key || skipped(row)) continue;
        if (messages_.size() >= window_) {
            whole = false;
            break;
        }
        hold(row, may_be_sent(row, first_new), now);
    }
    if (!whole) keys_wanted_.insert(want.key);
}

void Lane::remove(Message& message) {
    unqueue(message);
    breaker_.withdrawn(message.row.id);
    if (message.phase == Phase::marked) marked_.erase(std::find(marked_.begin(), marked_.end(), &message));
    if (message.has_slot()) --slots_used_;
    const std::string key = message.row.key;
    KeyQueue& queue_of_key = keys_[key];
    if (queue_of_key.busy == &message) queue_of_key.busy = nullptr;
    if (queue_of_key.head == &message) queue_of_key.head = nullptr;
    std::erase(queue_of_key.out_of_turn, &message);
    queue_of_key.rows.erase(message.row.seq);
    messages_.erase(std::string(message.row.id));
    tidy(key);
}

void Lane::tidy(const std::string& key) {
    const auto found = keys_.find(key);
    if (found != keys_.end() && found->second.rows.empty()) keys_.erase(found);
}

// Rows of a parked key wait in the store, where there is room; but for what is under way and what a person sent.
void Lane::park(const std::string& key) {
    parked_.insert(key);
    std::vector<Message*> waiting;
    for (const auto& [seq, message] : keys_[key].rows)
        if (message->phase == Phase::queued && !message->row.out_of_turn) waiting.push_back(message);
    for (Message* message : waiting) remove(*message);
    tidy(key);
    refresh(key);
}

void Lane::unpark(const std::string& key) {
    const auto found = keys_.find(key);
    if (found != keys_.end()) {
        // Another of its messages is about to be dead in the store: it stays parked for that one.
        for (const auto& [seq, message] : found->second.rows)
            if (message->outcome && message->outcome->ended &&
                message->outcome->progress.state != OutboxState::delivered)
                return;
    }
    if (parked_.erase(key) != 0) keys_wanted_.insert(key);
    refresh(key);
}

}  // namespace citybridge::relay
