// The first seconds of a busy minute of each PBX, ten times as fast as they
// were recorded, through a whole node to a supervisor's stream: is anything
// lost, and how long does a pop take from the PBX's bytes to the frame?
#include <poll.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <stdexcept>

#include "bench/program.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "bench/ws_client.h"
#include "core/gateway/passwords.h"
#include "core/node/node.h"
#include "core/node/paths.h"
#include "tools/replay/ends.h"
#include "tools/replay/playback_server.h"
#include "tools/replay/timed_book.h"
#include "tools/support/temp_folder.h"

namespace citybridge::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr char kPassword[] = "bench";
constexpr std::chrono::milliseconds kQuiet{1'000};

struct Counts {
    std::size_t started = 0, answered = 0, ended = 0, shown = 0;

    void see(const Event& event) {
        if (const auto* contact = std::get_if<ContactChanged>(&event)) {
            if (contact->what == ContactChanged::What::started) ++started;
            if (contact->what == ContactChanged::What::answered) ++answered;
            if (contact->what == ContactChanged::What::ended) ++ended;
        }
        const auto* offer = std::get_if<OfferChanged>(&event);
        if (offer != nullptr && offer->what == OfferChanged::What::shown) ++shown;
    }
    friend bool operator==(const Counts&, const Counts&) = default;
};

// Whom a pop tells of whom; the same pair may come more than once.
using PopKey = std::pair<std::string, std::string>;  // customer, agent

// What the recording makes of itself on its own time: which event causes which pop.
struct Plan {
    std::size_t events = 0;
    std::map<PopKey, std::vector<std::size_t>> pops;  // index of the event
    Counts counts;
};

Plan plan_of(const replay::Recording& recording) {
    Plan plan;
    const auto peer = replay::make_peer(recording);
    replay::TimedBook book(*peer, recording.wire, {.city = "bench", .pbx = "pbx1"}, [&](const auto& events) {
        for (const Event& event : events) {
            plan.counts.see(event);
            const auto* offer = std::get_if<OfferChanged>(&event);
            if (offer != nullptr && offer->what == OfferChanged::What::shown)
                plan.pops[{offer->contact->customer_number, offer->offer.agent}].push_back(plan.events);
        }
    });
    book.connect(peer->begins().value());
    while (const auto chunk = peer->next()) {
        book.advance({chunk->wall.value(), MonoTime{replay::kLead + chunk->offset}});
        book.give(chunk->bytes);
        ++plan.events;
    }
    return plan;
}

// Reads the stream; the pops in the order they came.
struct SeenPop {
    PopKey key;
    Clock::time_point at;
};
class Supervisor {
public:
    explicit Supervisor(std::uint16_t port) : client_(port, "/v1/stream", log_in(port, "supervisor", kPassword)) {}

    // Until `done` says so and nothing came for a while.
    template <class Done>
    std::vector<SeenPop> read(Done done) {
        std::vector<SeenPop> out;
        Clock::time_point last = Clock::now();
        while (!done() || Clock::now() - last < kQuiet) {
            pollfd ready{client_.fd(), POLLIN, 0};
            if (::poll(&ready, 1, 50) <= 0) continue;
            client_.receive_some();
            last = Clock::now();
            for (std::string_view text; client_.next(text);) {
                if (text.find("\"type\":\"offer.shown\"") == std::string_view::npos) continue;
                const auto frame = nlohmann::json::parse(text);
                out.push_back({{frame.at("contact").at("customer_number").get<std::string>(),
                                frame.at("offer").at("agent").get<std::string>()},
                               last});
            }
        }
        return out;
    }

private:
    WsClient client_;
};

void expect_same(const Counts& ours, const Counts& planned) {
    const auto text = [](const Counts& counts) {
        return std::to_string(counts.started) + " contacts, " + std::to_string(counts.answered) + " answered, " +
               std::to_string(counts.ended) + " ended, " + std::to_string(counts.shown) + " pops";
    };
    std::printf("  %s\n", text(ours).c_str());
    if (!(ours == planned)) throw std::runtime_error("something was lost; the recording has " + text(planned));
}

void run(const std::string& name, const std::string& path, double speed, const std::string& plugins,
         const std::string& rows) {
    const auto recording = replay::read_recording(path);
    if (!recording) throw std::runtime_error(recording.error().detail);
    const Plan plan = plan_of(*recording);
    std::vector<Clock::time_point> sent(plan.events + 1);
    replay::PlaybackServer server(*recording, {speed, [&sent](std::size_t index) { sent.at(index) = Clock::now(); }});
    const TempFolder folder("citybridge-bench");
    NodeConfig config = replay::config_for(recording->wire, server.port(), folder.path());
    UserConfig user;
    user.name = user.role = "supervisor";
    user.password_hash = gateway::hash_password(kPassword, {.n = 16, .r = 1, .p = 1});
    user.where = config.where;
    config.users.push_back(std::move(user));
    Problems problems;
    const auto node = Node::make(config, plugins, problems);
    if (node == nullptr) throw std::runtime_error(to_string(problems.front()));
    std::mutex mutex;
    Counts counts;
    node->live().subscribe([&](const EventPtr& event) {
        std::lock_guard lock(mutex);
        counts.see(event->event);
    });
    if (const auto started = node->start(); !started) throw std::runtime_error(started.error().detail);
    Supervisor supervisor(node->port());
    const std::vector<SeenPop> seen = supervisor.read([&] { return server.played(); });
    std::printf("%s at %g times its speed: %zu events\n", name.c_str(), speed, plan.events);
    {
        std::lock_guard lock(mutex);
        expect_same(counts, plan.counts);
    }
    if (seen.size() != plan.counts.shown) throw std::runtime_error("pops did not reach the stream");
    std::vector<double> ms;
    auto pops = plan.pops;
    for (const SeenPop& pop : seen) {
        auto& causes = pops[pop.key];
        if (causes.empty()) throw std::runtime_error("a pop that the recording does not have");
        ms.push_back(std::chrono::duration<double, std::milli>(pop.at - sent.at(causes.front())).count());
        causes.erase(causes.begin());
    }
    std::printf("  pop: p50 %.2f ms   p90 %.2f ms   p99 %.2f ms   most %.2f ms\n", quantile(ms, 0.5), quantile(ms, 0.9),
                quantile(ms, 0.99), quantile(ms, 1));
    add_row(rows, {"busy " + name + " at " + std::to_string(static_cast<int>(speed)) + " times its speed, pop p99",
                   "ms", quantile(ms, 0.99), 0, 5.0, Good::value_at_most});
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    using namespace citybridge;
    citybridge::bench::Program program("busy_head", "recorded busy seconds of both PBXs, faster, through a whole node");
    const std::string captures = CITYBRIDGE_SOURCE_DIR "/tests/wire/captures/";
    std::string plugins = default_plugin_dir();
    std::string rows;
    double speed = 10;
    program.app()
        .add_option("--speed", speed, "How many times the recorded speed")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 100.0));
    program.plugins(plugins);
    program.rows(rows);
    return program.run(argc, argv, [&] {
        spdlog::set_level(spdlog::level::err);
        bench::run("Asterisk", captures + "asterisk/20-busy-head.ami.xz", speed, plugins, rows);
        bench::run("FreeSWITCH", captures + "freeswitch/busy-head.esl.xz", speed, plugins, rows);
    });
}
