#include "tools/demo/demo_node.h"

#include <filesystem>
#include <random>

#include "core/gateway/passwords.h"

namespace citybridge::demo {
namespace {

NodeConfig config(const std::string& truth_file) {
    NodeConfig config;
    config.city = "beijing";
    config.where = {"demo", 1, 1};
    const Position here = config.where;
    config.sections["listen"] = {here, {{"port", "0", here}}};
    UserConfig user;
    user.name = DemoNode::kUser;
    user.role = "supervisor";
    user.password_hash = gateway::hash_password(DemoNode::kPassword);
    user.where = here;
    config.users.push_back(std::move(user));
    // Busy enough to see every kind of call within seconds.
    PluginConfig pbx{"simulator", "pbx1", here, {here, {}}};
    pbx.settings.settings = {{"speed", "10", here},
                             {"seed", std::to_string(std::random_device{}()), here},
                             {"callers_per_minute", "9", here},
                             {"agents", "10", here},
                             {"talk_seconds_mean", "45", here},
                             {"patience_seconds_mean", "60", here},
                             {"internal_per_hour", "60", here},
                             {"truth_file", truth_file, here}};
    config.plugins.push_back(std::move(pbx));
    return config;
}

}  // namespace

Result<std::unique_ptr<DemoNode>> DemoNode::start(const std::string& plugin_dir) {
    std::unique_ptr<DemoNode> demo(new DemoNode);
    std::string folder = (std::filesystem::temp_directory_path() / "citybridge-demo-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return Error{"demo.folder", "cannot make " + folder};
    demo->folder_ = folder;
    demo->truth_file_ = folder + "/truth.jsonl";
    Problems problems;
    demo->node_ = Node::make(config(demo->truth_file_), plugin_dir, problems);
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
