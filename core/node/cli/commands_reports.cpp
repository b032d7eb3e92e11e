// reports, report.
#include <fstream>
#include <iostream>

#include "core/node/cli/commands.h"
#include "core/node/cli/table.h"

namespace citybridge {
namespace {

using ReportJson = nlohmann::ordered_json;

struct ReportOptions {
    std::string name, from, to, format, language, out;
    std::string queue, group, agent, kind, disposition;
    bool produced = false;
};

std::string reports_table(const ReportJson& items) {
    const std::vector<std::string> header{"report", "title", "rows", "every"};
    std::vector<std::vector<std::string>> rows_out;
    for (const ReportJson& item : items) {
        std::string rows;
        for (const ReportJson& row : item["rows"]) rows += (rows.empty() ? "" : ", ") + text_of(row);
        if (!item["list"].is_null()) rows = "list of " + text_of(item["list"]);
        rows_out.push_back({text_of(item["name"]), text_of(item["title"]["zh"]), rows, text_of(item["schedule"])});
    }
    return format_table(header, rows_out);
}

std::string report_table(const ReportJson& report) {
    std::vector<std::string> titles;
    for (const ReportJson& column : report["columns"]) titles.push_back(text_of(column["name"]));
    std::vector<std::vector<std::string>> rows_out;
    const auto add = [&](const ReportJson& row) {
        std::vector<std::string> cells;
        cells.reserve(titles.size());
        for (const std::string& title : titles) cells.push_back(text_of(row.value(title, ReportJson())));
        rows_out.push_back(std::move(cells));
    };
    for (const ReportJson& row : report["rows"]) add(row);
    if (!report["total"].is_null()) add(report["total"]);
    return text_of(report["title"]["zh"]) + "  " + text_of(report["from"]) + " to " + text_of(report["to"]) + "\n" +
           format_table(titles, rows_out);
}

std::string runs_table(const ReportJson& items) {
    const std::vector<std::string> header{"from", "to", "made at", "files"};
    std::vector<std::vector<std::string>> rows_out;
    for (const ReportJson& item : items) {
        std::string files;
        for (const ReportJson& file : item["files"]) files += (files.empty() ? "" : " ") + text_of(file);
        rows_out.push_back({text_of(item["from"]), text_of(item["to"]), text_of(item["made_at"]), files});
    }
    return format_table(header, rows_out);
}

int write_file(const std::string& path, const std::string& bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << bytes;
    file.close();
    if (file) return 0;
    return fail({"cli.not_written", path + " cannot be written; does its folder exist, is there room?"});
}

int report(const Cli& cli, const ReportOptions& o) {
    ApiClient api(cli.target);
    const std::string base = "/v1/reports/" + path_segment(o.name);
    if (o.produced) return show(items_of(api.get(base + "/runs")), cli.json, runs_table);
    const std::string path = base + query_of({{"from", o.from},
                                              {"to", o.to},
                                              {"format", o.format},
                                              {"language", o.language},
                                              {"queue", o.queue},
                                              {"group", o.group},
                                              {"agent", o.agent},
                                              {"kind", o.kind},
                                              {"disposition", o.disposition}});
    if (o.format.empty() && o.out.empty()) return show(api.get(path), cli.json, report_table);
    const auto bytes = api.fetch(path);
    if (!bytes) return fail(bytes.error());
    if (!o.out.empty()) return write_file(o.out, *bytes);
    std::cout << *bytes;
    return 0;
}

}  // namespace

void add_report_commands(CLI::App& app, Cli& cli) {
    auto* list = app.add_subcommand("reports", "Reports you may read");
    list->callback([&cli] {
        cli.run = [&cli] { return show(items_of(ApiClient(cli.target).get("/v1/reports")), cli.json, reports_table); };
    });
    auto* one = app.add_subcommand("report", "One report of a period; times are the city's");
    const auto o = std::make_shared<ReportOptions>();
    one->add_option("name", o->name, "The report")->required();
    one->add_option("--from", o->from, "Beginning, included: 2026-11-21 or \"2026-11-21 19:00\"; default: today");
    one->add_option("--to", o->to, "End, not included; default: a day later");
    one->add_option("--format", o->format, "json, csv or xlsx; default: a table to look at")
        ->check(CLI::IsMember({"json", "csv", "xlsx"}));
    one->add_option("--language", o->language, "Of csv and xlsx")->check(CLI::IsMember({"zh", "en"}));
    one->add_option("--out", o->out, "Write into this file");
    one->add_option("--queue", o->queue, "Only this queue");
    one->add_option("--group", o->group, "Only this group");
    one->add_option("--agent", o->agent, "Only this agent");
    one->add_option("--kind", o->kind, "Only orders of this kind");
    one->add_option("--disposition", o->disposition, "Only this disposition");
    one->add_flag("--produced", o->produced, "What was produced of it by schedule");
    one->callback([&cli, o] { cli.run = [&cli, o] { return report(cli, *o); }; });
}

}  // namespace citybridge
