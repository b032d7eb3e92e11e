#include "bench/durable_node.h"

#include <algorithm>
#include <charconv>

#include "core/desk/flow_file.h"
#include "core/gateway/crypto.h"
#include "core/node/paths.h"

namespace citybridge::bench {
namespace {

const Position kHere{"bench", 1, 1};
constexpr std::string_view kIdHead = "01900000-0000-7000-8000-";  // a UUID of version 7, as the gateway makes them
constexpr std::size_t kIdDigits = 12;

// `strand` is there when an instance is started.
HostOptions options_of(const DurableNodeSettings& settings, const std::unique_ptr<DurableStrand>& strand) {
    HostOptions options;
    options.city = settings.city;
    options.plugin_dir = settings.plugin_dir;
    options.inbound = [&strand](InboundMessage message, std::function<void(Result<>)> done) {
        strand->take(std::move(message), std::move(done));
    };
    return options;
}

void throw_first(const Problems& problems) {
    if (!problems.empty()) throw std::runtime_error(to_string(problems.front()));
}

desk::DeskSettings desk_settings(PluginSet& plugins, const std::vector<PluginConfig>& configured) {
    desk::DeskSettings out;
    out.city = "bench";
    for (const PluginConfig& each : configured) {
        const Capabilities offered = plugins.find(each.name);
        if (offered.outbound != nullptr)
            if (auto traits = offered.outbound->delivery_traits(); !traits.events.empty())
                out.subscribers.push_back({each.name, std::move(traits.events)});
        if (offered.rules != nullptr)
            for (const std::string& kind : offered.rules->kinds()) out.rules[kind] = offered.rules;
        if (offered.verification != nullptr) out.verification = offered.verification;
    }
    return out;
}

}  // namespace

PluginConfig plugin(const std::string& library, const std::string& name,
                    const std::map<std::string, std::string>& settings) {
    PluginConfig out{library, name, kHere, {kHere, {}}};
    for (const auto& [key, value] : settings) out.settings.settings.push_back({key, value, kHere});
    return out;
}

DurableNode::DurableNode(DurableNodeSettings settings) : plugins_(options_of(settings, strand_)) {
    settings.plugins.push_back(plugin("erp_orders", "rules", {}));
    Problems problems;
    plugins_.load(settings.plugins, problems);
    throw_first(problems);
    auto flows = desk::load_flows(default_config_dir() + "/flows", problems);
    auto calendar = desk::load_calendar(default_config_dir() + "/calendars/standard.xml", problems);
    throw_first(problems);
    auto opened = or_throw(store::open_store(settings.store));
    store_ = opened.get();
    auto readers = or_throw(store::open_readers(settings.store, 1));
    desk::DeskSettings desk = desk_settings(plugins_, settings.plugins);
    desk.city = settings.city;
    desk.cities = std::move(settings.cities);
    desk::FlowBook book;
    book.flows = std::move(flows);
    book.channels = std::move(settings.channels);
    DurableSettings durable;
    durable.subscribers = desk.subscribers;
    durable.generation = gateway::random_hex(8);
    durable.city = settings.city;
    strand_ =
        std::make_unique<DurableStrand>(durable, desk::Desk(std::move(desk), std::move(book), std::move(calendar)),
                                        std::move(opened), std::move(readers), std::move(settings.publish), *metrics_);
    for (const PluginConfig& each : settings.plugins) {
        const Capabilities offered = plugins_.find(each.name);
        if (offered.outbound != nullptr) strand_->add_destination(each.name, offered.outbound);
        for (const NamedOutbound& destination : offered.destinations)
            strand_->add_destination(each.name + '.' + destination.name, destination.connector);
    }
}

DurableNode::~DurableNode() { stop(); }

void DurableNode::start() {
    or_throw(plugins_.start());
    or_throw(strand_->start());
}

void DurableNode::stop() {
    plugins_.stop();
    strand_->stop();
}

std::string request_id(std::uint64_t n) {
    const std::string digits = std::to_string(n);
    return std::string(kIdHead) + std::string(kIdDigits - std::min(kIdDigits, digits.size()), '0') + digits;
}

std::optional<std::uint64_t> number_in(std::string_view id) {
    const auto at = id.find(kIdHead);
    if (at == std::string_view::npos || id.size() < at + kIdHead.size() + kIdDigits) return std::nullopt;
    std::uint64_t n = 0;
    const char* const from = id.data() + at + kIdHead.size();
    const auto [end, fault] = std::from_chars(from, from + kIdDigits, n);
    return fault == std::errc() && end == from + kIdDigits ? std::optional(n) : std::nullopt;
}

desk::Request sales_lead(const std::string& id, std::uint64_t n) {
    desk::OpenOrder open;
    open.kind = "sales_lead";
    // Callers come back: the second of two has the number of the first, who has become a customer by then.
    open.number = "+861" + std::to_string(3'000'000'000 + n / 128 * 64 + n % 64);
    open.customer_name = "张三";
    open.contact = "con_" + id;
    open.fields = {{"lead_kind", "rent"},
                   {"wish", "两室一厅，近地铁十号线，预算每月八千元以内，五月底前入住"},
                   {"district", "海淀"},
                   {"budget", "8000"}};
    open.note = "客户希望周末看房";
    return {id, {"wang", "agent", {"sales"}}, std::move(open)};
}

}  // namespace citybridge::bench
