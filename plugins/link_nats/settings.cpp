#include "plugins/link_nats/settings.h"

#include <algorithm>
#include <map>

#include "core/api/city_message.h"
#include "core/api/host_words.h"
#include "core/api/setting_rows.h"

namespace citybridge::link_nats {
namespace {

using setting_rows::integer;
using setting_rows::list;
using setting_rows::required;
using setting_rows::secret;
using setting_rows::text;

struct S {
    std::string url;
    std::string user;
    std::string password;
    std::string hub_domain;
    std::string key;
    std::vector<std::string> peers;
    std::int64_t window = 0;
    std::int64_t receipt_timeout_s = 0;
    std::int64_t give_up_after_days = 0;
    std::int64_t keep_days = 0;
    std::int64_t max_mib = 0;
};

using Row = Setting<S>;

const std::vector<Row>& table() {
    static const std::vector<Row> rows{
        text("url", "nats://127.0.0.1:4222", "This city's own nats-server, the leaf that dials out to the hub.",
             &S::url),
        text("user", "", "User at this server; empty: it asks for none.", &S::user),
        secret("password", "That user's password.", &S::password),
        text("hub_domain", "hub", "The hub's JetStream domain.", &S::hub_domain),
        required(text("key", "", "File with this city's Ed25519 key, PEM, readable by the node alone.", &S::key)),
        required(list(
            "peers", "",
            "The other cities and their public keys: hangzhou=<64 hexadecimal digits>; a city twice while it changes "
            "its key.",
            &S::peers)),
        integer("window", "", "512", 1, 2'000, "Messages to one city on their way at once.", &S::window),
        integer("receipt_timeout_s", "s", "60", 1, 3'600,
                "How long the far city's receipt is awaited before the message is sent again.", &S::receipt_timeout_s),
        integer("give_up_after_days", "days", "30", 1, 365,
                "How long a message is tried before a person must look; a cut line of less than this loses nothing.",
                &S::give_up_after_days),
        integer("keep_days", "days", "7", 1, 365,
                "How long the servers keep what they could not hand on; older messages come again from the outbox.",
                &S::keep_days),
        integer("max_mib", "MiB", "256", 16, 1'048'576,
                "Disk that each of a city's four streams may take; leaf and hub reserve it for two of them.",
                &S::max_mib),
    };
    return rows;
}

bool is_subject_token(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

std::vector<Peer> read_peers(const RawSettings& raw, const S& given, Problems& problems) {
    std::vector<Peer> out;
    std::map<PublicBytes, std::string> owners;
    const auto wrong = [&](const std::string& sentence) {
        problems.push_back({place_of(raw, "peers"), "peers " + sentence});
    };
    for (const std::string& each : given.peers) {
        const auto equals = each.find('=');
        const std::string city = each.substr(0, equals);
        auto key = equals == std::string::npos ? std::nullopt : PublicKey::parse(each.substr(equals + 1));
        if (!is_city_name(city) || !key) {
            wrong("has \"" + each + "\"; write city=key, the key as its node tells it at start: 64 hexadecimal digits");
            continue;
        }
        if (const auto [at, fresh] = owners.emplace(key->bytes(), city); !fresh)
            wrong("gives one key to " + at->second + " and to " + city);
        const auto known = std::find_if(out.begin(), out.end(), [&](const Peer& peer) { return peer.city == city; });
        if (known == out.end())
            out.push_back({city, {std::move(*key)}});
        else
            known->keys.push_back(std::move(*key));
    }
    return out;
}

}  // namespace

SettingsDoc settings_doc() {
    return describe("Messages between the nodes of cities over NATS: each city's own server dials out to a hub.",
                    table());
}

Config read_config(const RawSettings& raw, Problems& problems) {
    const std::size_t before = problems.size();
    const S given = parse_settings(table(), raw, problems);
    if (problems.size() != before) return {};
    Config config;
    config.peers = read_peers(raw, given, problems);
    config.key = given.key;
    if (!is_subject_token(given.hub_domain))
        problems.push_back({place_of(raw, "hub_domain"), "hub_domain is one word of letters, digits, _ and -"});
    const bool scheme = given.url.starts_with("nats://") || given.url.starts_with("tls://");
    if (!scheme || !is_host_and_port(std::string_view(given.url).substr(given.url.find("//") + 2)))
        problems.push_back({place_of(raw, "url"), "url must be nats://host:port or tls://host:port"});
    if (given.user.empty() != given.password.empty())
        problems.push_back({place_of(raw, given.user.empty() ? "user" : "password"),
                            std::string(given.user.empty() ? "user" : "password") +
                                " is missing: user and password are given together"});
    config.broker = {
        given.url,          given.user, given.password, given.hub_domain, std::chrono::days(given.keep_days),
        given.max_mib << 20};
    config.receipt_timeout = std::chrono::seconds(given.receipt_timeout_s);
    config.traits.repeats = Repeats::dedupes;
    config.traits.far_timeout = Millis(0);
    config.traits.connections = static_cast<std::size_t>(given.window);
    config.traits.schedule = city_schedule(std::chrono::days(given.give_up_after_days));
    return config;
}

}  // namespace citybridge::link_nats
