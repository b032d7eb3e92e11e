#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/api/events.h"
#include "core/api/model_json.h"

namespace citybridge::replay {

// What a replay leaves: every contact in its last state, except merged ones
// (they are listed no more), and every agent.
class ReplayResult {
public:
    void see(const Event& event);

    std::vector<ContactPtr> contacts() const;  // by start
    std::vector<AgentPtr> agents() const;      // by id
    nlohmann::ordered_json json() const;       // {"contacts": [...], "agents": [...]}
    std::string table() const;

    std::size_t events = 0;

private:
    std::map<std::string, ContactPtr> contacts_;
    std::map<std::string, AgentPtr> agents_;
};

}  // namespace citybridge::replay
