#include "core/node/cities_settings.h"

#include "core/desk/cities_file.h"
#include "core/node/paths.h"

namespace citybridge {
namespace {

using CitiesRow = Setting<CitiesConfig>;

std::vector<CitiesRow> callback_rows() {
    using S = CitiesConfig;
    return {
        {{.name = "directory",
          .fallback = "",
          .sentence = "File of the other cities; empty: callbacks go nowhere and come from nowhere."},
         &S::directory},
        {{.name = "assign",
          .type = SettingType::choice,
          .fallback = "agents",
          .choices = "agents|list",
          .sentence = "agents: a callback that comes is given to the agent on line with the fewest open matters; list: "
                      "whoever takes it from the list has it."},
         &S::assign},
        {{.name = "skill", .fallback = "", .sentence = "Only agents with this skill are given callbacks; empty: all."},
         &S::skill},
        {{.name = "group", .fallback = "", .sentence = "Group whose people hear of callbacks that come."}, &S::group},
        {{.name = "take_within_s",
          .type = SettingType::integer,
          .unit = "s",
          .fallback = "180",
          .min = 10,
          .max = 86'400,
          .sentence = "How long an agent has to dial; then the next, then the team lead."},
         &S::take_within_s},
        {{.name = "list_within_s",
          .type = SettingType::integer,
          .unit = "s",
          .fallback = "300",
          .min = 10,
          .max = 86'400,
          .sentence = "How long a callback may lie in the list without anybody; then the team lead is told."},
         &S::list_within_s},
        {{.name = "dial_limit_s",
          .type = SettingType::integer,
          .unit = "s",
          .fallback = "3600",
          .min = 60,
          .max = 86'400,
          .sentence =
              "A dialling whose end nobody heard of for so long counts as lost, and the callback as uncertain."},
         &S::dial_limit_s},
        {{.name = "pulse_s",
          .type = SettingType::integer,
          .unit = "s",
          .fallback = "20",
          .min = 1,
          .max = 3'600,
          .sentence =
              "How often each city's node is asked for a sign of life; one that has been silent for longer than "
              "its promise is promised nothing."},
         &S::pulse_s},
    };
}

std::vector<CitiesRow> transfer_rows() {
    using S = CitiesConfig;
    return {
        {{.name = "transfer",
          .type = SettingType::choice,
          .fallback = "level",
          .choices = "never|level|supervisor",
          .sentence = "Whose live calls may be handed to another city's hotline. never: nobody's; level: those of "
                      "customers of transfer_levels who insist; supervisor: the call goes to him first, who transfers "
                      "it."},
         &S::transfer},
        {{.name = "transfer_level_field",
          .fallback = "level",
          .sentence = "The field of a customer that says his level."},
         &S::transfer_level_field},
        {{.name = "transfer_levels",
          .type = SettingType::list,
          .fallback = "high, vip",
          .sentence = "Levels of customers who are transferred when they insist."},
         &S::transfer_levels},
        {{.name = "transfer_supervisor",
          .fallback = "",
          .sentence = "Of transfer=supervisor: the number that gets the call first."},
         &S::transfer_supervisor},
        {{.name = "shown_as",
          .type = SettingType::list,
          .fallback = "",
          .sentence = "Numbers that transferred calls show at the other city, if its PBX does not see the customer's: "
                      "this city's lines."},
         &S::shown_as},
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
