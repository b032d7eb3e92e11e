#pragma once
#include <memory>
#include <string>

#include "core/node/node.h"

namespace citybridge::demo {

// One city on the simulator, in this process, reached like any node over its port.
class DemoNode {
public:
    static Result<std::unique_ptr<DemoNode>> start(const std::string& plugin_dir);
    ~DemoNode();
    DemoNode(const DemoNode&) = delete;
    DemoNode& operator=(const DemoNode&) = delete;

    std::uint16_t port() const { return node_->port(); }
    void stop() { node_->stop(); }
    // What the simulator says really happened, a JSON document a line.
    const std::string& truth_file() const { return truth_file_; }

    static constexpr const char* kUser = "demo";
    static constexpr const char* kPassword = "demo-supervisor";

private:
    DemoNode() = default;

    std::string folder_;
    std::string truth_file_;
    std::unique_ptr<Node> node_;
};

}  // namespace citybridge::demo
