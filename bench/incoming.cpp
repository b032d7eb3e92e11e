// Signed messages of an ERP into a whole node: gateway, webhook plugin, rules,
// desk and store, each message for an order that exists and answered after its
// commit. The sender is a second process with 64 kept connections. Beside it
// the same statements with the same values said directly to the database.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>

#include "bench/child.h"
#include "bench/durable_node.h"
#include "bench/http_load.h"
#include "bench/program.h"
#include "bench/recorded.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "core/gateway/gateway.h"
#include "core/node/live_strand.h"
#include "core/node/paths.h"
#include "plugins/webhook/signing.h"
#include "tools/support/temp_folder.h"

namespace citybridge::bench {
namespace {

constexpr char kSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";
constexpr std::size_t kConnections = 64;
constexpr std::uint64_t kOrders = 5'000;
constexpr std::size_t kLiveQueue = 10'000;

struct Options {
    std::string plugins = default_plugin_dir();
    std::string rows;
    int rounds = 5;
    std::uint64_t messages = 15'000;
};

std::string order_id(std::uint64_t n) { return "ord_" + request_id(n); }

// Orders that the ERP knows by its own number.
void fill(const store::StoreSettings& settings) {
    const auto store = or_throw(store::open_store(settings));
    const WallTime now = system_now().wall;
    for (std::uint64_t n = 0; n < kOrders;) {
        Changes changes;
        for (; n < kOrders && changes.orders.size() < 1'000; ++n) {
            OrderRecord order;
            order.id = order_id(n);
            order.kind = "sales_lead";
            order.flow_version = 1;
            order.state = "assigned";
            order.owner = "wang";
            order.city = "bench";
            order.external_system = "erp";
            order.external_id = "SL-" + std::to_string(n);
            order.fields = {{"lead_kind", "rent"}, {"customer_name", "张三"}, {"wish", "两室一厅，近地铁十号线"}};
            order.created_at = order.updated_at = now;
            order.revision = order.history_n = 1;
            changes.history.push_back({order.id, 1, now, "wang", "opened", "", "new", "", Fields::object()});
            changes.orders.push_back(std::move(order));
        }
        const auto outcome = store->commit("fill" + std::to_string(n), changes, now);
        if (outcome.commit != store::Commit::done) throw std::runtime_error(outcome.error.detail);
    }
}

// By turns with our number for the order and with the ERP's.
std::vector<std::string> signed_requests(std::uint64_t messages) {
    const auto key = or_throw(webhook::SigningKey::parse(kSecret));
    const std::string timestamp = std::to_string(epoch_ms(system_now().wall) / 1'000);
    std::vector<std::string> out;
    out.reserve(messages);
    for (std::uint64_t n = 0; n < messages; ++n) {
        const std::uint64_t order = n * 7 % kOrders;
        const std::string named =
            n % 2 == 0 ? R"("order":")" + order_id(order) + '"' : R"("external_id":"SL-)" + std::to_string(order) + '"';
        const std::string body = R"({"type":"order.contacted","timestamp":"2026-11-22T09:30:00.000Z","data":{)" +
                                 named + R"(,"broker":"李四","broker_phone":"13912345678","note":"客户已联系"}})";
        const std::string id = "msg_" + request_id(n);
        out.push_back(post_request("/v1/hooks/erp_hooks",
                                   {{"Content-Type", "application/json"},
                                    {"webhook-id", id},
                                    {"webhook-timestamp", timestamp},
                                    {"webhook-signature", key.sign(id, timestamp, body)}},
                                   body));
    }
    return out;
}

// Two pipes to the sender's process: a port there, seconds back.
class Sender {
public:
    explicit Sender(std::uint64_t messages) {
        if (::pipe(ports_) != 0 || ::pipe(seconds_) != 0) throw_errno("pipe");
        child_ = std::make_unique<Child>([this, messages] {
            std::uint16_t port = 0;
            while (::read(ports_[0], &port, sizeof port) == sizeof port) {
                const auto requests = signed_requests(messages);
                const double took = HttpLoad(port, kConnections).run(requests);
                if (::write(seconds_[1], &took, sizeof took) != sizeof took) throw_errno("write");
            }
        });
        ::close(seconds_[1]);  // so that the end of the child is the end of the pipe
    }
    double send_to(std::uint16_t port) {
        double took = 0;
        if (::write(ports_[1], &port, sizeof port) != sizeof port ||
            ::read(seconds_[0], &took, sizeof took) != sizeof took)
            throw std::runtime_error("the sender ended");
        return took;
    }

private:
    int ports_[2] = {-1, -1};
    int seconds_[2] = {-1, -1};
    std::unique_ptr<Child> child_;
};

double ours(const Options& options, Sender& sender, const store::StoreSettings& store, Recorded& recorded) {
    LiveStrand* announce_to = nullptr;
    DurableNode node({.store = store,
                      .plugin_dir = options.plugins,
                      .plugins = {plugin("webhook", "erp_hooks", {{"receive_secret", kSecret}})},
                      .publish = [&](std::vector<Event> events) { announce_to->announce(std::move(events)); }});
    LiveStrand live(kLiveQueue, *node.metrics());
    announce_to = &live;
    GatewaySettings listen;
    listen.port = 0;
    GatewayHooks hooks;
    hooks.inbound = [&](std::string_view name) -> const InboundConnector* { return node.plugins().find(name).inbound; };
    hooks.metrics = node.metrics();
    Gateway gateway(listen, {}, live, node.strand(), hooks);
    live.start();
    node.log_to(&recorded);
    node.start();
    or_throw(gateway.start());
    const double took = sender.send_to(gateway.port());
    gateway.stop();
    live.stop();
    node.stop();
    return took;
}

void check(BareDatabase& database, const Options& options, const char* whose) {
    if (const auto found = database.count("inbox"); found != static_cast<std::int64_t>(options.messages))
        throw std::runtime_error(std::string(whose) + " kept " + std::to_string(found) + " messages");
}

void run(const Options& options) {
    Sender sender(options.messages);
    spdlog::set_level(spdlog::level::err);
    const TempFolder folder("citybridge-bench");
    std::vector<double> our_rates, floor_rates, ratios;
    const auto messages = static_cast<double>(options.messages);
    for (int round = 0; round < options.rounds; ++round) {
        Recorded recorded;
        store::StoreSettings store;
        store.path = folder / ("ours" + std::to_string(round) + ".db");
        fill(store);
        our_rates.push_back(messages / ours(options, sender, store, recorded));
        check(*open_bare(store), options, "the node");
        store.path = folder / ("floor" + std::to_string(round) + ".db");
        fill(store);
        const auto bare = open_bare(store);
        floor_rates.push_back(messages * 1e9 / static_cast<double>(bare->run_all(recorded.statements())));
        check(*bare, options, "the floor");
        ratios.push_back(our_rates.back() / floor_rates.back());
        std::printf("round %d: %7.0f messages/s, bare statements %7.0f, %.1f messages a commit\n", round + 1,
                    our_rates.back(), floor_rates.back(), messages / static_cast<double>(recorded.commits()));
        std::fflush(stdout);
    }
    add_row(options.rows, {"incoming webhooks, 64 connections, SQLite", "1/s", median(our_rates), median(floor_rates),
                           0, Good::ratio_at_least});
    add_row(options.rows, {"incoming webhooks, in a second", "1/s", median(our_rates), 0, 4'000, Good::value_at_least});
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Program program("incoming",
                                       "signed messages into a whole node, beside the same statements said directly");
    citybridge::bench::Options options;
    program.rounds(options.rounds);
    program.app().add_option("--messages", options.messages, "Sent in a round")->capture_default_str();
    program.plugins(options.plugins);
    program.rows(options.rows);
    return program.run(argc, argv, [&] { citybridge::bench::run(options); });
}
