#include "tools/demo/demo.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <thread>

#include "core/gateway/crypto.h"

namespace citybridge::demo {
namespace {

using stand_in::ErpStandIn;
using stand_in::Fault;

// Repetitions of what met several faults in a row take some seconds each.
constexpr Millis kLongestDrain{90'000};
// A customer talks for some seconds; one whose phone rings out is dialled twice.
constexpr Millis kLongestCallbacks{25'000};
// What is said at the end of a call is in the other city as soon as the line lets it pass.
constexpr Millis kLongestAgreeing{20'000};
constexpr Millis kTurn{250};

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

std::vector<std::string> names_of(const DemoOptions& options) {
    if (options.nats) return {"beijing", "shanghai", "hangzhou"};
    return {"beijing", "shanghai"};
}

Screen::Shows shown(const DemoOptions& options) {
    if (options.nats) return Screen::Shows::callbacks;
    return isatty(STDOUT_FILENO) != 0 ? Screen::Shows::board : Screen::Shows::events;
}

}  // namespace

Demo::Demo(DemoOptions options, const std::atomic<int>& interrupts)
    : options_(std::move(options)),
      names_(names_of(options_)),
      interrupts_(interrupts),
      screen_(shown(options_), names_.size()) {}

Result<> Demo::start() {
    std::vector<CitySetup> setups;
    ErpStandIn::Options options;
    if (options_.nats) {
        auto net = CityNet::start(names_, system_now().mono);
        if (!net) return net.error();
        net_ = std::move(*net);
    }
    for (const std::string& name : names_) {
        CitySetup setup;
        setup.city = name;
        setup.erp_dedupes = setups.size() % 2 == 0;
        setup.events_secret = secret();
        setup.hooks_secret = secret();
        if (net_ != nullptr) {
            setup.link = net_->link_settings(name);
            setup.other_cities = names_;
            std::erase(setup.other_cities, name);
        }
        options.hook_secrets[name] = setup.events_secret;
        options.systems[name] = setup.erp_dedupes ? stand_in::Mode::dedupes : stand_in::Mode::findable;
        setups.push_back(std::move(setup));
    }
    options.faults = faults();
    options.seed = options.messages.seed = std::random_device{}();
    erp_ = std::make_unique<ErpStandIn>(options);
    if (auto started = erp_->start(); !started) return started;
    for (std::size_t i = 0; i < setups.size(); ++i) {
        CitySetup& setup = setups[i];
        setup.erp_port = erp_->port();
        auto city = City::start(setup, options_.plugin_dir, i, screen_, lock_);
        if (!city) return city.error();
        const std::uint16_t port = (*city)->port();
        erp_->set_node(setup.city, {port, DemoNode::kHooks, setup.hooks_secret});
        const std::lock_guard lock(lock_);
        screen_.name(i, setup.city,
                     ":" + std::to_string(port) + (setup.erp_dedupes ? "  ERP dedupes" : "  ERP is asked by key"));
        cities_.push_back(std::move(*city));
    }
    announce();
    return ok();
}

void Demo::announce() const {
    for (const auto& city : cities_)
        std::fprintf(stderr, "the API of %s: http://127.0.0.1:%u (user %s, password %s)\n", city->name().c_str(),
                     city->port(), DemoNode::kUser, DemoNode::kPassword);
}

bool Demo::broken() const {
    return !net_failure_.empty() ||
           std::any_of(cities_.begin(), cities_.end(), [](const auto& city) { return !city->failure().empty(); });
}

void Demo::say(const std::string& line) {
    const std::lock_guard lock(lock_);
    screen_.say(line);
}

void Demo::note_trouble(const Result<std::string>& what) {
    if (!what)
        net_failure_ = what.error().detail;
    else if (!what->empty())
        say(*what);
}

// Once around: asks, draws, rests.
void Demo::turn() {
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
    std::this_thread::sleep_for(kTurn);
}

// Customers that other cities have handed over are still called back.
void Demo::end_callbacks(MonoTime until) {
    for (const auto& city : cities_) city->finish();
    note_trouble(net_->heal());
    say("time is up: nobody else is handed over; the lines are well; waiting until all are called back");
    const auto ended = [](const auto& city) { return city->callbacks_ended(); };
    while (interrupts_ < 2 && system_now().mono < until && !broken()) {
        if (std::all_of(cities_.begin(), cities_.end(), ended)) return;
        turn();
    }
}

// No more leads; what is on its way may arrive. An outbox seen empty before the ERP had nothing left to say can
// be filled again only by what the ERP said: so it is asked twice.
void Demo::drain() {
    if (net_ != nullptr) end_callbacks(system_now().mono + kLongestCallbacks);
    for (const auto& city : cities_) city->stop_desks();
    say("no more leads; waiting until all is delivered");
    const MonoTime until = system_now().mono + kLongestDrain;
    while (interrupts_ < 2 && system_now().mono < until && !broken()) {
        if (outboxes_empty() && erp_->messages_idle() && outboxes_empty()) return;
        turn();
    }
}

bool Demo::outboxes_empty() {
    return std::all_of(cities_.begin(), cities_.end(), [](const auto& city) { return city->outbox_empty(); });
}

Result<std::map<std::string, CityCallbacks>> Demo::callbacks() {
    std::map<std::string, CityCallbacks> out;
    for (const auto& city : cities_) {
        auto one = city->callbacks();
        if (!one) return one.error();
        out[city->name()] = std::move(*one);
    }
    return out;
}

// Calls that are still going on end meanwhile, so cities are asked until they agree.
void Demo::report_callbacks(std::vector<std::string>& mistakes) {
    std::map<std::string, CityCallbacks> all;
    std::vector<std::string> wrong;
    const MonoTime until = system_now().mono + kLongestAgreeing;
    do {
        auto read = callbacks();
        wrong = read ? judge_callbacks(*read) : std::vector<std::string>{read.error().detail};
        if (read) all = std::move(*read);
        if (!wrong.empty()) std::this_thread::sleep_for(kTurn);
    } while (!wrong.empty() && interrupts_ < 2 && system_now().mono < until);
    std::size_t handed = 0, done = 0, failed = 0, open = 0;
    for (const auto& [city, callbacks] : all) {
        handed += callbacks.handed_over.size();
        for (const CallbackBook& book : callbacks.books) {
            if (book.side != "origin") continue;
            open += is_open(book) ? 1U : 0U;
            done += book.state == "done" ? 1U : 0U;
            failed += book.state == "failed" ? 1U : 0U;
        }
    }
    if (handed == 0) wrong.emplace_back("no customer was handed to another city");
    std::printf("demo: callbacks in the books of both cities: %zu handed over; %zu done, %zu not reached, %zu open%s\n",
                handed, done, failed, open, wrong.empty() ? "; each in both alike, and ended at most once" : "");
    mistakes.insert(mistakes.end(), wrong.begin(), wrong.end());
}

int Demo::report() {
    const ErpStandIn::Refused refused = erp_->refused();
    std::vector<std::string> mistakes;
    if (!net_failure_.empty()) mistakes.push_back(net_failure_);
    if (net_ != nullptr) report_callbacks(mistakes);
    erp_->stop();
    City::Verdict all;
    for (const auto& city : cities_) {
        const City::Verdict verdict = city->end(*erp_);
        all.calls += verdict.calls;
        all.pops += verdict.pops;
        all.leads += verdict.leads;
        all.notes += verdict.notes;
        all.repeated += verdict.repeated;
        all.events += verdict.events;
        for (const std::string& mistake : verdict.mistakes) mistakes.push_back(city->name() + ": " + mistake);
    }
    if (refused.signatures + refused.requests > 0)
        mistakes.push_back("the ERP refused " + std::to_string(refused.signatures) + " signatures and " +
                           std::to_string(refused.requests) + " requests");
    if (all.leads == 0) mistakes.emplace_back("no sales lead was opened");
    constexpr std::size_t kShown = 20;
    for (std::size_t i = 0; i < std::min(mistakes.size(), kShown); ++i) std::printf("wrong: %s\n", mistakes[i].c_str());
    const ErpView erp = view_of(*erp_);
    std::printf("demo: calls against the simulators' truth: %zu finished calls, %zu pops\n", all.calls, all.pops);
    std::printf("demo: sales leads against the ERP's ledger: %zu leads, %zu notes, %zu events%s\n", all.leads,
                all.notes, all.events, mistakes.empty() ? "; each there exactly once and in order" : "");
    std::printf(
        "demo: on the way: %llu faults of the ERP, %zu requests repeated by agents, %zu messages of the "
        "ERP in %zu attempts\n",
        static_cast<unsigned long long>(erp_->faults().met_all()), all.repeated, erp.messages, erp.attempts);
    std::printf("demo: %zu mistakes: %s\n", mistakes.size(), mistakes.empty() ? "ok" : "FAILED");
    return mistakes.empty() ? 0 : 1;
}

int Demo::run() {
    const MonoTime until = system_now().mono + std::chrono::seconds(options_.seconds);
    while (interrupts_ == 0 && (options_.seconds == 0 || system_now().mono < until) && !broken()) {
        turn();
        if (net_ != nullptr) note_trouble(net_->turn(system_now().mono));
    }
    drain();
    return report();
}

}  // namespace citybridge::demo
