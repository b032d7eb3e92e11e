#include "plugins/webhook/settings.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/api/setting_rows.h"

namespace citybridge::webhook {
namespace {

using setting_rows::choice;
using setting_rows::integer;
using setting_rows::list;
using setting_rows::secret;
using setting_rows::text;

struct S {
    std::string url;
    std::string secret;
    std::string old_secret;
    std::vector<std::string> events;
    std::string retry_schedule;
    std::int64_t jitter_percent = 0;
    std::int64_t connections = 0;
    std::int64_t timeout_ms = 0;
    std::int64_t far_timeout_ms = 0;
    std::string repeats;
    std::string ca_file;
    std::string receive_secret;
    std::string receive_old_secret;
    std::int64_t receive_tolerance_s = 0;
};

const std::vector<Setting<S>>& table() {
    static const std::vector<Setting<S>> rows{
        text("url", "", "Where messages go: an http or https address. Empty: nothing is sent.", &S::url),
        secret("secret", "Signs what is sent: whsec_ and the base64 of 24 to 64 random bytes.", &S::secret),
        secret("old_secret", "Signs too while the receiver changes over to a new secret.", &S::old_secret),
        list("events", "order.*",
             "Events that are sent: names such as contact.ended, groups such as order.*, or * for all; empty: only the "
             "messages that flows address to this connector.",
             &S::events),
        text("retry_schedule", "5s, 5m, 30m, 2h, 5h, 10h, 14h, 20h, 24h",
             "Waits between attempts; after the last one the message waits for a person.", &S::retry_schedule),
        integer("jitter_percent", "percent", "20", 0, 100, "Each wait is lengthened by up to this share, at random.",
                &S::jitter_percent),
        integer("connections", "", "4", 1, 256, "Messages on their way at once.", &S::connections),
        integer("timeout_ms", "ms", "20000", 100, 600'000, "Time for one attempt, from connecting to the whole answer.",
                &S::timeout_ms),
        integer("far_timeout_ms", "ms", "30000", 0, 3'600'000,
                "After an unclear answer: how long the receiver may still be working on the message.",
                &S::far_timeout_ms),
        choice("repeats", "dedupes|neither", "dedupes",
               "What the receiver does with a webhook-id it has seen: dedupes ignores it; neither would act twice, so "
               "that after an unclear answer a person decides.",
               &S::repeats),
        text("ca_file", "", "Certificates that the receiver's is checked against, PEM; empty: the system's.",
             &S::ca_file),
        secret("receive_secret",
               "Verifies what comes in at /v1/hooks/ and this connector's name; empty: nothing is taken in.",
               &S::receive_secret),
        secret("receive_old_secret", "Verifies too while the sender changes over to a new secret.",
               &S::receive_old_secret),
        integer("receive_tolerance_s", "s", "300", 1, 86'400,
                "How far a message's webhook-timestamp may be from this node's clock, either way.",
                &S::receive_tolerance_s),
    };
    return rows;
}

bool is_word(std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_pattern(std::string_view pattern) {
    if (pattern == "*") return true;
    const auto dot = pattern.find('.');
    if (dot == std::string_view::npos || !is_word(pattern.substr(0, dot))) return false;
    const std::string_view rest = pattern.substr(dot + 1);
    return rest == "*" || is_word(rest);
}

// Collects problems at the place of the setting each is about.
class Judge : public SettingsJudge {
public:
    using SettingsJudge::SettingsJudge;

    // The keys of a current and an old secret that is only there during rotation.
    std::vector<SigningKey> keys(std::string_view name, std::string_view current, std::string_view old_name,
                                 std::string_view old) {
        std::vector<SigningKey> keys;
        for (const auto& [setting, value] : {std::pair{name, current}, std::pair{old_name, old}}) {
            if (value.empty()) continue;
            auto key = SigningKey::parse(value);
            if (key)
                keys.push_back(std::move(*key));
            else
                wrong(setting, key.error().detail);
        }
        if (keys.size() == 2 && keys[0].same_secret(keys[1]))
            wrong(old_name, "is the same as " + std::string(name) + "; remove it, or make a new " + std::string(name));
        return keys;
    }
};

Destination read_destination(const S& given, Judge& judge) {
    Destination out;
    out.url = given.url;
    out.ca_file = given.ca_file;
    out.timeout = Millis(given.timeout_ms);
    if (given.secret.empty()) judge.wrong("secret", "is needed with url: receivers must be able to verify");
    out.keys = judge.keys("secret", given.secret, "old_secret", given.old_secret);
    out.traits.repeats = given.repeats == "neither" ? Repeats::neither : Repeats::dedupes;
    out.traits.far_timeout = Millis(given.far_timeout_ms);
    out.traits.connections = static_cast<std::size_t>(given.connections);
    out.traits.jitter = static_cast<double>(given.jitter_percent) / 100.0;
    out.traits.events = given.events;
    for (const std::string& pattern : given.events)
        if (!is_pattern(pattern))
            judge.wrong("events", "has \"" + pattern + "\"; write names like contact.ended, groups like order.*, or *");
    out.traits.schedule = judge.schedule("retry_schedule", given.retry_schedule);
    return out;
}

}  // namespace

SettingsDoc settings_doc() {
    return describe(
        "Messages to and from another system by signed HTTP requests, after the Standard Webhooks "
        "specification.",
        table());
}

Config read_config(const RawSettings& raw, Problems& problems) {
    const std::size_t before = problems.size();
    const S given = parse_settings(table(), raw, problems);
    if (problems.size() != before) return {};

    Judge judge(raw, problems);
    Config config;
    if (!given.url.empty())
        config.destination = read_destination(given, judge);
    else if (!given.secret.empty() || !given.old_secret.empty())
        judge.wrong("url", "is missing: secret and old_secret sign what is sent there");
    if (!given.receive_secret.empty()) {
        config.door =
            Door{judge.keys("receive_secret", given.receive_secret, "receive_old_secret", given.receive_old_secret),
                 std::chrono::seconds(given.receive_tolerance_s)};
    } else if (!given.receive_old_secret.empty()) {
        judge.wrong("receive_secret", "is missing: receive_old_secret is only for the time of a change");
    }
    if (!config.destination && !config.door && problems.size() == before)
        problems.push_back({raw.where, "give url and secret to send, receive_secret to take messages in, or both"});
    return config;
}

}  // namespace citybridge::webhook
