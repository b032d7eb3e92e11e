// A callback handed from one city to another: offered and committed at
// Beijing, taken and committed at Hangzhou, and its receipt committed at
// Beijing, over a real link between two durable nodes of this machine. Beside
// it the same statements of both stores said to two bare databases, one after
// the other, in the same run.
#include <spdlog/spdlog.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <thread>

#include "bench/durable_node.h"
#include "bench/program.h"
#include "bench/recorded.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "core/node/paths.h"
#include "tests/contract/city_link/nats_servers.h"
#include "tests/contract/city_link/nats_settings.h"
#include "tests/contract/city_link/pem_files.h"
#include "tests/support/free_port.h"
#include "tools/support/temp_folder.h"

namespace citybridge::bench {
namespace {

constexpr std::chrono::seconds kPatience{60};

struct Options {
    std::string plugins = default_plugin_dir();
    std::string rows;
    std::string only;
    int rounds = 3;
    std::uint64_t alone = 400;
    std::uint64_t together = 8'000;
    std::size_t hub_cities = 0;
    std::uint64_t waiting = 100'000;
};

using Settings = std::map<std::string, std::string>;

// What the callback's own city hears of it: any word after "offered" came from the other one.
class Heard {
public:
    void note(const std::vector<Event>& events) {
        const std::lock_guard lock(mutex_);
        for (const Event& each : events)
            if (const auto* paper = std::get_if<PaperChanged>(&each))
                if (paper->type.starts_with("callback.") && paper->type != "callback.offered") known_.insert(paper->id);
        changed_.notify_all();
    }
    void wait_for(const std::string& id) {
        wait([&] { return known_.contains(id); });
    }
    void wait_for_all(std::size_t count, std::chrono::seconds patience = kPatience) {
        wait([&] { return known_.size() >= count; }, patience);
    }

private:
    void wait(const std::function<bool()>& until, std::chrono::seconds patience = kPatience) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, patience, until)) throw std::runtime_error("a callback's receipt does not come");
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::string> known_;  // guarded by mutex_
};

desk::CitySet cities_of(const std::string& city, const std::string& other) {
    desk::CitySet out;
    out.callbacks.city = city;
    out.callbacks.pulled = true;
    out.callbacks.cities[other] = {"cities." + other};
    desk::City far;
    far.id = far.name = other;
    far.destination = "cities." + other;
    out.all[other] = far;
    return out;
}

void step(DurableStrand& strand, const std::string& id, decltype(relay::CallbackInput::what) what) {
    const auto answer = strand.submit({id, {"wang", "agent", {"sales"}}, desk::StepCallback{std::move(what)}}, {});
    if (!answer || answer->reply.status >= 300)
        throw std::runtime_error(answer ? answer->reply.body : answer.error().detail);
}

std::string callback_id(std::uint64_t n) { return "cb_" + request_id(n); }

void offer(DurableStrand& strand, std::uint64_t n) {
    relay::OfferCallback what;
    what.id = callback_id(n);
    what.target = "hangzhou";
    what.number = "+861" + std::to_string(3'000'000'000 + n);
    what.name = "张三";
    what.promised_at = system_now().wall + std::chrono::minutes(15);
    what.data["notes"] = "客户希望在杭州买一套两室一厅，靠近西湖，预算三百万以内，周末可以看房";
    step(strand, request_id(n), std::move(what));
}

// Both cities' settings of the link, and what must live as long.
struct Link {
    std::string library;
    Settings beijing;
    Settings hangzhou;
};

Link https_link(const TempFolder& folder) {
    Link out{"link_https", {}, {}};
    const test::PemFiles near = test::make_certificate(folder.path(), "beijing");
    const test::PemFiles far = test::make_certificate(folder.path(), "hangzhou");
    const auto near_port = std::to_string(test::free_port());
    const auto far_port = std::to_string(test::free_port());
    const auto settings = [](const test::PemFiles& own, const std::string& port, const std::string& other,
                             const test::PemFiles& others, const std::string& other_port) {
        return Settings{{"peers", other + "=https://127.0.0.1:" + other_port},
                        {"pins", other + '=' + others.fingerprint},
                        {"certificate", own.certificate},
                        {"key", own.key},
                        {"address", "127.0.0.1"},
                        {"port", port}};
    };
    out.beijing = settings(near, near_port, "hangzhou", far, far_port);
    out.hangzhou = settings(far, far_port, "beijing", near, near_port);
    return out;
}

struct Case {
    std::string link;
    bool windowed = false;
    double least_ratio = 0;
    double least_value = 0;
};

// Tasks a second from the first offer to the last receipt.
double ours(const Options& options, const Link& link, const Case& test, std::uint64_t tasks,
            const std::array<store::StoreSettings, 2>& stores, std::array<Recorded, 2>& recorded) {
    Heard heard;
    DurableNode beijing({.store = stores[0],
                         .plugin_dir = options.plugins,
                         .plugins = {plugin(link.library, "cities", link.beijing)},
                         .publish = [&](const std::vector<Event>& events) { heard.note(events); },
                         .city = "beijing",
                         .cities = cities_of("beijing", "hangzhou")});
    DurableNode hangzhou({.store = stores[1],
                          .plugin_dir = options.plugins,
                          .plugins = {plugin(link.library, "cities", link.hangzhou)},
                          .city = "hangzhou",
                          .cities = cities_of("hangzhou", "beijing")});
    hangzhou.start();
    beijing.start();
    // Connections, streams and statements are made before the clock runs.
    const std::uint64_t first = 1'000'000;
    offer(beijing.strand(), first);
    heard.wait_for(callback_id(first));
    beijing.log_to(&recorded[0]);
    hangzhou.log_to(&recorded[1]);
    const auto began = std::chrono::steady_clock::now();
    if (test.windowed) {
        std::vector<std::thread> callers;
        for (std::uint64_t i = 0; i < 64; ++i)
            callers.emplace_back([&, i] {
                for (std::uint64_t n = i; n < tasks; n += 64) offer(beijing.strand(), n);
            });
        for (std::thread& each : callers) each.join();
        heard.wait_for_all(tasks + 1);
    } else {
        for (std::uint64_t n = 0; n < tasks; ++n) {
            offer(beijing.strand(), n);
            heard.wait_for(callback_id(n));
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    beijing.stop();
    hangzhou.stop();
    return static_cast<double>(tasks) / took.count();
}

double floor_of(std::uint64_t tasks, const std::array<store::StoreSettings, 2>& stores,
                const std::array<Recorded, 2>& recorded) {
    double seconds = 0;
    for (std::size_t i = 0; i < stores.size(); ++i) {
        or_throw(store::open_store(stores.at(i)));
        const auto bare = open_bare(stores.at(i));
        seconds += static_cast<double>(bare->run_all(recorded.at(i).statements())) / 1e9;
        if (bare->count("callbacks") < static_cast<std::int64_t>(tasks))
            throw std::runtime_error("the floor wrote fewer callbacks than ours");
    }
    return static_cast<double>(tasks) / seconds;
}

void measure(const Options& options, const Link& link, const Case& test) {
    const std::uint64_t tasks = test.windowed ? options.together : options.alone;
    std::vector<double> our_rates, floor_rates, ratios;
    for (int round = 0; round < options.rounds; ++round) {
        const TempFolder folder("citybridge-bench");
        std::array<store::StoreSettings, 2> stores;
        std::array<store::StoreSettings, 2> bare;
        std::array<Recorded, 2> recorded;
        for (const std::size_t i : {0U, 1U}) {
            stores.at(i).path = folder / ("ours" + std::to_string(i) + ".db");
            bare.at(i).path = folder / ("bare" + std::to_string(i) + ".db");
        }
        our_rates.push_back(ours(options, link, test, tasks, stores, recorded));
        floor_rates.push_back(floor_of(tasks, bare, recorded));
        ratios.push_back(our_rates.back() / floor_rates.back());
        std::printf("round %d: %7.0f tasks/s, both stores alone %7.0f, commits a task %.3f and %.3f\n", round + 1,
                    our_rates.back(), floor_rates.back(),
                    static_cast<double>(recorded[0].commits()) / static_cast<double>(tasks),
                    static_cast<double>(recorded[1].commits()) / static_cast<double>(tasks));
        std::fflush(stdout);
    }
    const std::string what = "hand-off over " + test.link + (test.windowed ? ", windowed" : ", one at a time");
    std::printf("%s: %.0f tasks/s, floor %.0f, ratio %.2f\n", what.c_str(), median(our_rates), median(floor_rates),
                median(ratios));
    add_row(options.rows,
            {what, "tasks/s", median(our_rates), median(floor_rates), test.least_ratio, Good::ratio_at_least});
    if (test.least_value > 0)
        add_row(options.rows,
                {what + ", in a second", "tasks/s", median(our_rates), 0, test.least_value, Good::value_at_least});
}

double resident_mib(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
    throw std::runtime_error("a nats-server is gone");
}

// Every city's link, so that hub and leaves have the streams and traffic of as many nodes.
std::vector<std::unique_ptr<PluginSet>> start_links(const Options& options, const test::NatsServers& servers,
                                                    const std::vector<std::string>& cities, std::size_t from) {
    std::vector<std::unique_ptr<PluginSet>> out;
    for (std::size_t i = from; i < cities.size(); ++i) {
        HostOptions host;
        host.city = cities[i];
        host.plugin_dir = options.plugins;
        out.push_back(std::make_unique<PluginSet>(std::move(host)));
        Problems problems;
        out.back()->load({plugin("link_nats", "cities", test::nats_settings(servers, cities[i]))}, problems);
        if (!problems.empty()) throw std::runtime_error(to_string(problems.front()));
        or_throw(out.back()->start());
    }
    return out;
}

// All cities at one hub; then the line of one is cut while it goes on offering, and is there again.
void measure_hub(const Options& options) {
    std::vector<std::string> cities{"beijing", "hangzhou"};
    while (cities.size() < options.hub_cities) cities.push_back("city" + std::to_string(cities.size()));
    test::NatsServers servers(cities);
    const auto others = start_links(options, servers, cities, 2);
    std::printf("%zu nats-servers and the links of %zu cities are there\n", cities.size() + 1, others.size());
    std::fflush(stdout);
    const TempFolder folder("citybridge-bench");
    store::StoreSettings near, far;
    near.path = folder / "near.db";
    far.path = folder / "far.db";
    Heard heard;
    DurableNode beijing({.store = near,
                         .plugin_dir = options.plugins,
                         .plugins = {plugin("link_nats", "cities", test::nats_settings(servers, "beijing"))},
                         .publish = [&](const std::vector<Event>& events) { heard.note(events); },
                         .city = "beijing",
                         .cities = cities_of("beijing", "hangzhou")});
    DurableNode hangzhou({.store = far,
                          .plugin_dir = options.plugins,
                          .plugins = {plugin("link_nats", "cities", test::nats_settings(servers, "hangzhou"))},
                          .city = "hangzhou",
                          .cities = cities_of("hangzhou", "beijing")});
    hangzhou.start();
    beijing.start();
    offer(beijing.strand(), 1'000'000);
    heard.wait_for_all(1);
    servers.line("beijing").set(test::Line::Mode::cut);
    std::vector<std::thread> callers;
    for (std::uint64_t i = 0; i < 64; ++i)
        callers.emplace_back([&, i] {
            for (std::uint64_t n = i; n < options.waiting; n += 64) offer(beijing.strand(), n);
        });
    for (std::thread& each : callers) each.join();
    std::printf("%llu callbacks wait for the line\n", static_cast<unsigned long long>(options.waiting));
    std::fflush(stdout);
    servers.line("beijing").set(test::Line::Mode::open);
    const auto began = std::chrono::steady_clock::now();
    heard.wait_for_all(2);
    const std::chrono::duration<double> first = std::chrono::steady_clock::now() - began;
    heard.wait_for_all(options.waiting + 1, std::chrono::minutes(30));
    const std::chrono::duration<double> all = std::chrono::steady_clock::now() - began;
    std::vector<double> leaves;
    leaves.reserve(cities.size());
    for (const std::string& city : cities) leaves.push_back(resident_mib(servers.process(city)));
    std::printf("%zu cities: hub %.1f MiB, a leaf %.1f MiB (median), the busiest %.1f MiB\n", cities.size(),
                resident_mib(servers.process("hub")), median(leaves), quantile(leaves, 1));
    std::printf("%llu callbacks waited: the first was known %.1f s after the line was there, all after %.1f s\n",
                static_cast<unsigned long long>(options.waiting), first.count(), all.count());
    beijing.stop();
    hangzhou.stop();
}

void run(const Options& options) {
    spdlog::set_level(spdlog::level::err);
    if (options.hub_cities > 0) return measure_hub(options);
    const TempFolder folder("citybridge-bench");
    if (options.only != "nats") {
        const Link https = https_link(folder);
        measure(options, https, {"https", false, 0.6, 0});
        measure(options, https, {"https", true, 0.6, 1'500});
    }
    if (options.only == "https") return;
    test::NatsServers servers({"beijing", "hangzhou"});
    const Link nats{"link_nats", test::nats_settings(servers, "beijing"), test::nats_settings(servers, "hangzhou")};
    measure(options, nats, {"nats", false, 0, 0});
    measure(options, nats, {"nats", true, 0, 1'500});
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Program program("handoff",
                                       "callbacks from one city to another, beside the same rows committed twice");
    citybridge::bench::Options options;
    program.rounds(options.rounds);
    program.app().add_option("--alone", options.alone, "Tasks a round, one at a time")->capture_default_str();
    program.app().add_option("--together", options.together, "Tasks a round, windowed")->capture_default_str();
    program.app().add_option("--only", options.only, "https or nats")->check(CLI::IsMember({"https", "nats"}));
    program.app()
        .add_option("--hub-cities", options.hub_cities,
                    "Instead: this many cities at one hub, and an outage of the line of one")
        ->check(CLI::Range(2, 200));
    program.app()
        .add_option("--waiting", options.waiting, "Callbacks offered during the outage")
        ->capture_default_str();
    program.plugins(options.plugins);
    program.rows(options.rows);
    return program.run(argc, argv, [&] { citybridge::bench::run(options); });
}
