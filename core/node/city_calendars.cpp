#include "core/node/city_calendars.h"

#include <filesystem>

#include "core/desk/flow_file.h"
#include "core/node/business_time.h"
#include "core/node/cities_settings.h"
#include "core/node/paths.h"

namespace citybridge {

desk::Calendars load_city_calendars(const DeskConfig& config, const desk::FlowSet& flows, Problems& problems,
                                    const std::vector<desk::NamedCalendar>& others) {
    std::vector<desk::NamedCalendar> named = others;
    const auto add = [&](const std::string& name, const Position& asked_at) {
        if (!name.empty()) named.push_back({name, asked_at});
    };
    for (const desk::Flow* flow : flows.all()) {
        add(flow->calendar, flow->at("calendar"));
        for (const desk::FollowUpDef& def : flow->follow_ups) add(def.term.calendar, def.at("calendar"));
    }
    return desk::load_calendars(config.calendar, default_config_dir() + "/calendars", named, problems);
}

desk::Calendars load_city_calendars(const NodeConfig& config, Problems& problems) {
    const std::size_t before = problems.size();
    const DeskConfig desk = read_desk(config, problems);
    if (problems.size() != before) return {};
    const desk::FlowSet flows = desk::load_flows(desk.flows, problems);
    const Cities cities = read_cities(config, problems);
    return problems.size() != before ? desk::Calendars() : load_city_calendars(desk, flows, problems, cities.calendars);
}

Problems calendar_warnings(const std::string& config_path, WallTime now) {
    Problems problems;
    const NodeConfig config = load_config(config_path, problems);
    if (!problems.empty()) return {};
    const desk::Calendars calendars = load_city_calendars(config, problems);
    return problems.empty() ? calendar_warnings(read_desk(config, problems), calendars, now) : Problems();
}

Problems calendar_warnings(const DeskConfig& config, const desk::Calendars& calendars, WallTime now) {
    Problems out;
    for (const std::string& name : calendars.names()) {
        const desk::Calendar& calendar = *calendars.find(name);
        if (!calendar.doc().until) continue;
        const auto left = *calendar.doc().until - calendar.local_day(now);
        if (left >= BusinessTime::kWarning) continue;
        const std::string when =
            left.count() < 0 ? "has ended: deadlines are guesses" : "ends in " + std::to_string(left.count()) + " days";
        const std::string file = (std::filesystem::path(config.calendar).parent_path() / (name + ".xml")).string();
        out.push_back({{file, 1, 1},
                       "calendar " + name + " " + when +
                           "; add the coming year's holidays and working weekends (the State Council's notice comes in "
                           "November) as a calendar of that year, and name it in base"});
    }
    return out;
}

}  // namespace citybridge
