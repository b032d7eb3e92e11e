// What the far side's answer means for a message, its key and its destination.
#include <algorithm>

#include "core/relay/lane.h"

namespace citybridge::relay {

namespace {

constexpr Millis kCommitAgain{1'000};

std::int64_t budget(const DeliveryTraits& traits) { return static_cast<std::int64_t>(traits.schedule.size()) + 1; }

}  // namespace

OutboxProgress progress_of(const OutboxRecord& row) {
    OutboxProgress progress;
    progress.id = row.id;
    progress.state = row.state;
    progress.attempts = row.attempts;
    progress.next_at = row.next_at;
    progress.updated_at = row.updated_at;
    progress.last_code = row.last_code;
    progress.last_detail = row.last_detail;
    progress.external_id = row.external_id;
    progress.must_find = row.must_find;
    progress.out_of_turn = row.out_of_turn;
    return progress;
}

Message* Lane::with_connector(const std::string& id, Phase phase) {
    Message* message = find(id);
    return message != nullptr && message->phase == phase ? message : nullptr;
}

// Frees the slot; the key stays busy until the progress is in the store.
Outcome Lane::settle(Message& message, OutboxProgress progress, bool gone) {
    if (message.has_slot()) --slots_used_;
    if (message.cancelled && progress.state != OutboxState::delivered) progress.state = OutboxState::cancelled;
    const bool parks = progress.state == OutboxState::dead || progress.state == OutboxState::possibly_done;
    unqueue(message);
    message.phase = Phase::committing;
    message.outcome = Outcome{std::move(progress), false, gone};
    message.outcome->ended = parks || message.outcome->progress.state == OutboxState::delivered;
    if (parks) park(message.row.key);
    return *message.outcome;
}

// Certainly without effect, or to be looked for: again by the schedule, or dead.
Outcome Lane::failed(Message& message, OutboxProgress progress, std::optional<Millis> retry_after, Now now) {
    auto wait = scheduled_wait(traits_, progress.attempts, random_);
    if (!wait) {
        progress.state = OutboxState::dead;
        return settle(message, std::move(progress), false);
    }
    if (retry_after) wait = std::max(*wait, honoured(*retry_after, traits_));
    message.due = now.mono + *wait;
    progress.next_at = now.wall + *wait;
    return settle(message, std::move(progress), false);
}

Outcome Lane::unclear(Message& message, OutboxProgress progress, std::optional<Millis> retry_after, Now now) {
    switch (traits_.repeats) {
        case Repeats::dedupes: return failed(message, std::move(progress), retry_after, now);
        case Repeats::neither: {
            progress.must_find = true;
            progress.state = OutboxState::possibly_done;
            return settle(message, std::move(progress), false);
        }
        case Repeats::findable: break;
    }
    // Also after the last attempt: a message that is there must not be called dead unseen.
    progress.must_find = true;
    Millis wait = scheduled_wait(traits_, progress.attempts, random_).value_or(Millis{0});
    if (retry_after) wait = std::max(wait, honoured(*retry_after, traits_));
    wait = std::max(wait, traits_.far_timeout);
    message.due = now.mono + wait;
    progress.next_at = now.wall + wait;
    return settle(message, std::move(progress), false);
}

void Lane::observe(const std::string& id, const DeliveryReply& reply, Now now) {
    seen_ = std::max(seen_, now.mono);
    switch (reply.outcome) {
        case DeliveryOutcome::delivered:
        case DeliveryOutcome::refused: breaker_.succeeded(); return;
        case DeliveryOutcome::gone:
            breaker_.succeeded();
            disabled_ = true;
            return;
        case DeliveryOutcome::not_done:
        case DeliveryOutcome::unclear: break;
    }
    breaker_.failed(id, now.mono);
    if (reply.retry_after)
        held_back_until_ = std::max(held_back_until_, now.mono + honoured(*reply.retry_after, traits_));
}

std::optional<Outcome> Lane::replied(const std::string& id, const DeliveryReply& reply, Now now) {
    Message* message = with_connector(id, Phase::sending);
    if (message == nullptr) return std::nullopt;
    observe(id, reply, now);
    OutboxProgress progress = progress_of(message->row);
    progress.updated_at = progress.next_at = now.wall;
    progress.last_code = reply.code;
    progress.last_detail = reply.detail;
    if (!reply.external_id.empty()) progress.external_id = reply.external_id;
    progress.must_find = false;
    ++progress.attempts;
    switch (reply.outcome) {
        case DeliveryOutcome::delivered:
            progress.state = OutboxState::delivered;
            progress.last_code.clear();
            progress.last_detail.clear();
            return settle(*message, std::move(progress), false);
        case DeliveryOutcome::refused:
            progress.state = OutboxState::dead;
            return settle(*message, std::move(progress), false);
        case DeliveryOutcome::not_done: return failed(*message, std::move(progress), reply.retry_after, now);
        case DeliveryOutcome::unclear: return unclear(*message, std::move(progress), reply.retry_after, now);
        case DeliveryOutcome::gone: break;
    }
    // Not the message's fault: it costs no attempt.
    --progress.attempts;
    message->due = now.mono;
    return settle(*message, std::move(progress), true);
}

std::optional<Outcome> Lane::found(const std::string& id, const FindReply& reply, Now now) {
    seen_ = std::max(seen_, now.mono);
    Message* message = with_connector(id, Phase::finding);
    if (message == nullptr) return std::nullopt;
    OutboxProgress progress = progress_of(message->row);
    progress.updated_at = progress.next_at = now.wall;
    if (reply.outcome == FindReply::Outcome::found) {
        breaker_.succeeded();
        progress.state = OutboxState::delivered;
        progress.must_find = false;
        progress.attempts = std::max<std::int64_t>(progress.attempts, 1);
        progress.last_code.clear();
        progress.last_detail.clear();
        if (!reply.external_id.empty()) progress.external_id = reply.external_id;
        return settle(*message, std::move(progress), false);
    }
    if (reply.outcome == FindReply::Outcome::failed) {
        breaker_.failed(id, now.mono);
        ++progress.attempts;
        progress.must_find = true;
        progress.last_code = reply.code;
        progress.last_detail = reply.detail;
        return failed(*message, std::move(progress), std::nullopt, now);
    }
    // Looking says nothing about whether it can write: the delivery that follows does.
    breaker_.withdrawn(id);
    message->may_be_sent = false;
    if (message->cancelled || message->row.attempts >= budget(traits_)) {
        progress.state = OutboxState::dead;
        progress.must_find = false;
        return settle(*message, std::move(progress), false);
    }
    // The store keeps must_find until the delivery's own answer is committed, so a crash in between looks again.
    message->row.must_find = false;
    message->phase = Phase::queued;
    --slots_used_;
    keys_[message->row.key].busy = nullptr;
    message->due = now.mono;
    refresh(message->row.key);
    return std::nullopt;
}

void Lane::committed(const std::string& id) {
    Message* message = find(id);
    if (message == nullptr || !message->outcome) return;
    const Outcome outcome = *std::exchange(message->outcome, std::nullopt);
    if (message->phase == Phase::marking) {
        message->row = with_progress(std::move(message->row), outcome.progress);
        message->phase = Phase::marked;
        marked_.push_back(message);
        return;
    }
    const std::string key = message->row.key;
    // A person's act during the delivery is newer than the progress.
    const bool out_of_turn = message->row.out_of_turn;
    message->row = with_progress(std::move(message->row), outcome.progress);
    message->row.out_of_turn = out_of_turn;
    if (message->row.state != OutboxState::pending) {
        remove(*message);
    } else if (message->cancelled) {
        // Given up between the answer and its commit: the store is told once more.
        decisions_.push_back(settle(*message, progress_of(message->row), false));
    } else {
        message->phase = Phase::queued;
        keys_[key].busy = nullptr;
    }
    refresh(key);
}

void Lane::commit_failed(const std::string& id, Now now) {
    const Message* message = find(id);
    if (message == nullptr || !message->outcome) return;
    commit_retries_.insert({now.mono + kCommitAgain, id});
}

}  // namespace citybridge::relay
