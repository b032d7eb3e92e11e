// From an event of the PBX to the WebSocket frame at the right agent, among
// 200 connected: a whole node with the Asterisk plugin, beside a bare loop that
// sends frames of the same size for the same bytes. Load, floor and node are
// three processes; node and floor take turns.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>

#include "bench/child.h"
#include "bench/frame_floor.h"
#include "bench/frame_load.h"
#include "bench/program.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "core/gateway/passwords.h"
#include "core/node/node.h"
#include "core/node/paths.h"
#include "tools/replay/recording.h"
#include "tools/support/temp_folder.h"

namespace citybridge::bench {
namespace {

constexpr char kPassword[] = "bench";
constexpr std::chrono::seconds kWarmUp{3};
constexpr std::chrono::seconds kBlock{5};

struct Options {
    std::string capture = CITYBRIDGE_SOURCE_DIR "/tests/wire/captures/asterisk/05b-abandon-ringing.ami";
    std::string plugins = default_plugin_dir();
    std::string rows;
    double rings_per_second = 100;
    int seconds = 20;
};

NodeConfig config_for(std::uint16_t pbx_port, const TempFolder& folder) {
    NodeConfig config;
    config.city = "bench";
    config.where = {"bench", 1, 1};
    const Position here = config.where;
    config.sections["listen"] = {here, {{"port", "0", here}}};
    config.sections["store"] = {here, {{"path", folder / "bench.db", here}}};
    // A cheap hash: the log-ins are not what is measured.
    const std::string hash = gateway::hash_password(kPassword, {.n = 16, .r = 1, .p = 1});
    for (int i = 0; i < kAgents; ++i) {
        UserConfig user;
        user.name = std::to_string(kFirstAgent + i);
        user.role = "agent";
        user.agent = "SIP/" + user.name;
        user.device = user.agent;
        user.password_hash = hash;
        user.where = here;
        config.users.push_back(std::move(user));
    }
    PluginConfig pbx{"asterisk", "pbx1", here, {here, {}}};
    pbx.settings.settings = {{"host", "127.0.0.1", here},
                             {"port", std::to_string(pbx_port), here},
                             {"user", "bench", here},
                             {"secret", "bench", here}};
    config.plugins.push_back(std::move(pbx));
    return config;
}

void print(const char* name, const std::vector<double>& us) {
    std::printf("%-16s %6zu pops   p50 %7.0f us   p90 %7.0f us   p99 %7.0f us   most %7.0f us\n", name, us.size(),
                quantile(us, 0.5), quantile(us, 0.9), quantile(us, 0.99), quantile(us, 1));
}

void measure(FrameLoad& load, const Options& options) {
    load.block(FrameLoad::node, kWarmUp);
    load.tell_floor_frame_bytes();
    load.block(FrameLoad::floor, kWarmUp);
    const auto block = std::min(kBlock, std::chrono::seconds(options.seconds));
    std::vector<double> ours, floor, our_p99s, floor_p99s, ratios;
    for (auto left = std::chrono::seconds(options.seconds); left.count() > 0; left -= block) {
        // Each goes first in every other pair.
        const bool node_first = ratios.size() % 2 == 0;
        std::vector<double> parts[2];
        for (const auto server :
             {node_first ? FrameLoad::node : FrameLoad::floor, node_first ? FrameLoad::floor : FrameLoad::node})
            parts[server] = load.block(server, std::min(block, left));
        print("node", parts[FrameLoad::node]);
        print("bare loop", parts[FrameLoad::floor]);
        our_p99s.push_back(quantile(parts[FrameLoad::node], 0.99));
        floor_p99s.push_back(quantile(parts[FrameLoad::floor], 0.99));
        ratios.push_back(our_p99s.back() / floor_p99s.back());
        ours.insert(ours.end(), parts[FrameLoad::node].begin(), parts[FrameLoad::node].end());
        floor.insert(floor.end(), parts[FrameLoad::floor].begin(), parts[FrameLoad::floor].end());
    }
    std::printf("all blocks, frames of %zu bytes:\n", load.mean_pop_bytes());
    print("node", ours);
    print("bare loop", floor);
    std::printf("p99 of node to bare loop, pair by pair: median %.2f (%.2f to %.2f)\n", median(ratios),
                quantile(ratios, 0), quantile(ratios, 1));
    const std::string what = "event to frame, " + std::to_string(kAgents) + " agents, ";
    // One disturbed block must not decide for either side.
    add_row(options.rows, {what + "p99, median of blocks", "us", median(our_p99s), median(floor_p99s), 2.0});
    add_row(options.rows, {what + "p50", "us", quantile(ours, 0.5), quantile(floor, 0.5), 0});
}

struct Wires {
    Socket node_pbx = listen_on_loopback();
    Socket floor_pbx = listen_on_loopback();
    Socket floor_streams = listen_on_loopback();
    int node_port[2] = {-1, -1};  // a pipe: the node's port is known last

    Wires() {
        if (::pipe(node_port) != 0) throw_errno("pipe");
    }
};

void run_load(const Wires& wires, const CallScript& script, const Options& options) {
    FrameLoad load(script, options.rings_per_second, wires.node_pbx, wires.floor_pbx);
    load.serve_login();
    std::uint16_t port = 0;
    if (::read(wires.node_port[0], &port, sizeof port) != sizeof port) throw_errno("the node's port");
    load.connect_clients(FrameLoad::node, port, kPassword);
    load.connect_clients(FrameLoad::floor, port_of(wires.floor_streams), {});
    measure(load, options);
}

void run(const Options& options) {
    const auto recording = replay::read_file(options.capture);
    if (!recording) throw std::runtime_error(recording.error().detail);
    const CallScript script(*recording);
    std::printf("%g rings a second; a call is %zu events, %.0f events a second\n", options.rings_per_second,
                script.events_per_call(), options.rings_per_second * static_cast<double>(script.events_per_call()));
    std::fflush(stdout);
    const Wires wires;
    Child load([&] { run_load(wires, script, options); });
    const Child floor([&] { serve_floor(wires.floor_streams, port_of(wires.floor_pbx), kAgents); });
    // Its PBX leaves first at the end, which is no news.
    spdlog::set_level(spdlog::level::err);
    Problems problems;
    const TempFolder folder("citybridge-bench");
    const auto node = Node::make(config_for(port_of(wires.node_pbx), folder), options.plugins, problems);
    if (node == nullptr) throw std::runtime_error(to_string(problems.front()));
    if (const auto started = node->start(); !started) throw std::runtime_error(started.error().detail);
    const std::uint16_t port = node->port();
    if (::write(wires.node_port[1], &port, sizeof port) != sizeof port) throw_errno("the node's port");
    if (!load.join()) throw std::runtime_error("the load failed");
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    citybridge::bench::Program program("event_to_frame",
                                       "from a ringing phone at the PBX to the pop at the agent, beside a bare loop");
    citybridge::bench::Options options;
    program.app()
        .add_option("--seconds", options.seconds, "Measured, of each")
        ->capture_default_str()
        ->check(CLI::Range(1, 3600));
    program.app()
        .add_option("--rate", options.rings_per_second, "Phones that begin to ring in a second")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 1000.0));
    program.app()
        .add_option("--capture", options.capture, "A caller who gives up while one phone rings")
        ->capture_default_str();
    program.plugins(options.plugins);
    program.rows(options.rows);
    return program.run(argc, argv, [&] { citybridge::bench::run(options); });
}
