#include "tests/crash/node_files.h"

#include <fstream>

#include "core/gateway/passwords.h"
#include "tests/crash/caller.h"

namespace citybridge::crash {
namespace {

std::string quoted(const std::string& text) { return '"' + text + '"'; }

// Cheap hashes: what log-in costs is measured elsewhere.
std::string user(const std::string& name, const std::string& role, const std::string& phone) {
    std::string out = "<user name=" + quoted(name) + " role=" + quoted(role) +
                      " password_hash=" + quoted(gateway::hash_password(name, {16, 1, 1}));
    if (!phone.empty()) out += " agent=" + quoted(phone) + " device=" + quoted(phone);
    return out + "/>\n";
}

std::string store_element(const NodeOptions& options) {
    const store::StoreSettings& store = options.store;
    std::string out = "<store ";
    if (store.database == store::Database::sqlite)
        out += "database=\"sqlite\" path=" + quoted(store.path);
    else
        out += "database=\"postgresql\" connection=" + quoted(store.connection);
    return out + " busy_timeout_ms=" + quoted(std::to_string(store.busy_timeout.count())) + ' ' +
           options.store_attributes + "/>\n";
}

std::string setting(const std::string& name, const std::string& value) {
    return "<" + name + ">" + value + "</" + name + ">";
}

}  // namespace

std::string phone_of(std::size_t caller) { return "SIM/" + std::to_string(8001 + caller); }

std::string write_node_file(const TempFolder& folder, const std::string& name, const NodeOptions& options) {
    const std::string stand_in = "http://127.0.0.1:" + std::to_string(options.stand_in_port);
    const std::string path = folder / name;
    std::ofstream out(path);
    out << "<citybridge city=\"beijing\">\n<listen port=\"0\"/>\n" << store_element(options) << "<users>\n";
    out << user(kChief, "supervisor", {});
    for (std::size_t i = 0; i < options.callers; ++i) out << user(Crowd::name_of(i), "agent", phone_of(i));
    out << "</users>\n<plugin library=\"simulator\" name=\"pbx1\">" << setting("speed", "20")
        << setting("callers_per_minute", std::to_string(options.callers_per_minute))
        << setting("desks", std::to_string(options.callers));
    if (!options.truth_file.empty()) out << setting("truth_file", options.truth_file);
    out << "</plugin>\n<plugin library=\"erp_orders\" name=\"rules\"/>\n";
    out << "<plugin library=\"erp_rest\" name=\"erp\">" << setting("url", stand_in)
        << setting("find_path", "/orders?citybridge_id={id}") << setting("repeats", options.repeats)
        << setting("timeout_ms", "500") << setting("far_timeout_ms", "1000") << setting("connections", "16")
        << setting("retry_schedule", "100ms, 200ms, 300ms, 500ms, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s")
        << "</plugin>\n";
    out << "<plugin library=\"webhook\" name=\"events\">" << setting("url", stand_in + "/hook/events")
        << setting("secret", kEventsSecret) << setting("events", "order.*") << setting("timeout_ms", "500")
        << setting("far_timeout_ms", "1000") << setting("connections", "16")
        << setting("retry_schedule", "100ms, 200ms, 300ms, 500ms, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s")
        << "</plugin>\n";
    out << "<plugin library=\"webhook\" name=\"erp_hooks\">" << setting("receive_secret", kHooksSecret)
        << "</plugin>\n</citybridge>\n";
    return path;
}

}  // namespace citybridge::crash
