#include "core/gateway/command_journal.h"

#include <algorithm>

namespace citybridge::gateway {

void CommandJournal::add(const std::string& command_id, const std::string& user, const std::string& contact) {
    const std::lock_guard lock(mutex_);
    while (order_.size() >= bound_) {
        entries_.erase(order_.front());
        order_.pop_front();
    }
    order_.push_back(command_id);
    entries_[command_id] = {command_id, user, CommandOutcome::accepted, "", contact};
}

void CommandJournal::remove(const std::string& command_id) {
    const std::lock_guard lock(mutex_);
    // It is among the newest.
    const auto place = std::find(order_.rbegin(), order_.rend(), command_id);
    if (place != order_.rend()) order_.erase(std::next(place).base());
    entries_.erase(command_id);
}

void CommandJournal::finish(const CommandFinished& result) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(result.command_id);
    if (found == entries_.end() || found->second.state != CommandOutcome::accepted) return;
    found->second.state = result.outcome;
    found->second.reason = result.reason;
    if (!result.contact_id.empty()) found->second.contact = result.contact_id;
}

std::optional<CommandEntry> CommandJournal::find(const std::string& command_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(command_id);
    if (found == entries_.end()) return std::nullopt;
    return found->second;
}

}  // namespace citybridge::gateway
