#include "tools/demo/city.h"

#include <fstream>
#include <random>
#include <thread>

#include "tools/demo/delivery_judge.h"

namespace citybridge::demo {
namespace {

// What the simulator has written has so long to arrive on the stream.
constexpr Millis kGrace{1'000};

}  // namespace

Result<std::unique_ptr<City>> City::start(const CitySetup& setup, const std::string& plugin_dir, std::size_t index,
                                          Screen& screen, std::mutex& screen_lock) {
    std::unique_ptr<City> city(new City(setup));
    auto node = DemoNode::start(setup, plugin_dir);
    if (!node) return node.error();
    city->node_ = std::move(*node);
    city->admin_ = std::make_unique<Api>(city->port());
    if (auto in = city->admin_->log_in(DemoNode::kUser, DemoNode::kPassword); !in) return in.error();
    city->desks_ =
        std::make_unique<AgentDesks>(city->port(), DemoNode::kPassword, std::random_device{}(), setup.other_cities);
    city->stream_ = std::make_unique<EventStream>(city->port(), city->admin_->token(),
                                                  [raw = city.get(), index, &screen, &screen_lock](const auto& frame) {
                                                      raw->desks_->see(frame);
                                                      {
                                                          std::lock_guard lock(raw->mutex_);
                                                          raw->checker_.see(frame);
                                                      }
                                                      std::lock_guard lock(screen_lock);
                                                      screen.see(index, frame);
                                                  });
    return city;
}

City::~City() {
    if (desks_ != nullptr) desks_->stop();
    stream_.reset();
    if (node_ != nullptr) node_->stop();
}

Deliveries City::deliveries() {
    const AgentDesks::Counts counts = desks_->counts();
    last_.leads = counts.leads;
    last_.notes = counts.notes;
    last_.repeated = counts.repeated;
    const auto list = admin_->list("/v1/admin/destinations");
    if (!list) return last_;
    last_.waiting = last_.parked = 0;
    last_.breaker_open = false;
    for (const Api::Json& each : *list) {
        last_.waiting += each.value("held", std::size_t{0});
        last_.parked += each.value("parked_keys", std::size_t{0});
        last_.breaker_open = last_.breaker_open || each.value("breaker_open", false);
    }
    return last_;
}

bool City::outbox_empty() {
    const auto pending = admin_->list("/v1/admin/outbox?state=pending");
    return pending && pending->empty();
}

bool City::callbacks_ended() {
    const auto open = admin_->list("/v1/callbacks?open=true");
    return !open || open->empty();
}

Result<CityCallbacks> City::callbacks() {
    auto books = read_callbacks(*admin_);
    if (!books) return books.error();
    return CityCallbacks{desks_->handed_over(), std::move(*books)};
}

std::vector<Checker::Json> City::finished_calls() const {
    std::vector<Checker::Json> calls;
    std::ifstream file(node_->truth_file());
    for (std::string line; std::getline(file, line);) {
        Checker::Json call = Checker::Json::parse(line, nullptr, false);
        if (call.is_object()) calls.push_back(std::move(call));
    }
    return calls;
}

City::Verdict City::end(const stand_in::ErpStandIn& erp) {
    const auto truth = finished_calls();
    std::this_thread::sleep_for(kGrace);
    Verdict verdict;
    const auto books = read_books(*admin_);
    const std::string failure = stream_->failure();
    stream_.reset();
    node_->stop();
    for (const auto& call : truth) checker_.judge(call);
    verdict.calls = checker_.calls();
    verdict.pops = checker_.pops();
    verdict.mistakes = checker_.mistakes();
    if (!failure.empty()) verdict.mistakes.push_back(failure);
    if (checker_.calls() == 0) verdict.mistakes.emplace_back("no call was finished");
    for (const std::string& mistake : desks_->mistakes()) verdict.mistakes.push_back(mistake);
    const AgentDesks::Counts counts = desks_->counts();
    verdict.leads = counts.leads;
    verdict.notes = counts.notes;
    verdict.repeated = counts.repeated;
    if (!books) {
        verdict.mistakes.push_back(books.error().detail);
        return verdict;
    }
    const ErpBooks theirs = erp_books(erp.ledger(), erp.sent(), name());
    verdict.events = theirs.events.size();
    for (const std::string& mistake : judge_deliveries(desks_->leads(), *books, theirs))
        verdict.mistakes.push_back(mistake);
    return verdict;
}

}  // namespace citybridge::demo
