#include "tests/sim/cities_node.h"

#include <algorithm>
#include <filesystem>

#include "core/relay/callback_detail.h"

namespace citybridge::sim {
namespace {

namespace fs = std::filesystem;
constexpr WallTime kEpoch{Millis{1'780'000'000'000}};
constexpr Millis kTries{10'000};  // without an answer a link tries again

store::StoreSettings settings_of(const std::string& file) {
    store::StoreSettings out;
    out.path = file;
    out.sync = false;       // the process outlives every crash that is played here
    out.vfs = "unix-excl";  // and nobody else opens its files: no lock is asked of the kernel for each statement
    return out;
}

DeliveryTraits link_traits() {
    DeliveryTraits out;
    out.schedule = {Millis{1'000}, Millis{5'000}, Millis{15'000}, Millis{60'000}};
    out.schedule.resize(5'000, Millis{120'000});
    out.connections = 4;
    out.jitter = 0.2;
    return out;
}

// One city keeps hours; the others never close.
desk::Calendars calendars_of(std::size_t index) {
    static const desk::Calendars kHours = [] {
        desk::CalendarDoc doc;
        for (auto& day : doc.week) day = {{8 * 60, 12 * 60}, {13 * 60, 18 * 60}};
        return desk::Calendars(desk::Calendar(doc));
    }();
    static const desk::Calendars kAlways;
    return index + 1 == CitiesWorld::kCities ? kHours : kAlways;
}

std::vector<UserRecord> users_of(const std::string& city) {
    std::vector<UserRecord> out;
    for (const char* name : {"a1", "a2", "a3"}) {
        UserRecord user;
        user.name = name;
        user.role = "agent";
        user.agent = city + name;
        user.device = user.agent;
        out.push_back(user);
    }
    return out;
}

void copy_store(const std::string& from, const std::string& to) {
    for (const char* part : {"", "-wal"}) {
        std::error_code none;
        fs::remove(to + part, none);
        if (fs::exists(from + part)) fs::copy_file(from + part, to + part, fs::copy_options::overwrite_existing);
    }
    std::error_code none;
    fs::remove(to + "-shm", none);
}

}  // namespace

CityNode::CityNode(CitiesWorld& world, std::size_t index)
    : world_(world), index_(index), file_(world.folder() + '/' + name() + ".sqlite") {
    copy_store(world.template_store(), file_);
    skew_ = world.dice().time(-300'000, 300'000);
}

Now CityNode::now() const { return {kEpoch + world_.now().time_since_epoch() + skew_, world_.now()}; }

desk::Desk CityNode::make_desk() const {
    desk::DeskSettings settings;
    settings.city = name();
    relay::CallbackSettings& callbacks = settings.cities.callbacks;
    callbacks.city = name();
    callbacks.generation = generation_;
    callbacks.life = store_life_;
    callbacks.group = "callbacks";
    callbacks.exchange_at_once = 2;  // so that few tasks are exchanged in many messages
    callbacks.pulled = index_ == 1;
    for (const std::string& other : CitiesWorld::names())
        if (other != name()) callbacks.cities[other] = {"link." + other};
    return {std::move(settings), desk::FlowSet{}, calendars_of(index_)};
}

void CityNode::start() {
    auto opened = store::open_store(settings_of(file_));
    if (!opened) return world_.broken(name() + " cannot open its store: " + opened.error().detail);
    store_ = std::move(*opened);
    ++life_;
    if (life_ > 1) {
        downs.emplace_back(died_at_, world_.now());
        if (world_.dice().chance(0.2)) skew_ += world_.dice().time(-60'000, 60'000);
    }
    const auto generation = store_->meta("generation");
    generation_ = generation && !generation->empty() ? std::stoll(*generation) : 0;
    store_life_ = *store_->meta("life");
    if (store_life_.empty()) new_life(*store_);
    // As if the file had been put back by hand.
    if (world_.planted() == Planted::forgets_generation) {
        generation_ = 0;
        store_life_ = "L0";
    }
    desk_ = std::make_unique<desk::Desk>(make_desk());
    people_ = std::make_unique<PeopleCache>();
    people_->load(users_of(name()), {});
    relay::RelaySettings relaying;
    relaying.seed = static_cast<std::uint64_t>(world_.dice().between(1, 1'000'000'000));
    relay_ = std::make_unique<relay::Relay>(relaying);
    next_seq_ = *store_->last_outbox_seq() + 1;
    Wanted wanted;
    for (const std::string& other : CitiesWorld::names()) {
        if (other == name()) continue;
        relay_->add_destination("link." + other, link_traits(), *store_->parked_keys("link." + other), false);
        wanted.callback.open_of.push_back(other);
    }
    open_.clear();
    auto rows = store_->load(wanted);
    for (CallbackRecord& row : rows->callback.callbacks) {
        check_hand(row);
        open_[row.id] = row;
    }
    world_.happened(name() + " starts");
    agents_come_and_go();
    guarded([&] {
        if (world_.planted() == Planted::epoch_reset && life_ > 1) reset_epochs();
        greet();
        // Diallings of the life before: nobody heard what became of them.
        std::vector<Dialling> unknown;
        for (const auto& [id, row] : open_)
            if (row.state == CallbackState::dialling && relay::detail_of(row).holder == relay::side_of(row))
                unknown.push_back({id, relay::detail_of(row).command});
        for (const Dialling& each : unknown) dial_ended(each, relay::CallbackDialEnded::Result::unknown);
        pump();
    });
}

void CityNode::greet() {
    for (const std::string& other : CitiesWorld::names())
        if (other != name())
            static_cast<void>(
                ask({world_.next_id("greet"), {"system", "system", {}}, desk::StepCallback{relay::GreetCity{other}}}));
}

void CityNode::die() {
    if (!up()) return;
    world_.happened(name() + " dies");
    died_at_ = world_.now();
    ++life_;
    relay_.reset();
    desk_.reset();
    people_.reset();
    open_.clear();
    wake_at_.reset();
    pumping_ = false;
    store_.reset();
}

void CityNode::keep_backup() {
    copy_store(file_, file_ + ".backup");
    has_backup_ = true;
    backup_at_ = world_.now();
}

// Precondition: down.
void CityNode::restore() {
    if (!has_backup_) return;
    world_.happened(name() + " is restored");
    ++world_.outcome().restores;
    lives_lost.emplace_back(backup_at_, world_.now());
    hands_.clear();
    copy_store(file_ + ".backup", file_);
    auto opened = store::open_store(settings_of(file_));
    if (!opened) return world_.broken(name() + " cannot open its backup: " + opened.error().detail);
    // As core/store/generation.cpp does, by the seed's dice and with small steps: on another machine nothing is known
    // of the lives after the backup, and one of them may have had the same number.
    const auto kept = (*opened)->meta("generation");
    const std::int64_t of_backup = kept && !kept->empty() ? std::stoll(*kept) : 0;
    const bool same_machine = world_.dice().chance(0.4);
    generation_ = (same_machine ? std::max(generation_, of_backup) : of_backup) + world_.dice().between(1, 3);
    if (generation_ <= highest_generation_) ++world_.outcome().outlived;
    highest_generation_ = std::max(highest_generation_, generation_);
    if (!(*opened)->set_meta("generation", std::to_string(generation_))) world_.broken("no generation");
    new_life(**opened);
}

void CityNode::new_life(store::Store& store) {
    store_life_ = world_.next_id("L");
    if (!store.set_meta("life", store_life_)) world_.broken("no life");
}

// Not in healing, so that it ends.
void CityNode::crash_maybe() {
    if (world_.chaos() && world_.dice().chance(0.002)) throw Crashed{};
}

void CityNode::guarded(const std::function<void()>& work) {
    try {
        work();
    } catch (const Crashed&) {
        world_.crashed(index_);
    }
}

Result<desk::Decision> CityNode::ask(const desk::Request& request) {
    Batch batch(people_.get());
    auto first = store_->load(desk_->needs(request));
    if (!first) {
        world_.broken(name() + " cannot read: " + first.error().detail);
        return first.error();
    }
    batch.fill(std::move(*first));
    Wanted next = desk_->needs_next(batch, request);
    next.people = false;
    auto second = store_->load(next);
    if (second) batch.fill(std::move(*second));
    auto decision = desk_->apply(batch, request, now());
    if (!decision) return decision;
    batch.take(std::move(decision->changes));
    commit(batch.release());
    return decision;
}

void CityNode::commit(Changes changes) {
    if (changes.empty()) return;
    for (OutboxRecord& row : changes.outbox) row.seq = next_seq_++;
    crash_maybe();
    const auto outcome = store_->commit(std::to_string(life_) + '-' + std::to_string(++batches_) + world_.next_id("b"),
                                        changes, now().wall);
    if (outcome.commit != store::Commit::done)
        world_.broken(name() + " cannot write: " + outcome.error.code + ' ' + outcome.error.detail);
    crash_maybe();
    committed(changes);
}

void CityNode::committed(const Changes& changes) {
    for (const CallbackRecord& row : changes.callback.callbacks) {
        world_.happened(name() + ' ' + row.id + ' ' + std::string(to_string(row.state)) + " e" +
                        std::to_string(row.epoch) + " v" + std::to_string(row.version));
        check_hand(row);
        if (row.closed_at)
            open_.erase(row.id);
        else
            open_[row.id] = row;
    }
    if (!changes.outbox.empty()) relay_->added(changes.outbox, now());
    plan_wake();
}

// ---- Messages ---------------------------------------------------------------

void CityNode::pump() {
    if (std::exchange(pumping_, true)) return;
    for (;;) {
        std::vector<relay::Send> sends;
        relay_->poll(now(), sends);
        for (const relay::Send& each : sends) {
            const std::uint64_t life = life_;
            const std::string id = each.message.id;
            world_.send(index_, each.message,
                        [this, id, life](const DeliveryReply& reply) { answered(id, reply, life); });
            DeliveryReply none;
            none.outcome = DeliveryOutcome::unclear;
            none.code = "no_answer";
            world_.at(kTries, [this, id, life, none] { answered(id, none, life); });
        }
        if (!relay_->decisions().empty()) world_.broken("a link that knows our keys needs no marks");
        const bool loaded = load_wanted();
        if (sends.empty() && !loaded) break;
    }
    pumping_ = false;
    plan_wake();
}

bool CityNode::load_wanted() {
    const std::vector<relay::WantRows> wants = relay_->wants();
    for (const relay::WantRows& want : wants) {
        auto rows = want.key.empty() ? store_->pending_outbox(want.destination, want.after_seq, want.limit)
                                     : store_->pending_outbox_of_key(want.destination, want.key);
        if (rows) relay_->loaded(want, *rows, now());
    }
    return !wants.empty();
}

void CityNode::answered(const std::string& id, const DeliveryReply& reply, std::uint64_t life) {
    if (life != life_ || !up()) return;
    guarded([&] {
        const auto outcome = relay_->replied(id, reply, now());
        if (!outcome) return;
        Changes changes;
        changes.deliveries.push_back(outcome->progress);
        commit(std::move(changes));
        relay_->committed(id);
        pump();
    });
}

void CityNode::take(const OutboxRecord& message, std::size_t from, const std::function<void(DeliveryReply)>& answer) {
    if (!up()) return;
    InboundMessage inbound;
    inbound.source = "city:" + CitiesWorld::names()[from];
    inbound.id = message.id;
    inbound.sent_at = message.created_at;
    inbound.type = "city_message";
    inbound.data = nlohmann::ordered_json::parse(message.payload);
    if (world_.planted() == Planted::untold_lives) inbound.data.erase("heard");
    DeliveryReply reply;
    reply.outcome = DeliveryOutcome::delivered;
    if (world_.planted() == Planted::ack_before_commit) answer(reply);
    guarded([&] {
        auto taken = ask({world_.next_id("take"), {inbound.source, "node", {}}, desk::TakeInbound{inbound}});
        if (!taken) {
            world_.broken(name() + " refuses " + message.id + ": " + taken.error().detail);
            reply.outcome = DeliveryOutcome::refused;
        } else if (taken->reply.body.find("duplicate") != std::string::npos) {
            ++world_.outcome().duplicates;
        }
        answer(reply);
        pump();
    });
}

void CityNode::plan_wake() {
    std::optional<MonoTime> next = relay_->next_deadline();
    for (const auto& [id, row] : open_)
        if (row.due_at) {
            const MonoTime due = world_.now() + std::max(Millis{1}, *row.due_at - now().wall);
            if (!next || due < *next) next = due;
        }
    if (!next || (wake_at_ && *wake_at_ <= *next)) return;
    wake_at_ = *next;
    const std::uint64_t life = life_;
    const MonoTime planned = *next;
    world_.at(std::max(Millis{0}, planned - world_.now()), [this, life, planned] {
        if (life != life_ || !up() || wake_at_ != planned) return;
        wake_at_.reset();
        guarded([this] { wake(); });
    });
}

void CityNode::wake() {
    take_due();
    forget_inbox();
    pump();
}

void CityNode::take_due() {
    std::vector<std::string> due;
    for (const auto& [id, row] : open_)
        if (row.due_at && *row.due_at <= now().wall) due.push_back(id);
    for (const std::string& id : due) {
        auto told = ask({world_.next_id("due"), {"system", "system", {}}, desk::StepCallback{relay::CallbackDue{id}}});
        if (!told) world_.broken(name() + " cannot look at " + id + ": " + told.error().detail);
    }
    if (world_.planted() == Planted::take_back_by_timer) take_back_by_timer();
}

// ---- Checks -----------------------------------------------------------------

// Who held a task is never forgotten but with a store.
void CityNode::check_hand(const CallbackRecord& row) {
    const std::pair hand(row.epoch, relay::detail_of(row).hand);
    auto& highest = hands_[row.id];
    if (hand < highest)
        world_.broken("(epoch, hand) of " + row.id + " goes backwards in " + name() + ", from (" +
                      std::to_string(highest.first) + ", " + std::to_string(highest.second) + ") to (" +
                      std::to_string(hand.first) + ", " + std::to_string(hand.second) + ")\n" +
                      world_.histories(row.id));
    highest = std::max(highest, hand);
}

std::optional<CallbackRecord> CityNode::row(const std::string& id) const {
    Wanted wanted;
    wanted.callback.callbacks.push_back(id);
    auto rows = store_->load(wanted);
    if (!rows || rows->callback.callbacks.empty()) return {};
    return rows->callback.callbacks.front();
}

bool CityNode::inbox_has(const std::string& source, const std::string& id) const {
    Wanted wanted;
    wanted.inbox.emplace_back(source, id);
    const auto rows = store_->load(wanted);
    return rows && !rows->inbox.empty();
}

bool CityNode::settled() const {
    if (!up() || !open_.empty()) return false;
    for (const relay::DestinationStatus& each : relay_->status())
        if (each.held > 0 || each.on_the_way > 0) return false;
    return true;
}

}  // namespace citybridge::sim
