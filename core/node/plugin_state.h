#pragma once
// How plugin instances fare, for those who run the node. Any thread.
#include <prometheus/registry.h>

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "core/api/plugin.h"
#include "core/host/plugin_set.h"

namespace citybridge {

// As GET /v1/admin/plugins shows it.
nlohmann::ordered_json plugin_json(const InstanceInfo& info);

// Their troubles at /metrics, by stable codes.
class PluginMetrics {
public:
    // The registry outlives it.
    explicit PluginMetrics(prometheus::Registry& registry) : registry_(registry) {}

    // Warnings and errors are counted. A plugin that invents codes does not grow the figures without end.
    void said(std::string_view instance, LogLevel level, std::string_view code);

private:
    prometheus::Registry& registry_;
    std::mutex mutex_;
    std::map<std::string, std::set<std::string>, std::less<>> codes_;  // by instance; guarded by mutex_
};

}  // namespace citybridge
