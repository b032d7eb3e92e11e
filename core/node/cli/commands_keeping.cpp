// flows versions, flows migrate, flows scripts, reload, tellings: what a running node is asked about its rules and its
// reminders.
#include <cstdio>

#include "core/node/cli/commands.h"
#include "core/node/cli/record_tables.h"
#include "core/node/cli/table.h"

namespace citybridge {
namespace {

using KeepingJson = nlohmann::ordered_json;

std::string cell(const KeepingJson& value) {
    return value.is_null() ? "-" : value.is_string() ? value.get<std::string>() : value.dump();
}

std::string versions_table(const KeepingJson& answer) {
    std::vector<std::vector<std::string>> rows;
    for (const KeepingJson& each : answer["in_use"]) rows.push_back({cell(each["version"]), cell(each["orders"])});
    std::string out = cell(answer["kind"]) + ", newest version " + cell(answer["version"]) + "\n" +
                      format_table({"VERSION", "OPEN ORDERS"}, rows);
    if (!answer["migration"].is_null())
        out += "on their way to version " + cell(answer["migration"]["version"]) + ", asked by " +
               cell(answer["migration"]["user"]) + "\n";
    return out;
}

std::string reasons_table(const KeepingJson& reasons) {
    std::vector<std::vector<std::string>> rows;
    for (const KeepingJson& each : reasons) {
        std::string why;
        for (const KeepingJson& one : each["why"]) why += (why.empty() ? "" : "; ") + cell(one);
        rows.push_back({cell(each["id"]), cell(each["version"]), why});
    }
    return rows.empty() ? std::string() : format_table({"ORDER", "VERSION", "WHY NOT"}, rows);
}

std::string migration_table(const KeepingJson& answer) {
    return reasons_table(answer["reasons"]) + cell(answer["state"]) + ": " + cell(answer["orders"]) +
           " can go over to version " + cell(answer["version"]) + ", " + cell(answer["staying"]) + " cannot\n";
}

std::string told_table(const KeepingJson& tellings) {
    std::vector<std::vector<std::string>> rows;
    for (const KeepingJson& each : tellings)
        rows.push_back({cell(each["at"]), cell(each["order"]), cell(each["order_title"]), cell(each["kind"]),
                        cell(each["name"]), cell(each["channel"]), cell(each["to_person"]),
                        each["settled_at"].is_null() && each["to_acknowledge"] == true ? "waits" : ""});
    return format_table({"AT", "ORDER", "KIND", "OF", "NAME", "CHANNEL", "PERSON", ""}, rows);
}

std::string scripts_table(const KeepingJson& scripts) {
    std::vector<std::vector<std::string>> rows;
    for (const KeepingJson& each : scripts) {
        const KeepingJson& body = each["body"];
        std::string missing;
        for (const KeepingJson& one : each["waits_for"]) missing += (missing.empty() ? "" : ", ") + cell(one);
        const bool next = body.contains("next");
        rows.push_back({cell(each["id"]), cell(each["state"]), body.contains("text") ? cell(body["version"]) : "",
                        next ? cell(body["next"]["version"]) : "",
                        next && body["next"].contains("returned") ? "returned" : missing,
                        cell(next ? body["next"]["text"] : body.value("text", KeepingJson()))});
    }
    return format_table({"ID", "STATE", "SHOWN", "NEXT", "WAITS FOR", "WORDS"}, rows);
}

struct MigrateOptions {
    std::string kind;
    bool only_possible = false, check = false;
};

int migrate(const Cli& cli, const MigrateOptions& o) {
    const KeepingJson body{{"only_possible", o.only_possible}, {"check", o.check}};
    const std::string path = "/v1/flows/" + path_segment(o.kind) + "/migration";
    return show(ApiClient(cli.target).change("POST", path, body), cli.json, migration_table);
}

}  // namespace

void add_script_list(CLI::App& parent, const char* name, Cli& cli) {
    auto* list = parent.add_subcommand(name, "Of a running node: words to say and whose approval they wait for");
    const auto flow = std::make_shared<std::string>();
    const auto mine = std::make_shared<bool>(false), waiting = std::make_shared<bool>(false);
    list->add_option("--flow", *flow, "Only of this kind of order");
    list->add_flag("--waiting", *waiting, "Only those that wait for an approval");
    list->add_flag("--mine", *mine, "Only those that wait for yours");
    list->callback([&cli, flow, mine, waiting] {
        cli.run = [&cli, flow, mine, waiting] {
            const std::string who = *mine ? "me" : *waiting ? "anybody" : "";
            const std::string path = "/v1/scripts" + query_of({{"flow", *flow}, {"waiting", who}});
            return show(items_of(ApiClient(cli.target).get(path)), cli.json, scripts_table);
        };
    });
}

void add_migration_commands(CLI::App& flows, Cli& cli) {
    add_script_list(flows, "scripts", cli);
    const auto o = std::make_shared<MigrateOptions>();
    auto* versions = flows.add_subcommand("versions", "Of a running node: versions that open orders are on");
    versions->add_option("kind", o->kind, "The kind")->required();
    versions->callback([&cli, o] {
        cli.run = [&cli, o] {
            const std::string path = "/v1/flows/" + path_segment(o->kind) + "/versions";
            return show(ApiClient(cli.target).get(path), cli.json, versions_table);
        };
    });
    auto* move = flows.add_subcommand("migrate", "Open orders of a running node go over to the newest version");
    move->add_option("kind", o->kind, "The kind")->required();
    move->add_flag("--only-possible", o->only_possible, "Those that cannot stay; else one of them refuses all");
    move->add_flag("--check", o->check, "Only say which can and which cannot");
    move->callback([&cli, o] { cli.run = [&cli, o] { return migrate(cli, *o); }; });
}

void add_keeping_commands(CLI::App& app, Cli& cli) {
    app.add_subcommand("reload", "The node reads its configuration again; a mistake in it changes nothing")
        ->callback([&cli] {
            cli.run = [&cli] {
                const auto answer = ApiClient(cli.target).change("POST", "/v1/admin/config/reload");
                return done(answer, cli.json, "read again");
            };
        });
    auto* tellings = app.add_subcommand("tellings", "What waits for your acknowledgement; --all: what you were told");
    const auto all = std::make_shared<bool>(false);
    tellings->add_flag("--all", *all, "Also what waits for nobody");
    tellings->callback([&cli, all] {
        cli.run = [&cli, all] {
            const std::string path = std::string("/v1/tellings") + (*all ? "?state=all" : "");
            return show(ApiClient(cli.target).list(path), cli.json, told_table);
        };
    });
}

}  // namespace citybridge
