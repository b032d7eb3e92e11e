// order bulk, attach, attachments, save.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "core/api/file_bytes.h"
#include "core/node/cli/commands.h"
#include "core/node/cli/table.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

struct BulkOptions {
    std::string what, owner, group, action, note;
    std::vector<std::string> ids, filters;
    int limit = 0;
};

std::string results_table(const Json& answer) {
    std::vector<std::vector<std::string>> rows;
    for (const Json& each : answer["results"])
        rows.push_back({each["id"], std::to_string(each["status"].get<int>()),
                        each["code"].is_null() ? "" : each["code"], each["detail"].is_null() ? "" : each["detail"]});
    return format_table({"order", "status", "code", "why not"}, rows) + std::to_string(answer["done"].get<int>()) +
           " done, " + std::to_string(answer["refused"].get<int>()) + " refused" +
           (answer["more"] == true ? ", and the filter holds others\n" : "\n");
}

int bulk(const Cli& cli, const BulkOptions& o) {
    Json body{{"do", o.what}};
    if (!o.ids.empty()) body["ids"] = o.ids;
    for (const std::string& pair : o.filters) {
        const std::size_t at = pair.find('=');
        if (at == 0 || at == std::string::npos)
            return fail({"cli.bad_field", "--filter " + pair + " is not name=value"});
        body["filter"][pair.substr(0, at)] = pair.substr(at + 1);
    }
    if (o.limit > 0) body["limit"] = o.limit;
    if (!o.owner.empty()) body["owner"] = o.owner;
    if (!o.group.empty()) body["group"] = o.group;
    if (!o.action.empty()) body["action"] = o.action;
    if (!o.note.empty()) body["note"] = o.note;
    return show(ApiClient(cli.target).change("POST", "/v1/orders/bulk", body), cli.json, results_table);
}

std::string attachments_table(const Json& attachments) {
    std::vector<std::vector<std::string>> rows;
    for (const Json& each : attachments)
        rows.push_back({each["id"], each["name"], each["media_type"], std::to_string(each["size"].get<std::int64_t>()),
                        each["added_by"]});
    return format_table({"attachment", "name", "kind", "bytes", "added by"}, rows);
}

std::string path_of(const std::string& order) { return "/v1/orders/" + path_segment(order) + "/attachments"; }

int attach(const Cli& cli, const std::string& order, const std::string& file) {
    const auto bytes = file_bytes(file);
    if (!bytes) return fail({"cli.no_file", "cannot read " + file});
    const std::string name = std::filesystem::path(file).filename().string();
    const auto answer =
        ApiClient(cli.target).upload(path_of(order) + query_of({{"name", name}}), "application/octet-stream", *bytes);
    return done(answer, cli.json, answer ? "attached as " + answer->value("id", "") : "");
}

int save(const Cli& cli, const std::string& order, const std::string& attachment, const std::string& file) {
    if (std::filesystem::exists(file)) return fail({"cli.no_file", file + " exists already; name a new file"});
    const auto bytes = ApiClient(cli.target).fetch(path_of(order) + "/" + path_segment(attachment));
    if (!bytes) return fail(bytes.error());
    std::ofstream out(file, std::ios::binary);
    out << *bytes;
    if (!out.flush()) return fail({"cli.no_file", "cannot write " + file});
    return 0;
}

void add_files(CLI::App& order, Cli& cli) {
    const auto id = std::make_shared<std::string>();
    const auto file = std::make_shared<std::string>();
    const auto attachment = std::make_shared<std::string>();
    auto* put = order.add_subcommand("attach", "Attach a file");
    put->add_option("id", *id, "The order")->required();
    put->add_option("file", *file, "pdf, png, jpeg, xlsx, docx or plain text in UTF-8")->required();
    put->callback([&cli, id, file] { cli.run = [&cli, id, file] { return attach(cli, *id, *file); }; });
    auto* list = order.add_subcommand("attachments", "Its files");
    list->add_option("id", *id, "The order")->required();
    list->callback([&cli, id] {
        cli.run = [&cli, id] {
            return show(items_of(ApiClient(cli.target).get(path_of(*id))), cli.json, attachments_table);
        };
    });
    auto* get = order.add_subcommand("save", "Save one of its files");
    get->add_option("id", *id, "The order")->required();
    get->add_option("attachment", *attachment, "The attachment")->required();
    get->add_option("file", *file, "Where to; a new file")->required();
    get->callback([&cli, id, attachment, file] {
        cli.run = [&cli, id, attachment, file] { return save(cli, *id, *attachment, *file); };
    });
}

}  // namespace

void add_bulk_commands(CLI::App& order, Cli& cli) {
    const auto o = std::make_shared<BulkOptions>();
    auto* command = order.add_subcommand("bulk", "One thing to many orders, each by itself; at most 1000");
    command->add_option("ids", o->ids, "The orders; or give filters");
    command->add_option("--filter", o->filters, "name=value as in the list of orders; may be repeated");
    command->add_option("--limit", o->limit, "With filters: so many at most");
    command->add_option("--do", o->what, "assign, act or note")->required();
    command->add_option("--owner", o->owner, "assign: the new owner");
    command->add_option("--group", o->group, "assign: the new group");
    command->add_option("--action", o->action, "act: the flow's action");
    command->add_option("--note", o->note, "A note for the history of each");
    command->callback([&cli, o] { cli.run = [&cli, o] { return bulk(cli, *o); }; });
    add_files(order, cli);
}

}  // namespace citybridge
