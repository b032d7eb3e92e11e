#include "tests/sim/relay_world.h"

namespace citybridge::sim {

namespace {

constexpr Millis kHour{3'600'000};
constexpr Millis kGiveUp{kHour * 24 * 60};

Faults rolled_faults(Dice& dice) {
    Faults faults;
    const auto share = [&dice](std::int64_t percent) { return static_cast<double>(dice.between(0, percent)) / 100.0; };
    faults.lost = share(20);
    faults.late = share(20);
    faults.error = share(25);
    faults.busy = share(20);
    faults.refuse = share(8);
    faults.find_fails = share(30);
    if (dice.chance(0.4)) {
        faults.down_from = MonoTime{dice.time(0, 600'000)};
        faults.down_to = faults.down_from + kHour;
        faults.down_with_500 = dice.chance(0.5);
    }
    return faults;
}

}  // namespace

RelayWorld::RelayWorld(Repeats repeats, Mutant mutant, std::uint64_t seed)
    : dice_(seed),
      repeats_(repeats),
      mutant_(mutant),
      far_(repeats, rolled_faults(dice_), dice_),
      to_produce_(static_cast<std::size_t>(dice_.between(20, 70))),
      crashes_left_(static_cast<std::size_t>(dice_.between(0, 25))),
      crash_share_(static_cast<double>(dice_.between(0, 40)) / 1000.0),
      commit_fails_(static_cast<double>(dice_.between(0, 100)) / 1000.0) {
    traits_.repeats = repeats;
    traits_.far_timeout = mutant == Mutant::ignores_far_timeout ? Millis{0} : kFarTimeout;
    traits_.connections = static_cast<std::size_t>(dice_.between(1, 5));
    traits_.schedule = {Millis{1'000}, Millis{5'000}, Millis{30'000}, Millis{120'000}, Millis{600'000}};
    settings_.window = static_cast<std::size_t>(dice_.between(1, 12));
    settings_.breaker_failures = static_cast<std::size_t>(dice_.between(2, 10));
    settings_.seed = seed;
}

void RelayWorld::at(Millis after, std::function<void()> act) {
    events_.push({now_ + after, next_event_++, std::move(act)});
}

void RelayWorld::soon(Millis after, std::function<void()> act) {
    at(after, [this, life = generation_, act = std::move(act)] {
        if (relay_ && life == generation_) act();
    });
}

bool RelayWorld::crash_here() {
    if (crashes_left_ == 0 || !dice_.chance(crash_share_)) return false;
    --crashes_left_;
    relay_.reset();
    under_way_.clear();
    // While it is down somebody may set the clock.
    if (dice_.chance(0.2)) wall_offset_ += Millis{dice_.between(-86'400'000, 86'400'000)};
    at(dice_.time(10, 60'000), [this] { start_node(); });
    return true;
}

void RelayWorld::start_node() {
    if (closing_) return;
    ++generation_;
    wake_.reset();
    relay_ = std::make_unique<relay::Relay>(settings_);
    std::set<std::string> parked;
    for (const auto& [seq, row] : rows_)
        if (row.state == OutboxState::dead || row.state == OutboxState::possibly_done) parked.insert(row.key);
    if (mutant_ == Mutant::forgets_parking) parked.clear();
    relay_->add_destination("far", traits_, {parked.begin(), parked.end()}, false);
    pump();
}

void RelayWorld::produce() {
    if (to_produce_ == 0) return;
    at(dice_.time(0, dice_.chance(0.1) ? 300'000 : 400), [this] { produce(); });
    if (!relay_) return;
    std::vector<OutboxRecord> fresh;
    for (auto left = dice_.between(1, 4); left > 0 && to_produce_ > 0; --left, --to_produce_) {
        OutboxRecord row;
        row.seq = static_cast<std::int64_t>(rows_.size()) + 1;
        row.key = "order" + std::to_string(dice_.between(1, 8));
        row.id = row.key + "." + std::to_string(row.seq) + ".far";
        row.destination = "far";
        row.created_at = row.next_at = now().wall;
        rows_[row.seq] = row;
        seq_of_[row.id] = row.seq;
        fresh.push_back(row);
    }
    if (crash_here()) return;
    relay_->added(fresh, now());
    pump();
}

void RelayWorld::pump() {
    if (!relay_) return;
    pump_wants();
    std::vector<relay::Send> sends;
    relay_->poll(now(), sends);
    if (crash_here()) return;
    for (relay::Outcome& outcome : relay_->decisions()) keep(std::move(outcome));
    for (const relay::Send& send : sends) carry_out(send);
    const auto deadline = relay_->next_deadline();
    if (!deadline || (wake_ && *wake_ <= *deadline && *wake_ > now_)) return;
    wake_ = deadline;
    soon(std::max(*deadline - now_, Millis{1}), [this] { pump(); });
}

void RelayWorld::pump_wants() {
    for (auto wants = relay_->wants(); !wants.empty(); wants = relay_->wants()) {
        for (const relay::WantRows& want : wants) {
            if (dice_.chance(commit_fails_)) {
                relay_->not_loaded(want);
                soon(Millis{100}, [this] { pump(); });
                return;
            }
            std::vector<OutboxRecord> found;
            for (auto row = rows_.upper_bound(want.after_seq); row != rows_.end(); ++row) {
                if (want.key.empty() && found.size() == want.limit) break;
                if (row->second.state != OutboxState::pending) continue;
                if (want.key.empty() || row->second.key == want.key) found.push_back(row->second);
            }
            relay_->loaded(want, found, now());
        }
    }
}

void RelayWorld::check_send(const OutboxRecord& message) {
    const OutboxRecord& stored = rows_.at(message.seq);
    if (stored.state != OutboxState::pending)
        broken(message.id + " sent while " + std::string(to_string(stored.state)));
    if (!under_way_.insert(message.id).second) broken(message.id + " sent while on its way");
    if (under_way_.size() > traits_.connections) broken("more on the way than connections");
    for (const auto& [seq, other] : rows_) {
        if (other.key != message.key || seq == message.seq) continue;
        if (under_way_.contains(other.id)) broken(message.id + " sent beside " + other.id);
        if (seq > message.seq || stored.out_of_turn) continue;
        if (other.state != OutboxState::delivered && other.state != OutboxState::cancelled)
            broken(message.id + " sent before the end of " + other.id);
    }
}

void RelayWorld::carry_out(const relay::Send& send) {
    ++sends_;
    check_send(send.message);
    const OutboxRecord message = send.message;
    if (send.find) {
        soon(dice_.time(1, 500), [this, message] {
            under_way_.erase(message.id);
            FindReply reply = far_.look(message, now_);
            if (mutant_ == Mutant::ignores_must_find) reply.outcome = FindReply::Outcome::absent;
            if (auto outcome = relay_->found(message.id, reply, now())) keep(std::move(*outcome));
            if (!crash_here()) pump();
        });
        return;
    }
    const Fate fate = far_.request(message, now_);
    // The far side goes on whatever becomes of the node.
    if (fate.effect_after) at(*fate.effect_after, [this, message] { far_.take_effect(message); });
    soon(fate.answer_after, [this, message, reply = fate.reply] {
        under_way_.erase(message.id);
        if (crash_here()) return;
        if (auto outcome = relay_->replied(message.id, reply, now())) keep(std::move(*outcome));
        if (!crash_here()) pump();
    });
}

void RelayWorld::keep(relay::Outcome outcome) {
    const bool mark = !outcome.ended && outcome.progress.must_find && repeats_ == Repeats::neither;
    if (mutant_ == Mutant::skips_mark && mark) {
        relay_->committed(outcome.progress.id);
        soon(Millis{1}, [this] { pump(); });
        return;
    }
    if (mutant_ == Mutant::skips_commit_wait) {
        relay_->committed(outcome.progress.id);
        // Later by far than the strand ever is, so that a crash has time to come first.
        soon(dice_.time(0, 2'000), [this, outcome] {
            OutboxRecord& row = rows_.at(seq_of_.at(outcome.progress.id));
            row = relay::with_progress(row, outcome.progress);
        });
        soon(Millis{1}, [this] { pump(); });
        return;
    }
    soon(dice_.time(0, 20), [this, outcome = std::move(outcome)] { commit(outcome); });
}

void RelayWorld::commit(const relay::Outcome& outcome) {
    if (crash_here()) return;
    if (dice_.chance(commit_fails_)) {
        relay_->commit_failed(outcome.progress.id, now());
        pump();
        return;
    }
    OutboxRecord& row = rows_.at(seq_of_.at(outcome.progress.id));
    if (row.state != OutboxState::pending)
        broken(row.id + " ends as " + std::string(to_string(outcome.progress.state)) + " after " +
               std::string(to_string(row.state)));
    row = relay::with_progress(row, outcome.progress);
    if (row.state == OutboxState::possibly_done) were_possibly_done_.insert(row.id);
    if (crash_here()) return;
    relay_->committed(row.id);
    pump();
}

bool RelayWorld::still_parked(const OutboxRecord& row) const {
    for (const auto& [seq, other] : rows_)
        if (other.key == row.key && seq != row.seq &&
            (other.state == OutboxState::dead || other.state == OutboxState::possibly_done))
            return true;
    return false;
}

void RelayWorld::act(OutboxRecord& row, const OutboxProgress& progress) {
    row = relay::with_progress(row, progress);
    if (row.out_of_turn) ever_out_of_turn_.insert(row.id);
    if (crash_here()) return;
    relay_->acted(row, still_parked(row), now());
    pump();
}

// Looks at what was given up, long after the far side has ended whatever it was at: what is there is closed, what is
// not is sent again, now and then past the others.
void RelayWorld::person_acts() {
    at(kHour * 3, [this] { person_acts(); });
    for (auto& [seq, row] : rows_) {
        if (!relay_) return;
        const bool past = dice_.chance(0.1);
        if (row.state == OutboxState::possibly_done && far_.has(row.id)) {
            if (auto progress = relay_->cancel(row, now())) act(row, *progress);
        } else if (row.state == OutboxState::dead || row.state == OutboxState::possibly_done ||
                   (row.state == OutboxState::pending && past && dice_.chance(0.2))) {
            if (auto progress = relay_->replay(row, past, now())) act(row, *progress);
        }
    }
}

bool RelayWorld::all_ended() const {
    if (to_produce_ > 0) return false;
    for (const auto& [seq, row] : rows_)
        if (row.state != OutboxState::delivered && row.state != OutboxState::cancelled) return false;
    return true;
}

void RelayWorld::check_end() {
    std::map<std::string, std::int64_t> last_of_key;
    for (const OutboxRecord& effect : far_.ledger()) {
        if (ever_out_of_turn_.contains(effect.id)) continue;
        if (effect.seq < last_of_key[effect.key]) broken(effect.id + " took effect after a later one of its key");
        last_of_key[effect.key] = effect.seq;
    }
    for (const auto& [seq, row] : rows_) {
        const int effects = far_.count(row.id);
        if (row.state != OutboxState::delivered && row.state != OutboxState::cancelled)
            broken(row.id + " never ended: " + std::string(to_string(row.state)));
        if (effects > 1) broken(row.id + " took effect " + std::to_string(effects) + " times");
        if (effects == 0 && row.state != OutboxState::pending) broken(row.id + " has ended and took no effect");
        if (row.state == OutboxState::cancelled && !were_possibly_done_.contains(row.id))
            broken(row.id + " was closed by a person without having been unclear");
    }
    if (repeats_ != Repeats::neither && !were_possibly_done_.empty()) broken("possibly_done where it can be known");
}

std::vector<std::string> RelayWorld::run() {
    start_node();
    at(Millis{1}, [this] { produce(); });
    at(kHour * 3, [this] { person_acts(); });
    while (!all_ended() && broken_.empty() && now_ < MonoTime{kGiveUp}) {
        const Event event = events_.top();
        events_.pop();
        now_ = event.at;
        if (dice_.chance(0.0005)) wall_offset_ += Millis{dice_.between(-7'200'000, 7'200'000)};
        event.act();
    }
    // What is still at work at the far side comes to its end.
    relay_.reset();
    closing_ = true;
    const MonoTime settled = now_ + kFarTimeout + kOurTimeout;
    while (!events_.empty() && events_.top().at <= settled) {
        const Event event = events_.top();
        events_.pop();
        now_ = event.at;
        event.act();
    }
    check_end();
    return broken_;
}

}  // namespace citybridge::sim
