// What may be asked of a contact now, and which channels that is about.
#include <algorithm>

#include "core/calls/call_book.h"

namespace citybridge::calls {
namespace {

// With the customer, else in a conversation, else answered, else ringing.
int nearness(const Channel& channel) {
    if (channel.with_customer) return 3;
    if (!channel.bridge.empty()) return 2;
    return channel.state == ChannelState::up ? 1 : 0;
}

bool is_of(const Channel& channel, const std::string& agent) {
    return channel.agent == agent || (channel.internal_helper && channel.stands_for == agent);
}

}  // namespace

// A helper that the PBX made for itself is none, unless it stands for a phone that is not seen.
bool CallBook::is_person(const ContactRecord& record, const Channel& channel) const {
    return !channel.internal_helper || (!channel.stands_for.empty() && is_agents_voice(record, channel));
}

const Channel* CallBook::asking_channel(const ContactRecord& record, const std::string& agent) const {
    const Channel* best = nullptr;
    for (const std::string& id : record.channels) {
        const Channel* channel = find_channel(id);
        if (channel == nullptr || !is_person(record, *channel)) continue;
        const bool his = agent.empty() ? channel->with_customer : is_of(*channel, agent);
        if (his && (best == nullptr || nearness(*channel) > nearness(*best))) best = channel;
    }
    return best;
}

// The customer; between colleagues the one who is not asking.
const Channel* CallBook::other_party(const ContactRecord& record, const Channel& asking) const {
    const Channel* anchor = find_channel(record.anchor_channel);
    if (anchor != nullptr && anchor != &asking && is_person(record, *anchor)) return anchor;
    if (record.view.direction != Direction::internal) return nullptr;
    const Channel* best = nullptr;
    for (const std::string& id : record.channels) {
        const Channel* channel = find_channel(id);
        if (channel == nullptr || channel == &asking || !is_person(record, *channel)) continue;
        if (channel->has_leg && record.view.legs[channel->leg].role == LegRole::consult) continue;
        if (best == nullptr || nearness(*channel) > nearness(*best)) best = channel;
    }
    return best;
}

// Whom the agent consults: inside this contact, where the PBX places the call
// for him, or in a contact of his phone's second line, where he placed it himself.
const Channel* CallBook::consulted_party(const ContactRecord& record, const Channel& asking,
                                         const Channel* customer) const {
    const Channel* best = nullptr;
    for (const std::string& id : record.channels) {
        const Channel* channel = find_channel(id);
        if (channel == nullptr || channel == &asking || channel == customer || !is_person(record, *channel)) continue;
        const bool consulted = channel->has_leg && record.view.legs[channel->leg].role == LegRole::consult;
        if (consulted && (best == nullptr || nearness(*channel) > nearness(*best))) best = channel;
    }
    const std::string& agent = asking.agent.empty() ? asking.stands_for : asking.agent;
    if (best != nullptr || agent.empty()) return best;
    for (const auto& [id, other] : contacts_) {
        if (other.get() == &record || other->view.ended_at) continue;
        const Channel* second = asking_channel(*other, agent);
        // He called there; a call that came to him is none of his consultations.
        if (second == nullptr || !second->dialled_by.empty() || second->rung_by_pbx) continue;
        const Channel* colleague = other_party(*other, *second);
        if (colleague != nullptr && (best == nullptr || nearness(*colleague) > nearness(*best))) best = colleague;
    }
    return best;
}

bool CallBook::is_consulting(const std::string& contact_id, const std::string& agent) const {
    const auto it = contacts_.find(contact_id);
    if (it == contacts_.end()) return false;
    const Channel* asking = asking_channel(*it->second, agent);
    return asking != nullptr && consulted_party(*it->second, *asking, other_party(*it->second, *asking)) != nullptr;
}

ContactPtr CallBook::contact(const std::string& id) const {
    const auto it = contacts_.find(id);
    if (it == contacts_.end()) return nullptr;
    const auto published = published_.find(it->second.get());
    return published == published_.end() ? nullptr : published->second;
}

Result<Parties> CallBook::parties_for(const std::string& contact_id, const std::string& agent,
                                      CallAction action) const {
    const auto it = contacts_.find(contact_id);
    if (it == contacts_.end()) return Error{"contact.unknown", "no contact has this id"};
    const ContactRecord& record = *it->second;
    const Channel* asking = asking_channel(record, agent);
    if (asking == nullptr)
        return Error{"contact.not_part", agent.empty() ? std::string("no agent is with the customer")
                                                       : "the agent " + agent + " takes no part in the contact"};
    const Channel* customer = other_party(record, *asking);
    const Channel* consulted = consulted_party(record, *asking, customer);
    const auto& allowed = record.view.allowed;
    bool possible = std::find(allowed.begin(), allowed.end(), to_string(action)) != allowed.end();
    // The colleague on the phone's second line is in another contact, which this one does not list.
    if (action == CallAction::attended_transfer || action == CallAction::cancel_consult) {
        const auto& able = settings_.actions;
        possible = consulted != nullptr && std::find(able.begin(), able.end(), action) != able.end();
    }
    if (!possible) return Error{"command.not_possible", "'" + std::string(to_string(action)) + "' is not possible now"};
    Parties parties;
    parties.agent_channel = asking->id;
    parties.agent = asking->agent.empty() ? asking->stands_for : asking->agent;
    if (customer != nullptr) parties.customer_channel = customer->id;
    if (consulted != nullptr) parties.consult_channel = consulted->id;
    return parties;
}

}  // namespace citybridge::calls
