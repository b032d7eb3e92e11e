#include "core/calls/call_book.h"

#include <algorithm>

#include "core/calls/contact_record.h"
#include "core/calls/identity.h"
#include "core/calls/phone_number.h"
#include "core/calls/reconcile.h"
#include "core/calls/transfer_reason.h"

namespace citybridge::calls {

struct CallBook::Visitor {
    CallBook& book;
    const Context& in;
    template <class Body>
    void operator()(const Body& body) const {
        book.on(in, body);
    }
};

CallBook::CallBook(CallSettings settings) : settings_(std::move(settings)), roster_(settings_) {}

void CallBook::apply(const PbxSignal& signal, Now now, std::vector<Event>& out) {
    expire_retries(now);
    dispatch({signal, now});
    finish(signal.at, now, out);
}

void CallBook::tick(Now now, std::vector<Event>& out) {
    roster_.tick(now);
    expire_retries(now);
    sweep(now);
    finish(now.wall, now, out);
}

void CallBook::dispatch(const Context& in) {
    if (!in.signal.group.empty())
        if (Channel* channel = find_channel(in.signal.channel)) regroup(*channel, in.signal.group);
    std::visit(Visitor{*this, in}, in.signal.body);
}

Channel* CallBook::find_channel(const std::string& id) {
    const auto it = channels_.find(id);
    return it == channels_.end() ? nullptr : &it->second;
}

const Channel* CallBook::find_channel(const std::string& id) const {
    const auto it = channels_.find(id);
    return it == channels_.end() ? nullptr : &it->second;
}

bool CallBook::is_anchor(const Channel& channel) const {
    return channel.contact != nullptr && channel.contact->anchor_channel == channel.id;
}

// The PBX may join a channel to another group at any event (FACTS: a consultation
// made from the phone). A channel that already belongs to a contact keeps it:
// contacts are merged when their parties meet in a bridge.
void CallBook::regroup(Channel& channel, const std::string& group) {
    if (channel.group == group) return;
    channel.group = group;
    const auto it = contact_by_group_.find(group);
    if (channel.contact == nullptr && it != contact_by_group_.end()) attach(*it->second, channel);
}

// ---- Link -------------------------------------------------------------------

void CallBook::on(const Context& in, const signal::LinkUp& e) {
    const bool restarted = !pbx_start_.empty() && pbx_start_ != e.pbx_start;
    // The calls of the PBX's earlier run ended at some moment of the outage; its beginning bounds it.
    if (restarted) end_all(link_down_at_.value_or(in.signal.at), false, true, in.now);
    pbx_start_ = e.pbx_start;
    link_up_ = true;
    link_events_.emplace_back(PbxLinkChanged{settings_.pbx, true, {}});
}

void CallBook::on(const Context& in, const signal::LinkDown& e) {
    if (e.pbx_stopped) end_all(in.signal.at, true, false, in.now);
    if (link_up_) link_events_.emplace_back(PbxLinkChanged{settings_.pbx, false, e.reason});
    link_up_ = false;
    link_down_at_ = in.signal.at;
}

void CallBook::on(const Context& in, const signal::Snapshot& e) {
    inferring_ = true;
    roster_.begin_snapshot();
    for (const PbxSignal& missed : Reconciler(*this).missed_signals(e, in.signal.at)) dispatch({missed, in.now});
    after_outage(in.signal.at);
    roster_.end_snapshot(e.members, in.now);
    inferring_ = false;
    first_snapshot_ = false;
}

// What no list shows is not known of those who were there.
void CallBook::after_outage(WallTime at) {
    for (auto& [id, channel] : channels_)
        if (channel.state == ChannelState::up) channel.hold_unheard_until = at;
    for (auto& [id, record] : contacts_) {
        for (OpenHold& hold : record->open_holds) hold.unheard_until = at;
        const Channel* anchor = find_channel(record->anchor_channel);
        const bool tries = record->in_queue || (anchor != nullptr && rings_somebody(*anchor));
        // Whoever was tried may have answered: then it may not be called failed.
        if (record->open_transfer && !tries) record->open_transfer->somebody_tried = false;
    }
}

// ---- Channels ---------------------------------------------------------------

void CallBook::on(const Context& in, const signal::ChannelStarted& e) {
    auto [it, fresh] = channels_.try_emplace(in.signal.channel);
    if (!fresh) return;  // a snapshot was ahead of the stream
    Channel& channel = it->second;
    channel.id = in.signal.channel;
    channel.group = in.signal.group.empty() ? channel.id : in.signal.group;
    channel.device = e.device;
    channel.number = e.number;
    channel.name = e.name;
    channel.dialled = e.dialled;
    channel.state = e.state;
    channel.internal_helper = e.internal_helper;
    channel.pair = e.helper_pair;
    if (!channel.pair.empty()) pairs_[channel.pair].push_back(&channel);
    channel.started_at = in.signal.at;
    if (!e.internal_helper) channel.agent = roster_.agent_of_device(e.device, e.name);
    if (!channel.agent.empty()) roster_.add_channel(channel.agent, channel);

    const auto group = contact_by_group_.find(channel.group);
    if (group != contact_by_group_.end()) return attach(*group->second, channel);
    const bool calls_us = e.state == ChannelState::calling || !e.dialled.empty();
    if (channel.agent.empty() && !e.internal_helper && channel.group == channel.id && calls_us)
        start_inbound(channel, in.signal.at);
}

void CallBook::on(const Context& in, const signal::ChannelStateChanged& e) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr || channel->state == e.state) return;
    channel->state = e.state;
    if (!channel->agent.empty()) roster_.touch(channel->agent, "call");
    const bool unclaimed = channel->contact == nullptr && channel->agent.empty() && !channel->internal_helper;
    if (unclaimed && e.state == ChannelState::calling && channel->group == channel->id)
        start_inbound(*channel, in.signal.at);
    if (channel->contact == nullptr) return;
    ContactRecord& record = *channel->contact;
    const bool rung = !channel->dialled_by.empty();
    if (rung && e.state != ChannelState::down && !record.ring_since) record.ring_since = in.signal.at;
    const OpenOffer* offer = open_offer_of(record, channel->id);
    const bool rings = e.state == ChannelState::ringing || e.state == ChannelState::up;
    if (offer != nullptr && rings) show_offer(record, *offer);
    if (is_anchor(*channel)) touch(record);
}

void CallBook::on(const Context& in, const signal::ChannelPartyChanged& e) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr) return;
    if (!e.dialled.empty()) channel->dialled = e.dialled;
    if (!e.dialled.empty() && !channel->bridge.empty()) channel->sent_to = e.dialled;
    // A phone keeps its own number and name in the contact, whatever it shows to the other side.
    const bool keeps = !channel->agent.empty();
    if (!e.number.empty() && (!keeps || channel->number.empty())) channel->number = e.number;
    // Before a line rings it is told what name to show; whose line it is, nobody has said.
    const bool shown = !keeps && channel->state == ChannelState::down && channel->dialled.empty();
    if (!e.name.empty() && !shown && (!keeps || channel->name.empty())) channel->name = e.name;
    if (!channel->has_leg || keeps) return;
    Leg& leg = channel->contact->view.legs[channel->leg];
    if (leg.number == channel->number && leg.name == channel->name) return;
    leg.number = channel->number;
    leg.name = channel->name;
    touch(*channel->contact);
}

void CallBook::on(const Context& in, const signal::HangupRequested&) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr) return;
    channel->hung_up = true;
    if (channel->contact == nullptr) return;
    ContactRecord& record = *channel->contact;
    const bool customer = is_anchor(*channel) && channel->agent.empty();
    if (customer) {
        if (!record.customer_hung_up_at) record.customer_hung_up_at = in.signal.at;
        return;
    }
    const bool own_call = channel->dialled_by.empty();
    const bool was_left = record.departure && record.departure->channel == channel->id;
    if (channel->with_customer || own_call || was_left || is_anchor(*channel))
        agent_hangs_up(record, *channel, in.signal.at);
}

namespace {

// The PBX itself turned the caller away before anything answered: a number that
// is none, a line that is busy by its dialplan. Q.850: 16 normal clearing.
std::optional<Outcome> turned_away(const ContactRecord& record, const Channel& caller, int cause) {
    const bool met_somebody = record.tried || record.last_try || record.customer_hung_up_at || record.hangup_by_command;
    if (record.anchor_channel != caller.id || record.view.direction != Direction::inbound || met_somebody)
        return std::nullopt;
    if (caller.state != ChannelState::calling || cause == 0 || cause == 16) return std::nullopt;
    return cause == 17 ? Outcome::busy : cause == 21 ? Outcome::rejected : Outcome::failed;
}

}  // namespace

void CallBook::on(const Context& in, const signal::ChannelEnded& e) {
    Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr) return;
    const WallTime at = in.signal.at;
    leave_bridge(*channel, at);
    close_channel_offer(*channel, e.cause, at);
    if (ContactRecord* record = channel->contact) {
        const bool answered = channel->state == ChannelState::up;
        const TransferReason why = answered ? TransferReason::cancelled : reason_of_cause(e.cause);
        const bool given_up = why == TransferReason::cancelled;
        explain_last_transfer(*record, *channel, e.cause);
        end_consultation(*record, *channel, given_up ? who_gave_up(*record, *channel) : why, at);
        stop_recordings(*record, channel->id, {}, at);
        close_hold(*record, channel->id, at);
        if (channel->with_customer) record->last_agent = channel->agent.empty() ? channel->stands_for : channel->agent;
        channel->with_customer = false;
        if (channel->has_leg) {
            std::optional<WallTime>& left_at = record->view.legs[channel->leg].left_at;
            if (!left_at) left_at = at;
        }
        // Asterisk says "busy" for a declined call too; only the cause tells them apart.
        const bool declined = e.cause == 21 && !record->in_queue;
        if (declined && (record->last_try == Outcome::busy || record->last_try == Outcome::failed))
            record->last_try = Outcome::rejected;
        if (const auto outcome = turned_away(*record, *channel, e.cause)) record->last_try = outcome;
        if (record->anchor_channel == channel->id && channel->state != ChannelState::up) refused(*record, e.cause);
        std::erase(record->channels, channel->id);
        touch(*record);
        update_talk(*record, at);
        const bool was_anchor = record->anchor_channel == channel->id;
        if (was_anchor && !pass_anchor(*record) && !pass_to_other_line(*record, *channel) &&
            !await_retry(*record, *channel, at, in.now))
            end_contact(*record, at, !inferring_);
        if (record->retry && record->retry->from == channel->id)
            end_contact(*record, record->retry->failed_at, !inferring_);
    }
    const std::string& agent = channel->agent.empty() ? channel->stands_for : channel->agent;
    if (!agent.empty()) roster_.remove_channel(agent, *channel, in.now);
    if (const auto pair = pairs_.find(channel->pair); pair != pairs_.end()) {
        std::erase(pair->second, channel);
        if (pair->second.empty()) pairs_.erase(pair);
    }
    channels_.erase(in.signal.channel);
}

// ---- What the caller meets --------------------------------------------------

void CallBook::on(const Context& in, const signal::MemberChanged& e) { roster_.update(e, in.now); }

void CallBook::on(const Context& in, const signal::ApplicationEntered& e) {
    const Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr || channel->contact == nullptr || !is_anchor(*channel)) return;
    if (e.application == Application::voicemail) {
        channel->contact->voicemail = true;
        customer_reaches(*channel->contact, channel->dialled);
    }
    channel->contact->agent_hung_up_at.reset();
}

void CallBook::on(const Context& in, const signal::SurveyAnswered& e) {
    const Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr || channel->contact == nullptr) return;
    channel->contact->view.survey = Survey{e.score, in.signal.at};
    channel->contact->agent_hung_up_at.reset();
    touch(*channel->contact);
}

void CallBook::on(const Context& in, const signal::AttributeSet& e) {
    const Channel* channel = find_channel(in.signal.channel);
    if (channel == nullptr || channel->contact == nullptr) return;
    channel->contact->view.attributes[e.name] = e.value;
    touch(*channel->contact);
}

// ---- Queries ----------------------------------------------------------------

std::vector<ContactPtr> CallBook::contacts() const {
    std::vector<ContactPtr> out;
    out.reserve(contacts_.size());
    for (const auto& [id, record] : contacts_) {
        const auto it = published_.find(record.get());
        if (it != published_.end()) out.push_back(it->second);
    }
    std::sort(out.begin(), out.end(), [](const ContactPtr& a, const ContactPtr& b) {
        return std::tie(a->started_at, a->id) < std::tie(b->started_at, b->id);
    });
    return out;
}

AgentPtr CallBook::agent(const std::string& id) {
    const AgentRecord* record = roster_.find(id);
    return record == nullptr ? nullptr : record->published;
}

ContactPtr CallBook::contact_of_channel(const std::string& channel) const {
    const Channel* found = find_channel(channel);
    if (found == nullptr || found->contact == nullptr) return nullptr;
    const auto it = published_.find(found->contact);
    return it == published_.end() ? nullptr : it->second;
}

std::string CallBook::hangup_channel(const std::string& contact_id, const std::string& agent) const {
    const auto it = contacts_.find(contact_id);
    if (it == contacts_.end()) return {};
    for (const std::string& id : it->second->channels) {
        const Channel* channel = find_channel(id);
        if (channel != nullptr && !agent.empty() && channel->agent == agent) return id;
    }
    return it->second->anchor_channel;
}

void CallBook::hangup_commanded(const std::string& contact_id) {
    const auto it = contacts_.find(contact_id);
    if (it != contacts_.end()) it->second->hangup_by_command = true;
}

}  // namespace citybridge::calls
