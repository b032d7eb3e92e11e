#include "core/node/city_flows.h"

#include <algorithm>

#include "core/desk/flow_check.h"
#include "core/desk/flow_file.h"
#include "core/desk/xml_element.h"
#include "core/node/cities_settings.h"
#include "core/node/city_calendars.h"

namespace citybridge {
namespace {

void add_channel(const NodeConfig& config, const std::string& channel, const std::string& connector,
                 desk::FlowBook& book, Problems& problems) {
    if (connector.empty()) return;
    const bool there = std::any_of(config.plugins.begin(), config.plugins.end(),
                                   [&](const PluginConfig& plugin) { return plugin.name == connector; });
    if (there)
        book.channels[channel] = connector;
    else
        problems.push_back({section_of(config, "desk").where, "no plugin is called \"" + connector +
                                                                  "\", which is to carry " + channel +
                                                                  "; add it, or take " + channel + " out of <desk>"});
}

void add_idle_after(const NodeConfig& config, const DeskConfig& desk, desk::FlowBook& book, Problems& problems) {
    const auto rule = desk::due_rule_of(desk.idle_after);
    if (rule && *rule != desk::DueRule{})
        book.idle_after = *rule;
    else
        problems.push_back({place_of(section_of(config, "desk"), "idle_after"),
                            "idle_after must be one number with min, h or d (working days), such as \"2d\", and more "
                            "than 0, not \"" +
                                desk.idle_after + "\""});
}

// Who may write to customers at all.
const std::vector<std::string> kWriters{"agent", "team_lead", "supervisor", "admin"};

void add_writing(const DeskConfig& desk, const RawSettings& raw, desk::MessageRules& out, Problems& problems) {
    out.free_text_roles = desk.sms_free_text_roles;
    out.most_parts = desk.sms_max_parts;
    out.per_user_day = desk.sms_per_user_day;
    out.per_customer_day = desk.sms_per_customer_day;
    for (const std::string& role : out.free_text_roles)
        if (std::find(kWriters.begin(), kWriters.end(), role) == kWriters.end())
            problems.push_back(
                {place_of(raw, "sms_free_text_roles"),
                 "sms_free_text_roles must name roles of agent, team_lead, supervisor and admin, not \"" + role +
                     "\""});
}

desk::MessageRules message_rules(const NodeConfig& config, const DeskConfig& desk, Problems& problems) {
    desk::MessageRules out;
    const RawSettings raw = section_of(config, "desk");
    out.signature = desk.sms_signature;
    out.code_text = desk.verification_text;
    if (out.signature.find("【") != std::string::npos || out.signature.find("】") != std::string::npos)
        problems.push_back(
            {place_of(raw, "sms_signature"), "write the signature without its brackets; they are put around it"});
    if (out.code_text.find("{code}") == std::string::npos)
        problems.push_back({place_of(raw, "verification_text"), "a message with a code needs {code} in its text"});
    add_writing(desk, raw, out, problems);
    if (desk.quiet_hours.empty()) return out;
    const std::size_t dash = desk.quiet_hours.find('-');
    const auto from = desk::time_of_day(desk.quiet_hours.substr(0, dash));
    const auto to = dash == std::string::npos ? std::nullopt : desk::time_of_day(desk.quiet_hours.substr(dash + 1));
    if (from && to && *from != *to)
        out.quiet = desk::QuietHours{*from, *to, false};
    else
        problems.push_back({place_of(raw, "quiet_hours"),
                            "quiet_hours must be two times such as 21:00-08:00, not \"" + desk.quiet_hours + "\""});
    return out;
}

}  // namespace

CityFlows load_city_flows(const NodeConfig& config, const DeskConfig& desk, Problems& problems) {
    CityFlows out;
    const std::size_t before = problems.size();
    out.book.flows = desk::load_flows(desk.flows, problems);
    out.book.directory = desk::load_directory(desk.directory, problems);
    add_channel(config, "email", desk.email, out.book, problems);
    add_channel(config, "sms", desk.sms, out.book, problems);
    out.book.messages = message_rules(config, desk, problems);
    add_idle_after(config, desk, out.book, problems);
    Cities cities = read_cities(config, problems);
    out.cities = std::move(cities.set);
    out.calendars = load_city_calendars(desk, out.book.flows, problems, cities.calendars);
    if (problems.size() != before) return out;
    // A calendar that a flow names and that is not there was told with its place already.
    check_city(
        out.book, config.city, [](const std::string&) { return true; }, problems);
    check_periods(out.book.flows, out.calendars, problems);
    return out;
}

CityFlows load_city_flows(const NodeConfig& config, Problems& problems) {
    const std::size_t before = problems.size();
    const DeskConfig desk = read_desk(config, problems);
    return problems.size() == before ? load_city_flows(config, desk, problems) : CityFlows{};
}

}  // namespace citybridge
