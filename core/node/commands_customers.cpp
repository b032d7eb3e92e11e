// customers, customer.
#include <cstdio>

#include "core/node/commands.h"
#include "core/node/record_tables.h"

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

    auto* customer = app.add_subcommand("customer", "One person's data: export, erase");
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
