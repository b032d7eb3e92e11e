#include "core/node/plugin_state.h"

#include <prometheus/counter.h>

namespace citybridge {
namespace {

constexpr std::size_t kMostCodes = 64;

std::string_view word_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return "debug";
        case LogLevel::info: return "info";
        case LogLevel::warning: return "warning";
        case LogLevel::error: return "error";
    }
    return "info";
}

nlohmann::ordered_json said_json(const std::optional<Said>& said) {
    if (!said) return nullptr;
    return {{"level", word_of(said->level)}, {"code", said->code}, {"text", said->text}, {"at", to_rfc3339(said->at)}};
}

}  // namespace

nlohmann::ordered_json plugin_json(const InstanceInfo& info) {
    return {{"name", info.name},
            {"library", info.library},
            {"version", info.version},
            {"state", info.state},
            {"exceptions", info.exceptions},
            {"last_error", info.last_error ? nlohmann::ordered_json{{"code", info.last_error->code},
                                                                    {"detail", info.last_error->detail}}
                                           : nlohmann::ordered_json(nullptr)},
            {"last_said", said_json(info.last_said)}};
}

void PluginMetrics::said(std::string_view instance, LogLevel level, std::string_view code) {
    if (level != LogLevel::warning && level != LogLevel::error) return;
    const std::lock_guard lock(mutex_);
    std::set<std::string>& codes = codes_[std::string(instance)];
    std::string known(code);
    if (codes.size() >= kMostCodes && !codes.contains(known)) known = "other";
    codes.insert(known);
    prometheus::BuildCounter()
        .Name("citybridge_plugin_troubles_total")
        .Help("Warnings and errors that plugin instances logged")
        .Register(registry_)
        .Add({{"plugin", std::string(instance)},
              {"level", level == LogLevel::error ? "error" : "warning"},
              {"code", known}})
        .Increment();
}

}  // namespace citybridge
