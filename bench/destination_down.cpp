// What a destination that is down costs the others: two nodes in one process
// take turns, one sends its events to a receiver that is well, the other to the
// same receiver and to one that refuses or never answers. Measured from the
// commit to the arrival at the one that is well.
#include <spdlog/spdlog.h>

#include <cstdio>
#include <thread>

#include "bench/durable_node.h"
#include "bench/program.h"
#include "bench/receiver.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "core/node/paths.h"
#include "tools/support/temp_folder.h"

namespace citybridge::bench {
namespace {

constexpr char kSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";
constexpr std::size_t kCallers = 16;
constexpr std::chrono::seconds kWarmUp{2};
constexpr std::chrono::seconds kPatience{30};

struct Options {
    std::string plugins = default_plugin_dir();
    std::string rows;
    int pairs = 5;
    int seconds = 4;
    double rate = 300;  // orders in a second
};

enum class Down { refusing, silent };

// When each order's event was committed, by number.
using Committed = std::vector<std::atomic<std::int64_t>>;

class City {
public:
    City(const Options& options, const Receiver& receiver, const std::string& path, const std::string& down_url,
         Committed& committed)
        : committed_(committed), node_(settings(options, receiver, path, down_url)) {
        node_.start();
    }

    // Orders at a steady rate; milliseconds from commit to arrival, of each.
    std::vector<double> block(const Receiver& receiver, double rate, std::chrono::seconds length, std::uint64_t& next) {
        const std::uint64_t first = next;
        const auto orders = static_cast<std::uint64_t>(rate * static_cast<double>(length.count()));
        next += orders;
        const auto began = std::chrono::steady_clock::now();
        std::vector<std::thread> callers;
        for (std::size_t caller = 0; caller < kCallers; ++caller)
            callers.emplace_back([&, caller] {
                for (std::uint64_t i = caller; i < orders; i += kCallers) {
                    std::this_thread::sleep_until(began +
                                                  std::chrono::duration_cast<std::chrono::nanoseconds>(
                                                      std::chrono::duration<double>(static_cast<double>(i) / rate)));
                    or_throw(node_.strand().submit(sales_lead(request_id(first + i), first + i), {}));
                }
            });
        for (std::thread& caller : callers) caller.join();
        return waited(receiver, first, next);
    }

private:
    DurableNodeSettings settings(const Options& options, const Receiver& receiver, const std::string& path,
                                 const std::string& down_url) {
        DurableNodeSettings out;
        out.store.path = path;
        out.plugin_dir = options.plugins;
        out.plugins.push_back(plugin("webhook", "hook", {{"url", receiver.url()}, {"secret", kSecret}}));
        if (!down_url.empty())
            out.plugins.push_back(plugin("webhook", "down",
                                         {{"url", down_url},
                                          {"secret", kSecret},
                                          {"connections", "64"},
                                          {"timeout_ms", "2000"},
                                          {"far_timeout_ms", "2000"},
                                          {"retry_schedule", "1s, 1s, 2s, 2s, 5s, 5s, 5s, 5s, 5s, 5s, 5s, 5s, 5m"}}));
        // On the strand, after the commit and before anything is sent.
        out.publish = [this](const std::vector<Event>& events) {
            for (const Event& event : events)
                if (const auto* changed = std::get_if<OrderChanged>(&event))
                    if (const auto n = number_in(changed->id); n && *n < committed_.size() && committed_[*n] == 0)
                        committed_[*n] = now_ns();
        };
        return out;
    }

    std::vector<double> waited(const Receiver& receiver, std::uint64_t first, std::uint64_t end) const {
        std::vector<double> out;
        const auto until = std::chrono::steady_clock::now() + kPatience;
        for (std::uint64_t n = first; n < end; ++n) {
            while (receiver.arrived_ns(n) == 0) {
                if (std::chrono::steady_clock::now() > until) throw std::runtime_error("an event did not arrive");
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            out.push_back(static_cast<double>(receiver.arrived_ns(n) - committed_[n]) / 1e6);
        }
        return out;
    }

    Committed& committed_;
    DurableNode node_;
};

void measure(const Options& options, const Receiver& receiver, Committed& committed, std::uint64_t& next, Down down) {
    const char* const name = down == Down::refusing ? "refuses" : "never answers";
    const TempFolder folder("citybridge-bench");
    // Accepted by the kernel and by nobody else; and a port where nobody listens.
    Socket silent = listen_on_loopback();
    const std::string url = "http://127.0.0.1:" + std::to_string(port_of(silent)) + "/down";
    if (down == Down::refusing) silent = Socket();
    City alone(options, receiver, folder / "alone.db", {}, committed);
    City beside(options, receiver, folder / "beside.db", url, committed);
    alone.block(receiver, options.rate, kWarmUp, next);
    beside.block(receiver, options.rate, kWarmUp, next);
    std::vector<double> without, with, ratios, without_p50, with_p50;
    const std::chrono::seconds length(options.seconds);
    for (int pair = 0; pair < options.pairs; ++pair) {
        std::vector<double> ms[2];
        // Each goes first in every other pair.
        for (const bool beside_one : {pair % 2 == 0, pair % 2 != 0})
            ms[beside_one] = (beside_one ? beside : alone).block(receiver, options.rate, length, next);
        without.push_back(quantile(ms[0], 0.99));
        with.push_back(quantile(ms[1], 0.99));
        without_p50.push_back(quantile(ms[0], 0.5));
        with_p50.push_back(quantile(ms[1], 0.5));
        ratios.push_back(with.back() / without.back());
        std::printf("one %s: p99 %6.2f ms, without it %6.2f ms; p50 %6.2f and %6.2f ms\n", name, with.back(),
                    without.back(), with_p50.back(), without_p50.back());
        std::fflush(stdout);
    }
    std::printf("pair by pair: median %.2f (%.2f to %.2f)\n", median(ratios), quantile(ratios, 0), quantile(ratios, 1));
    const std::string what = std::string("commit to arrival while another destination ") + name;
    add_row(options.rows, {what + ", p99, median of blocks", "ms", median(with), median(without), 1.3});
    add_row(options.rows, {what + ", p50", "ms", median(with_p50), median(without_p50), 0});
}

void run(const Options& options) {
    const Receiver receiver(kSecret);
    spdlog::set_level(spdlog::level::off);  // of one that is down there is much to say
    Committed committed(Receiver::kNotedMost);
    std::uint64_t next = 0;
    for (const Down down : {Down::refusing, Down::silent}) measure(options, receiver, committed, next, down);
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Program program("destination_down", "what a destination that is down costs the others");
    citybridge::bench::Options options;
    program.app()
        .add_option("--pairs", options.pairs, "Blocks with and without")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
    program.app()
        .add_option("--seconds", options.seconds, "Length of a block")
        ->capture_default_str()
        ->check(CLI::Range(1, 60));
    program.app()
        .add_option("--rate", options.rate, "Orders in a second")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 2'000.0));
    program.plugins(options.plugins);
    program.rows(options.rows);
    return program.run(argc, argv, [&] { citybridge::bench::run(options); });
}
