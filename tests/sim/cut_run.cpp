#include "tests/sim/cut_run.h"

#include <utility>

#include "core/calls/call_book.h"

namespace citybridge::sim {
namespace {

// Long enough for every wrap-up and sweep to be over.
constexpr Millis kAfterwards{3'600'000};

// A session that is still taking its snapshot is done after this.
constexpr Millis kSettling{2'000};

class Witness {
public:
    explicit Witness(Told& told) : told_(told) {}

    void see(const Event& event, WallTime at) {
        if (const auto* change = std::get_if<ContactChanged>(&event)) see_contact(*change, at);
        if (const auto* change = std::get_if<OfferChanged>(&event)) see_offer(*change, at);
        if (const auto* change = std::get_if<AgentChanged>(&event)) {
            told_.agent_since.try_emplace(change->agent->id, at);
            told_.agent_until[change->agent->id] = at;
            const std::string& reason = change->agent->reason;
            if (std::exchange(reasons_[change->agent->id], reason) != reason)
                told_.reason_since[change->agent->id] = at;
        }
    }

    // Its clients are given what it knows; what it does not find on the PBX is not there for them either.
    void node_restarted() {
        started_.clear();
        std::erase_if(told_.contacts, [](const auto& each) { return !each.second->ended_at; });
        for (const auto& [id, contact] : told_.contacts) told_.told_before.insert(id);
    }

private:
    void see_contact(const ContactChanged& change, WallTime at) {
        const Contact& contact = *change.contact;
        if (gone_.contains(contact.id)) complain(contact.id, "told of after its end");
        told_.contacts[contact.id] = change.contact;
        if (change.what == ContactChanged::What::started && !started_.insert(contact.id).second)
            complain(contact.id, "started twice");
        if (change.what != ContactChanged::What::started && !started_.contains(contact.id))
            complain(contact.id, "told of before its start");
        if (change.what == ContactChanged::What::merged) {
            told_.merged[contact.id] = change.merged_into;
            told_.merged_at[contact.id] = at;
        }
        if (change.what == ContactChanged::What::ended || change.what == ContactChanged::What::merged)
            ending_.push_back(contact.id);
        const auto seen = [&](const std::string& part) { told_.first_seen.try_emplace(contact.id + "/" + part, at); };
        for (const Offer& offer : contact.offers) seen("offer/" + offer.id);
        for (const Hold& hold : contact.holds) seen("hold/" + to_rfc3339(hold.from));
        for (const Transfer& transfer : contact.transfers) seen("transfer/" + words_of(transfer));
        for (const Leg& leg : contact.legs) {
            for (const std::string& id : leg.pbx_ids) seen("leg/" + id);
            const auto [role, fresh] = roles_.try_emplace(role_key(contact, leg), leg.role);
            if (fresh || std::exchange(role->second, leg.role) != leg.role) told_.role_since[role->first] = at;
        }
        for (const auto& [name, value] : contact.attributes) seen("attribute/" + name + "/" + value);
        if (contact.survey) seen("survey");
    }

    void see_offer(const OfferChanged& change, WallTime at) {
        if (change.what != OfferChanged::What::shown) return;
        if (++told_.shown[change.offer.id] > 1) complain(change.contact->id, "second pop for " + change.offer.agent);
        told_.shown_at.try_emplace(change.offer.id, at);
        // The end itself may be told just before, from the same signal; the pop is then for nobody.
        if (change.contact->ended_at) complain(change.contact->id, "popped after its end");
    }

    void complain(const std::string& contact, const std::string& what) {
        told_.violations.push_back(contact + ": " + what);
    }

public:
    // After all events of one signal: what ended in it may not be heard of again.
    void signal_done() {
        for (std::string& id : ending_) gone_.insert(std::move(id));
        ending_.clear();
    }

private:
    Told& told_;
    std::set<std::string> started_;
    std::set<std::string> gone_;
    std::map<std::string, std::string> reasons_;
    std::map<std::string, LegRole> roles_;
    std::vector<std::string> ending_;
};

class Player {
public:
    Player(const RecordedPbx& pbx, const Plan& plan) : pbx_(pbx), plan_(plan), witness_(told_) {}

    Told run() {
        const std::size_t total = plan_.order.empty() ? pbx_.size() : plan_.order.size();
        if (total == 0) return std::move(told_);
        // In time before the first call, so that the first snapshot is not of its middle.
        now_ = moment(0);
        now_.wall -= kSettling;
        now_.mono -= kSettling;
        start_node();
        connect();
        advance({moment(0).wall - Millis{1}, moment(0).mono - Millis{1}});
        auto cut = plan_.cuts.begin();
        for (std::size_t n = 0; n < total;) {
            if (cut != plan_.cuts.end() && cut->seen == n) {
                const WallTime heard = now_.wall;
                refuses_ = true;
                for (const std::size_t end = std::min(n + cut->refused, total); n < end; ++n) hear(n);
                refuses_ = false;
                n = std::min(n + cut->lost, total);
                happened_ = n;
                cut_link(*cut++, n, heard);
                continue;
            }
            hear(n);
            ++n;
        }
        finish();
        return std::move(told_);
    }

private:
    std::size_t index(std::size_t n) const { return plan_.order.empty() ? n : plan_.order[n]; }
    Now moment(std::size_t n) const {
        const WallTime wall = std::max(pbx_.at(index(n)), now_.wall);
        return {wall, MonoTime{wall - pbx_.at(0) + kSettling + Millis{1}}};
    }

    void hear(std::size_t n) {
        advance(moment(n));
        happened_ = n + 1;
        give(pbx_.bytes(index(n)));
    }

    void start_node() {
        client_ = pbx_.client();
        book_ = std::make_unique<calls::CallBook>(
            calls::CallSettings{.city = "beijing", .pbx = "pbx1", .actions = {CallAction::hangup}});
        witness_.node_restarted();
    }

    void connect() {
        client_->connected(now_);
        give(pbx_.greeting());
    }

    // The link breaks right after the last message seen and works again right after the last one lost.
    void cut_link(const Cut& cut, std::size_t next, WallTime heard) {
        Gap gap{heard, now_.wall, cut.restart};
        client_->closed(now_, cut.refused > 0);
        settle();
        if (cut.restart) {
            gap.from = WallTime{Millis{std::numeric_limits<Millis::rep>::min() / 2}};
            start_node();
        }
        if (next > 0) now_ = moment(next - 1);
        std::vector<Event> events;
        book_->tick(now_, events);
        take(events);
        gap.to = now_.wall;
        gap.from -= pbx_.grain();
        gap.to += pbx_.grain();
        // Cut again before the lists were there: nothing between was seen.
        if (!std::exchange(looked_, false) && !told_.gaps.empty()) {
            gap.from = told_.gaps.back().from;
            gap.restart = gap.restart || told_.gaps.back().restart;
            told_.gaps.pop_back();
        }
        told_.gaps.push_back(gap);
        ahead_ = std::min(cut.ahead, pbx_.size() - next);
        connect();
        ahead_ = 0;
    }

    // Pings and time-outs that fall due before the next message.
    void advance(Now to) {
        while (const auto due = client_->deadline()) {
            if (*due > to.mono) break;
            now_.mono = std::max(now_.mono, *due);
            now_.wall = to.wall - (to.mono - now_.mono);
            client_->tick(now_);
            settle();
            if (client_->deadline() == due) break;
        }
        now_ = to;
        std::vector<Event> events;
        book_->tick(now_, events);
        take(events);
    }

    void give(std::string_view bytes) {
        client_->bytes(bytes, now_);
        settle();
    }

    void settle() {
        for (;;) {
            ClientOutput out = client_->take();
            for (const PbxSignal& signal : out.signals) apply(signal);
            if (out.write.empty() || out.close) return;
            const std::string answer = pbx_.answer(out.write, happened_ + ahead_, now_.wall);
            if (answer.empty()) return;
            client_->bytes(answer, now_);
        }
    }

    void apply(const PbxSignal& signal) {
        const bool snapshot = std::holds_alternative<signal::Snapshot>(signal.body);
        // A session may take its time for the snapshot; what it heard meanwhile comes after it.
        if (snapshot && !told_.gaps.empty())
            told_.gaps.back().to = std::max(told_.gaps.back().to, now_.wall + pbx_.grain());
        looked_ = looked_ || snapshot;
        if ((snapshot && !plan_.look) || refuses_) return;
        if (std::holds_alternative<signal::BridgeEntered>(signal.body)) told_.entered[signal.channel].insert(signal.at);
        std::vector<Event> events;
        book_->apply(signal, now_, events);
        if (snapshot && plan_.pops_again) pop_again(events);
        take(events);
    }

    void pop_again(std::vector<Event>& events) const {
        for (const ContactPtr& contact : book_->contacts())
            for (const Offer& offer : contact->offers)
                if (offer.state == OfferState::shown)
                    events.emplace_back(OfferChanged{OfferChanged::What::shown, offer, contact});
    }

    void take(const std::vector<Event>& events) {
        for (const Event& event : events) witness_.see(event, now_.wall);
        witness_.signal_done();
    }

    void finish() {
        advance({now_.wall + kSettling, now_.mono + kSettling});
        now_.wall += kAfterwards;
        now_.mono += kAfterwards;
        std::vector<Event> events;
        book_->tick(now_, events);
        take(events);
        for (const ContactPtr& contact : book_->contacts()) told_.open.insert(contact->id);
        for (const AgentPtr& agent : book_->agents()) told_.agents[agent->id] = agent;
    }

    const RecordedPbx& pbx_;
    const Plan& plan_;
    Told told_;
    Witness witness_;
    std::unique_ptr<Client> client_;
    std::unique_ptr<calls::CallBook> book_;
    std::size_t happened_ = 0;
    std::size_t ahead_ = 0;
    bool looked_ = false;   // at the lists, since the link works again
    bool refuses_ = false;  // the live strand is full
    Now now_{};
};

}  // namespace

std::string role_key(const Contact& contact, const Leg& leg) {
    return contact.id + "/" + (leg.pbx_ids.empty() ? leg.number : leg.pbx_ids.front());
}

std::string words_of(const Transfer& transfer) {
    return std::string(to_string(transfer.kind)) + " transfer from " + transfer.from_agent + " to " + transfer.to +
           " " + std::string(to_string(transfer.result)) + " at " + to_rfc3339(transfer.at).substr(11);
}

Told play(const RecordedPbx& pbx, const Plan& plan) { return Player(pbx, plan).run(); }

}  // namespace citybridge::sim
