// ./dev demo: two cities on simulators and one ERP that answers late, fails and
// forgets to answer. Seen through the API like any client sees it, and checked:
// calls against what the simulators say happened, sales leads against the ERP.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <random>
#include <thread>

#include "core/gateway/crypto.h"
#include "core/node/paths.h"
#include "tools/demo/city.h"
#include "tools/demo/screen.h"
#include "tools/stand_in/erp_stand_in.h"

namespace {

using namespace citybridge;
using namespace citybridge::demo;
using stand_in::ErpStandIn;
using stand_in::Fault;

// Repetitions of what met several faults in a row take some seconds each.
constexpr Millis kLongestDrain{90'000};

std::atomic<int> interrupted{0};
void interrupt(int) { ++interrupted; }

int fail(const Error& error) {
    std::fprintf(stderr, "%s: %s\n", error.code.c_str(), error.detail.c_str());
    return 1;
}

std::string secret() { return "whsec_" + gateway::to_base64(gateway::random_bytes(32)); }

// About one request in four goes wrong. What is late is later than the nodes wait (600 ms), and sooner than
// the time after which they look whether it happened.
stand_in::Faults faults() {
    stand_in::Faults out;
    out.slam = 0.03;
    out.fail_500 = 0.04;
    out.busy_503 = 0.03;
    out.late_answer = 0.04;
    out.late_effect = 0.03;
    out.commit_then_500 = 0.04;
    out.commit_then_drop = 0.05;
    out.late_by = Millis(900);
    return out;
}

ErpView view_of(const ErpStandIn& erp) {
    ErpView out;
    out.received = erp.ledger().received();
    out.effects = erp.ledger().effects();
    out.slammed = erp.faults().met(Fault::slam);
    out.failed_500 = erp.faults().met(Fault::fail_500);
    out.busy_503 = erp.faults().met(Fault::busy_503);
    out.late = erp.faults().met(Fault::late_answer) + erp.faults().met(Fault::late_effect);
    out.lost_answers = erp.faults().met(Fault::commit_then_500) + erp.faults().met(Fault::commit_then_drop);
    for (const stand_in::SentMessage& message : erp.sent()) {
        ++out.messages;
        out.attempts += message.attempts;
    }
    return out;
}

// The whole of it: two cities, one ERP, one screen.
class Demo {
public:
    explicit Demo(bool board) : screen_(board) {}

    Result<> start(const std::string& plugin_dir) {
        CitySetup setups[Screen::kCities];
        ErpStandIn::Options options;
        const char* const names[] = {"beijing", "shanghai"};
        for (std::size_t i = 0; i < Screen::kCities; ++i) {
            setups[i].city = names[i];
            setups[i].erp_dedupes = i == 0;
            setups[i].events_secret = secret();
            setups[i].hooks_secret = secret();
            options.hook_secrets[names[i]] = setups[i].events_secret;
            options.systems[names[i]] = i == 0 ? stand_in::Mode::dedupes : stand_in::Mode::findable;
        }
        options.faults = faults();
        options.seed = options.messages.seed = std::random_device{}();
        erp_ = std::make_unique<ErpStandIn>(options);
        if (auto started = erp_->start(); !started) return started;
        for (std::size_t i = 0; i < Screen::kCities; ++i) {
            setups[i].erp_port = erp_->port();
            auto city = City::start(setups[i], plugin_dir, i, screen_, lock_);
            if (!city) return city.error();
            const std::uint16_t port = (*city)->port();
            erp_->set_node(names[i], {port, DemoNode::kHooks, setups[i].hooks_secret});
            const std::lock_guard lock(lock_);
            screen_.name(i, names[i],
                         ":" + std::to_string(port) + (i == 0 ? "  ERP dedupes" : "  ERP is asked by key"));
            cities_.push_back(std::move(*city));
        }
        return ok();
    }

    void announce() const {
        for (const auto& city : cities_)
            std::fprintf(stderr, "the API of %s: http://127.0.0.1:%u (user %s, password %s)\n", city->name().c_str(),
                         city->port(), DemoNode::kUser, DemoNode::kPassword);
    }

    bool broken() const {
        for (const auto& city : cities_)
            if (!city->failure().empty()) return true;
        return false;
    }

    // Once around: asks, draws, rests.
    void turn() {
        for (std::size_t i = 0; i < cities_.size(); ++i) {
            const Deliveries deliveries = cities_[i]->deliveries();
            const std::lock_guard lock(lock_);
            screen_.set(i, deliveries);
        }
        {
            const std::lock_guard lock(lock_);
            screen_.set(view_of(*erp_));
            screen_.draw();
        }
        std::this_thread::sleep_for(Millis{250});
    }

    // No more leads; what is on its way may arrive. An outbox seen empty before the ERP had nothing left to say can
    // be filled again only by what the ERP said: so it is asked twice.
    void drain() {
        for (const auto& city : cities_) city->stop_opening_leads();
        {
            const std::lock_guard lock(lock_);
            screen_.say("time is up: no more leads; waiting until all is delivered");
        }
        const MonoTime until = system_now().mono + kLongestDrain;
        while (interrupted < 2 && system_now().mono < until && !broken()) {
            if (outboxes_empty() && erp_->messages_idle() && outboxes_empty()) return;
            turn();
        }
    }

    int report() {
        const ErpStandIn::Refused refused = erp_->refused();
        erp_->stop();
        std::size_t calls = 0, pops = 0, leads = 0, notes = 0, repeated = 0, events = 0;
        std::vector<std::string> mistakes;
        for (const auto& city : cities_) {
            const City::Verdict verdict = city->end(*erp_);
            calls += verdict.calls;
            pops += verdict.pops;
            leads += verdict.leads;
            notes += verdict.notes;
            repeated += verdict.repeated;
            events += verdict.events;
            for (const std::string& mistake : verdict.mistakes) mistakes.push_back(city->name() + ": " + mistake);
        }
        if (refused.signatures + refused.requests > 0)
            mistakes.push_back("the ERP refused " + std::to_string(refused.signatures) + " signatures and " +
                               std::to_string(refused.requests) + " requests");
        if (leads == 0) mistakes.emplace_back("no sales lead was opened");
        constexpr std::size_t kShown = 20;
        for (std::size_t i = 0; i < std::min(mistakes.size(), kShown); ++i)
            std::printf("wrong: %s\n", mistakes[i].c_str());
        const ErpView erp = view_of(*erp_);
        std::printf("demo: calls against the simulators' truth: %zu finished calls, %zu pops\n", calls, pops);
        std::printf("demo: sales leads against the ERP's ledger: %zu leads, %zu notes, %zu events%s\n", leads, notes,
                    events, mistakes.empty() ? "; each there exactly once and in order" : "");
        std::printf(
            "demo: on the way: %llu faults of the ERP, %zu requests repeated by agents, %zu messages of the "
            "ERP in %zu attempts\n",
            static_cast<unsigned long long>(erp_->faults().met_all()), repeated, erp.messages, erp.attempts);
        std::printf("demo: %zu mistakes: %s\n", mistakes.size(), mistakes.empty() ? "ok" : "FAILED");
        return mistakes.empty() ? 0 : 1;
    }

private:
    bool outboxes_empty() {
        for (const auto& city : cities_)
            if (!city->outbox_empty()) return false;
        return true;
    }

    std::mutex lock_;  // of the screen
    Screen screen_;
    std::unique_ptr<ErpStandIn> erp_;
    std::vector<std::unique_ptr<City>> cities_;
};

int run(const std::string& plugin_dir, int seconds) {
    Demo demo(isatty(STDOUT_FILENO) != 0);
    if (const auto started = demo.start(plugin_dir); !started) return fail(started.error());
    demo.announce();
    const MonoTime until = system_now().mono + std::chrono::seconds(seconds);
    while (interrupted == 0 && (seconds == 0 || system_now().mono < until) && !demo.broken()) demo.turn();
    demo.drain();
    return demo.report();
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"demo: two cities on simulators and an ERP with faults, live in this terminal"};
    int seconds = 0;
    std::string plugin_dir = default_plugin_dir();
    app.add_option("--seconds", seconds, "End after so many seconds; 0: at Ctrl-C")->check(CLI::NonNegativeNumber);
    app.add_option("--plugins", plugin_dir, "Folder of the plugin libraries")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    spdlog::set_default_logger(spdlog::stderr_color_mt("demo"));
    spdlog::set_level(spdlog::level::warn);
    std::signal(SIGINT, interrupt);
    std::signal(SIGTERM, interrupt);
    std::signal(SIGPIPE, SIG_IGN);
    return run(plugin_dir, seconds);
}
