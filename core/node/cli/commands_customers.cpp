// customers, customer.
#include <cstdio>

#include "core/node/cli/commands.h"
#include "core/node/cli/record_tables.h"

namespace citybridge {
namespace {

using Json = nlohmann::ordered_json;

std::string export_text(const Json& all) { return dump(all, 2) + '\n'; }

}  // namespace

void add_customer_commands(CLI::App& app, Cli& cli) {
    auto* customers = app.add_subcommand("customers", "The customer who has a number");
    const auto phone = std::make_shared<std::string>();
    customers->add_option("--phone", *phone, "A number of his")->required();
    customers->callback([&cli, phone] {
        cli.run = [&cli, phone] {
            const std::string path = "/v1/customers" + query_of({{"phone", *phone}});
            return show(items_of(ApiClient(cli.target).get(path)), cli.json, customers_table);
        };
    });

    auto* customer = app.add_subcommand("customer", "One person's data: export, erase, merge, history");
    customer->require_subcommand(1);
    const auto id = std::make_shared<std::string>();
    auto* all = customer->add_subcommand("export", "Print all that is kept of one person, as JSON");
    all->add_option("id", *id, "The customer")->required();
    all->callback([&cli, id] {
        cli.run = [&cli, id] {
            const std::string path = "/v1/customers/" + path_segment(*id) + "/export";
            return show(ApiClient(cli.target).get(path), cli.json, export_text);
        };
    });
    const auto from = std::make_shared<std::string>();
    auto* merge = customer->add_subcommand("merge", "Make one customer of two entries of the same person");
    merge->add_option("id", *id, "The entry that stays")->required();
    merge->add_option("from", *from, "The entry that goes, and redirects")->required();
    merge->callback([&cli, id, from] {
        cli.run = [&cli, id, from] {
            const std::string path = "/v1/customers/" + path_segment(*id) + "/merge";
            return done(ApiClient(cli.target).change("POST", path, {{"from", *from}}), cli.json,
                        "merged " + *from + " into " + *id);
        };
    });
    auto* history = customer->add_subcommand("history", "His contacts and orders, the newest first, as JSON");
    history->add_option("id", *id, "The customer")->required();
    history->callback([&cli, id] {
        cli.run = [&cli, id] {
            const std::string path = "/v1/customers/" + path_segment(*id) + "/history";
            return show(ApiClient(cli.target).list(path), cli.json, export_text);
        };
    });
    auto* erase = customer->add_subcommand("erase", "Erase a person's data for good; orders stay, without him");
    erase->add_option("id", *id, "The customer")->required();
    erase->callback([&cli, id] {
        cli.run = [&cli, id] {
            const auto answer = ApiClient(cli.target).change("DELETE", "/v1/customers/" + path_segment(*id));
            return done(answer, cli.json, "erased " + *id);
        };
    });
}

}  // namespace citybridge
