#include "core/node/node.h"

#include <prometheus/registry.h>
#include <spdlog/spdlog.h>

#include "core/gateway/settings.h"
#include "core/node/node_settings.h"

namespace citybridge {
namespace {

std::vector<User> users_of(const NodeConfig& config) {
    std::vector<User> users;
    for (const UserConfig& each : config.users) {
        User user;
        user.name = each.name;
        user.role = role_from(each.role).value_or(Role::agent);  // the words were checked with the file
        user.groups = each.groups;
        user.device = each.device;
        user.agent = each.agent;
        user.password_hash = each.password_hash;
        user.token_hash = each.token_hash;
        users.push_back(std::move(user));
    }
    return users;
}

nlohmann::ordered_json plugin_json(const InstanceInfo& info) {
    return {{"name", info.name},
            {"library", info.library},
            {"version", info.version},
            {"state", info.state},
            {"exceptions", info.exceptions},
            {"last_error", info.last_error ? nlohmann::ordered_json{{"code", info.last_error->code},
                                                                    {"detail", info.last_error->detail}}
                                           : nlohmann::ordered_json(nullptr)}};
}

void log_line(LogLevel level, std::string_view code, std::string_view text) {
    const auto to = [&] {
        switch (level) {
            case LogLevel::debug: return spdlog::level::debug;
            case LogLevel::info: return spdlog::level::info;
            case LogLevel::warning: return spdlog::level::warn;
            case LogLevel::error: return spdlog::level::err;
        }
        return spdlog::level::info;
    }();
    spdlog::log(to, "{} {}", code, text);
}

}  // namespace

// Order matters: what is below uses what is above, and is destroyed first.
struct Node::Impl {
    NodeConfig config;
    CallsConfig calls;
    GatewaySettings listen;
    std::shared_ptr<prometheus::Registry> metrics = std::make_shared<prometheus::Registry>();
    std::unique_ptr<LiveStrand> live;
    std::unique_ptr<PluginSet> plugins;
    std::unique_ptr<Gateway> gateway;
    bool started = false;

    HostOptions host_options(const std::string& plugin_dir) {
        HostOptions options;
        options.city = config.city;
        options.plugin_dir = plugin_dir;
        options.signals = [this](std::string_view instance, std::span<PbxSignal> signals) {
            return live->signal(instance, signals);
        };
        return options;
    }

    GatewayHooks hooks() {
        GatewayHooks hooks;
        hooks.not_ready = [this] {
            std::vector<std::string> reasons;
            for (const std::string& pbx : live->links_down()) reasons.push_back("no link to PBX " + pbx);
            return reasons;
        };
        hooks.plugins = [this] {
            nlohmann::ordered_json list = nlohmann::ordered_json::array();
            for (const InstanceInfo& info : plugins->status()) list.push_back(plugin_json(info));
            return list;
        };
        hooks.log = log_line;
        hooks.metrics = metrics;
        return hooks;
    }
};

Node::Node() : impl_(std::make_unique<Impl>()) {}

Node::~Node() { stop(); }

std::unique_ptr<Node> Node::make(const NodeConfig& config, const std::string& plugin_dir, Problems& problems) {
    std::unique_ptr<Node> node(new Node);
    Impl& impl = *node->impl_;
    impl.config = config;
    impl.calls = read_calls(config, problems);
    impl.listen = read_listen(config, problems);
    if (!problems.empty()) return nullptr;
    impl.live = std::make_unique<LiveStrand>(static_cast<std::size_t>(impl.calls.signal_queue), *impl.metrics);
    impl.plugins = std::make_unique<PluginSet>(impl.host_options(plugin_dir));
    impl.plugins->load(config.plugins, problems);
    if (!problems.empty()) return nullptr;
    for (const PluginConfig& plugin : config.plugins)
        if (PbxAdapter* adapter = impl.plugins->find(plugin.name).pbx)
            impl.live->add_pbx(call_settings(config, impl.calls, plugin.name), adapter);
    impl.gateway = std::make_unique<Gateway>(impl.listen, users_of(config), *impl.live, impl.hooks());
    return node;
}

Result<> Node::start() {
    impl_->live->start();
    impl_->started = true;
    if (auto started = impl_->gateway->start(); !started) {
        stop();
        return started.error();
    }
    if (auto started = impl_->plugins->start(); !started) {
        stop();
        return started.error();
    }
    spdlog::info("node.started city={} port={} plugins={}", impl_->config.city, port(), impl_->config.plugins.size());
    return ok();
}

void Node::stop() {
    if (!std::exchange(impl_->started, false)) return;
    // Sources first, so that nothing new arrives; then those who look at it.
    impl_->plugins->stop();
    impl_->gateway->stop();
    impl_->live->stop();
}

std::uint16_t Node::port() const { return impl_->gateway->port(); }
LiveStrand& Node::live() { return *impl_->live; }
PluginSet& Node::plugins() { return *impl_->plugins; }
Result<> Node::set_users(const NodeConfig& config) { return impl_->gateway->set_users(users_of(config)); }
bool Node::alive() { return static_cast<bool>(impl_->live->snapshot()); }
std::size_t Node::abandoned() const { return impl_->plugins->abandoned(); }

}  // namespace citybridge
