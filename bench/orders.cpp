// Work orders through the durable strand, from one caller and from 64, beside
// the same statements with the same values said directly to the database. Ours
// and the floor take turns, each on a fresh database on a real disk.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "bench/durable_node.h"
#include "bench/recorded.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "core/node/paths.h"
#include "tests/support/postgres_server.h"
#include "tools/support/temp_folder.h"

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

struct Case {
    store::Database database;
    std::string name;
    std::size_t callers;
    std::uint64_t orders;
    double least_ratio;
    double least_value;
};

// Fresh databases, on the disk that temporary files are on.
class Disks {
public:
    store::StoreSettings fresh(store::Database database) {
        store::StoreSettings out;
        out.database = database;
        if (database == store::Database::sqlite)
            out.path = folder_ / ("orders" + std::to_string(++made_) + ".db");
        else
            out.connection = tests::shared_postgres().connection(tests::shared_postgres().make_database());
        return out;
    }
    static void forget(const store::StoreSettings& settings) {
        std::error_code ignored;
        for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(settings.path + part, ignored);
    }

private:
    TempFolder folder_{"citybridge-bench"};
    int made_ = 0;
};

void call(DurableStrand& strand, std::uint64_t from, std::uint64_t count, std::uint64_t step) {
    for (std::uint64_t n = from; n < count; n += step) {
        const std::string id = request_id(n);
        const auto answer = strand.submit(sales_lead(id, n), RequestKey{"wang", id, id});
        if (!answer || answer->reply.status != 201)
            throw std::runtime_error(answer ? answer->reply.body : answer.error().detail);
    }
}

// Seconds from the first request to the last answer; every answer came after its commit.
double ours(const Options& options, const Case& test, const store::StoreSettings& store, Recorded& recorded) {
    DurableNode node({.store = store, .plugin_dir = options.plugins});
    node.log_to(&recorded);
    node.start();
    const auto began = std::chrono::steady_clock::now();
    std::vector<std::thread> callers;
    for (std::size_t i = 0; i < test.callers; ++i)
        callers.emplace_back([&, i] { call(node.strand(), i, test.orders, test.callers); });
    for (std::thread& caller : callers) caller.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    node.stop();
    return took.count();
}

double floor_of(const Case& test, const store::StoreSettings& store, const Recorded& recorded) {
    or_throw(store::open_store(store));
    const auto bare = open_bare(store);
    const double seconds = static_cast<double>(bare->run_all(recorded.statements())) / 1e9;
    if (const auto found = bare->count("orders"); found != static_cast<std::int64_t>(test.orders))
        throw std::runtime_error("the floor wrote " + std::to_string(found) + " orders");
    return seconds;
}

void measure(const Options& options, Disks& disks, const Case& test) {
    std::vector<double> our_rates, floor_rates, ratios;
    std::size_t commits = 0;
    for (int round = 0; round < options.rounds; ++round) {
        Recorded recorded;
        const auto orders = static_cast<double>(test.orders);
        auto store = disks.fresh(test.database);
        our_rates.push_back(orders / ours(options, test, store, recorded));
        Disks::forget(store);
        store = disks.fresh(test.database);
        floor_rates.push_back(orders / floor_of(test, store, recorded));
        Disks::forget(store);
        ratios.push_back(our_rates.back() / floor_rates.back());
        commits += recorded.commits();
    }
    const std::string what =
        "orders, " + test.name + ", " + std::to_string(test.callers) + (test.callers == 1 ? " caller" : " callers");
    std::printf(
        "%-34s %7.0f orders/s, bare %7.0f, ratio round by round: median %.2f (%.2f to %.2f), %.1f orders a "
        "commit\n",
        what.c_str(), median(our_rates), median(floor_rates), median(ratios), quantile(ratios, 0), quantile(ratios, 1),
        static_cast<double>(test.orders) * options.rounds / static_cast<double>(commits));
    std::fflush(stdout);
    add_row(options.rows,
            {what, "orders/s", median(our_rates), median(floor_rates), test.least_ratio, Good::ratio_at_least});
    if (test.least_value > 0)
        add_row(options.rows,
                {what + ", in a second", "orders/s", median(our_rates), 0, test.least_value, Good::value_at_least});
}

void run(const Options& options) {
    spdlog::set_level(spdlog::level::err);
    Disks disks;
    for (const auto& test : {Case{store::Database::sqlite, "SQLite", 1, options.orders_alone, 0.7, 0},
                             Case{store::Database::sqlite, "SQLite", 64, options.orders_together, 0.6, 4'000},
                             Case{store::Database::postgresql, "PostgreSQL", 1, options.orders_alone, 0.7, 0},
                             Case{store::Database::postgresql, "PostgreSQL", 64, options.orders_together, 0.6, 0}})
        if (options.only.empty() || options.only == test.name + std::to_string(test.callers))
            measure(options, disks, test);
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    CLI::App app{"orders: work orders through the durable strand, beside the same statements said directly"};
    citybridge::bench::Options options;
    app.add_option("--rounds", options.rounds, "Of each: ours, then the floor")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
    app.add_option("--alone", options.orders_alone, "Orders a round, one caller")->capture_default_str();
    app.add_option("--together", options.orders_together, "Orders a round, 64 callers")->capture_default_str();
    app.add_option("--only", options.only, "SQLite1, SQLite64, PostgreSQL1 or PostgreSQL64");
    app.add_option("--plugins", options.plugins, "Folder of the plugin libraries")->capture_default_str();
    app.add_option("--rows", options.rows, "Append the result to this file");
    CLI11_PARSE(app, argc, argv);
    try {
        citybridge::bench::run(options);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "orders: %s\n", e.what());
        return 1;
    }
}
