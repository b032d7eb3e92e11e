#include "tools/demo/demo_node.h"

#include <filesystem>
#include <fstream>
#include <random>
#include <utility>
#include <vector>

#include "core/gateway/passwords.h"
#include "tools/demo/agent_desks.h"

namespace citybridge::demo {
namespace {

constexpr int kAgents = 8;
// Quick, and so many steps that nothing is given up within a demo.
constexpr const char* kSchedule = "200ms, 1s, 2s, 2s, 2s, 2s, 2s, 2s, 2s, 2s, 2s, 2s, 2s, 2s, 2s, 2s";

using Values = std::vector<std::pair<std::string, std::string>>;

PluginConfig plugin(const Position& where, const std::string& library, const std::string& name, const Values& values) {
    PluginConfig out{library, name, where, {where, {}}};
    for (const auto& [setting, value] : values) out.settings.settings.push_back({setting, value, where});
    return out;
}

// Busy enough to see every kind of call within seconds.
Values simulator(const std::string& truth_file) {
    return {{"speed", "10"},
            {"seed", std::to_string(std::random_device{}())},
            {"callers_per_minute", "7"},
            {"agents", std::to_string(kAgents)},
            {"talk_seconds_mean", "45"},
            {"patience_seconds_mean", "60"},
            {"internal_per_hour", "60"},
            {"regular_percent", "35"},
            {"truth_file", truth_file}};
}

// The ERP answers late by less than `far_timeout_ms`, so that what is not found then did not happen.
Values erp(const CitySetup& setup, const std::string& address) {
    return {{"url", address + "/erp/" + setup.city},
            {"repeats", setup.erp_dedupes ? "dedupes" : "findable"},
            {"find_path", "/orders?citybridge_id={id}"},
            {"timeout_ms", "600"},
            {"far_timeout_ms", "2500"},
            {"retry_schedule", kSchedule}};
}

Values events(const CitySetup& setup, const std::string& address) {
    return {{"url", address + "/hook/" + setup.city},
            {"secret", setup.events_secret},
            {"timeout_ms", "600"},
            {"retry_schedule", kSchedule}};
}

UserConfig user(const Position& where, const std::string& name, const std::string& role, const std::string& hash) {
    UserConfig out;
    out.name = name;
    out.role = role;
    out.password_hash = hash;
    out.where = where;
    return out;
}

// They are open all day: the demo runs at any hour.
void add_other_cities(const CitySetup& setup, const std::string& folder, NodeConfig& config) {
    const Position here = config.where;
    const std::string directory = folder + "/cities.xml";
    std::ofstream file(directory);
    file << "<cities>\n";
    for (const std::string& city : setup.other_cities)
        file << "  <city id=\"" << city << "\" name=\"" << city << "\" destination=\"" << DemoNode::kCities << '.'
             << city << "\"/>\n";
    file << "</cities>\n";
    const std::string calendar = folder + "/calendar.xml";
    std::ofstream(calendar) << "<calendar zone=\"Asia/Shanghai\"><week days=\"mon tue wed thu fri sat sun\" "
                               "open=\"00:00-24:00\"/></calendar>\n";
    config.sections["cities"] = {here, {{"directory", directory, here}}};
    config.sections["desk"] = {here, {{"calendar", calendar, here}}};
    config.plugins.push_back(plugin(here, "link_nats", DemoNode::kCities, {setup.link.begin(), setup.link.end()}));
}

NodeConfig config(const CitySetup& setup, const std::string& folder, const std::string& truth_file) {
    NodeConfig config;
    config.city = setup.city;
    config.where = {"demo", 1, 1};
    const Position here = config.where;
    config.sections["listen"] = {here, {{"port", "0", here}}};
    config.sections["store"] = {here, {{"path", folder + "/" + setup.city + ".db", here}}};
    // The password is printed on the screen, so its hash need not cost a guesser anything.
    const std::string hash = gateway::hash_password(DemoNode::kPassword, {1'024, 8, 1});
    config.users.push_back(user(here, DemoNode::kUser, "admin", hash));
    for (int i = 1; i <= kAgents; ++i) {
        const std::string agent = "SIM/" + std::to_string(1'000 + i);
        UserConfig one = user(here, AgentDesks::user_of(agent), "agent", hash);
        one.agent = one.device = agent;
        config.users.push_back(std::move(one));
    }
    const std::string address = "http://127.0.0.1:" + std::to_string(setup.erp_port);
    config.plugins = {plugin(here, "erp_orders", "rules", {}), plugin(here, "erp_rest", "erp", erp(setup, address)),
                      plugin(here, "webhook", "events", events(setup, address)),
                      plugin(here, "webhook", DemoNode::kHooks, {{"receive_secret", setup.hooks_secret}}),
                      plugin(here, "simulator", "pbx1", simulator(truth_file))};
    if (!setup.other_cities.empty()) add_other_cities(setup, folder, config);
    return config;
}

}  // namespace

Result<std::unique_ptr<DemoNode>> DemoNode::start(const CitySetup& setup, const std::string& plugin_dir) {
    std::unique_ptr<DemoNode> demo(new DemoNode);
    std::string folder = (std::filesystem::temp_directory_path() / "citybridge-demo-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return Error{"demo.folder", "cannot make " + folder};
    demo->folder_ = folder;
    demo->truth_file_ = folder + "/truth.jsonl";
    Problems problems;
    demo->node_ = Node::make(config(setup, folder, demo->truth_file_), plugin_dir, problems);
    if (demo->node_ == nullptr) return Error{"demo.config", to_string(problems.front())};
    if (auto started = demo->node_->start(); !started) return started.error();
    return demo;
}

DemoNode::~DemoNode() {
    if (node_ != nullptr) node_->stop();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

}  // namespace citybridge::demo
