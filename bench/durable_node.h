#pragma once
// The durable half of a node as core/node/node.cpp puts it together: store,
// desk with the shipped flows, plugins, durable strand. In pieces, so that a
// benchmark can listen to the store and leave the rest out.
#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <string>

#include "core/host/plugin_set.h"
#include "core/node/durable_strand.h"
#include "core/store/statement_log.h"

namespace citybridge::bench {

// One entry of the configuration.
PluginConfig plugin(const std::string& library, const std::string& name,
                    const std::map<std::string, std::string>& settings);

// `library`.so of `plugins` with the rules of sales leads is always there.
struct DurableNodeSettings {
    store::StoreSettings store;
    std::string plugin_dir;
    std::vector<PluginConfig> plugins{};
    DurableStrand::Publish publish = [](const std::vector<Event>&) {};
    std::string city = "bench";
    desk::CitySet cities{};
    std::map<std::string, std::string> channels{};  // email, sms: the connector that carries it
};

class DurableNode {
public:
    // Starts nothing. Throws std::runtime_error, like start(): nothing can be measured.
    explicit DurableNode(DurableNodeSettings settings);
    ~DurableNode();
    DurableNode(const DurableNode&) = delete;
    DurableNode& operator=(const DurableNode&) = delete;

    // What the strand says to its database; before start().
    void log_to(store::StatementLog* log) { store::log_statements(*store_, log); }
    void start();
    void stop();

    DurableStrand& strand() { return *strand_; }
    PluginSet& plugins() { return plugins_; }
    std::shared_ptr<prometheus::Registry> metrics() { return metrics_; }

private:
    std::shared_ptr<prometheus::Registry> metrics_ = std::make_shared<prometheus::Registry>();
    PluginSet plugins_;
    store::Store* store_ = nullptr;  // the strand's
    std::unique_ptr<DurableStrand> strand_;
};

// The value, or the error's words as std::runtime_error.
template <class T>
T or_throw(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
    return std::move(*result);
}

// The same length for every number, so that rows are of one size.
std::string request_id(std::uint64_t n);
// The number again, from an id that begins with "ord_" or not; nothing if it was not made here.
std::optional<std::uint64_t> number_in(std::string_view id);
// An agent's request to open the `n`th sales lead; every second caller is known already.
desk::Request sales_lead(const std::string& id, std::uint64_t n);

}  // namespace citybridge::bench
