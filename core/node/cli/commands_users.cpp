// user, hash-password. With --config, and no node running there, the store is
// written directly: the first administrator cannot log in to be made.
#include <cstdio>

#include "core/gateway/passwords.h"
#include "core/node/cli/commands.h"
#include "core/node/cli/record_tables.h"
#include "core/node/node_settings.h"
#include "core/node/store_users.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

struct UserOptions {
    std::string name, role, agent, device;
    std::vector<std::string> groups;
    bool new_password = false, new_token = false;
};

Json user_json(const User& user) {
    const auto text = [](const std::string& value) { return value.empty() ? Json(nullptr) : Json(value); };
    return {{"name", user.name},
            {"role", to_string(user.role)},
            {"groups", user.groups},
            {"device", text(user.device)},
            {"agent", text(user.agent)}};
}

Result<NodeConfig> read_config(const Cli& cli) {
    Problems problems;
    NodeConfig config = load_config(cli.config, problems);
    if (!problems.empty()) return Error{"config.invalid", to_string(problems.front())};
    return config;
}

// Where the configuration says that its node listens; empty: the system chose the port.
std::string address_of(const NodeConfig& config) {
    Problems problems;
    const GatewaySettings listen = read_listen(config, problems);
    if (!problems.empty() || listen.port == 0) return {};
    std::string host = listen.host == "0.0.0.0" ? "127.0.0.1" : listen.host == "::" ? "::1" : listen.host;
    if (host.find(':') != std::string::npos) host = '[' + host + ']';
    return "http://" + host + ':' + std::to_string(listen.port);
}

bool answers(const std::string& url) {
    ApiTarget nobody;
    nobody.url = url;
    const auto health = ApiClient(nobody).get("/healthz");
    return health || health.error().code != "cli.unreachable";
}

// The store, or null: a node is there and is to be asked (its address is in the target then).
Result<std::unique_ptr<StoreUsers>> store_of(Cli& cli) {
    if (cli.config.empty()) return std::unique_ptr<StoreUsers>();
    const auto config = read_config(cli);
    if (!config) return config.error();
    if (!cli.url_given)
        if (std::string url = address_of(*config); !url.empty()) cli.target.url = std::move(url);
    if ((cli.url_given || !address_of(*config).empty()) && answers(cli.target.url))
        return std::unique_ptr<StoreUsers>();
    return StoreUsers::open(*config);
}

// The token is told once; it is not kept anywhere.
std::string added_text(const Json& user) {
    std::string out = "added " + user["name"].get<std::string>() + " as " + user["role"].get<std::string>() + '\n';
    if (user.contains("token")) out += "token " + user["token"].get<std::string>() + '\n';
    return out;
}

Result<Json> add_to_store(StoreUsers& store, const UserOptions& o, const std::string& password) {
    User user;
    user.name = o.name;
    user.role = *role_from(o.role);
    user.agent = o.agent;
    user.device = o.device;
    user.groups = o.groups;
    auto token = store.add(user, password);
    if (!token) return token.error();
    Json out = user_json(user);
    if (!token->empty()) out["token"] = *token;
    return out;
}

Result<Json> add_over_api(const Cli& cli, const UserOptions& o, const std::string& password) {
    Json body{{"name", o.name}, {"role", o.role}};
    if (!password.empty()) body["password"] = password;
    if (!o.agent.empty()) body["agent"] = o.agent;
    if (!o.device.empty()) body["device"] = o.device;
    if (!o.groups.empty()) body["groups"] = o.groups;
    return ApiClient(cli.target).change("POST", "/v1/admin/users", body);
}

int add(Cli& cli, const UserOptions& o) {
    std::string password;
    if (o.role != "erp" && o.role != "node") {
        auto read = read_password();
        if (!read) return fail(read.error());
        password = std::move(*read);
    }
    auto store = store_of(cli);
    if (!store) return fail(store.error());
    return show(*store ? add_to_store(**store, o, password) : add_over_api(cli, o, password), cli.json, added_text);
}

int list(Cli& cli) {
    auto store = store_of(cli);
    if (!store) return fail(store.error());
    if (!*store) return show(items_of(ApiClient(cli.target).get("/v1/admin/users")), cli.json, users_table);
    Json users = Json::array();
    for (const User& user : (*store)->all()) users.push_back(user_json(user));
    return show(Result<Json>(std::move(users)), cli.json, users_table);
}

int remove(Cli& cli, const std::string& name) {
    auto store = store_of(cli);
    if (!store) return fail(store.error());
    if (!*store)
        return done(ApiClient(cli.target).change("DELETE", "/v1/admin/users/" + path_segment(name)), cli.json,
                    "removed " + name);
    const auto removed = (*store)->remove(name);
    return done(removed ? Result<Json>(Json(nullptr)) : Result<Json>(removed.error()), cli.json, "removed " + name);
}

int change(const Cli& cli, const UserOptions& o) {
    Json body = Json::object();
    if (!o.role.empty()) body["role"] = o.role;
    if (!o.agent.empty()) body["agent"] = o.agent;
    if (!o.device.empty()) body["device"] = o.device;
    if (!o.groups.empty()) body["groups"] = o.groups;
    if (o.new_token) body["new_token"] = "true";
    if (o.new_password) {
        auto read = read_password();
        if (!read) return fail(read.error());
        body["password"] = std::move(*read);
    }
    const auto answer = ApiClient(cli.target).change("PATCH", "/v1/admin/users/" + path_segment(o.name), body);
    return show(answer, cli.json, sheet);
}

// The password itself never appears in the configuration or in a process list.
int print_password_hash() {
    const auto password = read_password();
    if (!password) return fail(password.error());
    std::printf("%s\n", gateway::hash_password(*password).c_str());
    return 0;
}

// Returns --role.
CLI::Option* add_user_options(CLI::App& command, UserOptions& o) {
    command.add_option("name", o.name, "The name to log in with")->required();
    command.add_option("--agent", o.agent, "Agent id, if he takes calls");
    command.add_option("--device", o.device, "The phone click to dial rings");
    command.add_option("--group", o.groups, "A group of his; may be repeated");
    return command.add_option("--role", o.role, "What he may do")
        ->check(CLI::IsMember({"agent", "team_lead", "supervisor", "quality", "admin", "erp", "node"}));
}

void add_user_add(CLI::App& user, Cli& cli) {
    auto* command = user.add_subcommand(
        "add", "Make a user: his password on standard input; for erp and node a token is made and told once");
    const auto o = std::make_shared<UserOptions>();
    add_user_options(*command, *o)->required();
    command->callback([&cli, o] { cli.run = [&cli, o] { return add(cli, *o); }; });
}

void add_user_change(CLI::App& user, Cli& cli) {
    auto* command = user.add_subcommand("change", "Change what is given; his log-ins end");
    const auto o = std::make_shared<UserOptions>();
    add_user_options(*command, *o);
    command->add_flag("--new-password", o->new_password, "Read a new password from standard input");
    command->add_flag("--new-token", o->new_token, "Make a new token for erp or node, told once");
    command->callback([&cli, o] { cli.run = [&cli, o] { return change(cli, *o); }; });
}

}  // namespace

void add_user_commands(CLI::App& app, Cli& cli) {
    app.add_subcommand("hash-password", "Read a password, print its hash for the configuration")->callback([&cli] {
        cli.run = print_password_hash;
    });
    auto* user = app.add_subcommand("user", "Users of the store: add, change, list, remove, sessions-end");
    user->require_subcommand(1);
    add_user_add(*user, cli);
    add_user_change(*user, cli);
    user->add_subcommand("list", "All users, without secrets")->callback([&cli] {
        cli.run = [&cli] { return list(cli); };
    });
    const auto name = std::make_shared<std::string>();
    auto* gone = user->add_subcommand("remove", "Remove a user; his log-ins end");
    gone->add_option("name", *name, "The user")->required();
    gone->callback([&cli, name] { cli.run = [&cli, name] { return remove(cli, *name); }; });
    auto* ends = user->add_subcommand("sessions-end", "End all log-ins of a user");
    ends->add_option("name", *name, "The user")->required();
    ends->callback([&cli, name] {
        cli.run = [&cli, name] {
            const std::string path = "/v1/admin/users/" + path_segment(*name) + "/sessions";
            return done(ApiClient(cli.target).change("DELETE", path), cli.json, "ended the log-ins of " + *name);
        };
    });
}

}  // namespace citybridge
