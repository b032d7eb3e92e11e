#include "plugins/link_https/settings.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "core/api/city_message.h"
#include "core/api/host_words.h"
#include "core/api/setting_rows.h"

namespace citybridge::link_https {
namespace {

using setting_rows::integer;
using setting_rows::list;
using setting_rows::required;
using setting_rows::text;

struct S {
    std::vector<std::string> peers;
    std::vector<std::string> pins;
    std::string certificate;
    std::string key;
    std::string address;
    std::int64_t port = 0;
    std::int64_t window = 0;
    std::int64_t timeout_ms = 0;
    std::int64_t give_up_after_days = 0;
    std::int64_t max_connections = 0;
};

using Row = Setting<S>;

const std::vector<Row>& table() {
    static const std::vector<Row> rows{
        required(
            list("peers", "",
                 "The other cities and where their nodes listen: hangzhou=https://10.2.0.1:8472, one for each city.",
                 &S::peers)),
        required(
            list("pins", "",
                 "The SHA-256 fingerprints of their certificates: hangzhou=<64 hexadecimal digits>; two for a city "
                 "while it changes its certificate.",
                 &S::pins)),
        required(text("certificate", "", "File with this city's certificate, PEM.", &S::certificate)),
        required(text("key", "", "File with its private key, PEM, readable by the node alone.", &S::key)),
        text("address", "0.0.0.0", "Address the node listens at for other cities, IPv4 or IPv6.", &S::address),
        integer("port", "", "8472", 1, 65'535, "Port the node listens at for other cities.", &S::port),
        integer("window", "", "512", 1, 2'000, "Messages to one city on their way at once.", &S::window),
        integer("timeout_ms", "ms", "45000", 1'000, 600'000,
                "Time for one request to another city, from connecting to the whole answer.", &S::timeout_ms),
        integer("give_up_after_days", "days", "30", 1, 365,
                "How long a message is tried before a person must look; a cut line of less than this loses nothing.",
                &S::give_up_after_days),
        integer("max_connections", "", "64", 4, 10'000,
                "Connections from outside at once; when there are more, the oldest that has shown no certificate goes.",
                &S::max_connections),
    };
    return rows;
}

// "https://host:port" and nothing after it but one slash.
bool is_origin(std::string_view url) {
    if (!url.starts_with("https://")) return false;
    std::string_view rest = url.substr(8);
    if (rest.ends_with('/')) rest.remove_suffix(1);
    return is_host_and_port(rest);
}

bool is_ip_address(const std::string& text) {
    in6_addr none{};
    return inet_pton(AF_INET, text.c_str(), &none) == 1 || inet_pton(AF_INET6, text.c_str(), &none) == 1;
}

class Reader : public SettingsJudge {
public:
    using SettingsJudge::SettingsJudge;

    // "city=value" parts; wrong ones are told and left out.
    std::vector<std::pair<std::string, std::string>> pairs(std::string_view name,
                                                           const std::vector<std::string>& list) {
        std::vector<std::pair<std::string, std::string>> out;
        for (const std::string& each : list) {
            const auto equals = each.find('=');
            if (equals == std::string::npos || !is_city_name(each.substr(0, equals)))
                wrong(name, "has \"" + each + "\"; write city=value, the city in lower case as its node is called");
            else
                out.emplace_back(each.substr(0, equals), each.substr(equals + 1));
        }
        return out;
    }

    std::vector<Peer> peers(const S& given) {
        std::vector<Peer> out;
        for (auto& [city, url] : pairs("peers", given.peers)) {
            if (!is_origin(url)) wrong("peers", "has \"" + url + "\" for " + city + "; write https://host:port");
            // One address for two cities would let a kept connection of one carry messages of the other.
            for (const Peer& other : out)
                if (other.city == city || other.url == url)
                    wrong("peers", "names the city or address of " + city + " twice");
            out.push_back({city, url.ends_with('/') ? url.substr(0, url.size() - 1) : url, {}});
        }
        for (const auto& [city, text] : pairs("pins", given.pins)) pin(out, city, text);
        for (const Peer& peer : out)
            if (peer.pins.empty()) wrong("pins", "has none for " + peer.city + ", so nobody could speak for it");
        return out;
    }

private:
    void pin(std::vector<Peer>& peers, const std::string& city, const std::string& text) {
        const auto peer = std::find_if(peers.begin(), peers.end(), [&](const Peer& each) { return each.city == city; });
        if (peer == peers.end()) return wrong("pins", "names " + city + ", which is not among the peers");
        const auto print = parse_fingerprint(text);
        if (!print)
            return wrong("pins", "has a fingerprint for " + city +
                                     " that is not 64 hexadecimal digits; show the right one with openssl x509 "
                                     "-in FILE -noout -fingerprint -sha256");
        if (const auto [at, fresh] = owners_.emplace(*print, city); !fresh)
            return wrong("pins", "gives one certificate to " + at->second + " and to " + city);
        peer->pins.push_back(*print);
    }

    std::map<Fingerprint, std::string> owners_;
};

}  // namespace

SettingsDoc settings_doc() {
    return describe(
        "Messages between the nodes of cities, directly, over HTTPS with a pinned certificate on both sides.", table());
}

Config read_config(const RawSettings& raw, Problems& problems) {
    const std::size_t before = problems.size();
    const S given = parse_settings(table(), raw, problems);
    if (problems.size() != before) return {};
    Reader reader(raw, problems);
    Config config;
    config.peers = reader.peers(given);
    if (!is_ip_address(given.address))
        reader.wrong("address",
                     "is \"" + given.address + "\"; write an IPv4 or IPv6 address of this machine, or 0.0.0.0");
    config.certificate = given.certificate;
    config.key = given.key;
    config.address = given.address;
    config.port = static_cast<std::uint16_t>(given.port);
    config.door.connections = static_cast<std::size_t>(given.max_connections);
    config.courier.exchange = Millis(given.timeout_ms);
    config.courier.connect = std::min(config.courier.connect, config.courier.exchange);
    config.traits.repeats = Repeats::dedupes;
    config.traits.far_timeout = Millis(0);
    config.traits.connections = static_cast<std::size_t>(given.window);
    config.traits.schedule = city_schedule(std::chrono::days(given.give_up_after_days));
    return config;
}

}  // namespace citybridge::link_https
