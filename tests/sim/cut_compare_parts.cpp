// Of one contact: legs, offers, holds, transfers, recordings.
#include <algorithm>

#include "tests/sim/cut_compare.h"

namespace citybridge::sim {
namespace {

bool share_a_channel(const Leg& a, const Leg& b) {
    return std::any_of(a.pbx_ids.begin(), a.pbx_ids.end(), [&](const std::string& id) {
        return std::find(b.pbx_ids.begin(), b.pbx_ids.end(), id) != b.pbx_ids.end();
    });
}

std::string name_of(const Leg& leg) {
    return "leg " + (leg.device.empty() ? leg.number : leg.device) + " " +
           (leg.pbx_ids.empty() ? std::string{} : leg.pbx_ids.front());
}

}  // namespace

void Comparison::legs(const Contact& truth, const Contact& told) {
    for (const Leg& was : truth.legs) {
        const auto is = std::find_if(told.legs.begin(), told.legs.end(),
                                     [&](const Leg& each) { return share_a_channel(each, was); });
        const Time since = was.pbx_ids.empty() ? Time{} : seen_at(truth, "leg/" + was.pbx_ids.front());
        if (is != told.legs.end())
            leg(truth, was, *is);
        else if (!unseen(since, was.left_at))
            complain(name_of(was) + " is missing");
    }
    for (const Leg& is : told.legs)
        if (std::none_of(truth.legs.begin(), truth.legs.end(),
                         [&](const Leg& each) { return share_a_channel(each, is); }))
            complain(name_of(is) + " was nobody's");
}

void Comparison::leg(const Contact& contact, const Leg& truth, const Leg& told) {
    const std::string name = name_of(truth);
    // What somebody became in the gap, and was no longer after it, is not known.
    const auto became = uncut_.role_since.find(role_key(contact, truth));
    if (became == uncut_.role_since.end() || !unseen(became->second, truth.left_at))
        same(name + " role", to_string(truth.role), to_string(told.role));
    same(name + " agent", truth.agent, told.agent);
    same(name + " device", truth.device, told.device);
    // A phone may show another number while it is rung than later.
    if (truth.agent.empty()) same(name + " number", truth.number, told.number);
    same_meeting(contact, name + " joined_at", truth.joined_at, told.joined_at);
    same_time(name + " left_at", truth.left_at, told.left_at);
}

void Comparison::offers(const Contact& truth, const Contact& told) {
    for (const Offer& was : truth.offers) {
        const auto is =
            std::find_if(told.offers.begin(), told.offers.end(), [&](const Offer& each) { return each.id == was.id; });
        // It may be told only when he has answered: who was rung for whom is not always said before.
        const Time since = seen_at(truth, "offer/" + was.id);
        if (is != told.offers.end())
            offer(truth, was, *is);
        else if (!unseen(since, was.ended_at))
            complain("offer to " + was.agent + " is missing");
    }
    for (const Offer& is : told.offers)
        if (std::none_of(truth.offers.begin(), truth.offers.end(), [&](const Offer& each) { return each.id == is.id; }))
            complain("offer to " + is.agent + " was never made");
}

void Comparison::offer(const Contact& contact, const Offer& truth, const Offer& told) {
    const std::string name = "offer to " + truth.agent;
    same(name + " agent", truth.agent, told.agent);
    same(name + " device", truth.device, told.device);
    same_time(name + " offered_at", truth.offered_at, told.offered_at);
    // That his phone rings no more is told by its end, if nothing told it before.
    const bool until_its_end =
        in_gap(truth.ended_at) && std::any_of(contact.legs.begin(), contact.legs.end(), [&](const Leg& leg) {
            return leg.agent == truth.agent && !leg.joined_at && leg.left_at == told.ended_at;
        });
    if (!until_its_end) same_meeting(contact, name + " ended_at", truth.ended_at, told.ended_at);
    const bool accepted = truth.state == OfferState::accepted;
    const bool told_accepted = told.state == OfferState::accepted;
    // How it ended without success may be unknown; whether he took the call not, unless that too began and ended
    // unseen.
    const bool how_unseen = in_gap(truth.ended_at);
    if (!how_unseen) return same(name + " state", to_string(truth.state), to_string(told.state));
    if (told_accepted && !accepted) complain(name + " is accepted, was " + std::string(to_string(truth.state)));
    if (told.state == OfferState::offered || told.state == OfferState::shown)
        complain(name + " is still " + std::string(to_string(told.state)));
}

void Comparison::pops(const Contact& truth) {
    for (const Offer& was : truth.offers) {
        const auto shown = uncut_.shown_at.find(was.id);
        if (shown == uncut_.shown_at.end()) continue;
        const auto told = cut_.shown.find(was.id);
        const int times = told == cut_.shown.end() ? 0 : told->second;
        // A phone that still rings after the gap pops; a node started anew finds it in the desktop's snapshot.
        const bool lost = unseen(shown->second, was.ended_at);
        const bool restarted = std::any_of(gaps_.begin(), gaps_.end(), [](const Gap& gap) { return gap.restart; });
        // The lists may show that it rings before the event does.
        constexpr Millis kListAhead{20};
        const bool in_snapshot = in_gap(shown->second) || in_gap(shown->second - kListAhead);
        if (times == 0 && !lost && !(restarted && in_snapshot)) complain("offer to " + was.agent + " was not popped");
    }
}

void Comparison::holds(const Contact& truth, const Contact& told) {
    const auto overlap = [](const Hold& a, const Hold& b) {
        return a.by == b.by && a.from <= b.to.value_or(WallTime::max()) && b.from <= a.to.value_or(WallTime::max());
    };
    const auto name = [](const Hold& hold) {
        return "hold by " + std::string(to_string(hold.by)) + " from " + to_rfc3339(hold.from).substr(11) + " to " +
               (hold.to ? to_rfc3339(*hold.to).substr(11) : "now");
    };
    for (const Hold& was : truth.holds) {
        const auto is =
            std::find_if(told.holds.begin(), told.holds.end(), [&](const Hold& each) { return overlap(each, was); });
        if (is == told.holds.end()) {
            // What is left of it after the gap is too short to be told from what a PBX says of nobody's hold.
            const bool hardly_seen = in_gap(was.from) && was.to && unseen(was.from, *was.to - Millis{100});
            if (!unseen(was.from, was.to) && !hardly_seen) complain(name(was) + " is missing");
            continue;
        }
        same_time("hold from", was.from, is->from);
        // Taken back and pressed again unseen: one long hold.
        const bool goes_on =
            in_gap(was.to) && is->to && std::any_of(truth.holds.begin(), truth.holds.end(), [&](const Hold& next) {
                return next.by == was.by && next.from > *was.to && in_gap(next.from) && next.to == is->to;
            });
        if (!goes_on) same_time("hold to", was.to, is->to);
    }
    for (const Hold& is : told.holds)
        if (!hold_went_on_unseen(truth, is) &&
            std::none_of(truth.holds.begin(), truth.holds.end(), [&](const Hold& each) { return overlap(each, is); }))
            complain(name(is) + " was pressed by nobody");
}

// One that was told of and later found to be no hold of the customer: when that was learned, nobody listened.
bool Comparison::hold_went_on_unseen(const Contact& truth, const Hold& told) const {
    const Time begun = seen_at(truth, "hold/" + to_rfc3339(told.from));
    const bool withdrawn =
        std::none_of(truth.holds.begin(), truth.holds.end(), [&](const Hold& each) { return each.from == told.from; });
    return begun && withdrawn && in_gap(told.to);
}

bool Comparison::same_transfer(const Contact& truth, const Transfer& was, const Transfer& is) const {
    if (words_of(was) == words_of(is)) return true;
    // Of one that was not heard of, what followed tells whom it was to, not of which kind it was.
    constexpr Millis kFollows{1'000};
    if (maybe_lost(was.at) && was.to == is.to &&
        (bounded(was.at, is.at) || bounded(was.at + Millis{1}, is.at) ||
         (is.at > was.at && !in_gap(is.at) && is.at - was.at <= excused(was.at, is.at) + kFollows)))
        return true;
    // Asked for just before somebody listened again: it is known when the second party has followed, the first is only
    // on its way somewhere.
    constexpr Millis kNear{50};
    const bool asked_unseen = std::any_of(gaps_.begin(), gaps_.end(),
                                          [&](const Gap& gap) { return gap.to < was.at && was.at - gap.to <= kNear; });
    if (asked_unseen && was.kind == is.kind && was.from_agent == is.from_agent && was.to == is.to &&
        was.result == is.result && was.at <= is.at && is.at - was.at <= kNear)
        return true;
    // Begun before, and what came of it not heard of.
    const bool then_unseen = in_gap(seen_at(truth, "transfer/" + words_of(was)));
    const bool told_before = seen_at(truth, "transfer/" + words_of(is)).has_value();
    return then_unseen && told_before && was.from_agent == is.from_agent && was.at == is.at;
}

void Comparison::transfers(const Contact& truth, const Contact& told) {
    for (const Transfer& was : truth.transfers)
        if (!maybe_lost(was.at) && std::none_of(told.transfers.begin(), told.transfers.end(),
                                                [&](const Transfer& is) { return same_transfer(truth, was, is); }))
            complain(words_of(was) + " is missing");
    for (const Transfer& is : told.transfers)
        if (std::none_of(truth.transfers.begin(), truth.transfers.end(),
                         [&](const Transfer& was) { return same_transfer(truth, was, is); }))
            complain(words_of(is) + " was never made");
}

// Asterisk names the file in an event of its own, just before the recording begins.
bool Comparison::same_recording(const Recording& was, const Recording& is) const {
    if (was.file == is.file) return true;
    constexpr Millis kNamedBefore{50};
    const bool name_unseen = std::any_of(gaps_.begin(), gaps_.end(), [&](const Gap& gap) {
        return gap.to < was.started_at && was.started_at - gap.to <= kNamedBefore;
    });
    return is.file.empty() &&
           ((in_gap(is.started_at) && in_gap(was.started_at)) || (name_unseen && is.started_at == was.started_at));
}

void Comparison::recordings(const Contact& truth, const Contact& told) {
    for (const Recording& was : truth.recordings) {
        const auto is = std::find_if(told.recordings.begin(), told.recordings.end(),
                                     [&](const Recording& each) { return same_recording(was, each); });
        if (is == told.recordings.end()) {
            // No list of the PBX names the files it writes: of one begun unseen only its other events tell.
            if (!in_gap(was.started_at)) complain("recording " + was.file + " is missing");
            continue;
        }
        if (!is->file.empty()) same("recording id", was.id, is->id);
        same_time("recording started_at", was.started_at, is->started_at);
        if (!in_gap(was.ended_at)) same_time("recording ended_at", was.ended_at, is->ended_at);
    }
    for (const Recording& is : told.recordings)
        if (std::none_of(truth.recordings.begin(), truth.recordings.end(),
                         [&](const Recording& was) { return same_recording(was, is); }))
            complain("recording " + is.file + " was never made");
}

}  // namespace citybridge::sim
