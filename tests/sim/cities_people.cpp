// The people of a city by dice, its telephones, and the planted bugs.
#include "core/store/callback_reader.h"
#include "core/store/reader.h"
#include "tests/sim/cities_node.h"

namespace citybridge::sim {
namespace {

using What = relay::ActOnCallback::What;
using Ended = relay::CallbackDialEnded::Result;
constexpr Millis kDedupeWindow{2 * 60'000};

relay::ActOnCallback act(What what, const std::string& id) {
    relay::ActOnCallback out;
    out.what = what;
    out.id = id;
    return out;
}

// What a person is told who may not, or comes too late.
bool is_no(const Error& error) {
    return error.code == "callback.not_possible" || error.code == "callback.not_holder" ||
           error.code == "callback.needs_confirmation" || error.code == "callback.not_reconciled" ||
           error.code == "auth.forbidden";
}

}  // namespace

void CityNode::agents_come_and_go() {
    if (!up()) return;
    for (const char* name : {"a1", "a2", "a3"}) {
        auto agent = std::make_shared<Agent>();
        agent->id = this->name() + name;
        agent->state = world_.dice().chance(0.7) ? AgentPresence::ready : AgentPresence::logged_out;
        people_->heard(AgentChanged{agent});
    }
}

void CityNode::offer(const std::string& id, std::size_t target) {
    if (!up()) return;
    guarded([&] {
        relay::OfferCallback offer;
        offer.id = id;
        offer.target = CitiesWorld::names()[target];
        offer.number = "+86139" + id.substr(id.size() - 4);
        offer.promised_at = now().wall + Millis{15 * 60'000};
        offer.data["notes"] = "wants a flat near the lake";
        auto told = ask({id, {"a1", "agent", {}}, desk::StepCallback{offer}});
        if (!told) world_.broken(name() + " cannot offer: " + told.error().detail);
        pump();
    });
}

void CityNode::person(const std::string& user, relay::ActOnCallback what) {
    const bool dials = what.what == What::dial;
    if (dials) what.command = world_.next_id("cmd");
    const Dialling dialling{what.id, what.command, !what.confirmed_by.empty()};
    const bool takes_back = what.what == What::withdraw;
    const std::string role = user == "lead" ? "team_lead" : "agent";
    const auto told = ask({world_.next_id("act"), {user, role, {}}, desk::StepCallback{std::move(what)}});
    if (!told) {
        ++world_.outcome().refused;
        if (!is_no(told.error())) world_.broken(name() + ": " + told.error().code + ' ' + told.error().detail);
        return;
    }
    if (takes_back) ++world_.outcome().taken_back;
    if (dials) dial(dialling);
    pump();
}

// Committed before the telephone is told.
void CityNode::dial(const Dialling& what) {
    Dice& dice = world_.dice();
    const double fate = static_cast<double>(dice.between(0, 999)) / 1000;
    const std::uint64_t life = life_;
    Ended result = Ended::answered;
    if (fate < 0.08) result = Ended::not_dialled;  // the agent's own phone cannot be reached
    if (fate >= 0.08 && fate < 0.38) result = Ended::not_answered;
    const bool heard = fate < 0.94;  // else the answer is lost, and the dialling lasts until its limit
    if (result != Ended::not_dialled) world_.rang(index_, what.task, what.confirmed);
    if (!heard) return;
    world_.at(dice.time(5'000, 240'000), [this, what, result, life] {
        if (life != life_ || !up()) return;
        guarded([&] { dial_ended(what, result); });
    });
}

void CityNode::dial_ended(const Dialling& what, Ended result) {
    relay::CallbackDialEnded ended;
    ended.id = what.task;
    ended.command = what.command;
    ended.result = result;
    const auto told = ask({world_.next_id("end"), {"system", "system", {}}, desk::StepCallback{ended}});
    // A restored store may not know the task any more.
    if (!told && told.error().code != "callback.unknown") world_.broken(name() + ": " + told.error().detail);
    pump();
}

void CityNode::people_act() {
    if (!up() || open_.empty()) return;
    auto it = open_.begin();
    std::advance(it, world_.dice().between(0, static_cast<std::int64_t>(open_.size()) - 1));
    const CallbackRecord row = it->second;
    guarded([&] { act_on(row); });
}

void CityNode::act_on(const CallbackRecord& row) {
    const relay::CallbackDetail detail = relay::detail_of(row);
    if (detail.holder == relay::side_of(row)) return act_as_holder(row, detail);
    Dice& dice = world_.dice();
    if (row.side != "origin") {
        // Somebody who did not look: he must be told no.
        if (dice.chance(0.05)) person("a2", act(What::dial, row.id));
        return;
    }
    const bool worried = row.state == CallbackState::escalated || detail.told;
    if (dice.chance(worried ? 0.25 : 0.02)) person("lead", act(What::withdraw, row.id));
}

void CityNode::act_as_holder(const CallbackRecord& row, const relay::CallbackDetail& detail) {
    Dice& dice = world_.dice();
    if (row.state == CallbackState::dialling) {
        if (dice.chance(0.05)) person("lead", act(What::done, row.id));
        return;
    }
    const bool waits = detail.asked && dice.chance(0.6);
    if (row.state == CallbackState::uncertain && !waits) {
        relay::ActOnCallback dialled = act(What::dial, row.id);
        // First without asking anybody, which must be refused.
        if (dice.chance(0.7)) dialled.confirmed_by = "lead";
        if (dice.chance(0.5)) return person("lead", dialled);
        if (dice.chance(0.3)) return person("lead", act(What::failed, row.id));
    }
    if (row.state == CallbackState::assigned && detail.dialled_by_anybody() && dice.chance(0.5)) {
        relay::ActOnCallback again = act(What::dial, row.id);
        if (dice.chance(0.7)) again.confirmed_by = "lead";
        return person(row.owner.empty() ? "lead" : row.owner, dice.chance(0.6) ? again : act(What::failed, row.id));
    }
    row.side == "target" ? act_at_target(row) : act_at_origin(row);
}

void CityNode::act_at_target(const CallbackRecord& row) {
    Dice& dice = world_.dice();
    switch (row.state) {
        case CallbackState::accepted:
            if (dice.chance(0.5)) person("a2", act(dice.chance(0.5) ? What::take : What::dial, row.id));
            return;
        case CallbackState::assigned:
            if (dice.chance(0.5)) return person(row.owner, act(What::dial, row.id));
            if (dice.chance(0.1)) return person(row.owner, act(What::put_back, row.id));
            if (dice.chance(0.1)) return person("lead", act(What::give_back, row.id));
            return;
        case CallbackState::escalated: {
            if (dice.chance(0.3)) return person("lead", act(What::give_back, row.id));
            relay::ActOnCallback to = act(What::assign, row.id);
            to.to = "a3";
            return person("lead", to);
        }
        case CallbackState::uncertain:
            if (dice.chance(0.2)) person("lead", act(What::give_back, row.id));
            return;
        case CallbackState::offered:
        case CallbackState::received:
        case CallbackState::dialling:
        case CallbackState::done:
        case CallbackState::failed:
        case CallbackState::returned:
        case CallbackState::withdrawn: return;
    }
}

void CityNode::act_at_origin(const CallbackRecord& row) {
    Dice& dice = world_.dice();
    if (row.state != CallbackState::withdrawn && row.state != CallbackState::returned &&
        row.state != CallbackState::assigned)
        return;
    if (dice.chance(0.3)) {
        relay::ActOnCallback again = act(What::offer_again, row.id);
        again.promised_at = now().wall + Millis{15 * 60'000};
        return person("lead", again);
    }
    if (dice.chance(0.5)) return person("lead", act(What::dial, row.id));
    if (dice.chance(0.3)) person("lead", act(What::done, row.id));
}

// ---- Planted bugs -----------------------------------------------------------

// What was taken more than two minutes ago is forgotten.
void CityNode::forget_inbox() {
    if (world_.planted() != Planted::short_dedupe) return;
    store::Store::Retention retention;
    retention.inbox = kDedupeWindow;
    static_cast<void>(store_->forget(retention, now().wall, 10'000));
}

// A restart loses count of the take-backs.
void CityNode::reset_epochs() {
    Changes changes;
    for (const auto& [id, row] : open_) {
        changes.callback.callbacks.push_back(row);
        changes.callback.callbacks.back().epoch = 1;
    }
    commit(std::move(changes));
}

// Past the promise the origin helps itself.
void CityNode::take_back_by_timer() {
    Changes changes;
    for (const auto& [id, row] : open_) {
        relay::CallbackDetail detail = relay::detail_of(row);
        if (row.side != "origin" || detail.holder == relay::Holder::origin || !detail.told) continue;
        CallbackRecord mine = row;
        mine.state = CallbackState::withdrawn;
        ++mine.epoch;
        detail.holder = relay::Holder::origin;
        relay::keep_detail(mine, detail);
        changes.callback.callbacks.push_back(std::move(mine));
    }
    commit(std::move(changes));
}

// ---- What the checks read -----------------------------------------------------

namespace {

std::unique_ptr<store::Readers> readers_of(const std::string& file) {
    store::StoreSettings settings;
    settings.path = file;
    auto opened = store::open_readers(settings, 1);
    return opened ? std::move(*opened) : nullptr;
}

}  // namespace

std::vector<CallbackHistoryRecord> CityNode::history(const std::string& id) const {
    const auto readers = readers_of(file_);
    if (!readers) return {};
    auto rows = store::read_callback_history(*readers, id);
    return rows ? std::move(*rows) : std::vector<CallbackHistoryRecord>();
}

std::vector<CityRecord> CityNode::cities() const {
    const auto readers = readers_of(file_);
    if (!readers) return {};
    auto rows = store::read_cities(*readers);
    return rows ? std::move(*rows) : std::vector<CityRecord>();
}

std::vector<OutboxRecord> CityNode::outbox() const {
    const auto readers = readers_of(file_);
    if (!readers) return {};
    store::OutboxQuery all;
    all.limit = 100'000;
    auto rows = readers->outbox(all);
    return rows ? std::move(*rows) : std::vector<OutboxRecord>();
}

}  // namespace citybridge::sim
