#include "adapters/simulator/settings.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "core/api/setting_rows.h"

namespace citybridge::simulator {
namespace {

using setting_rows::integer;
using setting_rows::list;
using setting_rows::text;

using S = Settings;

constexpr std::size_t kMostQueues = 8;  // keys 1 to 8; 9 is the voicemail

Setting<S> percent(std::string_view name, std::string_view fallback, std::string_view sentence,
                   std::int64_t S::*member) {
    return integer(name, "percent", fallback, 0, 100, sentence, member);
}

std::vector<Setting<S>> make_table() {
    return {
        integer("seed", "", "1", 0, INT64_MAX, "Decides every chance; the same seed gives the same day.", &S::seed),
        integer("speed", "times", "1", 1, 1000, "How much faster than in life everything goes.", &S::speed),
        text("hotline", "4008001234", "The number customers call.", &S::hotline),
        integer("callers_per_minute", "", "6", 0, 6000, "How many customers call, on average; 0 for none.",
                &S::callers_per_minute),
        integer("agents", "", "8", 1, 500, "How many agents are in the queues; SIM/1001 is the first.", &S::agents),
        integer("desks", "", "1", 0, 100, "Phones that are in no queue; SIM/8001 is the first.", &S::desks),
        list("queues", "sales:roundrobin, repair:ringall, service:leastrecent",
             "Up to 8 queues as name:strategy; strategies are roundrobin, ringall and leastrecent. The menu's keys 1, "
             "2, "
             "... lead to them in this order.",
             &S::queues),
        list("callers", "",
             "Numbers that call, in turn, and press the menu's first key; one that is on the phone is passed over. "
             "Empty: anybody calls.",
             &S::callers),
        list("answering", "", "Numbers that always answer when an agent hands a caller to them or asks them.",
             &S::answering),
        list("busy", "", "Numbers that are always busy then.", &S::busy),
        integer("menu_seconds_max", "s", "8", 1, 600, "The longest time until a caller presses a key.",
                &S::menu_seconds_max),
        integer("patience_seconds_mean", "s", "120", 1, 36000, "How long callers wait before they give up, on average.",
                &S::patience_seconds_mean),
        integer("answer_seconds_mean", "s", "4", 1, 600, "How long an agent lets his phone ring, on average.",
                &S::answer_seconds_mean),
        integer("ring_seconds", "s", "15", 1, 600, "After this time without an answer the queue tries another agent.",
                &S::ring_seconds),
        integer("queue_seconds_max", "s", "90", 1, 36000, "After this time the queue gives a caller up.",
                &S::queue_seconds_max),
        integer("talk_seconds_mean", "s", "90", 5, 36000, "How long a conversation lasts, on average.",
                &S::talk_seconds_mean),
        integer("wrap_up_seconds", "s", "10", 0, 3600, "The queues' wrap-up time after a call.", &S::wrap_up_seconds),
        integer("break_minutes_between", "min", "40", 0, 10000,
                "How long an agent works between two breaks, on average; 0 for no breaks.", &S::break_minutes_between),
        integer("break_minutes_mean", "min", "10", 1, 10000, "How long a break lasts, on average.",
                &S::break_minutes_mean),
        percent("menu_hangup_percent", "8", "Callers who hang up in the menu.", &S::menu_hangup_percent),
        percent("answer_percent", "85", "Ringing phones that are answered.", &S::answer_percent),
        percent("refuse_percent", "5", "Ringing phones whose agent rejects the call; the rest ring out.",
                &S::refuse_percent),
        percent("hold_percent", "25", "Conversations with a hold.", &S::hold_percent),
        percent("agent_hangup_percent", "50", "Conversations that the agent ends; the rest the customer.",
                &S::agent_hangup_percent),
        percent("survey_percent", "40", "Callers who are asked for a mark after the agent has hung up.",
                &S::survey_percent),
        percent("voicemail_percent", "50", "Callers who reach the voicemail when the queue gives them up.",
                &S::voicemail_percent),
        percent("race_percent", "15", "Answers in a ringall queue where a second phone is lifted in the same moment.",
                &S::race_percent),
        integer("internal_per_hour", "", "6", 0, 3600, "Calls between colleagues.", &S::internal_per_hour),
        percent("transfer_percent", "3", "Conversations that the agent gives to a colleague without asking him.",
                &S::transfer_percent),
        percent("consult_percent", "3",
                "Conversations in which the agent asks a colleague, who may then take the caller.",
                &S::consult_percent),
        percent("park_percent", "1", "Conversations that the agent parks for whoever fetches the caller.",
                &S::park_percent),
        percent("regular_percent", "0", "Callers who have called before.", &S::regular_percent),
        text("truth_file", "",
             "A file that gets what really happened to each finished call, as one line of JSON; empty for none.",
             &S::truth_file),
    };
}

std::optional<Strategy> strategy_of(std::string_view word) {
    if (word == "roundrobin") return Strategy::round_robin;
    if (word == "ringall") return Strategy::ring_all;
    if (word == "leastrecent") return Strategy::least_recent;
    return std::nullopt;
}

// Empty strategy name: round robin.
std::optional<QueueConfig> queue_of(const std::string& entry) {
    const std::size_t colon = entry.find(':');
    const std::string name = entry.substr(0, colon);
    const auto strategy = colon == std::string::npos ? Strategy::round_robin : strategy_of(entry.substr(colon + 1));
    if (name.empty() || !strategy) return std::nullopt;
    return QueueConfig{name, *strategy};
}

std::string wrong_queues(const Settings& settings) {
    if (settings.queues.empty() || settings.queues.size() > kMostQueues) return "queues must name 1 to 8 queues";
    std::vector<std::string> names;
    for (const auto& entry : settings.queues) {
        const auto queue = queue_of(entry);
        if (!queue) return "\"" + entry + "\" in queues must be name:strategy with roundrobin, ringall or leastrecent";
        if (std::find(names.begin(), names.end(), queue->name) != names.end())
            return "queue \"" + queue->name + "\" is named twice; keep one";
        names.push_back(queue->name);
    }
    return {};
}

}  // namespace

const std::vector<Setting<Settings>>& settings_table() {
    static const std::vector<Setting<Settings>> table = make_table();
    return table;
}

Settings read_settings(const RawSettings& raw, Problems& problems) {
    Problems found;
    Settings settings = parse_settings(settings_table(), raw, found);
    if (found.empty()) {
        if (const std::string wrong = wrong_queues(settings); !wrong.empty())
            found.push_back({place_of(raw, "queues"), wrong});
        if (settings.answer_percent + settings.refuse_percent > 100)
            found.push_back(
                {place_of(raw, "refuse_percent"), "answer_percent and refuse_percent together must not be over 100"});
    }
    if (found.empty() && settings.transfer_percent + settings.consult_percent + settings.park_percent > 100)
        found.push_back({place_of(raw, "park_percent"),
                         "transfer_percent, consult_percent and park_percent together must not be over 100"});
    problems.insert(problems.end(), found.begin(), found.end());
    return settings;
}

Config engine_config(const Settings& settings) {
    using std::chrono::minutes;
    using std::chrono::seconds;
    const auto small = [](std::int64_t value) { return static_cast<int>(value); };
    Config config;
    config.seed = static_cast<std::uint64_t>(settings.seed);
    config.speed = small(settings.speed);
    config.hotline = settings.hotline;
    config.callers_per_minute = small(settings.callers_per_minute);
    config.agents = small(settings.agents);
    config.desks = small(settings.desks);
    config.queues.clear();
    for (const auto& entry : settings.queues) config.queues.push_back(queue_of(entry).value());
    config.callers = settings.callers;
    config.answering = settings.answering;
    config.busy = settings.busy;
    config.menu_max = seconds(settings.menu_seconds_max);
    config.patience_mean = seconds(settings.patience_seconds_mean);
    config.answer_mean = seconds(settings.answer_seconds_mean);
    config.ring_timeout = seconds(settings.ring_seconds);
    config.queue_timeout = seconds(settings.queue_seconds_max);
    config.talk_mean = seconds(settings.talk_seconds_mean);
    config.wrap_up = seconds(settings.wrap_up_seconds);
    config.break_every = minutes(settings.break_minutes_between);
    config.break_mean = minutes(settings.break_minutes_mean);
    config.menu_hangup_percent = small(settings.menu_hangup_percent);
    config.answer_percent = small(settings.answer_percent);
    config.refuse_percent = small(settings.refuse_percent);
    config.hold_percent = small(settings.hold_percent);
    config.agent_hangup_percent = small(settings.agent_hangup_percent);
    config.survey_percent = small(settings.survey_percent);
    config.voicemail_percent = small(settings.voicemail_percent);
    config.race_percent = small(settings.race_percent);
    config.internal_per_hour = small(settings.internal_per_hour);
    config.transfer_percent = small(settings.transfer_percent);
    config.consult_percent = small(settings.consult_percent);
    config.park_percent = small(settings.park_percent);
    config.regular_percent = small(settings.regular_percent);
    return config;
}

}  // namespace citybridge::simulator
