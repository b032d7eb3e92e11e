#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/node/node.h"

namespace citybridge::demo {

// What tells one city's node from the other's.
struct CitySetup {
    std::string city;
    std::uint16_t erp_port = 0;               // both ways of the ERP stand-in: /erp/<city> and /hook/<city>
    bool erp_dedupes = true;                  // else it is findable
    std::string events_secret;                // signs what goes to /hook/<city>
    std::string hooks_secret;                 // signs what comes to /v1/hooks/erp_hooks
    std::vector<std::string> other_cities;    // whom customers may be handed to
    std::map<std::string, std::string> link;  // settings of link_nats, which carries them there
};

// One city on the simulator, on SQLite in a temporary folder, in this process,
// reached like any node over its port.
class DemoNode {
public:
    static Result<std::unique_ptr<DemoNode>> start(const CitySetup& setup, const std::string& plugin_dir);
    ~DemoNode();
    DemoNode(const DemoNode&) = delete;
    DemoNode& operator=(const DemoNode&) = delete;

    std::uint16_t port() const { return node_->port(); }
    void stop() { node_->stop(); }
    // What the simulator says really happened, a JSON document a line.
    const std::string& truth_file() const { return truth_file_; }

    // The administrator; agents are AgentDesks::user_of(...), all with one password.
    static constexpr const char* kUser = "demo";
    static constexpr const char* kPassword = "demo-password";
    // The connector that takes the ERP's messages.
    static constexpr const char* kHooks = "erp_hooks";
    // The link to other cities.
    static constexpr const char* kCities = "cities";

private:
    DemoNode() = default;

    std::string folder_;
    std::string truth_file_;
    std::unique_ptr<Node> node_;
};

}  // namespace citybridge::demo
