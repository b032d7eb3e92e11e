// Signed deliveries from the outbox: store, relay, webhook plugin and the
// node's HTTP client, to a receiver that answers at once, over 64 connections;
// every delivery is committed. Beside it the same requests from a bare client
// that keeps nothing.
#include <spdlog/spdlog.h>

#include <cstdio>
#include <thread>

#include "bench/durable_node.h"
#include "bench/http_load.h"
#include "bench/program.h"
#include "bench/receiver.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "core/node/paths.h"
#include "plugins/webhook/signing.h"
#include "tools/support/temp_folder.h"

namespace citybridge::bench {
namespace {

constexpr char kSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";
constexpr std::size_t kConnections = 64;
constexpr std::uint64_t kRowsAKey = 4;
constexpr std::chrono::seconds kPatience{60};

struct Options {
    std::string plugins = default_plugin_dir();
    std::string rows;
    int rounds = 5;
    std::uint64_t messages = 20'000;
};

// An event as subscribers get it: about 900 bytes.
OutboxRecord message(std::uint64_t n, WallTime now) {
    const std::string order = "ord_" + request_id(n / kRowsAKey);
    OutboxRecord row;
    row.id = "ord_" + request_id(n) + ".1.hook.event";
    row.seq = static_cast<std::int64_t>(n) + 1;
    row.destination = "hook";
    row.key = row.order = order;
    row.kind = "event";
    row.payload = R"({"type":"order.changed","timestamp":"2026-11-22T09:30:00.000Z","data":{"id":")" + order +
                  R"(","note":")" + std::string(800, 'x') + R"("}})";
    row.created_at = row.next_at = row.updated_at = now;
    return row;
}

void fill(const store::StoreSettings& settings, std::uint64_t messages) {
    const auto store = or_throw(store::open_store(settings));
    const WallTime now = system_now().wall;
    for (std::uint64_t n = 0; n < messages;) {
        Changes changes;
        for (; n < messages && changes.outbox.size() < 1'000; ++n) changes.outbox.push_back(message(n, now));
        const auto outcome = store->commit("fill" + std::to_string(n), changes, now);
        if (outcome.commit != store::Commit::done) throw std::runtime_error(outcome.error.detail);
    }
}

// Seconds until the store says that all are delivered.
double ours(const Options& options, const Receiver& receiver, const store::StoreSettings& store) {
    DurableNode node(
        {.store = store,
         .plugin_dir = options.plugins,
         .plugins = {
             plugin("webhook", "hook",
                    {{"url", receiver.url()}, {"secret", kSecret}, {"connections", std::to_string(kConnections)}})}});
    const auto until = std::chrono::steady_clock::now() + kPatience;
    const std::uint64_t target = receiver.received() + options.messages;
    const auto began = std::chrono::steady_clock::now();
    node.start();
    const auto wait_for = [&](const auto& done) {
        while (!done()) {
            if (std::chrono::steady_clock::now() > until) throw std::runtime_error("deliveries do not end");
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    };
    wait_for([&] { return receiver.received() >= target; });
    wait_for([&] { return or_throw(node.strand().readers().outbox_counts()).empty(); });
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    node.stop();
    if (receiver.received() != target) throw std::runtime_error("a message was sent twice");
    return took.count();
}

double floor_of(const Options& options, const Receiver& receiver) {
    const auto key = or_throw(webhook::SigningKey::parse(kSecret));
    const WallTime now = system_now().wall;
    const std::string timestamp = std::to_string(epoch_ms(now) / 1'000);
    std::vector<std::string> requests;
    for (std::uint64_t n = 0; n < options.messages; ++n) {
        const OutboxRecord row = message(n, now);
        requests.push_back(post_request("/hook",
                                        {{"Accept", "*/*"},
                                         {"Content-Type", "application/json"},
                                         {"User-Agent", "CityBridge-Webhook/1"},
                                         {"webhook-id", row.id},
                                         {"webhook-timestamp", timestamp},
                                         {"webhook-signature", key.sign(row.id, timestamp, row.payload)}},
                                        row.payload));
    }
    const std::uint64_t target = receiver.received() + options.messages;
    const double seconds = HttpLoad(receiver.port(), kConnections).run(requests);
    if (receiver.received() != target) throw std::runtime_error("the bare client's messages did not all arrive");
    return seconds;
}

void run(const Options& options) {
    const Receiver receiver(kSecret);
    spdlog::set_level(spdlog::level::err);
    const TempFolder folder("citybridge-bench");
    std::vector<double> our_rates, floor_rates;
    const auto messages = static_cast<double>(options.messages);
    for (int round = 0; round < options.rounds; ++round) {
        store::StoreSettings store;
        store.path = folder / ("deliveries" + std::to_string(round) + ".db");
        fill(store, options.messages);
        our_rates.push_back(messages / ours(options, receiver, store));
        floor_rates.push_back(messages / floor_of(options, receiver));
        std::printf("round %d: %7.0f deliveries/s, bare client %7.0f\n", round + 1, our_rates.back(),
                    floor_rates.back());
        std::fflush(stdout);
    }
    if (receiver.unsigned_or_wrong() != 0) throw std::runtime_error("the receiver got a wrong signature");
    std::printf("%llu signatures computed again by the receiver, all right\n",
                static_cast<unsigned long long>(receiver.checked()));
    add_row(options.rows, {"signed deliveries, 64 connections, bare client without a store", "1/s", median(our_rates),
                           median(floor_rates), 0, Good::ratio_at_least});
    add_row(options.rows, {"signed deliveries, 64 connections, in a second", "1/s", median(our_rates), 0, 5'000,
                           Good::value_at_least});
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Program program("deliveries",
                                       "signed webhooks from the outbox, beside a bare client that keeps nothing");
    citybridge::bench::Options options;
    program.rounds(options.rounds);
    program.app().add_option("--messages", options.messages, "Delivered in a round")->capture_default_str();
    program.plugins(options.plugins);
    program.rows(options.rows);
    return program.run(argc, argv, [&] { citybridge::bench::run(options); });
}
