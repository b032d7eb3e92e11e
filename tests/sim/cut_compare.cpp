// What a cut run may say otherwise than the uncut one, and what not: the contact as a whole.
#include "tests/sim/cut_compare.h"

#include <algorithm>

namespace citybridge::sim {
namespace {

std::string show(const std::optional<WallTime>& time) { return time ? to_rfc3339(*time).substr(11) : "none"; }

template <class Enum>
std::string word(const std::optional<Enum>& value) {
    return value ? std::string(to_string(*value)) : "none";
}

}  // namespace

std::vector<std::string> Comparison::run() {
    for (const std::string& each : cut_.violations) out_.push_back(each);
    for (const auto& [id, each] : uncut_.contacts) contact(*each);
    for (const auto& [id, each] : cut_.contacts)
        if (!uncut_.contacts.contains(id)) out_.push_back(each->customer_number + " " + id + ": nobody had it");
    for (const std::string& id : cut_.open)
        if (!uncut_.open.contains(id)) out_.push_back(id + ": left open");
    agents();
    return std::move(out_);
}

bool Comparison::in_gap(const Time& time) const {
    return time &&
           std::any_of(gaps_.begin(), gaps_.end(), [&](const Gap& gap) { return gap.from < *time && *time <= gap.to; });
}

bool Comparison::unseen(const Time& from, const Time& to) const {
    return from && to &&
           std::any_of(gaps_.begin(), gaps_.end(), [&](const Gap& gap) { return gap.from < *from && *to <= gap.to; });
}

bool Comparison::bounded(WallTime truth, WallTime told) const {
    return std::any_of(gaps_.begin(), gaps_.end(), [&](const Gap& gap) {
        return gap.from < truth && truth <= gap.to && gap.from <= told && told <= gap.to;
    });
}

// The lists show a phone before the event that says what it is rung for; what
// they do not show is told by the next event of its kind.
bool Comparison::about_then(WallTime truth, WallTime told) const {
    constexpr Millis kNear{50};
    return std::any_of(gaps_.begin(), gaps_.end(), [&](const Gap& gap) {
        const bool early = gap.to < truth && truth - gap.to <= kNear && gap.from <= told && told <= truth;
        const bool late = gap.from < truth && truth <= gap.to && gap.to < told && told - gap.to <= kNear;
        return early || late;
    });
}

Millis Comparison::excused(WallTime from, WallTime to) const {
    Millis sum{0};
    for (const Gap& gap : gaps_) sum += std::max(Millis{0}, std::min(to, gap.to) - std::max(from, gap.from));
    return sum;
}

// What had ended before the node was started anew was told by its forerunner.
void Comparison::set_gaps_for(const Contact& truth) {
    gaps_.clear();
    for (const Gap& gap : cut_.gaps)
        if (!gap.restart || !cut_.told_before.contains(truth.id)) gaps_.push_back(gap);
}

void Comparison::same(const std::string& what, std::string_view truth, std::string_view told) {
    if (truth != told) complain(what + " is '" + std::string(told) + "', was '" + std::string(truth) + "'");
}

void Comparison::same_time(const std::string& what, const Time& truth, const Time& told) {
    if (truth == told || (in_gap(truth) && (!told || bounded(*truth, *told)))) return;
    if (truth && told && about_then(*truth, *told)) return;
    complain(what + " is " + show(told) + ", was " + show(truth));
}

Comparison::Time Comparison::seen_at(const Contact& contact, const std::string& part) const {
    const auto found = uncut_.first_seen.find(contact.id + "/" + part);
    return found == uncut_.first_seen.end() ? Time{} : found->second;
}

void Comparison::contact(const Contact& truth) {
    where_ = truth.customer_number + " " + truth.id.substr(0, 8);
    set_gaps_for(truth);
    const auto told = cut_.contacts.find(truth.id);
    if (const auto merged = uncut_.merged.find(truth.id); merged != uncut_.merged.end()) {
        if (told != cut_.contacts.end()) return merge(truth.id, merged->second);
        if (!in_gap(truth.started_at)) complain("missing, and was merged later");
        return;
    }
    if (told == cut_.contacts.end()) {
        if (!unseen(truth.started_at, truth.ended_at)) complain("missing");
        return;
    }
    if (cut_.merged.contains(truth.id)) complain("merged into another");
    facts(truth, *told->second);
}

void Comparison::merge(const std::string& id, const std::string& into) {
    const auto merged = cut_.merged.find(id);
    if (merged != cut_.merged.end()) return same("merged into", into, merged->second);
    // Whatever became of it in the gap, it must not be a conversation of its own any more.
    if (!in_gap(uncut_.merged_at.at(id)) || cut_.open.contains(id)) complain("not merged");
}

void Comparison::facts(const Contact& truth, const Contact& told) {
    same("direction", to_string(truth.direction), to_string(told.direction));
    same("customer_number", truth.customer_number, told.customer_number);
    same("customer_number_e164", truth.customer_number_e164, told.customer_number_e164);
    same("called_number", truth.called_number, told.called_number);
    same("state", to_string(truth.state), to_string(told.state));
    if (!in_gap(truth.queued_at) || !told.queue.empty()) same("queue", truth.queue, told.queue);
    same_time("started_at", truth.started_at, told.started_at);
    same_time("queued_at", truth.queued_at, told.queued_at);
    same_time("ended_at", truth.ended_at, told.ended_at);
    answer(truth, told);
    end(truth, told);
    durations(truth, told);
    legs(truth, told);
    offers(truth, told);
    pops(truth);
    holds(truth, told);
    transfers(truth, told);
    recordings(truth, told);
    extras(truth, told);
}

bool Comparison::next_meeting(const Contact& truth, const Time& was, const Time& told) const {
    if (!in_gap(was) || !told || in_gap(told)) return false;
    return std::any_of(truth.legs.begin(), truth.legs.end(), [&](const Leg& leg) {
        return std::any_of(leg.pbx_ids.begin(), leg.pbx_ids.end(), [&](const std::string& id) {
            const auto entered = uncut_.entered.find(id);
            return entered != uncut_.entered.end() && entered->second.contains(*told);
        });
    });
}

void Comparison::same_meeting(const Contact& truth, const std::string& what, const Time& was, const Time& told) {
    if (!next_meeting(truth, was, told)) same_time(what, was, told);
}

// An answer nobody saw may be told as the next one, that of another agent.
void Comparison::answer(const Contact& truth, const Contact& told) {
    same_meeting(truth, "answered_at", truth.answered_at, told.answered_at);
}

void Comparison::end(const Contact& truth, const Contact& told) {
    const std::string was = word(truth.outcome);
    const std::string is = word(told.outcome);
    // Decided by what was last tried, which may be older than the end.
    const bool decided_unseen = excused(truth.started_at, truth.ended_at.value_or(truth.started_at)) > Millis{0};
    const bool answer_lost = in_gap(truth.answered_at) && !told.answered_at;
    if (was != is && (!decided_unseen || is == "answered" || (was == "answered" && !answer_lost)))
        complain("outcome is " + is + ", was " + was);
    const std::string by = word(told.ended_by);
    const std::string was_by = word(truth.ended_by);
    if (by == was_by) return;
    // Who hung up is told before the end, a second at most; both must be heard.
    constexpr Millis kToldBefore{1'000};
    const bool near = truth.ended_at && excused(*truth.ended_at - kToldBefore, *truth.ended_at) > Millis{0};
    if (!near || (in_gap(truth.ended_at) && by != "unknown")) complain("ended_by is " + by + ", was " + was_by);
}

void Comparison::durations(const Contact& truth, const Contact& told) {
    // An end nobody saw is told as late as the snapshot, and with it everything that lasted until then.
    const WallTime end = std::max(truth.ended_at.value_or(WallTime::max()), told.ended_at.value_or(WallTime::max()));
    const Millis slack = excused(std::min(truth.started_at, told.started_at), end);
    const auto near = [&](const std::string& what, Millis was, Millis is) {
        if (std::chrono::abs(was - is) > slack)
            complain(what + " is " + std::to_string(is.count()) + ", was " + std::to_string(was.count()));
    };
    // Until the answer that is told: the next one, or none.
    const bool answer_unseen = in_gap(truth.answered_at) && (!told.answered_at || !in_gap(told.answered_at));
    if (!answer_unseen) near("wait", truth.wait.value_or(Millis{0}), told.wait.value_or(Millis{0}));
    near("talk", truth.talk, told.talk);
    const bool on_hold_unseen = std::any_of(told.holds.begin(), told.holds.end(),
                                            [&](const Hold& hold) { return hold_went_on_unseen(truth, hold); });
    if (!on_hold_unseen) near("hold", truth.hold, told.hold);
}

void Comparison::extras(const Contact& truth, const Contact& told) {
    if (truth.survey && !in_gap(truth.survey->at))
        same("survey", truth.survey->score, told.survey ? told.survey->score : "none");
    if (told.survey && !truth.survey) complain("a survey nobody answered");
    for (const auto& [name, value] : truth.attributes) {
        const auto found = told.attributes.find(name);
        // The last of several values may have been said in the gap.
        if (in_gap(seen_at(truth, "attribute/" + name + "/" + value))) continue;
        same("attribute " + name, value, found == told.attributes.end() ? "none" : found->second);
    }
}

void Comparison::agents() {
    for (const auto& [id, truth] : uncut_.agents) {
        where_ = "agent " + id;
        gaps_ = cut_.gaps;
        const auto told = cut_.agents.find(id);
        if (told == cut_.agents.end()) {
            if (!unseen(uncut_.agent_since.at(id), uncut_.agent_until.at(id))) complain("missing");
            continue;
        }
        same("state", to_string(truth->state), to_string(told->second->state));
        // No list says why somebody is on a break.
        const auto reason = uncut_.reason_since.find(id);
        const bool why_unheard =
            told->second->reason.empty() && reason != uncut_.reason_since.end() && in_gap(reason->second);
        if (!why_unheard) same("reason", truth->reason, told->second->reason);
        same("contact", truth->contact, told->second->contact);
        // Of who is in no queue only the beginning of his first call tells his name.
        if (!in_gap(uncut_.agent_since.at(id))) same("name", truth->name, told->second->name);
    }
    for (const auto& [id, told] : cut_.agents)
        if (!uncut_.agents.contains(id)) out_.push_back("agent " + id + ": nobody is");
}

std::vector<std::string> differences(const Told& uncut, const Told& cut) { return Comparison(uncut, cut).run(); }

}  // namespace citybridge::sim
