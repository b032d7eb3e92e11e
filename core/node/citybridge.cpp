// citybridge: the command line of a running node.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>

#include "core/gateway/passwords.h"
#include "core/node/api_client.h"
#include "core/node/table.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

int fail(const Error& error) {
    std::fprintf(stderr, "%s: %s\n", error.code.c_str(), error.detail.c_str());
    return 1;
}

int show(const Result<Json>& answer, bool json, std::string (*table)(const Json&)) {
    if (!answer) return fail(answer.error());
    try {
        std::printf("%s", json ? (dump(*answer, 2) + '\n').c_str() : table(*answer).c_str());
    } catch (const Json::exception& e) {
        return fail({"cli.bad_answer", std::string("the answer is not what this program knows: ") + e.what()});
    }
    return 0;
}

// A list that comes in one page.
Result<Json> items_of(Result<Json> page) {
    if (!page || !page->is_object() || !page->contains("items")) return page;
    return (*page)["items"];
}

int status(ApiClient& api, bool json) {
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
    if (json) {
        std::printf("%s\n", dump(out, 2).c_str());
    } else {
        std::printf("alive     yes\nready     %s\n", ready ? "yes" : ("no: " + ready.error().detail).c_str());
        if (contacts) std::printf("contacts  %zu\n", contacts->size());
        if (agents) std::printf("agents    %zu\n", agents->size());
        if (!contacts) std::fprintf(stderr, "%s\n", contacts.error().detail.c_str());
    }
    return ready ? 0 : 1;
}

// The password itself never appears in the configuration or in a process list.
int print_password_hash() {
    std::string password;
    if (isatty(STDIN_FILENO) != 0) std::fprintf(stderr, "password: ");
    std::getline(std::cin, password);
    if (password.empty()) return fail({"cli.no_password", "give the password on standard input"});
    const auto hash = gateway::hash_password(password);
    std::printf("%s\n", hash.c_str());
    return 0;
}

}  // namespace
}  // namespace citybridge

int main(int argc, char** argv) {
    using namespace citybridge;
    CLI::App app{"citybridge: ask a running CityBridge node"};
    ApiTarget target;
    bool json = false;
    std::string state;
    app.add_option("--url", target.url, "Address of the node")->envname("CITYBRIDGE_URL")->capture_default_str();
    app.add_option("--token", target.token, "API token")->envname("CITYBRIDGE_TOKEN");
    app.add_option("--user", target.user, "User to log in as")->envname("CITYBRIDGE_USER");
    app.add_option("--password", target.password, "His password; the environment hides it from process lists")
        ->envname("CITYBRIDGE_PASSWORD");
    app.add_flag("--json", json, "Print the API's JSON");
    app.require_subcommand(1);
    app.fallthrough();
    auto* status_command = app.add_subcommand("status", "Is the node alive and ready; exit 1 if not");
    auto* plugins_command = app.add_subcommand("plugins", "Plugin instances and their state");
    auto* agents_command = app.add_subcommand("agents", "Agents and their state");
    auto* contacts_command = app.add_subcommand("contacts", "Contacts, live and just ended");
    contacts_command->add_option("--state", state, "Only contacts in this state");
    auto* hash_command = app.add_subcommand("hash-password", "Read a password, print its hash for the configuration");
    CLI11_PARSE(app, argc, argv);

    ApiClient api(target);
    if (status_command->parsed()) return status(api, json);
    if (plugins_command->parsed()) return show(items_of(api.get("/v1/admin/plugins")), json, plugins_table);
    if (agents_command->parsed()) return show(api.list("/v1/agents"), json, agents_table);
    if (contacts_command->parsed())
        return show(api.list("/v1/contacts" + (state.empty() ? "" : "?state=" + state)), json, contacts_table);
    if (hash_command->parsed()) return print_password_hash();
    return 0;
}
