// Verifications begun through the durable strand (docs/verification.md), each of another customer: the code's budget,
// the verification and the outbox row in one commit; beside the same statements with the same values said directly to
// the database with the same customers.
#include <spdlog/spdlog.h>

#include "bench/durable_work.h"
#include "bench/program.h"
#include "core/node/paths.h"

namespace citybridge::bench {
namespace {

struct Options {
    std::string plugins = default_plugin_dir();
    std::string rows;
    int rounds = 5;
    std::uint64_t alone = 1'500;
    std::uint64_t together = 10'000;
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

desk::Request start_verification(const std::string& id, std::uint64_t n) {
    desk::StartVerification what{customer_id(n), "data_change", {}, {}, "0123456789abcdef0123456789abcdef"};
    return {id, {"wang", "agent", {"sales"}}, std::move(what)};
}

DurableWork verifications(const Options& options) {
    DurableWork work;
    work.what = "verifications";
    work.unit = "starts/s";
    work.tables = {"verifications", "outbox"};
    work.node = [&options](const store::StoreSettings& store) { return node_settings(options, store); };
    work.prepare = [&options](const store::StoreSettings& store, std::uint64_t count) {
        add_customers(options, store, count);
    };
    work.request = start_verification;
    return work;
}

void run(const Options& options) {
    spdlog::set_level(spdlog::level::err);
    using store::Database;
    for (const auto& test : {DurableCase{Database::sqlite, 1, options.alone, 0.7, 0},
                             DurableCase{Database::sqlite, 64, options.together, 0.6, 0},
                             DurableCase{Database::postgresql, 1, options.alone, 0.7, 0},
                             DurableCase{Database::postgresql, 64, options.together, 0.6, 0}})
        measure(verifications(options), test, options.rounds, options.rows);
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Options options;
    citybridge::bench::Program program("verification",
                                       "verifications begun, beside the same statements said directly to the database");
    program.rounds(options.rounds);
    program.app().add_option("--alone", options.alone, "Verifications a round, one caller")->capture_default_str();
    program.app()
        .add_option("--together", options.together, "Verifications a round, 64 callers")
        ->capture_default_str();
    program.plugins(options.plugins);
    program.rows(options.rows);
    return program.run(argc, argv, [&] { citybridge::bench::run(options); });
}
