#include "core/node/cities_settings.h"

#include "core/api/setting_rows.h"
#include "core/desk/cities_file.h"
#include "core/node/paths.h"

namespace citybridge {
namespace {

using CitiesRow = Setting<CitiesConfig>;

std::vector<CitiesRow> callback_rows() {
    using namespace setting_rows;
    using S = CitiesConfig;
    return {
        text("directory", "", "File of the other cities; empty: callbacks go nowhere and come from nowhere.",
             &S::directory),
        choice("assign", "agents|list", "agents",
               "agents: a callback that comes is given to the agent on line with the fewest open matters; list: "
               "whoever takes it from the list has it.",
               &S::assign),
        text("skill", "", "Only agents with this skill are given callbacks; empty: all.", &S::skill),
        text("group", "", "Group whose people hear of callbacks that come.", &S::group),
        integer("take_within_s", "s", "180", 10, 86'400,
                "How long an agent has to dial; then the next, then the team lead.", &S::take_within_s),
        integer("list_within_s", "s", "300", 10, 86'400,
                "How long a callback may lie in the list without anybody; then the team lead is told.",
                &S::list_within_s),
        integer("dial_limit_s", "s", "3600", 60, 86'400,
                "A dialling whose end nobody heard of for so long counts as lost, and the callback as uncertain.",
                &S::dial_limit_s),
        integer("pulse_s", "s", "20", 1, 3'600,
                "How often each city's node is asked for a sign of life; one that has been silent for longer than "
                "its promise is promised nothing.",
                &S::pulse_s),
    };
}

std::vector<CitiesRow> transfer_rows() {
    using namespace setting_rows;
    using S = CitiesConfig;
    return {
        choice("transfer", "never|level|supervisor", "level",
               "Whose live calls may be handed to another city's hotline. never: nobody's; level: those of "
               "customers of transfer_levels who insist; supervisor: the call goes to him first, who transfers "
               "it.",
               &S::transfer),
        text("transfer_level_field", "level", "The field of a customer that says his level.", &S::transfer_level_field),
        list("transfer_levels", "high, vip", "Levels of customers who are transferred when they insist.",
             &S::transfer_levels),
        text("transfer_supervisor", "", "Of transfer=supervisor: the number that gets the call first.",
             &S::transfer_supervisor),
        list("shown_as", "",
             "Numbers that transferred calls show at the other city, if its PBX does not see the customer's: "
             "this city's lines.",
             &S::shown_as),
    };
}

void read_transfers(const CitiesConfig& read, const RawSettings& raw, desk::TransferRules& out, Problems& problems) {
    using Policy = desk::TransferRules::Policy;
    out.policy = read.transfer == "never"        ? Policy::never
                 : read.transfer == "supervisor" ? Policy::supervisor
                                                 : Policy::level;
    out.level_field = read.transfer_level_field;
    out.levels = read.transfer_levels;
    out.supervisor = read.transfer_supervisor;
    out.shown_as = read.shown_as;
    if (out.policy == Policy::supervisor && out.supervisor.empty())
        problems.push_back({place_of(raw, "transfer"),
                            "transfer: with supervisor the setting transfer_supervisor must say which number is rung"});
}

}  // namespace

const std::vector<Setting<CitiesConfig>>& cities_settings_table() {
    static const std::vector<CitiesRow> table = [] {
        std::vector<CitiesRow> all = callback_rows();
        for (const CitiesRow& row : transfer_rows()) all.push_back(row);
        return all;
    }();
    return table;
}

Cities read_cities(const NodeConfig& config, Problems& problems) {
    Cities out;
    const RawSettings raw = section_of(config, "cities");
    const std::size_t before = problems.size();
    const CitiesConfig read = parse_settings(cities_settings_table(), raw, problems);
    relay::CallbackSettings& callbacks = out.set.callbacks;
    callbacks.city = config.city;
    if (problems.size() != before || read.directory.empty()) return out;
    desk::CitiesFile file = desk::load_cities(beside_config(config, read.directory), config.city, problems);
    out.set.all = std::move(file.all);
    out.calendars = std::move(file.calendars);
    for (const auto& [id, city] : out.set.all) callbacks.cities[id] = {city.destination};
    out.set.pulse_every = std::chrono::seconds(read.pulse_s);
    read_transfers(read, raw, out.set.transfers, problems);
    callbacks.pulled = read.assign == "list";
    callbacks.skill = read.skill;
    callbacks.group = read.group;
    callbacks.take_within = std::chrono::seconds(read.take_within_s);
    callbacks.list_within = std::chrono::seconds(read.list_within_s);
    callbacks.dial_limit = std::chrono::seconds(read.dial_limit_s);
    return out;
}

}  // namespace citybridge
