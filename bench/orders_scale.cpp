// A store with 200,000 open orders, each with a follow-up: how soon a node on it is ready, what a list page and a
// search take, how fast follow-ups that fall due are fired, durably; and the same statements said directly to the
// database. With --orders 1000000 the same for a million.
#include <spdlog/spdlog.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "bench/durable_node.h"
#include "bench/orders_filled.h"
#include "bench/program.h"
#include "bench/recorded.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "core/desk/search_words.h"
#include "core/node/deadline_watch.h"
#include "core/node/paths.h"
#include "core/store/order_lists.h"
#include "tests/support/postgres_server.h"
#include "tools/support/temp_folder.h"

namespace citybridge::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Millis kFar{3'600'000'000};  // no follow-up falls due while the rest is measured
constexpr int kPages = 40;

struct Options {
    std::string plugins = default_plugin_dir();
    std::string rows;
    std::string only;
    std::size_t orders = 200'000;
    std::size_t due = 20'000;
};

double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

// Stores that hold the same rows: one to work on, one for the floor.
class Stores {
public:
    explicit Stores(store::Database database) : database_(database) {}

    store::StoreSettings fresh() {
        store::StoreSettings out;
        out.database = database_;
        if (database_ == store::Database::sqlite)
            out.path = folder_ / ("orders" + std::to_string(++made_) + ".db");
        else
            out.connection = tests::shared_postgres().connection(name_ = tests::shared_postgres().make_database());
        return out;
    }
    // Nobody may be connected to `from`.
    store::StoreSettings copy_of(const store::StoreSettings& from) {
        store::StoreSettings out = from;
        if (database_ == store::Database::sqlite) {
            out.path = folder_ / ("copy" + std::to_string(++made_) + ".db");
            std::filesystem::copy_file(from.path, out.path);
        } else {
            const std::string copy = name_ + "_copy";
            tests::shared_postgres().sql("postgres", "create database " + copy + " template " + name_);
            out.connection = tests::shared_postgres().connection(copy);
        }
        return out;
    }

private:
    store::Database database_;
    TempFolder folder_{"citybridge-bench"};
    std::string name_;
    int made_ = 0;
};

struct Found {
    double ready_s = 0, page_ms = 0, search_ms = 0, fired = 0;
};

void row(const Options& options, const std::string& what, const std::string& unit, double ours, double floor,
         double target, Good good) {
    std::printf("  %-52s %10.3f %-8s", what.c_str(), ours, unit.c_str());
    if (floor > 0) std::printf("  bare %10.3f, ratio %.2f", floor, ours / floor);
    std::printf("\n");
    std::fflush(stdout);
    add_row(options.rows, {what, unit, ours, floor, target, good});
}

// From nothing to a node that has answered a list and a step of the strand.
double ready(const Options& options, const store::StoreSettings& settings) {
    const auto began = Clock::now();
    DurableNode node({.store = settings, .plugin_dir = options.plugins});
    node.start();
    or_throw(node.strand().destinations());
    store::OrderQuery query;
    query.open_only = true;
    or_throw(node.strand().readers().orders(query));
    const double took = seconds_since(began);
    node.stop();
    return took;
}

struct List {
    const char* name;
    void (*ask)(store::OrderQuery&);
    bool search;
};

const std::vector<List> kLists{
    {"newest", [](store::OrderQuery&) {}, false},
    {"open of an owner", [](store::OrderQuery& q) { q.owner = "agent7", q.open_only = true; }, false},
    {"what an agent sees",
     [](store::OrderQuery& q) {
         q.seen_by = {"agent7", {"group0", "group3"}};
     },
     false},
    {"of a group, due first", [](store::OrderQuery& q) { q.group = "group3", q.sort = store::OrderQuery::Sort::due; },
     false},
    {"due first", [](store::OrderQuery& q) { q.sort = store::OrderQuery::Sort::due; }, false},
    {"overdue", [](store::OrderQuery& q) { q.overdue_only = true; }, false},
    {"kind and state", [](store::OrderQuery& q) { q.kind = "sales_lead", q.state = "new"; }, false},
    {"of a customer", [](store::OrderQuery& q) { q.customer = "cus_" + request_id(77); }, false},
    {"words that one order has", [](store::OrderQuery& q) { q.words = desk::query_words("第1234号"); }, true},
    {"words that 12 in 100 orders have", [](store::OrderQuery& q) { q.words = desk::query_words("石景山"); }, true},
    {"words that all orders have", [](store::OrderQuery& q) { q.words = desk::query_words("周末看房"); }, true},
};

// Pages of each list, one behind the other as a person turns them; the slowest list counts.
void pages(const Options& options, const std::string& name, const store::StoreSettings& settings, Found& found) {
    const auto readers = or_throw(store::open_readers(settings, 1));
    const auto bare = open_bare(settings);
    for (const List& list : kLists) {
        store::OrderQuery query;
        list.ask(query);
        query.limit = 51;
        std::vector<double> ours, floor;
        for (int page = 0; page < kPages; ++page) {
            const auto began = Clock::now();
            const auto rows = or_throw(readers->orders(query));
            ours.push_back(seconds_since(began) * 1e3);
            Recorded recorded;
            or_throw(readers->read([&](store::Connection& connection) {
                connection.log_to(&recorded);
                store::list_orders(connection, query);
                connection.log_to(nullptr);
            }));
            floor.push_back(static_cast<double>(bare->run_all(recorded.statements())) / 1e6);
            query.after = rows.size() < query.limit ? std::string() : rows.back().id;
            query.after_due = rows.size() < query.limit ? std::optional<WallTime>() : rows.back().due_at;
        }
        double& slowest = list.search ? found.search_ms : found.page_ms;
        slowest = std::max(slowest, median(ours));
        row(options, name + ", page of 51: " + list.name, "ms", median(ours), median(floor), 20, Good::value_at_most);
    }
}

// Follow-ups whose time has come while the node was away, until the last is written.
void fire(const Options& options, const std::string& name, Stores& stores, const store::StoreSettings& settings,
          Found& found) {
    const auto past = std::to_string(system_now().wall.time_since_epoch().count() - 1'000);
    {
        const auto bare = open_bare(settings);
        const std::string due = "update deadlines set due_at=" + past +
                                " where order_id in (select id from orders "
                                "order by id limit " +
                                std::to_string(options.due) + ")";
        bare->run({&due, {}});
    }
    const store::StoreSettings copy = stores.copy_of(settings);
    std::atomic<std::size_t> fired{0};
    Recorded recorded;
    double took = 0;
    {
        DurableNode node({.store = settings,
                          .plugin_dir = options.plugins,
                          .publish = [&](const std::vector<Event>& events) { fired += events.size(); }});
        node.log_to(&recorded);
        const auto began = Clock::now();
        node.start();
        while (fired < options.due && seconds_since(began) < 120)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        took = seconds_since(began);
        node.stop();
    }
    if (fired < options.due)
        throw std::runtime_error("only " + std::to_string(fired) + " follow-ups fired in two minutes");
    const double bare = static_cast<double>(open_bare(copy)->run_all(recorded.statements())) / 1e9;
    const auto due = static_cast<double>(options.due);
    found.fired = due / took;
    row(options, name + ", follow-ups fired in a second", "1/s", due / took, due / bare, 10'000, Good::value_at_least);
}

// Alone in memory: what a second finds of an hour's follow-ups.
void find_due(const Options& options) {
    std::vector<double> ours, floor;
    const WallTime now = system_now().wall;
    for (int round = 0; round < 5; ++round) {
        DeadlineWatch watch;
        std::map<std::pair<WallTime, std::string>, DeadlineRecord> plain;
        for (std::size_t n = 0; n < options.orders; ++n) {
            DeadlineRecord deadline;
            deadline.order = filled_order(n * 7919 % options.orders);
            deadline.name = "broker_called";
            deadline.n = 1;
            deadline.due_at = now + Millis{static_cast<std::int64_t>(n * 3'500'000 / options.orders)};
            watch.put(deadline, now);
            plain.emplace(std::pair{deadline.due_at, deadline.order}, std::move(deadline));
        }
        std::size_t taken = 0;
        auto began = Clock::now();
        for (std::size_t got = 1; got > 0; taken += got) got = watch.take_due(now + Millis{3'600'000}).size();
        ours.push_back(seconds_since(began) * 1e6 / static_cast<double>(options.orders));
        if (taken != options.orders) throw std::runtime_error("the watch lost follow-ups");
        began = Clock::now();
        while (!plain.empty()) plain.erase(plain.begin());
        floor.push_back(seconds_since(began) * 1e6 / static_cast<double>(options.orders));
    }
    row(options, "finding what is due, in memory (floor: a map emptied)", "us", median(ours), median(floor), 1,
        Good::value_at_most);
}

Found measure(const Options& options, store::Database database, const std::string& name) {
    std::printf("%s, %zu open orders with a follow-up each\n", name.c_str(), options.orders);
    Stores stores(database);
    const store::StoreSettings settings = stores.fresh();
    Filling filling;
    filling.orders = options.orders;
    filling.now = system_now().wall;
    filling.first_due = kFar;
    {
        const auto store = or_throw(store::open_store(settings));
        std::printf("  filled in %.0f s\n", fill(*store, filling));
    }
    Found found;
    constexpr std::size_t kRounds = 5;
    std::vector<double> ready_s;
    ready_s.reserve(kRounds);
    while (ready_s.size() < kRounds) ready_s.push_back(ready(options, settings));
    found.ready_s = median(ready_s);
    const double target = database == store::Database::sqlite ? 2 : 4;
    row(options, name + ", start-up to ready", "s", found.ready_s, 0, target, Good::value_at_most);
    pages(options, name, settings, found);
    fire(options, name, stores, settings, found);
    return found;
}

void run(const Options& options) {
    spdlog::set_level(spdlog::level::err);
    const std::string size = options.orders == 200'000 ? "" : std::to_string(options.orders) + " orders, ";
    if (options.only.empty()) find_due(options);
    std::optional<Found> sqlite, postgresql;
    if (options.only.empty() || options.only == "SQLite")
        sqlite = measure(options, store::Database::sqlite, size + "SQLite");
    if (options.only.empty() || options.only == "PostgreSQL")
        postgresql = measure(options, store::Database::postgresql, size + "PostgreSQL");
    if (!sqlite || !postgresql) return;
    const auto within = [&](const std::string& what, const char* unit, double theirs, double ours) {
        row(options, size + "PostgreSQL beside SQLite: " + what, unit, theirs, ours, 2, Good::ratio_at_most);
    };
    within("start-up to ready", "s", postgresql->ready_s, sqlite->ready_s);
    within("slowest list page", "ms", postgresql->page_ms, sqlite->page_ms);
    within("slowest search", "ms", postgresql->search_ms, sqlite->search_ms);
    within("a follow-up fired", "us", 1e6 / postgresql->fired, 1e6 / sqlite->fired);
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Program program("orders_scale", "a store full of open orders with follow-ups");
    citybridge::bench::Options options;
    program.app()
        .add_option("--orders", options.orders, "Open orders")
        ->capture_default_str()
        ->check(CLI::Range(1'000, 5'000'000));
    program.app()
        .add_option("--due", options.due, "Follow-ups that fall due while the node is away")
        ->capture_default_str();
    program.app().add_option("--only", options.only, "SQLite or PostgreSQL");
    program.plugins(options.plugins);
    program.rows(options.rows);
    return program.run(argc, argv, [&] { citybridge::bench::run(options); });
}
