#include "core/host/node_settings.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace citybridge {
namespace {

const std::vector<Setting<ListenSettings>>& listen_table() {
    using S = ListenSettings;
    static const std::vector<Setting<S>> table = {
        {{.name = "address",
          .fallback = "127.0.0.1",
          .sentence = "Address the API is served on; 0.0.0.0 or :: for every interface."},
         &S::address},
        {{.name = "port",
          .type = SettingType::integer,
          .fallback = "8080",
          .min = 0,
          .max = 65535,
          .sentence = "TCP port of the API; 0 lets the system choose a free one."},
         &S::port},
        {{.name = "max_connections",
          .type = SettingType::integer,
          .fallback = "1024",
          .min = 16,
          .max = 65536,
          .sentence = "Connections at one time; more are refused."},
         &S::max_connections},
        {{.name = "max_streams",
          .type = SettingType::integer,
          .fallback = "1000",
          .min = 1,
          .max = 65536,
          .sentence = "Agents' event streams at one time."},
         &S::max_streams},
        {{.name = "worker_threads",
          .type = SettingType::integer,
          .fallback = "3",
          .min = 1,
          .max = 64,
          .sentence = "Threads that answer requests."},
         &S::worker_threads},
        {{.name = "request_timeout_ms",
          .type = SettingType::integer,
          .unit = "ms",
          .fallback = "10000",
          .min = 100,
          .max = 300'000,
          .sentence = "How long a client may take to send a whole request."},
         &S::request_timeout_ms},
        {{.name = "idle_timeout_ms",
          .type = SettingType::integer,
          .unit = "ms",
          .fallback = "30000",
          .min = 100,
          .max = 3'600'000,
          .sentence = "How long an idle connection is kept."},
         &S::idle_timeout_ms},
    };
    return table;
}

const std::vector<Setting<CallsSettings>>& calls_table() {
    using S = CallsSettings;
    static const std::vector<Setting<S>> table = {
        {{.name = "agent_number_digits",
          .fallback = "3-5",
          .sentence = "How many digits an agent's own number has; a device with such a number is an agent's also "
                      "without being in a queue."},
         &S::agent_number_digits},
        {{.name = "wrap_up_seconds",
          .type = SettingType::integer,
          .unit = "s",
          .fallback = "0",
          .min = 0,
          .max = 3600,
          .sentence = "Wrap-up time after a call; 0 takes what the queue says."},
         &S::wrap_up_seconds},
        {{.name = "region",
          .fallback = "CN",
          .sentence = "Country whose numbering plan turns a customer's number into E.164, as two letters."},
         &S::region},
        {{.name = "outside_prefix",
          .fallback = "9",
          .sentence = "Digits dialled for an outside line; they are no part of the customer's number."},
         &S::outside_prefix},
        {{.name = "queue_signals",
          .type = SettingType::integer,
          .fallback = "65536",
          .min = 1024,
          .max = 16'777'216,
          .sentence = "Signals from the PBX that may wait for the live strand; beyond that the link is cut and "
                      "taken up again with a snapshot."},
         &S::queue_signals},
    };
    return table;
}

Position place_of(const RawSettings& raw, std::string_view name) {
    for (const auto& setting : raw.settings)
        if (setting.name == name) return setting.where;
    return raw.where;
}

bool is_region(std::string_view text) {
    return text.size() == 2 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_dialled(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '*' || c == '#'; });
}

// One number from 1 to 20, 0 for anything else.
int digits(std::string_view text) {
    int value = 0;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = bad == std::errc{} && end == text.data() + text.size();
    return whole && value >= 1 && value <= 20 ? value : 0;
}

}  // namespace

std::optional<DigitRange> parse_digit_range(std::string_view text) {
    const auto dash = text.find('-');
    const int min = digits(text.substr(0, dash));
    const int max = dash == std::string_view::npos ? min : digits(text.substr(dash + 1));
    if (min == 0 || max < min) return {};
    return DigitRange{min, max};
}

std::span<const SectionDoc> node_sections() {
    static const std::array<SectionDoc, 2> sections = {
        SectionDoc{"listen", describe("Where the API is served and how much it lets in.", listen_table())},
        SectionDoc{"calls", describe("How calls and agents are read from what the PBX says.", calls_table())}};
    return sections;
}

std::span<const std::string_view> node_section_names() {
    static constexpr std::array<std::string_view, 2> kNames = {"listen", "calls"};
    return kNames;
}

ListenSettings listen_settings(const NodeConfig& config, Problems& problems) {
    return parse_settings(listen_table(), section_of(config, "listen"), problems);
}

CallsSettings calls_settings(const NodeConfig& config, Problems& problems) {
    const RawSettings raw = section_of(config, "calls");
    const std::size_t before = problems.size();
    auto settings = parse_settings(calls_table(), raw, problems);
    if (problems.size() != before) return settings;
    const auto range = parse_digit_range(settings.agent_number_digits);
    settings.agent_digits_min = range ? range->min : 0;
    settings.agent_digits_max = range ? range->max : 0;
    if (!range)
        problems.push_back({place_of(raw, "agent_number_digits"),
                            "agent_number_digits must be like 3-5 or 4, from 1 to "
                            "20, not \"" +
                                settings.agent_number_digits + '"'});
    if (!is_region(settings.region))
        problems.push_back(
            {place_of(raw, "region"), "region must be two capital letters like CN, not \"" + settings.region + '"'});
    if (!is_dialled(settings.outside_prefix))
        problems.push_back({place_of(raw, "outside_prefix"),
                            "outside_prefix may hold digits, * and # only, not \"" + settings.outside_prefix + '"'});
    return settings;
}

}  // namespace citybridge
