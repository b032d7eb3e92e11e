// outgoing: lists of numbers to be called.
#include <cstdio>

#include "core/api/file_bytes.h"
#include "core/node/cli/commands.h"
#include "core/node/cli/table.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

struct OutgoingOptions {
    std::string id, kind, name, group, period, from, file, result, remark, month, seed;
    int working_days = 0, per_agent = 0;
};

std::string lists_table(const Json& lists) {
    std::vector<std::vector<std::string>> rows;
    for (const Json& each : lists)
        rows.push_back({each["id"], each["kind"], each["name"], each["group"].is_null() ? "" : each["group"],
                        each["from"], each["until"], each["closed_at"].is_null() ? "open" : "closed"});
    return format_table({"list", "kind", "name", "group", "from", "until", "state"}, rows);
}

std::string as_json(const Json& answer) { return answer.is_null() ? "nobody is left now\n" : dump(answer, 2) + '\n'; }

std::string path_of(const OutgoingOptions& o, const std::string& tail = {}) {
    return "/v1/outgoing/" + path_segment(o.id) + tail;
}

int open(const Cli& cli, const OutgoingOptions& o) {
    Json body{{"kind", o.kind}, {"name", o.name}};
    if (!o.group.empty()) body["group"] = o.group;
    if (!o.period.empty()) body["period"] = o.period;
    if (!o.from.empty()) body["from"] = o.from;
    if (o.working_days > 0) body["working_days"] = o.working_days;
    return show(ApiClient(cli.target).change("POST", "/v1/outgoing", body), cli.json, as_json);
}

int add(const Cli& cli, const OutgoingOptions& o) {
    const auto bytes = file_bytes(o.file);
    if (!bytes) return fail({"cli.no_file", "cannot read " + o.file});
    return show(ApiClient(cli.target).upload(path_of(o, "/entries"), "text/csv", *bytes), cli.json, as_json);
}

int sample(const Cli& cli, const OutgoingOptions& o) {
    const std::string count = o.per_agent > 0 ? std::to_string(o.per_agent) : "";
    const std::string path =
        "/v1/outgoing/sample" + query_of({{"month", o.month}, {"per_agent", count}, {"seed", o.seed}});
    return show(ApiClient(cli.target).get(path), cli.json, as_json);
}

using Run = int (*)(const Cli&, const OutgoingOptions&);

CLI::App* command(CLI::App& app, Cli& cli, const std::shared_ptr<OutgoingOptions>& o, const char* name,
                  const char* sentence, Run run) {
    auto* out = app.add_subcommand(name, sentence);
    out->callback([&cli, o, run] { cli.run = [&cli, o, run] { return run(cli, *o); }; });
    return out;
}

void add_calls(CLI::App& app, Cli& cli, const std::shared_ptr<OutgoingOptions>& o) {
    auto* next = command(app, cli, o, "next", "Take the next one to call", [](const Cli& c, const OutgoingOptions& p) {
        return show(ApiClient(c.target).change("POST", path_of(p, "/next")), c.json, as_json);
    });
    next->add_option("id", o->id, "The list")->required();
    auto* result = command(app, cli, o, "result", "What came of the call", [](const Cli& c, const OutgoingOptions& p) {
        const std::string path = "/v1/outgoing/entries/" + path_segment(p.id) + "/result";
        return show(ApiClient(c.target).change("POST", path, {{"result", p.result}, {"remark", p.remark}}), c.json,
                    as_json);
    });
    result->add_option("id", o->id, "The entry")->required();
    result->add_option("result", o->result, "success, complaint, unreachable, wrong_number or follow_up")->required();
    result->add_option("--remark", o->remark, "A remark");
    auto* back =
        command(app, cli, o, "release", "Give an entry back uncalled", [](const Cli& c, const OutgoingOptions& p) {
            const std::string path = "/v1/outgoing/entries/" + path_segment(p.id) + "/release";
            return show(ApiClient(c.target).change("POST", path), c.json, as_json);
        });
    back->add_option("id", o->id, "The entry")->required();
}

}  // namespace

void add_outgoing_commands(CLI::App& app, Cli& cli) {
    auto* outgoing = app.add_subcommand("outgoing", "Lists of numbers to be called, the latest first");
    outgoing->require_subcommand(0, 1);
    outgoing->callback([&cli, outgoing] {
        if (outgoing->get_subcommands().empty())
            cli.run = [&cli] { return show(ApiClient(cli.target).list("/v1/outgoing"), cli.json, lists_table); };
    });
    const auto o = std::make_shared<OutgoingOptions>();
    auto* make = command(*outgoing, cli, o, "open", "Open a list", open);
    make->add_option("--kind", o->kind, "revisit, survey, promotion or collection")->required();
    make->add_option("--name", o->name, "Its name")->required();
    make->add_option("--group", o->group, "Whose agents call; left out: all");
    make->add_option("--period", o->period, "After this period of the calendar");
    make->add_option("--from", o->from, "First day: 2026-11-22T02:00:00.000Z");
    make->add_option("--working-days", o->working_days, "Working days for the calls, the first included");
    auto* put = command(*outgoing, cli, o, "add", "Add the rows of a CSV file: number, name, order, note", add);
    put->add_option("id", o->id, "The list")->required();
    put->add_option("file", o->file, "The file, in UTF-8")->required();
    auto* one =
        command(*outgoing, cli, o, "show", "One list and how far it is", [](const Cli& c, const OutgoingOptions& p) {
            return show(ApiClient(c.target).get(path_of(p)), c.json, as_json);
        });
    one->add_option("id", o->id, "The list")->required();
    auto* entries =
        command(*outgoing, cli, o, "entries", "Its entries, as JSON", [](const Cli& c, const OutgoingOptions& p) {
            return show(ApiClient(c.target).list(path_of(p, "/entries")), c.json, as_json);
        });
    entries->add_option("id", o->id, "The list")->required();
    auto* close =
        command(*outgoing, cli, o, "close", "Call nobody from it any more", [](const Cli& c, const OutgoingOptions& p) {
            return show(ApiClient(c.target).change("POST", path_of(p, "/close")), c.json, as_json);
        });
    close->add_option("id", o->id, "The list")->required();
    auto* draw = command(*outgoing, cli, o, "sample", "Solved calls of a month to be called again", sample);
    draw->add_option("month", o->month, "2026-11")->required();
    draw->add_option("--per-agent", o->per_agent, "Calls of each agent; default 5");
    draw->add_option("--seed", o->seed, "The same seed draws the same calls; default: the month");
    add_calls(*outgoing, cli, o);
}

}  // namespace citybridge
