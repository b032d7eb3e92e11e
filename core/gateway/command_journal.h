#pragma once
// What became of each command, for GET /v1/commands/{id}. In memory, bounded.
// Thread-safe: workers add, the live strand finishes.
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/api/events.h"

namespace citybridge::gateway {

struct CommandEntry {
    std::string command_id;
    std::string user;
    CommandOutcome state = CommandOutcome::accepted;
    std::string reason;
    std::string contact;
};

class CommandJournal {
public:
    explicit CommandJournal(std::size_t bound = 10'000) : bound_(bound) {}

    // Before the command is handed over: its result may come at once.
    void add(const std::string& command_id, const std::string& user, const std::string& contact);
    // The command was refused and never handed over.
    void remove(const std::string& command_id);
    // The first final result stays; a command nobody added here is ignored.
    void finish(const CommandFinished& result);
    std::optional<CommandEntry> find(const std::string& command_id) const;

private:
    const std::size_t bound_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, CommandEntry> entries_;
    std::deque<std::string> order_;
};

}  // namespace citybridge::gateway
