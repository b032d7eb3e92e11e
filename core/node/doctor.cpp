#include "core/node/doctor.h"

#include <sys/timex.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "core/api/model_json.h"
#include "core/desk/flow_file.h"
#include "core/node/business_time.h"
#include "core/node/city_calendars.h"
#include "core/node/city_flows.h"
#include "core/node/doctor_desk.h"
#include "core/node/node_settings.h"
#include "core/node/paths.h"
#include "core/node/store_settings.h"
#include "core/store/reader.h"
#include "core/store/undelivered_reader.h"

namespace citybridge {
namespace {

using Weight = store::Finding::Weight;
using Ailments = std::vector<Ailment>;

constexpr Millis kLongWait{3'600'000};
constexpr Millis kFuture{300'000};
constexpr WallTime kBuilt{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

std::string advice_for(const std::string& code) {
    static const std::map<std::string, std::string> table{
        {"schema.too_new", "use the programs of the node that wrote it"},
        {"schema.pending", "start the node once; it keeps a copy first"},
        {"file.damaged", "stop the node and restore a backup"},
        {"sync.journal", "start the node once"},
        {"sync.off", "switch it on in postgresql.conf"},
        {"disk.little_room", "make room"},
        {"store.unavailable", "start the node once if it is new; else make the database reachable"},
        {"store.locked", "find the program that holds the database and end it"},
    };
    const auto found = table.find(code);
    return found == table.end() ? "restore a backup, or report it with a copy of the store" : found->second;
}

// Several problems of the file are told by the check; one line each here, too.
void check_configuration(const std::string& path, const std::string& plugin_dir, Ailments& out) {
    for (const Problem& problem : check_node(path, plugin_dir))
        out.push_back({Weight::error, "config.invalid", to_string(problem), "correct it; the node would not start"});
}

void check_flows(const NodeConfig& config, const desk::FlowSet& flows, Ailments& out) {
    for (const desk::Flow* flow : flows.all())
        for (const desk::ErpDef& erp : flow->erps) {
            const bool there = std::any_of(config.plugins.begin(), config.plugins.end(),
                                           [&](const PluginConfig& plugin) { return plugin.name == erp.connector; });
            if (!there)
                out.push_back({Weight::warning, "node.no_connector",
                               "flow " + flow->kind + " sends to \"" + erp.connector +
                                   "\", which no plugin of this node is; its messages wait",
                               "add the plugin, or take the flow's <erp> out"});
        }
}

void check_calendars(const desk::Calendars& calendars, WallTime now, Ailments& out) {
    const std::string advice =
        "add the coming year's holidays and working weekends to its file, or name that year in base";
    for (const std::string& name : calendars.names()) {
        const desk::Calendar& calendar = *calendars.find(name);
        if (!calendar.doc().until) continue;
        const auto left = *calendar.doc().until - calendar.local_day(now);
        if (left.count() < 0)
            out.push_back(
                {Weight::error, "calendar.ended", "calendar " + name + " has ended: deadlines are guesses", advice});
        else if (left < BusinessTime::kWarning)
            out.push_back({Weight::warning, "calendar.ends",
                           "calendar " + name + " ends in " + std::to_string(left.count()) + " days", advice});
    }
}

std::string hours_since(WallTime then, WallTime now) {
    return std::to_string(std::chrono::duration_cast<std::chrono::hours>(now - then).count()) + " h";
}

void check_deliveries(store::Readers& readers, WallTime now, Ailments& out) {
    const auto counts = readers.outbox_counts();
    if (!counts) return out.push_back({Weight::error, counts.error().code, counts.error().detail, "read the sentence"});
    for (const store::OutboxCount& each : *counts) {
        const std::string some = std::to_string(each.count) + " messages to " + each.destination;
        const std::string age = ", the oldest for " + hours_since(each.oldest, now);
        if (each.state == OutboxState::dead)
            out.push_back({Weight::error, "outbox.dead", some + " were given up" + age,
                           "citybridge dead-letters; settle the cause, then dead-letters replay"});
        if (each.state == OutboxState::possibly_done)
            out.push_back({Weight::warning, "outbox.possibly_done", some + " may have been done" + age,
                           "look in the far system, then outbox cancel or outbox replay"});
        if (each.state == OutboxState::pending && now - each.oldest > kLongWait)
            out.push_back({Weight::warning, "outbox.waiting", some + " wait" + age,
                           "citybridge destinations; is the far system reachable, the node running?"});
    }
}

void check_callbacks(store::Readers& readers, Ailments& out) {
    const auto lost = store::undelivered_callbacks(readers);
    if (!lost || lost->empty()) return;
    out.push_back({Weight::error, "callback.undelivered",
                   std::to_string(lost->size()) + " callbacks have messages that the other city did not get, such as " +
                       lost->begin()->first,
                   "citybridge dead-letters shows why; settle the cause, then dead-letters replay"});
}

void check_clock(store::Readers& readers, WallTime now, Ailments& out) {
    if (now < kBuilt)
        out.push_back({Weight::error, "clock.behind", "this machine believes it is " + to_rfc3339(now),
                       "set the clock, and let it be kept (chrony, systemd-timesyncd)"});
    WallTime newest{};
    store::OrderQuery orders;
    orders.limit = 1;
    if (const auto rows = readers.orders(orders); rows && !rows->empty()) newest = rows->front().created_at;
    store::OutboxQuery messages;
    messages.limit = 1;
    if (const auto rows = readers.outbox(messages); rows && !rows->empty())
        newest = std::max(newest, rows->front().created_at);
    if (newest > now + kFuture)
        out.push_back({Weight::error, "clock.behind",
                       "the store was last written at " + to_rfc3339(newest) + ", which is in the future",
                       "the clock was wrong then or is now: correct it; deadlines depend on it"});
    timex state{};
    if (adjtimex(&state) == TIME_ERROR)
        out.push_back({Weight::note, "clock.not_synchronized", "nothing keeps this machine's clock right",
                       "run chrony or systemd-timesyncd; in a container look at the host"});
}

void check_rows(const StoreConfig& config, WallTime now, std::vector<std::string>& users, Ailments& out) {
    const store::StoreSettings settings = store_settings(config);
    const auto findings = store::check_store(settings);
    if (!findings) {
        const Error& error = findings.error();
        return out.push_back({Weight::error, error.code, error.detail, advice_for(error.code)});
    }
    bool readable = true;
    for (const store::Finding& each : *findings) {
        out.push_back({each.weight, each.code, each.detail, advice_for(each.code)});
        readable = readable && !each.code.starts_with("schema.") && each.code != "file.damaged";
    }
    if (!readable) return;
    const auto readers = store::open_readers(settings, 1);
    if (!readers) return out.push_back({Weight::error, readers.error().code, readers.error().detail, "see the log"});
    check_deliveries(**readers, now, out);
    check_callbacks(**readers, out);
    check_clock(**readers, now, out);
    check_attachments(**readers, config.attachments, out);
    check_scripts(**readers, out);
    if (const auto stored = (*readers)->users())
        for (const UserRecord& row : *stored) users.push_back(row.name);
}

}  // namespace

std::vector<Ailment> examine(const std::string& config_path, const std::string& plugin_dir, WallTime now) {
    Ailments out;
    check_configuration(config_path, plugin_dir, out);
    Problems problems;
    const NodeConfig config = load_config(config_path, problems);
    if (!problems.empty()) return out;
    const StoreConfig store = read_store(config, problems);
    std::vector<std::string> users;
    for (const UserConfig& user : config.users) users.push_back(user.name);
    if (problems.empty()) check_rows(store, now, users, out);
    Problems of_desk;
    const DeskConfig desk = read_desk(config, of_desk);
    if (!of_desk.empty()) return out;
    const desk::FlowSet flows = desk::load_flows(desk.flows, of_desk);
    const desk::Calendars calendars = load_city_calendars(desk, flows, of_desk);
    if (!of_desk.empty()) return out;
    check_flows(config, flows, out);
    check_calendars(calendars, now, out);
    const CityFlows city = load_city_flows(config, desk, of_desk);
    if (!of_desk.empty()) return out;
    check_channels(city.book, out);
    if (!city.cities.all.empty())
        if (const auto readers = store::open_readers(store_settings(store), 1); readers)
            check_cities(**readers, city.cities, out);
    // The directory that is shipped is an example: whoever stands in it is nobody's colleague.
    if (desk.directory != default_config_dir() + "/directory")
        check_directory(city.book.directory, users, calendars.city().local_day(now), out);
    return out;
}

}  // namespace citybridge
