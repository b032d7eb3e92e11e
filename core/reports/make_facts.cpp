#include "core/reports/make_facts.h"

#include <algorithm>
#include <map>

namespace citybridge::reports {
namespace {

// The offer of the agent who answered first: it ended with the answer.
const Offer* answered_offer(const Contact& contact, const std::string& agent) {
    for (const Offer& offer : contact.offers)
        if (offer.state == OfferState::accepted && offer.agent == agent) return &offer;
    return nullptr;
}

const Leg* first_agent(const Contact& contact) {
    const Leg* first = nullptr;
    for (const Leg& leg : contact.legs) {
        if (leg.role != LegRole::agent || !leg.joined_at || leg.agent.empty()) continue;
        if (first == nullptr || *leg.joined_at < *first->joined_at) first = &leg;
    }
    return first;
}

std::string agent_of(const Contact& contact) {
    if (const Leg* leg = first_agent(contact)) return leg->agent;
    for (const Offer& offer : contact.offers)
        if (offer.state == OfferState::accepted) return offer.agent;
    return {};
}

ContactFact contact_fact(const Contact& contact, bool after_agent, const std::string& city, const GroupOf& group_of) {
    ContactFact fact;
    fact.contact = contact.id;
    fact.started_at = contact.started_at;
    fact.ended_at = contact.ended_at.value_or(contact.started_at);
    fact.queued_at = contact.queued_at;
    fact.answered_at = contact.answered_at;
    fact.direction = to_string(contact.direction);
    fact.outcome = to_string(contact.outcome.value_or(Outcome::unknown));
    fact.ended_by = to_string(contact.ended_by.value_or(EndedBy::unknown));
    fact.queue = contact.queue;
    if (contact.direction == Direction::inbound) fact.called_number = contact.called_number;
    fact.agent = agent_of(contact);
    if (!fact.agent.empty()) fact.group = group_of(fact.agent);
    fact.city = city;
    fact.disposition = contact.disposition;
    if (contact.survey) fact.survey = contact.survey->score;
    fact.survey_offered = after_agent || contact.survey.has_value();
    if (contact.wait) fact.wait_ms = contact.wait->count();
    fact.talk_ms = contact.talk.count();
    fact.hold_ms = contact.hold.count();
    const Offer* offer = answered_offer(contact, fact.agent);
    if (offer != nullptr && contact.answered_at && *contact.answered_at >= offer->offered_at)
        fact.ring_ms = (*contact.answered_at - offer->offered_at).count();
    fact.offers = static_cast<std::int64_t>(contact.offers.size());
    fact.transfers = std::count_if(contact.transfers.begin(), contact.transfers.end(), [](const Transfer& transfer) {
        return transfer.result == TransferResult::completed;
    });
    fact.inferred = contact.inferred;
    return fact;
}

void add_parts(ReportFacts& facts, const Contact& contact, const GroupOf& group_of) {
    const ContactFact& whole = facts.contacts.back();
    const auto add = [&](std::string kind, const std::string& agent, WallTime from, WallTime to, std::string result) {
        PartFact part;
        part.contact = contact.id;
        part.n = static_cast<std::int64_t>(facts.parts.size()) + 1;
        part.kind = std::move(kind);
        part.agent = agent;
        part.group = group_of(agent);
        part.queue = contact.queue;
        part.direction = whole.direction;
        part.from = from;
        part.to = std::max(from, to);
        part.result = std::move(result);
        facts.parts.push_back(std::move(part));
    };
    for (const Offer& offer : contact.offers)
        if (!offer.agent.empty())
            add("offer", offer.agent, offer.offered_at, offer.ended_at.value_or(whole.ended_at),
                std::string(to_string(offer.state)));
    const Leg* first = first_agent(contact);
    for (const Leg& leg : contact.legs)
        if (leg.role == LegRole::agent && leg.joined_at && !leg.agent.empty())
            add("talk", leg.agent, *leg.joined_at, std::min(leg.left_at.value_or(whole.ended_at), whole.ended_at),
                &leg == first ? "first" : "joined");
}

OrderFact about(const OrderRecord& order) {
    OrderFact fact;
    fact.order = order.id;
    fact.kind = order.kind;
    fact.group = order.group;
    fact.owner = order.owner;
    fact.city = order.city;
    fact.contact = order.contact;
    fact.state = order.state;
    return fact;
}

std::string what_of(const HistoryRecord& row, const desk::Flow* flow) {
    if (row.action == "opened") return "opened";
    if (row.from_state == row.to_state) return {};
    if (flow == nullptr) return "moved";
    const bool was = flow->is_closed(row.from_state), is = flow->is_closed(row.to_state);
    if (is == was) return "moved";
    return is ? "closed" : "reopened";
}

}  // namespace

ReportFacts facts_of(const Contact& contact, bool after_agent, const std::string& city, const GroupOf& group_of) {
    ReportFacts facts;
    facts.contacts.push_back(contact_fact(contact, after_agent, city, group_of));
    add_parts(facts, contact, group_of);
    return facts;
}

void add_order_facts(Changes& changes, const desk::FlowSet& flows) {
    std::map<std::string_view, const OrderRecord*> rows;
    for (const OrderRecord& order : changes.orders) rows[order.id] = &order;
    for (const HistoryRecord& row : changes.history) {
        const auto it = rows.find(row.order);
        if (it == rows.end()) continue;
        std::string what = what_of(row, flows.find(it->second->kind));
        if (what.empty()) continue;
        OrderFact fact = about(*it->second);
        fact.what = std::move(what);
        fact.n = row.n;
        fact.at = row.at;
        fact.state = row.to_state;
        changes.facts.orders.push_back(std::move(fact));
    }
    for (const DeadlineRecord& row : changes.deadlines) {
        const auto it = rows.find(row.order);
        // Only a follow-up is a promise to the customer.
        if (it == rows.end() || row.state == DeadlineState::open || row.kind != "follow_up") continue;
        OrderFact fact = about(*it->second);
        fact.what = row.state == DeadlineState::done      ? "met"
                    : row.state == DeadlineState::overdue ? "missed"
                                                          : "withdrawn";
        fact.name = row.name;
        fact.n = row.n;
        fact.at = row.settled_at.value_or(row.due_at);
        fact.due_at = row.due_at;
        changes.facts.orders.push_back(std::move(fact));
    }
}

}  // namespace citybridge::reports
