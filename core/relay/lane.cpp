#include "core/relay/lane.h"

#include <algorithm>
#include <functional>

namespace citybridge::relay {

Lane::Lane(std::string name, DeliveryTraits traits, const std::vector<std::string>& parked_keys, bool disabled,
           const RelaySettings& settings)
    : name_(std::move(name)),
      traits_(std::move(traits)),
      window_(std::max<std::size_t>(settings.window, 1)),
      // Its own sequence, so that one destination's retries do not depend on another's.
      random_(settings.seed ^ std::hash<std::string>{}(name_)),
      breaker_(settings.breaker_failures, settings.breaker_open),
      disabled_(disabled),
      parked_(parked_keys.begin(), parked_keys.end()) {}

const Message* Lane::find(const std::string& id) const {
    const auto found = messages_.find(id);
    return found == messages_.end() ? nullptr : found->second.get();
}

Message* Lane::find(const std::string& id) {
    const auto found = messages_.find(id);
    return found == messages_.end() ? nullptr : found->second.get();
}

void Lane::queue(Message& message) {
    if (message.place != Place::none) return;
    message.place = Place::timer;
    timers_.insert({{message.due, message.row.seq}, &message});
}

void Lane::unqueue(Message& message) {
    if (message.place == Place::timer) timers_.erase({{message.due, message.row.seq}, &message});
    if (message.place == Place::ready) ready_.erase({{!message.row.out_of_turn, message.row.seq}, &message});
    message.place = Place::none;
}

// Whose turn it is within a key: nobody's while one is busy; else whom a person sent past the others, and the first if
// the key is not parked.
void Lane::refresh(const std::string& key) {
    const auto found = keys_.find(key);
    if (found == keys_.end()) return;
    KeyQueue& queue_of_key = found->second;
    const bool first_goes = queue_of_key.busy == nullptr && !queue_of_key.rows.empty() && !parked(key);
    Message* head = first_goes ? queue_of_key.rows.begin()->second : nullptr;
    if (queue_of_key.head != head && queue_of_key.head != nullptr) unqueue(*queue_of_key.head);
    queue_of_key.head = head;
    for (Message* message : queue_of_key.out_of_turn) {
        // One that was interrupted by a crash is not busy, and is not to be sent.
        const bool goes = queue_of_key.busy == nullptr && message->phase == Phase::queued;
        goes ? queue(*message) : unqueue(*message);
    }
    if (head != nullptr) queue(*head);
}

void Lane::wake(MonoTime now) {
    while (!timers_.empty() && timers_.begin()->first.first <= now) {
        Message& message = *timers_.begin()->second;
        timers_.erase(timers_.begin());
        message.place = Place::ready;
        ready_.insert({{!message.row.out_of_turn, message.row.seq}, &message});
    }
}

void Lane::retry_commits(MonoTime now) {
    while (!commit_retries_.empty() && commit_retries_.begin()->first <= now) {
        const Message* message = find(commit_retries_.begin()->second);
        if (message != nullptr && message->outcome) decisions_.push_back(*message->outcome);
        commit_retries_.erase(commit_retries_.begin());
    }
}

bool Lane::must_look(const Message& message) const {
    return traits_.repeats == Repeats::findable && (message.row.must_find || message.may_be_sent);
}

bool Lane::may_start(MonoTime now) const {
    return !ready_.empty() && slots_used_ < std::max<std::size_t>(traits_.connections, 1) &&
           breaker_.admits(ready_.begin()->second->row.id, now);
}

void Lane::poll(Now now, std::vector<Send>& out) {
    seen_ = std::max(seen_, now.mono);
    wake(now.mono);
    retry_commits(now.mono);
    if (disabled_ || now.mono < held_back_until_) return;
    send_marked(now.mono, out);
    while (may_start(now.mono)) start(*ready_.begin()->second, now, out);
}

void Lane::send_marked(MonoTime now, std::vector<Send>& out) {
    for (std::size_t left = marked_.size(); left > 0; --left) {
        Message& message = *marked_.front();
        marked_.pop_front();
        if (!breaker_.admits(message.row.id, now)) {
            marked_.push_back(&message);
            continue;
        }
        breaker_.started(message.row.id);
        message.phase = Phase::sending;
        out.push_back({message.row, false});
    }
}

void Lane::start(Message& message, Now now, std::vector<Send>& out) {
    unqueue(message);
    keys_[message.row.key].busy = &message;
    refresh(message.row.key);
    ++slots_used_;
    breaker_.started(message.row.id);
    if (traits_.repeats == Repeats::neither) {
        message.phase = Phase::marking;
        Outcome mark{progress_of(message.row)};
        mark.progress.must_find = true;
        mark.progress.updated_at = now.wall;
        message.outcome = mark;
        decisions_.push_back(std::move(mark));
        return;
    }
    const bool look = must_look(message);
    message.phase = look ? Phase::finding : Phase::sending;
    out.push_back({message.row, look});
}

std::optional<MonoTime> Lane::next_deadline() const {
    std::optional<MonoTime> at;
    const auto sooner = [&at](MonoTime time) { at = at ? std::min(*at, time) : time; };
    if (!commit_retries_.empty()) sooner(commit_retries_.begin()->first);
    const auto admitted = breaker_.admits_from();
    if (!disabled_ && admitted) {
        const MonoTime gate = std::max(*admitted, held_back_until_);
        const bool slot_free = slots_used_ < std::max<std::size_t>(traits_.connections, 1);
        if (!marked_.empty() || (slot_free && !ready_.empty())) sooner(gate);
        if (slot_free && !timers_.empty()) sooner(std::max(gate, timers_.begin()->first.first));
    }
    // Never before what poll() was told last: callers subtract.
    return at ? std::optional(std::max(*at, seen_)) : std::nullopt;
}

void Lane::set_disabled(bool disabled) {
    // A person who enables a destination says that it is well again.
    if (disabled_ && !disabled) {
        breaker_.succeeded();
        held_back_until_ = MonoTime::min();
    }
    disabled_ = disabled;
}

DestinationStatus Lane::status() const {
    DestinationStatus status;
    status.name = name_;
    status.disabled = disabled_;
    status.breaker_open = breaker_.open();
    status.held = messages_.size();
    status.on_the_way = slots_used_;
    status.parked_keys = parked_.size();
    status.next_attempt = next_deadline();
    return status;
}

}  // namespace citybridge::relay
