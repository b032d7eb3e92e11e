// citybridge-sim: as many seeds of the cities' simulation as one likes.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <thread>

#include "tests/sim/cities_world.h"
#include "tools/support/temp_folder.h"

namespace citybridge::sim {
namespace {

struct Totals {
    std::uint64_t seeds = 0, failed = 0, tasks = 0, messages = 0, duplicates = 0, crashes = 0, restores = 0, dials = 0,
                  confirmed = 0, taken_back = 0, outlived = 0;

    void add(const CitiesOutcome& one) {
        ++seeds;
        failed += one.broken.empty() ? 0U : 1U;
        tasks += one.tasks;
        messages += one.messages;
        duplicates += one.duplicates;
        crashes += one.crashes;
        restores += one.restores;
        outlived += one.outlived;
        dials += one.dials;
        confirmed += one.confirmed;
        taken_back += one.taken_back;
    }
};

struct Asked {
    std::uint64_t seeds = 300;
    std::uint64_t first = 1;
    unsigned threads = 0;
    bool hashes = false;
    std::string planted = "none";
};

void print(const CitiesOutcome& one) {
    for (const std::string& broken : one.broken) std::printf("%s\n", broken.c_str());
    std::fflush(stdout);
}

Totals run(const Asked& asked, Planted planted, const std::string& folder) {
    std::atomic<std::uint64_t> next{asked.first};
    std::mutex mutex;
    Totals totals;
    const auto work = [&] {
        for (;;) {
            const std::uint64_t seed = next.fetch_add(1);
            if (seed >= asked.first + asked.seeds) return;
            const CitiesOutcome one = run_cities(seed, planted, folder);
            const std::lock_guard lock(mutex);
            totals.add(one);
            print(one);
            if (asked.hashes)
                std::printf("seed %llu: %016llx\n", static_cast<unsigned long long>(seed),
                            static_cast<unsigned long long>(one.hash));
        }
    };
    const unsigned count = asked.threads != 0 ? asked.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < count; ++i) threads.emplace_back(work);
    for (std::thread& each : threads) each.join();
    return totals;
}

int main_of(int argc, char** argv) {
    CLI::App app("Five cities on virtual time; one seed decides everything.");
    Asked asked;
    app.add_option("--seeds", asked.seeds, "how many");
    app.add_option("--first", asked.first, "the first of them");
    app.add_option("--threads", asked.threads, "default: one for each core");
    app.add_flag("--hashes", asked.hashes, "print the hash of each run");
    app.add_option(
        "--plant", asked.planted,
        "a bug: short_dedupe, epoch_reset, ack_before_commit, take_back_by_timer, forgets_generation, untold_lives");
    CLI11_PARSE(app, argc, argv);
    const auto planted = planted_from(asked.planted);
    if (!planted) {
        std::fprintf(stderr, "there is no planted bug %s\n", asked.planted.c_str());
        return 2;
    }
    spdlog::set_level(spdlog::level::off);
    // In memory where there is such a file system: what is played here is not the disk.
    if (std::filesystem::exists("/dev/shm")) setenv("TMPDIR", "/dev/shm", 0);
    const TempFolder folder("citybridge-sim");
    const Totals all = run(asked, *planted, folder.path());
    const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    std::printf(
        "%llu seeds from %llu: %llu held, %llu broken; %llu tasks, %llu messages, %llu came twice, %llu crashes, "
        "%llu restores (%llu to a number used before), %llu calls, %llu of them confirmed, %llu taken back\n",
        number(all.seeds), number(asked.first), number(all.seeds - all.failed), number(all.failed), number(all.tasks),
        number(all.messages), number(all.duplicates), number(all.crashes), number(all.restores), number(all.outlived),
        number(all.dials), number(all.confirmed), number(all.taken_back));
    return all.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace citybridge::sim

int main(int argc, char** argv) { return citybridge::sim::main_of(argc, argv); }
