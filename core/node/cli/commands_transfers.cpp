// transfers: live calls that go to another city's hotline, and those that came from one.
#include "core/node/cli/commands.h"
#include "core/node/cli/record_tables.h"
#include "core/node/cli/table.h"

namespace citybridge {
namespace {

using TransferJson = nlohmann::ordered_json;

struct TransferOptions {
    std::string id, contact, city, notes;
    bool insists = false;
};

std::string transfers_table(const TransferJson& list) {
    std::vector<std::vector<std::string>> rows;
    for (const TransferJson& each : list.is_array() ? list : TransferJson::array({list}))
        rows.push_back({text_of(each["id"]), (each["side"] == "origin" ? "to " : "from ") + text_of(each["city"]),
                        text_of(each["state"]), text_of(each["reason"]), text_of(each["far_state"]),
                        text_of(each["number"]), text_of(each["user"]), text_of(each["contact"]), text_of(each["at"])});
    return format_table({"ID", "CITY", "STATE", "WHY", "THERE", "NUMBER", "BY", "CONTACT", "AT"}, rows);
}

}  // namespace

void add_transfer_commands(CLI::App& app, Cli& cli) {
    auto* transfers = app.add_subcommand("transfers", "Live calls between cities; without more: the newest");
    const auto o = std::make_shared<TransferOptions>();
    transfers->require_subcommand(0, 1);
    transfers->callback([&cli, transfers] {
        if (!transfers->get_subcommands().empty()) return;
        cli.run = [&cli] {
            return show(items_of(ApiClient(cli.target).get("/v1/transfers")), cli.json, transfers_table);
        };
    });
    auto* one = transfers->add_subcommand("show", "One of them");
    one->add_option("id", o->id, "The transfer")->required();
    one->callback([&cli, o] {
        cli.run = [&cli, o] {
            return show(ApiClient(cli.target).get("/v1/transfers/" + path_segment(o->id)), cli.json, sheet);
        };
    });
    auto* give = transfers->add_subcommand("to-city", "My live call goes to another city's hotline");
    give->add_option("contact", o->contact, "The call")->required();
    give->add_option("city", o->city, "The city")->required();
    give->add_flag("--insists", o->insists, "He was offered a callback, and insists");
    give->add_option("--notes", o->notes, "What he wants");
    give->callback([&cli, o] {
        cli.run = [&cli, o] {
            TransferJson body{{"city", o->city}, {"insists", o->insists}};
            if (!o->notes.empty()) body["notes"] = o->notes;
            return show(ApiClient(cli.target)
                            .change("POST", "/v1/contacts/" + path_segment(o->contact) + "/transfer-to-city", body),
                        cli.json, transfers_table);
        };
    });
}

}  // namespace citybridge
