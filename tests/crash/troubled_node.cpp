#include "tests/crash/troubled_node.h"

#include <sys/socket.h>

#include <algorithm>

#include "tests/crash/judge.h"
#include "tests/crash/rounds.h"

namespace citybridge::crash {
namespace {

constexpr std::size_t kCallers = 8;
constexpr Millis kThink{10};
constexpr Millis kPatience{40'000};

std::vector<LedgerLine> ledger_of(const stand_in::ErpStandIn& erp, const std::string& door) {
    auto entries = erp.ledger().snapshot();
    std::erase_if(entries, [&](const auto& entry) { return entry.door != door || entry.effects == 0; });
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first_n < b.first_n; });
    std::vector<LedgerLine> lines;
    lines.reserve(entries.size());
    for (const auto& entry : entries) lines.push_back({entry.key, entry.order, entry.effects});
    return lines;
}

}  // namespace

Watcher::Watcher(const NodePlace& node) : door_(node, kChief, Millis{0}) {
    const auto body = nlohmann::json{{"name", kChief}, {"password", kChief}}.dump();
    const auto session = test::Client(node.port).ask("POST", "/v1/session", {}, body);
    stream_ = std::make_unique<test::StreamClient>(node.port);
    if (stream_->connect(session.json().value("token", "")).status != 101)
        throw std::runtime_error("the stream was refused: " + session.body);
    thread_ = std::thread([this] { read(); });
}

Watcher::~Watcher() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    ::shutdown(stream_->fd(), SHUT_RDWR);
    thread_.join();
}

void Watcher::read() {
    for (;;) {
        const auto frame = stream_->next();
        const std::lock_guard lock(mutex_);
        if (!frame.is_object()) {
            broken_ = !stopping_;
            return;
        }
        const std::string type = frame.value("type", "");
        if (type == "offer.shown") ++pops_;
        if (type == "contact.ended") ended_.insert(frame.at("contact").value("id", ""));
    }
}

std::size_t Watcher::pops() const {
    const std::lock_guard lock(mutex_);
    return pops_;
}

bool Watcher::ended(const std::string& contact) const {
    const std::lock_guard lock(mutex_);
    return ended_.contains(contact);
}

bool Watcher::broken() const {
    const std::lock_guard lock(mutex_);
    return broken_;
}

std::string Watcher::talking() {
    const auto list = door_.request("GET", "/v1/contacts?state=talking&limit=5").json();
    if (!list.is_object() || !list.contains("items") || list["items"].empty()) return {};
    return list["items"].back().value("id", "");
}

int Watcher::hang_up(const std::string& contact) {
    return door_.request("POST", "/v1/contacts/" + contact + "/hangup").status;
}

void TroubledNode::begin(const store::StoreSettings& store) {
    stand_in::ErpStandIn::Options erp;
    erp.hook_secrets = {{"events", kEventsSecret}};
    erp.messages.assigned_after = Millis{50};
    erp.messages.contacted_after = Millis{50};
    erp.messages.again_after = Millis{100};
    erp.messages.most_attempts = 5'000;
    erp_ = std::make_unique<stand_in::ErpStandIn>(std::move(erp));
    const auto listening = erp_->start();
    ASSERT_TRUE(listening) << listening.error().detail;
    options_.store = store;
    options_.stand_in_port = erp_->port();
    options_.callers = kCallers;
    options_.callers_per_minute = 240;
    Problems problems;
    const NodeConfig config = load_config(write_node_file(folder_, "node.xml", options_), problems);
    if (problems.empty()) node_ = Node::make(config, std::string(CITYBRIDGE_BINARY_DIR) + "/lib/plugins", problems);
    ASSERT_TRUE(problems.empty()) << to_string(problems.front());
    const auto started = node_->start();
    ASSERT_TRUE(started) << started.error().code << " " << started.error().detail;
    place_.life = 1;
    place_.port = node_->port();
    erp_->set_node("", {node_->port(), "erp_hooks", kHooksSecret});
    watcher_ = std::make_unique<Watcher>(place_);
    crowd_ = std::make_unique<Crowd>(kCallers, new_seed("trouble"), true, [this](const std::string& user) {
        return std::make_unique<HttpDoor>(place_, user, kThink);
    });
    crowd_->start();
    ASSERT_TRUE(wait_until(kPatience, [&] { return crowd_->answered() > 100; })) << "callers are not answered at all";
}

void TroubledNode::expect_work() {
    const std::size_t before = crowd_->answered();
    EXPECT_TRUE(wait_until(kPatience, [&] { return crowd_->answered() > before + 50; })) << "callers are not answered";
}

void TroubledNode::expect_calls_go_on() {
    const std::size_t before = watcher_->pops();
    std::string contact;
    EXPECT_TRUE(wait_until(kPatience, [&] { return !(contact = watcher_->talking()).empty(); })) << "nobody talks";
    EXPECT_EQ(watcher_->hang_up(contact), 202);
    EXPECT_TRUE(wait_until(Millis{10'000}, [&] { return watcher_->ended(contact); })) << "the call goes on";
    EXPECT_TRUE(wait_until(kPatience, [&] { return watcher_->pops() > before; })) << "no pop comes";
    EXPECT_FALSE(watcher_->broken()) << "the stream was cut";
}

Told TroubledNode::end() {
    expect_work();
    EXPECT_TRUE(crowd_->settle(kPatience));
    Told told = crowd_->take_told();
    const auto readers = store::open_readers(options_.store, 2);
    EXPECT_TRUE(readers) << readers.error().detail;
    if (!readers) return told;
    int quiet = 0;
    EXPECT_TRUE(wait_until(kPatience, [&] {
        const auto left = (*readers)->outbox_counts();
        quiet = left && left->empty() && erp_->messages_idle() ? quiet + 1 : 0;
        return quiet >= 10;
    })) << "something is still under way";
    Judge judge(**readers);
    judge.told(told);
    judge.deliveries("erp", ledger_of(*erp_, "rest"));
    judge.deliveries("events", ledger_of(*erp_, "hook/events"));
    for (const stand_in::SentMessage& message : erp_->sent()) judge.inbound("erp_hooks", message.order, message.type);
    EXPECT_TRUE(judge.mistakes().empty()) << all_of(judge.mistakes());
    std::cout << told.done.size() << " requests acknowledged (" << told.orders << " orders), " << told.unavailable
              << " told 503, " << told.unknown << " told 504, " << told.never.size() << " refused for good, "
              << told.unanswered << " without an answer, " << watcher_->pops() << " pops, " << judge.mistakes().size()
              << " mistakes" << std::endl;
    for (const auto& [code, times] : told.codes) {
        std::cout << "  " << code << ": " << times << std::endl;
        EXPECT_TRUE(code.starts_with("store.") || code == "node.busy" || code == "http.busy") << code;
    }
    return told;
}

void TroubledNode::TearDown() {
    crowd_.reset();
    watcher_.reset();
    if (node_) node_->stop();
    node_.reset();
    erp_.reset();
}

}  // namespace citybridge::crash
