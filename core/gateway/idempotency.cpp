#include "core/gateway/idempotency.h"

#include <algorithm>

#include "core/gateway/crypto.h"

namespace citybridge::gateway {

bool IdempotencyJournal::is_valid_key(std::string_view key) {
    return !key.empty() && key.size() <= 128 &&
           std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

IdempotencyJournal::Verdict IdempotencyJournal::begin(const std::string& user, const std::string& key,
                                                      const HttpRequest& request, MonoTime now, HttpResponse& answer) {
    const std::string fingerprint = sha256_hex(request.method + "\n" + request.path + "\n" + request.body);
    const std::lock_guard lock(mutex_);
    make_room(now);
    const Name name{user, key};
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
        order_.push_back(name);
        entries_[name] = {fingerprint, false, {}, now, std::prev(order_.end())};
        return Verdict::first;
    }
    const Entry& entry = found->second;
    if (entry.fingerprint != fingerprint) return Verdict::mismatch;
    if (!entry.done) return Verdict::in_flight;
    answer = entry.answer;
    return Verdict::replay;
}

void IdempotencyJournal::finish(const std::string& user, const std::string& key, const HttpResponse& answer) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find({user, key});
    if (found == entries_.end()) return;
    found->second.done = true;
    found->second.answer = answer;
}

void IdempotencyJournal::forget(const std::string& user, const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find({user, key});
    if (found == entries_.end()) return;
    order_.erase(found->second.place);
    entries_.erase(found);
}

std::size_t IdempotencyJournal::size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

void IdempotencyJournal::make_room(MonoTime now) {
    for (auto name = order_.begin(); name != order_.end();) {
        const auto entry = entries_.find(*name);
        const bool old = now - entry->second.at > limits_.keep;
        if (!old && entries_.size() < limits_.entries) return;
        // One that is running stays: without it a repetition would take effect twice. Their number is
        // bounded by the worker threads.
        if (!entry->second.done) {
            ++name;
            continue;
        }
        entries_.erase(entry);
        name = order_.erase(name);
    }
}

}  // namespace citybridge::gateway
