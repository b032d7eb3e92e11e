#include "core/node/node.h"

#include <prometheus/registry.h>
#include <spdlog/spdlog.h>

#include "core/calls/phone_number.h"
#include "core/desk/order_view.h"
#include "core/gateway/crypto.h"
#include "core/gateway/settings.h"
#include "core/node/attachment_files.h"
#include "core/node/centre_settings.h"
#include "core/node/city_calendars.h"
#include "core/node/city_flows.h"
#include "core/node/city_reports.h"
#include "core/node/city_transfers.h"
#include "core/node/config_users.h"
#include "core/node/durable_strand.h"
#include "core/node/flow_shelf.h"
#include "core/node/node_settings.h"
#include "core/node/offer_details.h"
#include "core/node/plugin_state.h"
#include "core/node/recordings.h"
#include "core/node/reload.h"
#include "core/node/report_service.h"
#include "core/node/reports_settings.h"
#include "core/node/store_life.h"
#include "core/node/store_settings.h"
#include "core/node/wrap_ups.h"
#include "core/store/store_lock.h"

namespace citybridge {
namespace {

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
    Node* self = nullptr;
    NodeConfig config;
    CallsConfig calls;
    GatewaySettings listen;
    StoreConfig store;
    OutgoingConfig outgoing;
    RecordingsConfig recorded;
    ReportsConfig reporting;
    reports::ReportSet reports;
    std::vector<reports::QualityForm> forms;
    std::shared_ptr<PeopleBook> people = std::make_shared<PeopleBook>();
    desk::FlowBook book;
    desk::CitySet cities;
    std::optional<desk::Calendars> calendars;
    std::shared_ptr<prometheus::Registry> metrics = std::make_shared<prometheus::Registry>();
    PluginMetrics plugin_metrics{*metrics};
    std::unique_ptr<LiveStrand> live;
    std::unique_ptr<PluginSet> plugins;
    std::unique_ptr<store::StoreLock> lock;
    std::unique_ptr<DurableStrand> durable;  // calls connectors and rules of plugins
    std::shared_ptr<desk::CentreBox> centre = std::make_shared<desk::CentreBox>();
    std::unique_ptr<OfferDetails> details;
    std::unique_ptr<CityTransfers> transfers;
    std::unique_ptr<WrapUpWatch> wrap_ups;
    std::unique_ptr<Recordings> recordings;
    std::unique_ptr<AttachmentFiles> attachments;
    std::unique_ptr<ReportService> report_service;
    std::unique_ptr<Gateway> gateway;
    bool started = false;

    // Everything of the configuration but the plugins.
    void read(Problems& problems) {
        calls = read_calls(config, problems);
        listen = read_listen(config, problems);
        store = read_store(config, problems);
        outgoing = read_outgoing(config, problems);
        recorded = read_recordings(config, outgoing, problems);
        reporting = read_reports(config, problems);
        centre->put(read_centre(config, problems));
        const DeskConfig desk = read_desk(config, problems);
        if (!problems.empty()) return;
        CityFlows city = load_city_flows(config, desk, problems);
        book = std::move(city.book);
        cities = std::move(city.cities);
        calendars = std::move(city.calendars);
        reports = load_city_reports(config, reporting, book, problems);
        forms = reports::load_forms(reporting.quality, problems);
    }

    desk::DeskSettings desk_settings() {
        desk::DeskSettings out;
        out.city = config.city;
        out.centre = centre;
        out.cities = cities;
        for (const PluginConfig& plugin : config.plugins) {
            const Capabilities offered = plugins->find(plugin.name);
            if (offered.outbound != nullptr)
                if (auto traits = offered.outbound->delivery_traits(); !traits.events.empty())
                    out.subscribers.push_back({plugin.name, std::move(traits.events)});
            if (offered.rules != nullptr)
                for (const std::string& kind : offered.rules->kinds()) out.rules[kind] = offered.rules;
            if (offered.verification != nullptr) out.verification = offered.verification;
        }
        return out;
    }

    // What the store takes as its own is checked here: a node never runs half.
    Result<> open_durable() {
        auto locked = store::lock_store(store_settings(store));
        if (!locked) return locked.error();
        lock = std::move(*locked);
        auto opened = store::open_store(store_settings(store));
        if (!opened) return opened.error();
        auto readers = store::open_readers(store_settings(store), static_cast<std::size_t>(store.readers));
        if (!readers) return readers.error();
        desk::DeskSettings settings = desk_settings();
        auto life = life_of(**opened);
        if (!life) return life.error();
        settings.cities.callbacks.generation = life->generation;
        settings.cities.callbacks.life = std::move(life->id);
        DurableSettings durable_settings;
        durable_settings.retention = retention(store);
        durable_settings.subscribers = settings.subscribers;
        durable_settings.generation = gateway::random_hex(8);
        durable_settings.city = config.city;
        durable_settings.people = people;
        if (auto known = know_people(**readers); !known) return known;
        auto facts = open_facts(**opened, durable_settings);
        if (!facts) return facts.error();
        // What open orders began with, whatever the files say today.
        auto flows = with_versions_in_use(std::move(book.flows), **opened, **readers);
        if (!flows) return flows.error();
        book.flows = std::move(*flows);
        if (auto kept = keep_versions(book.flows, **opened); !kept) return kept;
        const std::vector<desk::Subscriber> subscribers = settings.subscribers;
        durable = std::make_unique<DurableStrand>(
            durable_settings, desk::Desk(std::move(settings), book, *calendars), std::move(*opened),
            std::move(*readers), [this](std::vector<Event> events) { live->announce(std::move(events)); }, *metrics);
        make_reports(std::move(*facts), subscribers);
        for (const PluginConfig& plugin : config.plugins) {
            const Capabilities offered = plugins->find(plugin.name);
            if (offered.outbound != nullptr) durable->add_destination(plugin.name, offered.outbound);
            for (const NamedOutbound& each : offered.destinations)
                durable->add_destination(plugin.name + '.' + each.name, each.connector);
        }
        transfers = std::make_unique<CityTransfers>(
            *live, *durable, [this](const EventPtr& event) { details->heard(event); });
        details = std::make_unique<OfferDetails>(
            durable->readers(), [this](OfferChanged offer) { live->announce({std::move(offer)}); },
            [this](const OrderRecord& order, const std::vector<DeadlineRecord>& deadlines) {
                return desk::order_for_all(durable->desk(), order, deadlines, system_now().wall);
            },
            [this](const Contact& contact) { return transfers->of_contact(contact); });
        wrap_ups = std::make_unique<WrapUpWatch>(
            durable->readers(), centre, [this](Changes changes) { durable->note(std::move(changes)); },
            [this](std::vector<Event> events) { live->announce(std::move(events)); });
        live->subscribe([this](const EventPtr& event) {
            durable->heard(event);
            details->heard(event);
            transfers->heard(event);
            wrap_ups->heard(event);
            finished(event);
        });
        return ok();
    }

    Result<> know_people(store::Readers& readers) {
        people->set_configured(users_of(config));
        const auto stored = readers.users();
        if (!stored) return stored.error();
        for (const UserRecord& row : *stored) people->put_stored(row);
        return ok();
    }

    // What the process of before left: states of agents that nobody closed, and when it was last alive.
    Result<std::unique_ptr<store::ReportReader>> open_facts(store::Store& opened, DurableSettings& settings) {
        const store::FactLimits limits{static_cast<std::size_t>(reporting.max_rows),
                                       std::chrono::seconds{reporting.timeout_s}};
        auto reader = store::open_report_reader(store_settings(store), limits);
        if (!reader) return reader;
        auto left = (*reader)->open_intervals();
        if (!left) return left.error();
        settings.open_intervals = std::move(*left);
        const auto alive = opened.meta(kAliveAtMeta);
        if (!alive) return alive.error();
        if (!alive->empty()) settings.last_alive = WallTime{Millis{std::strtoll(alive->c_str(), nullptr, 10)}};
        return reader;
    }

    void make_reports(std::unique_ptr<store::ReportReader> reader, std::vector<desk::Subscriber> subscribers) {
        ReportServiceSettings settings;
        settings.reports = reports;
        settings.forms = forms;
        settings.out = reporting.out;
        settings.catch_up = std::chrono::days{reporting.catch_up_days};
        settings.subscribers = std::move(subscribers);
        // The calendar was read with this zone: it is there.
        auto time = reports::CityTime::in(calendars->city().doc().zone);
        report_service = std::make_unique<ReportService>(std::move(settings), std::move(*time), calendars->city(),
                                                         people, std::move(reader), *durable);
    }

    // Results of commands become durable, too (P6).
    void finished(const EventPtr& event) {
        const auto* result = std::get_if<CommandFinished>(&event->event);
        if (result == nullptr) return;
        CommandRecord row;
        row.id = result->command_id;
        row.user = result->user;
        row.state = to_string(result->outcome);
        row.reason = result->reason;
        row.contact = result->contact_id;
        row.at = row.updated_at = event->at;
        Changes fact;
        fact.commands.push_back(std::move(row));
        durable->note(std::move(fact));
    }

    // A flow may name an ERP this node has no connector for: its messages wait until there is one.
    void warn_of_missing_connectors() const {
        for (const desk::Flow* flow : book.flows.all())
            for (const desk::ErpDef& erp : flow->erps)
                if (plugins->find(erp.connector).outbound == nullptr)
                    spdlog::warn(
                        "node.no_connector flow {} sends to \"{}\", which no plugin of this node is; its "
                        "messages wait in the outbox",
                        flow->kind, erp.connector);
    }

    HostOptions host_options(const std::string& plugin_dir) {
        HostOptions options;
        options.city = config.city;
        options.plugin_dir = plugin_dir;
        options.outgoing_allow = outgoing.allow;
        options.signals = [this](std::string_view instance, std::span<PbxSignal> signals) {
            return live->signal(instance, signals);
        };
        options.said = [this](std::string_view instance, LogLevel level, std::string_view code) {
            plugin_metrics.said(instance, level, code);
        };
        // Instances are started when the durable strand is there, and stopped before it.
        options.inbound = [this](InboundMessage message, std::function<void(Result<>)> done) {
            durable->take(std::move(message), std::move(done));
        };
        return options;
    }

    GatewayHooks hooks() {
        GatewayHooks hooks;
        hooks.not_ready = [this] {
            std::vector<std::string> reasons;
            for (const std::string& pbx : live->links_down()) reasons.push_back("no link to PBX " + pbx);
            if (std::string trouble = durable->store_trouble(); !trouble.empty()) reasons.push_back(std::move(trouble));
            return reasons;
        };
        hooks.plugins = [this] {
            nlohmann::ordered_json list = nlohmann::ordered_json::array();
            for (const InstanceInfo& info : plugins->status()) list.push_back(plugin_json(info));
            return list;
        };
        hooks.inbound = [this](std::string_view name) -> const InboundConnector* {
            return plugins->find(name).inbound;
        };
        hooks.e164 = [this](std::string_view number) {
            return kept_number(number, calls.region, calls.outside_prefix);
        };
        if (recorded.configured() && !recordings) recordings = std::make_unique<Recordings>(recorded);
        hooks.recordings = recordings.get();
        if (!attachments)
            attachments = std::make_unique<AttachmentFiles>(store.attachments,
                                                            static_cast<std::size_t>(store.attachment_mib) << 20U);
        hooks.attachments = attachments.get();
        hooks.reports = report_service.get();
        hooks.reload = [this] { return reload(*self, config.where.file); };
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
    impl.self = node.get();
    impl.config = config;
    impl.read(problems);
    if (!problems.empty()) return nullptr;
    impl.live = std::make_unique<LiveStrand>(static_cast<std::size_t>(impl.calls.signal_queue), *impl.metrics);
    impl.plugins = std::make_unique<PluginSet>(impl.host_options(plugin_dir));
    impl.plugins->load(config.plugins, problems);
    if (!problems.empty()) return nullptr;
    for (const PluginConfig& plugin : config.plugins)
        if (PbxAdapter* adapter = impl.plugins->find(plugin.name).pbx)
            impl.live->add_pbx(call_settings(config, impl.calls, plugin.name), adapter);
    return node;
}

Result<> Node::start() {
    if (auto opened = impl_->open_durable(); !opened) return opened;
    impl_->gateway = std::make_unique<Gateway>(impl_->listen, users_of(impl_->config), *impl_->live, *impl_->durable,
                                               impl_->hooks());
    impl_->warn_of_missing_connectors();
    impl_->live->start();
    impl_->started = true;
    // Connectors before the strand that sends by them, the door last.
    Result<> started = impl_->plugins->start();
    if (started) started = impl_->durable->start();
    if (started) {
        impl_->details->start();
        started = impl_->transfers->start();
    }
    if (started) {
        impl_->attachments->start(impl_->durable->readers());
        impl_->wrap_ups->start();
        impl_->report_service->start();
        started = impl_->gateway->start();
    }
    if (!started) {
        stop();
        return started;
    }
    spdlog::info("node.started city={} port={} plugins={}", impl_->config.city, port(), impl_->config.plugins.size());
    return ok();
}

void Node::stop() {
    if (!std::exchange(impl_->started, false)) return;
    // Sources first, so that nothing new arrives; then those who look at it.
    impl_->plugins->stop();
    impl_->gateway->stop();
    impl_->transfers->stop();
    impl_->details->stop();
    impl_->attachments->stop();
    impl_->wrap_ups->stop();
    impl_->report_service->stop();
    // The durable strand last but one: what live calls still said is written, what it publishes nobody hears any more.
    impl_->live->stop();
    impl_->durable->stop();
}

std::uint16_t Node::port() const { return impl_->gateway->port(); }
LiveStrand& Node::live() { return *impl_->live; }
PluginSet& Node::plugins() { return *impl_->plugins; }
Result<> Node::set_users(const NodeConfig& config) {
    auto set = impl_->gateway->set_users(users_of(config));
    if (set) impl_->people->set_configured(users_of(config));
    return set;
}
Result<> Node::set_book(desk::FlowBook book) { return impl_->durable->set_book(std::move(book)); }
Result<> Node::set_calendars(const desk::Calendars& calendars) { return impl_->durable->set_calendars(calendars); }
std::shared_ptr<const desk::Calendars> Node::calendars() const { return impl_->durable->desk().calendars(); }
void Node::set_centre(desk::Centre centre) { impl_->centre->put(std::move(centre)); }
bool Node::alive() { return impl_->live->snapshot() && impl_->durable->alive(); }
std::size_t Node::abandoned() const { return impl_->plugins->abandoned(); }

}  // namespace citybridge
