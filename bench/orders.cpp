// Work orders through the durable strand, from one caller and from 64, beside
// the same statements with the same values said directly to the database.
#include <spdlog/spdlog.h>

#include "bench/durable_work.h"
#include "bench/program.h"
#include "core/node/paths.h"

namespace citybridge::bench {
namespace {

struct Options {
    std::string plugins = default_plugin_dir();
    std::string rows;
    std::string only;
    int rounds = 5;
    std::uint64_t orders_alone = 1'500;
    std::uint64_t orders_together = 12'000;
};

DurableWork orders(const Options& options) {
    DurableWork work;
    work.what = "orders";
    work.unit = "orders/s";
    work.tables = {"orders"};
    work.node = [&options](const store::StoreSettings& store) {
        return DurableNodeSettings{.store = store, .plugin_dir = options.plugins};
    };
    work.prepare = [](const store::StoreSettings& store, std::uint64_t) { or_throw(store::open_store(store)); };
    work.request = sales_lead;
    return work;
}

void run(const Options& options) {
    spdlog::set_level(spdlog::level::err);
    using store::Database;
    for (const auto& test : {DurableCase{Database::sqlite, 1, options.orders_alone, 0.7, 0},
                             DurableCase{Database::sqlite, 64, options.orders_together, 0.6, 4'000},
                             DurableCase{Database::postgresql, 1, options.orders_alone, 0.7, 0},
                             DurableCase{Database::postgresql, 64, options.orders_together, 0.6, 0}})
        if (options.only.empty() || options.only == test.name())
            measure(orders(options), test, options.rounds, options.rows);
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Options options;
    citybridge::bench::Program program(
        "orders", "work orders through the durable strand, beside the same statements said directly");
    program.rounds(options.rounds);
    program.app().add_option("--alone", options.orders_alone, "Orders a round, one caller")->capture_default_str();
    program.app()
        .add_option("--together", options.orders_together, "Orders a round, 64 callers")
        ->capture_default_str();
    program.app().add_option("--only", options.only, "SQLite1, SQLite64, PostgreSQL1 or PostgreSQL64");
    program.plugins(options.plugins);
    program.rows(options.rows);
    return program.run(argc, argv, [&] { citybridge::bench::run(options); });
}
