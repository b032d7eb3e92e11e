// calendars: how business time stands, and the switch of a calendar.
#include "core/node/cli/commands.h"
#include "core/node/cli/record_tables.h"
#include "core/node/cli/table.h"

namespace citybridge {
namespace {

using CalendarJson = nlohmann::ordered_json;

struct CalendarOptions {
    std::string name, at, until, reason;
};

std::string hours_text(const CalendarJson& hours) {
    std::string out;
    for (const CalendarJson& each : hours)
        out += (out.empty() ? "" : " ") + each["from"].get<std::string>() + "-" + each["to"].get<std::string>();
    return out.empty() ? "closed" : out;
}

std::string calendars_table(const CalendarJson& calendars) {
    std::vector<std::vector<std::string>> rows;
    for (const CalendarJson& each : calendars)
        rows.push_back({text_of(each["name"]), each["open"].get<bool>() ? "open" : "closed", text_of(each["until"]),
                        hours_text(each["day"]["hours"]), text_of(each["day"]["name"]),
                        each["period"].is_null() ? "-" : text_of(each["period"]["name"]),
                        each["override"].is_null() ? "-" : text_of(each["override"]["mode"]),
                        text_of(each["last_day"])});
    return format_table({"CALENDAR", "NOW", "UNTIL", "HOURS", "DAY", "PERIOD", "OVERRIDE", "LAST DAY"}, rows);
}

std::string overrides_table(const CalendarJson& answer) {
    std::vector<std::vector<std::string>> rows;
    for (const CalendarJson& each : answer["items"])
        rows.push_back(
            {each["id"] == (answer["in_force"].is_null() ? CalendarJson() : answer["in_force"]["id"]) ? "*" : "",
             text_of(each["mode"]), text_of(each["set_at"]), text_of(each["until"]), text_of(each["set_by"]),
             text_of(each["reason"])});
    return format_table({"", "MODE", "SET", "UNTIL", "BY", "REASON"}, rows);
}

std::string override_address(const CalendarOptions& o) {
    return "/v1/admin/calendars/" + path_segment(o.name) + "/override";
}

int switch_calendar(const Cli& cli, const CalendarOptions& o, const std::string& mode) {
    CalendarJson body{{"mode", mode}};
    if (!o.until.empty()) body["until"] = o.until;
    if (!o.reason.empty()) body["reason"] = o.reason;
    const std::string line = o.name + (mode == "clock" ? " goes by the clock" : " is " + mode + " until " + o.until);
    return done(ApiClient(cli.target).change("PUT", override_address(o), body), cli.json, line);
}

}  // namespace

void add_calendar_commands(CLI::App& app, Cli& cli) {
    auto* calendars =
        app.add_subcommand("calendars", "Business time: open or closed; or open, close, clock, overrides");
    const auto o = std::make_shared<CalendarOptions>();
    calendars->add_option("--at", o->at, "At this time (RFC 3339) and not now");
    calendars->require_subcommand(0, 1);
    calendars->callback([&cli, calendars, o] {
        if (calendars->get_subcommands().empty())
            cli.run = [&cli, o] {
                const auto list = items_of(ApiClient(cli.target).get("/v1/calendars" + query_of({{"at", o->at}})));
                return show(list, cli.json, calendars_table);
            };
    });
    const std::pair<const char*, const char*> modes[] = {{"open", "Open whatever the hours say"},
                                                         {"close", "Close, as for a storm"},
                                                         {"clock", "As its hours say again"}};
    for (const auto& [word, sentence] : modes) {
        auto* command = calendars->add_subcommand(word, sentence);
        const std::string mode = word == std::string("close") ? "closed" : word;
        command->add_option("name", o->name, "The calendar")->required();
        if (mode != "clock")
            command->add_option("--until", o->until, "When it goes by the clock again (RFC 3339)")->required();
        command->add_option("--reason", o->reason, "Why");
        command->callback([&cli, o, mode] { cli.run = [&cli, o, mode] { return switch_calendar(cli, *o, mode); }; });
    }
    auto* overrides = calendars->add_subcommand("overrides", "Where its switch stands and stood");
    overrides->add_option("name", o->name, "The calendar")->required();
    overrides->callback([&cli, o] {
        cli.run = [&cli, o] {
            return show(ApiClient(cli.target).get(override_address(*o)), cli.json, overrides_table);
        };
    });
}

}  // namespace citybridge
