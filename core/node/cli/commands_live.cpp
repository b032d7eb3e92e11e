// status, plugins, agents, contacts.
#include <cstdio>

#include "core/node/cli/commands.h"
#include "core/node/cli/table.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

int status(const Cli& cli) {
    ApiClient api(cli.target);
    auto health = api.get("/healthz");
    if (!health) return fail(health.error());
    const auto ready = api.get("/readyz");
    const auto contacts = api.list("/v1/contacts");
    const auto agents = api.list("/v1/agents");
    Json out{{"alive", true},
             {"ready", static_cast<bool>(ready)},
             {"not_ready_because", ready ? Json(nullptr) : Json(ready.error().detail)},
             {"contacts", contacts ? Json(contacts->size()) : Json(nullptr)},
             {"agents", agents ? Json(agents->size()) : Json(nullptr)}};
    if (cli.json) {
        std::printf("%s\n", dump(out, 2).c_str());
    } else {
        std::printf("alive     yes\nready     %s\n", ready ? "yes" : ("no: " + ready.error().detail).c_str());
        if (contacts) std::printf("contacts  %zu\n", contacts->size());
        if (agents) std::printf("agents    %zu\n", agents->size());
        if (!contacts) std::fprintf(stderr, "%s\n", contacts.error().detail.c_str());
    }
    return ready ? 0 : 1;
}

}  // namespace

void add_live_commands(CLI::App& app, Cli& cli) {
    app.add_subcommand("status", "Is the node alive and ready; exit 1 if not")->callback([&cli] {
        cli.run = [&cli] { return status(cli); };
    });
    app.add_subcommand("plugins", "Plugin instances and their state")->callback([&cli] {
        cli.run = [&cli] {
            return show(items_of(ApiClient(cli.target).get("/v1/admin/plugins")), cli.json, plugins_table);
        };
    });
    auto* agents = app.add_subcommand("agents", "Agents and their state; or set one's");
    agents->require_subcommand(0, 1);
    agents->callback([&cli, agents] {
        if (!agents->get_subcommands().empty()) return;
        cli.run = [&cli] { return show(ApiClient(cli.target).list("/v1/agents"), cli.json, agents_table); };
    });
    add_agent_actions(*agents, cli);
    auto* contacts = app.add_subcommand("contacts", "Contacts, live and just ended; or act in one");
    contacts->require_subcommand(0, 1);
    const auto state = std::make_shared<std::string>();
    contacts->add_option("--state", *state, "Only contacts in this state");
    contacts->callback([&cli, contacts, state] {
        if (!contacts->get_subcommands().empty()) return;
        cli.run = [&cli, state] {
            const std::string path = "/v1/contacts" + query_of({{"state", *state}});
            return show(ApiClient(cli.target).list(path), cli.json, contacts_table_with_ids);
        };
    });
    add_contact_actions(*contacts, cli);
}

}  // namespace citybridge
