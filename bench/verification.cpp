// Verifications begun through the durable strand (docs/verification.md), each of another customer: the code's budget,
// the verification and the outbox row in one commit; beside the same statements with the same values said directly to
// the database. Ours and the floor take turns, each on a fresh database with the same customers on a real disk.
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
    int rounds = 5;
    std::uint64_t alone = 1'500;
    std::uint64_t together = 10'000;
};

struct Case {
    store::Database database;
    std::string name;
    std::size_t callers;
    std::uint64_t starts;
    double least_ratio;
};

std::string customer_id(std::uint64_t n) { return "cus_" + request_id(n); }

DurableNodeSettings node_settings(const Options& options, const store::StoreSettings& store) {
    DurableNodeSettings out{.store = store, .plugin_dir = options.plugins};
    out.plugins.push_back(plugin("sms_verification", "codes", {{"key", std::string(48, 'k')}}));
    // Nobody carries them: what is measured is what a caller waits for.
    out.channels = {{"sms", "sms"}};
    return out;
}

void add_customers(const Options& options, const store::StoreSettings& store, std::uint64_t count) {
    DurableNode node(node_settings(options, store));
    node.start();
    for (std::uint64_t n = 0; n < count;) {
        Changes changes;
        for (const std::uint64_t end = std::min(count, n + 500); n < end; ++n) {
            CustomerRecord row;
            row.id = customer_id(n);
            row.name = "张三";
            row.numbers = {"+861" + std::to_string(3'000'000'000 + n)};
            row.revision = 1;
            changes.customers.push_back(std::move(row));
        }
        or_throw(node.strand().record(std::move(changes), {}, {}));
    }
    node.stop();
}

void start_some(DurableStrand& strand, std::uint64_t from, std::uint64_t count, std::uint64_t step) {
    for (std::uint64_t n = from; n < count; n += step) {
        const std::string id = request_id(n);
        desk::StartVerification what{customer_id(n), "data_change", {}, {}, "0123456789abcdef0123456789abcdef"};
        const auto answer =
            strand.submit({id, {"wang", "agent", {"sales"}}, std::move(what)}, RequestKey{"wang", id, id});
        if (!answer || answer->reply.status != 201)
            throw std::runtime_error(answer ? answer->reply.body : answer.error().detail);
    }
}

// Seconds from the first request to the last answer; every answer came after its commit.
double ours(const Options& options, const Case& test, const store::StoreSettings& store, Recorded& recorded) {
    DurableNode node(node_settings(options, store));
    node.log_to(&recorded);
    node.start();
    const auto began = std::chrono::steady_clock::now();
    std::vector<std::thread> callers;
    for (std::size_t i = 0; i < test.callers; ++i)
        callers.emplace_back([&, i] { start_some(node.strand(), i, test.starts, test.callers); });
    for (std::thread& caller : callers) caller.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    node.stop();
    return took.count();
}

double floor_of(const Case& test, const store::StoreSettings& store, const Recorded& recorded) {
    const auto bare = open_bare(store);
    const double seconds = static_cast<double>(bare->run_all(recorded.statements())) / 1e9;
    for (const char* table : {"verifications", "outbox"})
        if (const auto found = bare->count(table); found != static_cast<std::int64_t>(test.starts))
            throw std::runtime_error("the floor wrote " + std::to_string(found) + " rows of " + table);
    return seconds;
}

class Disks {
public:
    store::StoreSettings filled(const Options& options, const Case& test) {
        store::StoreSettings out;
        out.database = test.database;
        if (test.database == store::Database::sqlite)
            out.path = folder_ / ("verification" + std::to_string(++made_) + ".db");
        else
            out.connection = tests::shared_postgres().connection(tests::shared_postgres().make_database());
        add_customers(options, out, test.starts);
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

void measure(const Options& options, Disks& disks, const Case& test) {
    std::vector<double> our_rates, floor_rates, ratios;
    for (int round = 0; round < options.rounds; ++round) {
        Recorded recorded;
        const auto starts = static_cast<double>(test.starts);
        auto store = disks.filled(options, test);
        our_rates.push_back(starts / ours(options, test, store, recorded));
        Disks::forget(store);
        store = disks.filled(options, test);
        floor_rates.push_back(starts / floor_of(test, store, recorded));
        Disks::forget(store);
        ratios.push_back(our_rates.back() / floor_rates.back());
    }
    const std::string what = "verifications, " + test.name + ", " + std::to_string(test.callers) +
                             (test.callers == 1 ? " caller" : " callers");
    std::printf("%-38s %7.0f starts/s, bare %7.0f, ratio round by round: median %.2f (%.2f to %.2f)\n", what.c_str(),
                median(our_rates), median(floor_rates), median(ratios), quantile(ratios, 0), quantile(ratios, 1));
    std::fflush(stdout);
    add_row(options.rows,
            {what, "starts/s", median(our_rates), median(floor_rates), test.least_ratio, Good::ratio_at_least});
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    using namespace citybridge::bench;
    CLI::App app{"verification: verifications begun, beside the same statements said directly to the database"};
    Options options;
    app.add_option("--rounds", options.rounds, "Of each: ours, then the floor")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
    app.add_option("--alone", options.alone, "Verifications a round, one caller")->capture_default_str();
    app.add_option("--together", options.together, "Verifications a round, 64 callers")->capture_default_str();
    app.add_option("--plugins", options.plugins, "Folder of the plugin libraries")->capture_default_str();
    app.add_option("--rows", options.rows, "Append the result to this file");
    CLI11_PARSE(app, argc, argv);
    using citybridge::store::Database;
    try {
        spdlog::set_level(spdlog::level::err);
        Disks disks;
        for (const auto& test : {Case{Database::sqlite, "SQLite", 1, options.alone, 0.7},
                                 Case{Database::sqlite, "SQLite", 64, options.together, 0.6},
                                 Case{Database::postgresql, "PostgreSQL", 1, options.alone, 0.7},
                                 Case{Database::postgresql, "PostgreSQL", 64, options.together, 0.6}})
            measure(options, disks, test);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "verification: %s\n", e.what());
        return 1;
    }
}
