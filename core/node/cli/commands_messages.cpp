// sms: a person writes to a customer. preview: how long a message would be.
#include "core/node/cli/commands.h"
#include "core/node/cli/record_tables.h"
#include "core/node/cli/table.h"

namespace citybridge {
namespace {

using MessageJson = nlohmann::ordered_json;

struct MessageOptions {
    std::string id, text, kind, name, order, customer, address;
    bool override_preference = false;
    bool dry_run = false;
};

std::string preview_text(const MessageJson& one) {
    return text_of(one["text"]) + "\n" + one["alphabet"].get<std::string>() + ", " + one["units"].dump() + " units, " +
           one["parts"].dump() + " part(s)\n";
}

std::string message_table(const MessageJson& list) {
    std::vector<std::vector<std::string>> rows;
    for (const MessageJson& each : list.is_array() ? list : MessageJson::array({list}))
        rows.push_back({text_of(each["id"]), text_of(each["to"]), text_of(each["state"]), each["parts"].dump(),
                        text_of(each["template"]), text_of(each["written_by"]), text_of(each["created_at"]),
                        text_of(each["code"])});
    return format_table({"ID", "TO", "STATE", "PARTS", "TEMPLATE", "BY", "WRITTEN", "CODE"}, rows);
}

std::string message_whole(const MessageJson& one) {
    std::string out = message_table(one) + text_of(one["text"]) + "\n";
    if (one["next_at"] > one["created_at"]) out += "goes out at " + text_of(one["next_at"]) + ": quiet hours\n";
    if (!one["detail"].is_null()) out += text_of(one["detail"]) + "\n";
    return out;
}

int preview_message(const Cli& cli, const MessageOptions& o) {
    const MessageJson body = without_empty(
        {{"text", o.text}, {"kind", o.kind}, {"template", o.name}, {"order", o.order}, {"customer", o.customer}});
    return show(ApiClient(cli.target).change("POST", "/v1/messages/preview", body), cli.json, preview_text);
}

int send_message(const Cli& cli, const MessageOptions& o) {
    if (o.dry_run) return preview_message(cli, o);
    MessageJson body = without_empty({{"order", o.order},
                                      {"customer", o.customer},
                                      {"kind", o.kind},
                                      {"template", o.name},
                                      {"text", o.text},
                                      {"address", o.address}});
    if (o.override_preference) body["override_preference"] = true;
    return show(ApiClient(cli.target).change("POST", "/v1/messages", body), cli.json, message_whole);
}

void add_text_options(CLI::App& command, MessageOptions& o) {
    command.add_option("text", o.text, "The text; or name a template");
    command.add_option("--kind", o.kind, "Kind of order whose flow has the template");
    command.add_option("--template", o.name, "The template");
    command.add_option("--order", o.order, "The order it is about");
    command.add_option("--customer", o.customer, "Or the customer");
}

void add_preview(CLI::App& app, Cli& cli) {
    auto* command = app.add_subcommand("preview", "A short message as it would be sent, and how many parts it has");
    const auto o = std::make_shared<MessageOptions>();
    add_text_options(*command, *o);
    command->callback([&cli, o] { cli.run = [&cli, o] { return preview_message(cli, *o); }; });
}

void add_sms_group(CLI::App& app, Cli& cli) {
    auto* sms = app.add_subcommand("sms", "Short messages that people write to customers");
    sms->require_subcommand(1);
    const auto o = std::make_shared<MessageOptions>();
    auto* command = sms->add_subcommand("send", "Write to the customer of an order, or to a customer");
    add_text_options(*command, *o);
    command->add_option("--address", o->address, "One of his numbers; left out: the preferred of his mobiles");
    command->add_flag("--override-preference", o->override_preference,
                      "Also to one who wants no messages (supervisors and administrators)");
    command->add_flag("--dry-run", o->dry_run, "Only show the text and its length; nothing is sent");
    command->callback([&cli, o] { cli.run = [&cli, o] { return send_message(cli, *o); }; });
    auto* one = sms->add_subcommand("show", "What became of a message");
    one->add_option("id", o->id, "The message")->required();
    one->callback([&cli, o] {
        cli.run = [&cli, o] {
            return show(ApiClient(cli.target).get("/v1/messages/" + path_segment(o->id)), cli.json, message_whole);
        };
    });
    auto* list = sms->add_subcommand("list", "Those of an order or to a customer, the newest first");
    list->add_option("--order", o->order, "The order");
    list->add_option("--customer", o->customer, "Or the customer");
    list->callback([&cli, o] {
        cli.run = [&cli, o] {
            const std::string query = query_of({{"customer", o->customer}, {"order", o->order}});
            return show(items_of(ApiClient(cli.target).get("/v1/messages" + query)), cli.json, message_table);
        };
    });
}

}  // namespace

void add_message_commands(CLI::App& app, Cli& cli) {
    add_sms_group(app, cli);
    add_preview(app, cli);
}

}  // namespace citybridge
