// citybridge: the command line of a node. What each command does is in
// commands_*.cpp, one file per subject.
#include "core/node/cli/commands.h"

int main(int argc, char** argv) {
    using namespace citybridge;
    CLI::App app{"citybridge: ask a running CityBridge node, or look after one on its own machine"};
    Cli cli;
    auto* url = app.add_option("--url", cli.target.url, "Address of the node");
    url->envname("CITYBRIDGE_URL")->capture_default_str();
    app.add_option("--token", cli.target.token, "API token")->envname("CITYBRIDGE_TOKEN");
    app.add_option("--user", cli.target.user, "User to log in as")->envname("CITYBRIDGE_USER");
    app.add_option("--password", cli.target.password, "His password; the environment hides it from process lists")
        ->envname("CITYBRIDGE_PASSWORD");
    app.add_option("--config", cli.config, "The node's configuration: for user, backup, restore, doctor");
    app.add_flag("--json", cli.json, "Print JSON");
    app.require_subcommand(1);
    app.fallthrough();
    add_live_commands(app, cli);
    add_order_commands(app, cli);
    add_customer_commands(app, cli);
    add_outgoing_commands(app, cli);
    add_outbox_commands(app, cli);
    add_flow_commands(app, cli);
    add_keeping_commands(app, cli);
    add_paper_commands(app, cli);
    add_report_commands(app, cli);
    add_calendar_commands(app, cli);
    add_verification_commands(app, cli);
    add_message_commands(app, cli);
    add_callback_commands(app, cli);
    add_transfer_commands(app, cli);
    add_user_commands(app, cli);
    add_machine_commands(app, cli);
    CLI11_PARSE(app, argc, argv);
    cli.url_given = url->count() > 0;
    return cli.run ? cli.run() : 0;
}
