#include "core/host/plugin_set.h"

#include <algorithm>

#include "core/host/instance.h"
#include "core/host/plugin_library.h"

namespace citybridge {
namespace {

std::string in_short(const Error& error) { return error.code + ": " + error.detail; }

}  // namespace

PluginSet::PluginSet(HostOptions options) : options_(std::move(options)) {}

PluginSet::~PluginSet() {
    stop();
    // In reverse, like stopping: a later plugin may hold what an earlier one offers.
    while (!entries_.empty()) entries_.pop_back();
}

Result<std::shared_ptr<const PluginLibrary>> PluginSet::library(const std::string& name) {
    const auto known = libraries_.find(name);
    if (known != libraries_.end()) return known->second;
    return libraries_.emplace(name, PluginLibrary::open(options_.plugin_dir, name)).first->second;
}

void PluginSet::load(const std::vector<PluginConfig>& plugins, Problems& problems) {
    for (const auto& plugin : plugins) {
        Entry entry{plugin, nullptr, nullptr, {}};
        if (const auto prepared = prepare(entry, problems); !prepared) entry.error = prepared.error();
        entries_.push_back(std::move(entry));
    }
}

Result<> PluginSet::prepare(Entry& entry, Problems& problems) {
    const PluginConfig& config = entry.config;
    const auto refuse = [&](const Error& error) {
        problems.push_back({config.where, in_short(error)});
        return error;
    };
    const auto opened = library(config.library);
    if (!opened) return refuse(opened.error());
    entry.library = *opened;
    const auto described = entry.library->settings();
    if (!described) return refuse(described.error());
    const Problems wrong = check_settings(described->settings, config.settings);
    problems.insert(problems.end(), wrong.begin(), wrong.end());
    if (!wrong.empty()) return Error{"plugin.settings", "instance " + config.name + ": " + to_string(wrong.front())};
    auto created = Instance::create(config.name, entry.library, options_);
    if (!created) return refuse(created.error());
    entry.instance = *created;
    const std::size_t before = problems.size();
    auto configured = entry.instance->configure(config.settings, problems);
    if (!configured && problems.size() == before) return refuse(configured.error());
    return configured;
}

Result<> PluginSet::start() {
    for (auto& entry : entries_) {
        auto started = entry.instance ? entry.instance->start() : Result<>(*entry.error);
        if (started) continue;
        stop();
        return started;
    }
    return ok();
}

void PluginSet::stop() {
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry)
        if (entry->instance) entry->instance->stop();
}

Capabilities PluginSet::find(std::string_view name) const {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.config.name == name; });
    if (found == entries_.end() || !found->instance) return {};
    return found->instance->capabilities();
}

std::vector<InstanceInfo> PluginSet::status() const {
    std::vector<InstanceInfo> out;
    for (const auto& [config, library, instance, error] : entries_) {
        InstanceInfo info{config.name, config.library, library ? std::string(library->version()) : "", "failed", 0,
                          error,       std::nullopt};
        if (instance) {
            info.state = to_string(instance->state());
            info.exceptions = instance->exceptions();
            info.last_error = instance->last_error();
            info.last_said = instance->last_said();
        }
        out.push_back(std::move(info));
    }
    return out;
}

std::size_t PluginSet::abandoned() const {
    return static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), [](const Entry& entry) {
        return entry.instance && entry.instance->abandoned();
    }));
}

}  // namespace citybridge
