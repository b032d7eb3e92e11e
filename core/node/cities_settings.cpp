#include "core/node/cities_settings.h"

#include "core/desk/cities_file.h"
#include "core/node/paths.h"

namespace citybridge {

const std::vector<Setting<CitiesConfig>>& cities_settings_table() {
    using S = CitiesConfig;
    static const std::vector<Setting<S>> table{
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
    };
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
    callbacks.pulled = read.assign == "list";
    callbacks.skill = read.skill;
    callbacks.group = read.group;
    callbacks.take_within = std::chrono::seconds(read.take_within_s);
    callbacks.list_within = std::chrono::seconds(read.list_within_s);
    callbacks.dial_limit = std::chrono::seconds(read.dial_limit_s);
    return out;
}

}  // namespace citybridge
