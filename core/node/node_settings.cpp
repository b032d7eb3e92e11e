#include "core/node/node_settings.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>

#include "core/api/setting_rows.h"
#include "core/host/config_check.h"
#include "core/node/centre_settings.h"
#include "core/node/cities_settings.h"
#include "core/node/city_flows.h"
#include "core/node/city_reports.h"
#include "core/node/recordings_settings.h"
#include "core/node/reports_settings.h"
#include "core/node/store_settings.h"

namespace citybridge {
namespace {

struct Digits {
    int min = 0;
    int max = 0;
};

// "3-5" or "4".
std::optional<Digits> parse_digits(std::string_view text) {
    const char* const end = text.data() + text.size();
    Digits out;
    const auto [dash, bad_min] = std::from_chars(text.data(), end, out.min);
    if (bad_min != std::errc{}) return {};
    out.max = out.min;
    if (dash != end) {
        if (*dash != '-') return {};
        const auto [rest, bad_max] = std::from_chars(dash + 1, end, out.max);
        if (bad_max != std::errc{} || rest != end) return {};
    }
    const bool sensible = out.min >= 1 && out.min <= out.max && out.max <= 20;
    return sensible ? std::optional(out) : std::nullopt;
}

auto place(const Problem& problem) { return std::tie(problem.where.file, problem.where.line, problem.where.column); }

}  // namespace

const std::vector<Setting<CallsConfig>>& calls_settings_table() {
    using namespace setting_rows;
    using S = CallsConfig;
    static const std::vector<Setting<S>> table{
        text("agent_number_digits", "3-5",
             "How many digits an agent's own number has; a device with such a number is an agent's without "
             "being in a queue.",
             &S::agent_number_digits),
        integer("wrap_up_seconds", "s", "0", 0, 3'600, "Wrap-up after a conversation; 0 takes what the queue says.",
                &S::wrap_up_seconds),
        text("region", "CN", "Two-letter country whose numbers callers and agents dial without a country code.",
             &S::region),
        text("outside_prefix", "9", "Digits agents dial for an outside line; empty for none.", &S::outside_prefix),
        integer("signal_queue", "", "100000", 100, 10'000'000,
                "PBX facts that may wait for the call model; more is treated as a cut link.", &S::signal_queue),
        choice("desktop_gone", "none|not_ready|logged_out", "not_ready",
               "What becomes of an agent at the PBX whose desktop vanished and did not come back in time; who "
               "never had one is left alone.",
               &S::desktop_gone),
        integer("desktop_grace_seconds", "s", "60", 1, 86'400, "Time a vanished desktop has to come back.",
                &S::desktop_grace_seconds),
        integer("sweep_seconds", "s", "1", 1, 3'600,
                "How often agents are looked for who are shown busy although the PBX has no call for them.",
                &S::sweep_seconds),
    };
    return table;
}

std::span<const SectionDoc> node_sections() {
    static const std::vector<SectionDoc> sections{
        {"listen", describe("Where the API is served and how much it lets in.", gateway_settings())},
        {"calls", describe("How the call model reads what the PBX says.", calls_settings_table())},
        {"store", describe("Where what must not be lost is kept, and for how long.", store_settings_table())},
        {"desk", describe("What work orders are.", desk_settings_table())},
        {"outgoing", describe("Where plugins may send HTTP requests.", outgoing_settings_table())},
        {"centre",
         describe("How the centre works with its own papers; taken over by a reload.", centre_settings_table())},
        {"recordings", describe("Where the PBX's recordings are found.", recordings_settings_table())},
        {"cities", describe("Callbacks from and to other cities; a change needs a restart.", cities_settings_table())},
        {"reports",
         describe("Reports: where they are defined, and where scheduled ones go.", reports_settings_table())},
    };
    return sections;
}

Problems check_node(const std::string& path, const std::string& plugin_dir) {
    Problems problems;
    const NodeConfig config = load_config(path, problems);
    Problems of_settings;
    read_calls(config, of_settings);
    read_listen(config, of_settings);
    read_store(config, of_settings);
    read_recordings(config, read_outgoing(config, of_settings), of_settings);
    read_centre(config, of_settings);
    const ReportsConfig reporting = read_reports(config, of_settings);
    reports::load_forms(reporting.quality, of_settings);
    const std::size_t before_flows = of_settings.size();
    const DeskConfig desk = read_desk(config, of_settings);
    if (of_settings.size() == before_flows) {
        const CityFlows city = load_city_flows(config, desk, of_settings);
        // Of a city whose directory is wrong who gets a report says nothing new.
        if (of_settings.size() == before_flows)
            load_city_reports(config, reporting, city.book, of_settings);
        else
            reports::load_reports(reporting.folder, of_settings);
    }
    HostOptions options;
    options.city = config.city;
    options.plugin_dir = plugin_dir;
    const Problems of_plugins = check_config(config, options);
    of_settings.insert(of_settings.end(), of_plugins.begin(), of_plugins.end());
    // A secret that is missing is told once, not again as an empty setting.
    for (Problem& problem : of_settings)
        if (std::none_of(problems.begin(), problems.end(),
                         [&](const Problem& told) { return place(told) == place(problem); }))
            problems.push_back(std::move(problem));
    std::stable_sort(problems.begin(), problems.end(),
                     [](const Problem& a, const Problem& b) { return place(a) < place(b); });
    return problems;
}

CallsConfig read_calls(const NodeConfig& config, Problems& problems) {
    const RawSettings raw = section_of(config, "calls");
    const std::size_t before = problems.size();
    CallsConfig out = parse_settings(calls_settings_table(), raw, problems);
    if (problems.size() != before) return out;
    if (!parse_digits(out.agent_number_digits))
        problems.push_back({place_of(raw, "agent_number_digits"),
                            "agent_number_digits must be a number or a range such as 3-5, from 1 to 20, not \"" +
                                out.agent_number_digits + '"'});
    const bool country =
        out.region.size() == 2 && out.region.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
    if (!country)
        problems.push_back(
            {place_of(raw, "region"), "region must be two capital letters such as CN, not \"" + out.region + '"'});
    return out;
}

GatewaySettings read_listen(const NodeConfig& config, Problems& problems) {
    return parse_settings(gateway_settings(), section_of(config, "listen"), problems);
}

calls::CallSettings call_settings(const NodeConfig& config, const CallsConfig& calls, const std::string& pbx) {
    const Digits digits = parse_digits(calls.agent_number_digits).value_or(Digits{3, 5});
    calls::CallSettings out;
    out.city = config.city;
    out.pbx = pbx;
    out.agent_digits_min = digits.min;
    out.agent_digits_max = digits.max;
    out.wrap_up_seconds = static_cast<int>(calls.wrap_up_seconds);
    out.region = calls.region;
    out.outside_prefix = calls.outside_prefix;
    using Gone = calls::CallSettings::DesktopGone;
    out.desktop_gone = calls.desktop_gone == "logged_out"  ? Gone::logged_out
                       : calls.desktop_gone == "not_ready" ? Gone::not_ready
                                                           : Gone::none;
    out.desktop_grace = std::chrono::seconds(calls.desktop_grace_seconds);
    out.sweep_every = std::chrono::seconds(calls.sweep_seconds);
    return out;
}

}  // namespace citybridge
