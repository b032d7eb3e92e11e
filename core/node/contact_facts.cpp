#include "core/node/contact_facts.h"

#include <algorithm>

#include "core/api/model_json.h"
#include "core/desk/wrap_up.h"

namespace citybridge {

ContactFacts::ContactFacts(std::vector<desk::Subscriber> subscribers, std::string generation,
                           std::function<void()> wake, std::string city, reports::GroupOf group_of)
    : subscribers_(std::move(subscribers)),
      generation_(std::move(generation)),
      wake_(std::move(wake)),
      city_(std::move(city)),
      group_of_(std::move(group_of)) {}

bool ContactFacts::wanted(std::string_view type) const {
    return std::any_of(subscribers_.begin(), subscribers_.end(),
                       [&](const desk::Subscriber& each) { return desk::wants(each, type); });
}

void ContactFacts::note(const EventPtr& event) {
    const auto* changed = std::get_if<ContactChanged>(&event->event);
    if (changed == nullptr) return;
    const bool ended = changed->what == ContactChanged::What::ended;
    const Contact& contact = *changed->contact;
    const bool after_agent = contact.state == ContactState::ivr && contact.answered_at.has_value();
    if (!ended && !after_agent && changed->what != ContactChanged::What::merged && !wanted(event_type(event->event)))
        return;
    {
        const std::lock_guard lock(mutex_);
        if (after_agent) after_agent_.insert(contact.id);
        const bool gone = ended || changed->what == ContactChanged::What::merged;
        const bool was_after_agent = gone && after_agent_.erase(contact.id) != 0;
        if (ended)
            ended_.push_back({event, was_after_agent});
        else if (wanted(event_type(event->event)))
            latest_[contact.id] = event;
        else
            return;
    }
    wake_();
}

std::vector<Changes> ContactFacts::take(std::size_t limit) {
    std::vector<Ended> events;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [contact, event] : latest_) events.push_back({std::move(event)});
        latest_.clear();
        while (!ended_.empty() && events.size() < limit) {
            events.push_back(std::move(ended_.front()));
            ended_.pop_front();
        }
    }
    std::vector<Changes> out;
    out.reserve(events.size());
    for (const Ended& each : events) out.push_back(rows_of(*each.event, each.after_agent));
    return out;
}

bool ContactFacts::empty() const {
    const std::lock_guard lock(mutex_);
    return latest_.empty() && ended_.empty();
}

Changes ContactFacts::rows_of(const EventEnvelope& event, bool after_agent) const {
    const auto& changed = std::get<ContactChanged>(event.event);
    const Contact& contact = *changed.contact;
    Changes out;
    if (changed.what == ContactChanged::What::ended) {
        const std::string& number =
            contact.customer_number_e164.empty() ? contact.customer_number : contact.customer_number_e164;
        JournalRecord row{contact.id, number, contact.started_at, contact.ended_at.value_or(event.at), {}};
        write_json(row.body, contact);
        out.journal.push_back(std::move(row));
        if (auto wrap_up = desk::wrap_up_of(contact)) out.papers.wrap_ups.push_back(std::move(*wrap_up));
        out.facts = reports::facts_of(contact, after_agent, city_, group_of_);
    }
    const std::string_view type = event_type(event.event);
    std::string payload;
    for (const desk::Subscriber& subscriber : subscribers_) {
        if (!desk::wants(subscriber, type)) continue;
        if (payload.empty()) {
            payload = "{\"type\":\"" + std::string(type) + "\",\"timestamp\":\"" + to_rfc3339(event.at) +
                      "\",\"data\":{\"contact\":";
            write_json(payload, contact);
            payload += "}}";
        }
        OutboxRecord row;
        row.id = contact.id + '.' + generation_ + '-' + std::to_string(event.sequence) + '.' + subscriber.destination;
        row.destination = subscriber.destination;
        row.key = contact.id;
        row.kind = "event";
        row.payload = payload;
        row.created_at = row.next_at = row.updated_at = event.at;
        out.outbox.push_back(std::move(row));
    }
    return out;
}

}  // namespace citybridge
