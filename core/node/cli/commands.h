#pragma once
// The command line, one file per subject. Each adds its subcommands; the one
// that was given leaves what it does in `run`.
#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "core/api/model_json.h"
#include "core/node/cli/api_client.h"

namespace citybridge {

struct Cli {
    ApiTarget target;
    bool url_given = false;
    bool json = false;
    std::string config;  // empty: none was named
    std::function<int()> run;

    std::string config_or_default() const { return config.empty() ? "/etc/citybridge/node.xml" : config; }
};

// Exit codes: 0 done, 1 not done or something is wrong.
int fail(const Error& error);
int show(const Result<nlohmann::ordered_json>& answer, bool json, std::string (*table)(const nlohmann::ordered_json&));
// For answers with nothing to look at: one line of its own, or the API's JSON.
int done(const Result<nlohmann::ordered_json>& answer, bool json, const std::string& line);
// The "items" of a list that comes in one page.
Result<nlohmann::ordered_json> items_of(Result<nlohmann::ordered_json> page);
// From standard input, not shown on a terminal. Code "cli.no_password".
Result<std::string> read_password();

void add_live_commands(CLI::App& app, Cli& cli);
void add_contact_actions(CLI::App& contacts, Cli& cli);
void add_agent_actions(CLI::App& agents, Cli& cli);
void add_user_commands(CLI::App& app, Cli& cli);
void add_order_commands(CLI::App& app, Cli& cli);
void add_customer_commands(CLI::App& app, Cli& cli);
void add_bulk_commands(CLI::App& order, Cli& cli);
void add_outgoing_commands(CLI::App& app, Cli& cli);
void add_calendar_commands(CLI::App& app, Cli& cli);
void add_verification_commands(CLI::App& app, Cli& cli);
void add_message_commands(CLI::App& app, Cli& cli);
void add_callback_commands(CLI::App& app, Cli& cli);
void add_transfer_commands(CLI::App& app, Cli& cli);
void add_flow_commands(CLI::App& app, Cli& cli);
// What there is to say and whose approval it waits for; of a running node.
void add_script_list(CLI::App& parent, const char* name, Cli& cli);
void add_migration_commands(CLI::App& flows, Cli& cli);
void add_keeping_commands(CLI::App& app, Cli& cli);
void add_outbox_commands(CLI::App& app, Cli& cli);
void add_paper_commands(CLI::App& app, Cli& cli);
void add_report_commands(CLI::App& app, Cli& cli);
void add_machine_commands(CLI::App& app, Cli& cli);

}  // namespace citybridge
