#include "tests/sim/cities_world.h"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "tests/sim/cities_node.h"

namespace citybridge::sim {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

constexpr std::array<std::string_view, 7> kPlanted{
    "none",        "short_dedupe", "epoch_reset", "ack_before_commit", "take_back_by_timer", "forgets_generation",
    "untold_lives"};

// Migrated once for all seeds of this process.
const std::string& shared_template(const std::string& folder) {
    static std::once_flag once;
    static std::string path;
    std::call_once(once, [&] {
        path = folder + "/template.sqlite";
        store::StoreSettings settings;
        settings.path = path;
        settings.sync = false;
        static_cast<void>(store::open_store(settings));
    });
    return path;
}

}  // namespace

std::string_view to_string(Planted value) { return kPlanted[static_cast<std::size_t>(value)]; }

std::optional<Planted> planted_from(std::string_view word) {
    for (std::size_t i = 0; i < kPlanted.size(); ++i)
        if (kPlanted[i] == word) return static_cast<Planted>(i);
    return {};
}

const std::array<std::string, CitiesWorld::kCities>& CitiesWorld::names() {
    static const std::array<std::string, kCities> names{"beijing", "hangzhou", "nanjing", "shanghai", "suzhou"};
    return names;
}

CitiesWorld::CitiesWorld(std::uint64_t seed, Planted planted, const std::string& folder)
    : dice_(seed), planted_(planted), folder_(folder + "/seed" + std::to_string(seed)) {
    template_ = shared_template(folder);
    std::filesystem::create_directories(folder_);
    outcome_.seed = seed;
    outcome_.hash = 1469598103934665603ULL;
    for (std::size_t i = 0; i < kCities; ++i) nodes_.push_back(std::make_unique<CityNode>(*this, i));
}

CitiesWorld::~CitiesWorld() {
    nodes_.clear();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void CitiesWorld::at(Millis after, std::function<void()> act) {
    events_.push({now_ + std::max(Millis{0}, after), next_event_++, std::move(act)});
}

std::string CitiesWorld::next_id(const char* prefix) { return std::string(prefix) + std::to_string(++next_id_); }

void CitiesWorld::happened(const std::string& what) {
    for (const char c : std::to_string(now_.time_since_epoch().count()) + what) {
        outcome_.hash ^= static_cast<unsigned char>(c);
        outcome_.hash *= 1099511628211ULL;
    }
}

void CitiesWorld::broken(const std::string& what) {
    if (outcome_.broken.size() >= 5) return;
    outcome_.broken.push_back("seed " + std::to_string(outcome_.seed) + " at " +
                              std::to_string(now_.time_since_epoch().count() / 1000) + " s: " + what);
}

// ---- The lines ----------------------------------------------------------------

bool CitiesWorld::cut(std::size_t a, std::size_t b) const {
    return std::any_of(partitions_.begin(), partitions_.end(), [&](const Partition& each) {
        const bool these = (each.a == a && each.b == b) || (each.a == b && each.b == a);
        return these && now_ >= each.from && now_ < each.to;
    });
}

void CitiesWorld::send(std::size_t from, const OutboxRecord& message,
                       const std::function<void(DeliveryReply)>& answer) {
    ++outcome_.messages;
    const std::string far = message.destination.substr(message.destination.find('.') + 1);
    const auto to = static_cast<std::size_t>(std::find(names().begin(), names().end(), far) - names().begin());
    happened("send " + message.id);
    const auto deliver = [this, from, to, message, answer] { arrive(from, to, message, answer); };
    if (!chaos()) return at(dice_.time(20, 400), deliver);
    // What comes twice may come much later, behind everything that followed it.
    if (dice_.chance(doubled_))
        at(dice_.time(100, dice_.chance(0.3) ? 30 * 60'000 : 5'000),
           [this, from, to, message] { arrive(from, to, message, [](const DeliveryReply&) {}); });
    if (cut(from, to) || dice_.chance(lost_)) return;
    at(dice_.time(20, slowest_.count()), deliver);
}

void CitiesWorld::arrive(std::size_t from, std::size_t to, const OutboxRecord& message,
                         const std::function<void(DeliveryReply)>& answer) {
    if (cut(from, to)) return;
    nodes_[to]->take(message, from, [this, from, to, answer](const DeliveryReply& reply) {
        if (chaos() && (cut(from, to) || dice_.chance(lost_))) return;
        at(dice_.time(10, chaos() ? slowest_.count() : 200), [answer, reply] { answer(reply); });
    });
}

// ---- What goes wrong ------------------------------------------------------------

void CitiesWorld::crashed(std::size_t city, bool disk) {
    CityNode& node = *nodes_[city];
    if (!node.up()) return;
    ++outcome_.crashes;
    node.die();
    const bool lost_disk = chaos() && (disk || dice_.chance(0.4));
    at(dice_.time(2'000, 20 * kMinuteMs), [&node, lost_disk] {
        if (node.up()) return;
        if (lost_disk) node.restore();
        node.start();
    });
}

void CitiesWorld::rang(std::size_t city, const std::string& task, bool confirmed) {
    ++outcome_.dials;
    happened("rings " + task);
    if (confirmed) {
        ++outcome_.confirmed;
        return;
    }
    if (++rings_[task] > 1)
        broken("the customer of " + task + " is called by " + names()[city] +
               " a second time and nobody confirmed it\n" + histories(task));
}

void CitiesWorld::offer() {
    const auto from = static_cast<std::size_t>(dice_.between(0, kCities - 1));
    const auto to = (from + static_cast<std::size_t>(dice_.between(1, kCities - 1))) % kCities;
    if (!nodes_[from]->up()) return;
    const std::string id = next_id("cb_");
    tasks_[id] = {from, to};
    ++outcome_.tasks;
    nodes_[from]->offer(id, to);
}

void CitiesWorld::plan() {
    lost_ = static_cast<double>(dice_.between(0, 30)) / 100;
    doubled_ = static_cast<double>(dice_.between(0, 30)) / 100;
    slowest_ = dice_.time(100, dice_.chance(0.3) ? 8'000 : 1'000);
    const auto cuts = dice_.between(0, 8);
    for (std::int64_t i = 0; i < cuts; ++i) {
        const auto a = static_cast<std::size_t>(dice_.between(0, kCities - 1));
        const auto b = (a + static_cast<std::size_t>(dice_.between(1, kCities - 1))) % kCities;
        const MonoTime from = now_ + dice_.time(0, kChaos.count());
        partitions_.push_back({a, b, from, std::min(from + dice_.time(10'000, 80 * kMinuteMs), now_ + kChaos)});
    }
    const auto tasks = dice_.between(3, 20);
    for (std::int64_t i = 0; i < tasks; ++i) at(dice_.time(1'000, kChaos.count() * 3 / 4), [this] { offer(); });
    const auto bad_disk = dice_.chance(0.4) ? static_cast<std::size_t>(dice_.between(0, kCities - 1)) : kCities;
    for (std::size_t i = 0; i < kCities; ++i) {
        CityNode& node = *nodes_[i];
        if (i != bad_disk && dice_.chance(0.7))
            at(dice_.time(60'000, kChaos.count()), [&node] {
                if (node.up()) node.keep_backup();
            });
        if (dice_.chance(0.3)) at(dice_.time(60'000, kChaos.count()), [this, i] { crashed(i); });
        // A disk that fails again and again, and one backup for all of it.
        if (i == bad_disk) {
            at(dice_.time(60'000, kChaos.count() / 3), [&node] {
                if (node.up()) node.keep_backup();
            });
            for (int n = 0; n < 3; ++n)
                at(dice_.time(kChaos.count() / 3, kChaos.count()), [this, i] { crashed(i, true); });
        }
        for (Millis when = dice_.time(0, 60'000); when < kChaos; when += dice_.time(10 * kMinuteMs, 60 * kMinuteMs))
            at(when, [&node] { node.agents_come_and_go(); });
    }
}

// ---- A run ----------------------------------------------------------------------

bool CitiesWorld::healed() const {
    return !chaos() && std::all_of(nodes_.begin(), nodes_.end(), [](const auto& node) { return node->settled(); });
}

CitiesOutcome CitiesWorld::run() {
    for (auto& node : nodes_) node->start();
    plan();
    // People look at their screens now and then, in every city.
    std::function<void(std::size_t)> look = [&](std::size_t city) {
        nodes_[city]->people_act();
        at(dice_.time(20'000, 120'000), [&look, city] { look(city); });
    };
    for (std::size_t i = 0; i < kCities; ++i) at(dice_.time(0, 60'000), [&look, i] { look(i); });
    MonoTime next_look = now_ + kChaos;
    while (!events_.empty() && outcome_.broken.empty()) {
        Event event = events_.top();
        events_.pop();
        now_ = event.at;
        event.act();
        if (now_ < next_look) continue;
        next_look = now_ + Millis{60'000};
        if (healed() || now_.time_since_epoch() > kTooLong) break;
    }
    check_end();
    return outcome_;
}

CitiesOutcome run_cities(std::uint64_t seed, Planted planted, const std::string& folder) {
    return CitiesWorld(seed, planted, folder).run();
}

}  // namespace citybridge::sim
