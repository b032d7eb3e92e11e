#include "bench/durable_work.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "bench/recorded.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "tests/support/postgres_server.h"
#include "tools/support/temp_folder.h"

namespace citybridge::bench {
namespace {

std::string database_name(store::Database database) {
    return database == store::Database::sqlite ? "SQLite" : "PostgreSQL";
}

// One database and, on SQLite, the folder it is in.
class FreshDatabase {
public:
    FreshDatabase(const DurableWork& work, const DurableCase& test) {
        settings_.database = test.database;
        if (test.database == store::Database::sqlite)
            settings_.path = folder_ / "bench.db";
        else
            settings_.connection = tests::shared_postgres().connection(tests::shared_postgres().make_database());
        work.prepare(settings_, test.count);
    }
    const store::StoreSettings& settings() const { return settings_; }

private:
    TempFolder folder_{"citybridge-bench"};
    store::StoreSettings settings_;
};

void call(const DurableWork& work, DurableStrand& strand, std::uint64_t from, const DurableCase& test) {
    for (std::uint64_t n = from; n < test.count; n += test.callers) {
        const std::string id = request_id(n);
        const auto answer = strand.submit(work.request(id, n), RequestKey{"wang", id, id});
        if (!answer || answer->reply.status != 201)
            throw std::runtime_error(answer ? answer->reply.body : answer.error().detail);
    }
}

// Seconds from the first request to the last answer; every answer came after its commit.
double ours(const DurableWork& work, const DurableCase& test, Recorded& recorded) {
    const FreshDatabase database(work, test);
    DurableNode node(work.node(database.settings()));
    node.log_to(&recorded);
    node.start();
    const auto began = std::chrono::steady_clock::now();
    std::vector<std::thread> callers;
    for (std::size_t i = 0; i < test.callers; ++i) callers.emplace_back([&, i] { call(work, node.strand(), i, test); });
    for (std::thread& caller : callers) caller.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    node.stop();
    return took.count();
}

double floor_of(const DurableWork& work, const DurableCase& test, const Recorded& recorded) {
    const FreshDatabase database(work, test);
    const auto bare = open_bare(database.settings());
    const double seconds = static_cast<double>(bare->run_all(recorded.statements())) / 1e9;
    for (const std::string& table : work.tables)
        if (const auto found = bare->count(table); found != static_cast<std::int64_t>(test.count))
            throw std::runtime_error("the floor wrote " + std::to_string(found) + " rows of " + table);
    return seconds;
}

}  // namespace

std::string DurableCase::name() const { return database_name(database) + std::to_string(callers); }

void measure(const DurableWork& work, const DurableCase& test, int rounds, const std::string& rows) {
    std::vector<double> our_rates, floor_rates, ratios;
    std::size_t commits = 0;
    const auto count = static_cast<double>(test.count);
    for (int round = 0; round < rounds; ++round) {
        Recorded recorded;
        our_rates.push_back(count / ours(work, test, recorded));
        floor_rates.push_back(count / floor_of(work, test, recorded));
        ratios.push_back(our_rates.back() / floor_rates.back());
        commits += recorded.commits();
    }
    const std::string what = work.what + ", " + database_name(test.database) + ", " + std::to_string(test.callers) +
                             (test.callers == 1 ? " caller" : " callers");
    std::printf("%-38s %7.0f %s, bare %7.0f, ratio round by round: median %.2f (%.2f to %.2f), %.1f a commit\n",
                what.c_str(), median(our_rates), work.unit.c_str(), median(floor_rates), median(ratios),
                quantile(ratios, 0), quantile(ratios, 1), count * rounds / static_cast<double>(commits));
    std::fflush(stdout);
    add_row(rows, {what, work.unit, median(our_rates), median(floor_rates), test.least_ratio, Good::ratio_at_least});
    if (test.least_rate > 0)
        add_row(rows, {what + ", in a second", work.unit, median(our_rates), 0, test.least_rate, Good::value_at_least});
}

}  // namespace citybridge::bench
