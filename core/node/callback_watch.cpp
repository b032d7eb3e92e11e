#include "core/node/callback_watch.h"

#include <algorithm>

namespace citybridge {
namespace {

using Ended = relay::CallbackDialEnded::Result;
constexpr std::size_t kMostDiallings = 10'000;

}  // namespace

void CallbackWatch::put(const std::string& id, const std::optional<WallTime>& due, WallTime now) {
    if (const auto before = due_of_.find(id); before != due_of_.end()) {
        due_.erase({before->second, id});
        due_of_.erase(before);
    }
    // What lies behind the horizon comes with a later load.
    if (!due || *due > now + kHorizon) return;
    due_.emplace(std::pair{*due, id}, std::monostate{});
    due_of_[id] = *due;
}

void CallbackWatch::committed(const std::vector<CallbackRecord>& rows, WallTime now) {
    for (const CallbackRecord& row : rows) {
        put(row.id, row.due_at, now);
        const relay::CallbackDetail detail = relay::detail_of(row);
        const bool here = detail.holder == relay::side_of(row);
        if (row.state != CallbackState::dialling || !here || detail.command.empty()) continue;
        const std::lock_guard lock(mutex_);
        if (by_command_.size() >= kMostDiallings) by_command_.erase(by_command_.begin());
        by_command_[detail.command] = {row.id, detail.command};
    }
}

void CallbackWatch::loaded(const std::vector<store::CallbackDueRow>& rows, Now now) {
    for (const store::CallbackDueRow& row : rows) put(row.id, row.due_at, now.wall);
    load_again_ = now.mono + (rows.size() >= kLoad ? Millis{1'000} : kHorizon / 2);
}

std::vector<std::string> CallbackWatch::take_due(WallTime now) {
    std::vector<std::string> out;
    while (!due_.empty() && out.size() < kAtOnce && due_.begin()->first.first <= now) {
        out.push_back(due_.begin()->first.second);
        due_of_.erase(out.back());
        due_.erase(due_.begin());
    }
    return out;
}

std::optional<Millis> CallbackWatch::wait(WallTime now) const {
    if (due_.empty()) return {};
    return std::max(Millis{0}, due_.begin()->first.first - now);
}

std::optional<relay::CallbackDialEnded> CallbackWatch::heard(const Event& event) {
    if (const auto* result = std::get_if<CommandFinished>(&event)) return finished(*result);
    const auto* change = std::get_if<ContactChanged>(&event);
    if (change == nullptr || change->what != ContactChanged::What::ended) return {};
    return ended(*change);
}

// The command succeeds when the agent's phone was answered; what the customer does shows at the contact's end.
std::optional<relay::CallbackDialEnded> CallbackWatch::finished(const CommandFinished& result) {
    const std::lock_guard lock(mutex_);
    const auto found = by_command_.find(result.command_id);
    if (found == by_command_.end()) return {};
    const Dialling dialling = found->second;
    by_command_.erase(found);
    if (result.outcome == CommandOutcome::succeeded && !result.contact_id.empty()) {
        by_contact_[result.contact_id] = dialling;
        return {};
    }
    relay::CallbackDialEnded out;
    out.id = dialling.task;
    out.command = dialling.command;
    out.word = result.reason;
    const bool failed = result.outcome == CommandOutcome::failed || result.outcome == CommandOutcome::not_supported;
    out.result = failed ? Ended::not_dialled : Ended::unknown;
    return out;
}

std::optional<relay::CallbackDialEnded> CallbackWatch::ended(const ContactChanged& change) {
    const std::lock_guard lock(mutex_);
    const auto found = by_contact_.find(change.contact->id);
    if (found == by_contact_.end()) return {};
    relay::CallbackDialEnded out;
    out.id = found->second.task;
    out.command = found->second.command;
    out.contact = change.contact->id;
    const Outcome outcome = change.contact->outcome.value_or(Outcome::unknown);
    out.word = to_string(outcome);
    out.result = outcome == Outcome::answered  ? Ended::answered
                 : outcome == Outcome::unknown ? Ended::unknown
                                               : Ended::not_answered;
    by_contact_.erase(found);
    return out;
}

}  // namespace citybridge
