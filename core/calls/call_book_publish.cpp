// What changed goes out: one state per contact and signal, after the whole signal.
#include <algorithm>
#include <utility>

#include "core/calls/allowed.h"
#include "core/calls/call_book.h"
#include "core/calls/contact_record.h"

namespace citybridge::calls {
namespace {

// Facts about ended contacts come minutes late, not days.
constexpr std::size_t kMaxKnown = 10'000;

}  // namespace

void CallBook::touch(ContactRecord& record) {
    if (inferring_) record.view.inferred = true;
    if (std::exchange(record.touched, true)) return;
    touched_.push_back(&record);
}

void CallBook::happened(ContactRecord& record, ContactChanged::What what) {
    happened_.push_back({&record, what, 0, {}});
    touch(record);
}

void CallBook::publish(ContactRecord& record) {
    const Channel* anchor = find_channel(record.anchor_channel);
    const auto is_somebody = [&](const Channel* each) { return is_person(record, *each); };
    const std::vector<Channel*> heard =
        anchor != nullptr && !record.talk_since ? heard_by_customer(record) : std::vector<Channel*>{};
    const bool hears = std::any_of(heard.begin(), heard.end(), is_somebody);
    record.view.state = state_of(record, anchor != nullptr && anchor->state == ChannelState::up, hears);
    const bool consulting = std::any_of(record.channels.begin(), record.channels.end(), [&](const std::string& id) {
        const Channel* channel = find_channel(id);
        return channel != nullptr && channel->has_leg && record.view.legs[channel->leg].role == LegRole::consult;
    });
    record.view.allowed = allowed_now(record, settings_.actions, consulting);
    published_[&record] = std::make_shared<const Contact>(record.view);
    record.touched = false;
}

void CallBook::forget(ContactRecord& record) {
    for (const std::string& id : record.channels) {
        Channel* channel = find_channel(id);
        if (channel == nullptr || channel->contact != &record) continue;
        channel->contact = nullptr;
        channel->has_leg = false;
    }
    for (const std::string& group : record.groups) contact_by_group_.erase(group);
    published_.erase(&record);
    remember_known(record.view.id);
    contacts_.erase(std::string(record.view.id));
}

void CallBook::remember_known(const std::string& contact_id) {
    if (!known_.insert(contact_id).second) return;
    known_order_.push_back(contact_id);
    if (known_order_.size() <= kMaxKnown) return;
    known_.erase(known_order_.front());
    known_order_.pop_front();
}

// Named events first, in the order they happened; then contacts that only changed.
void CallBook::finish(WallTime at, Now now, std::vector<Event>& out) {
    for (Event& event : link_events_) out.push_back(std::move(event));
    link_events_.clear();
    for (ContactRecord* record : touched_) publish(*record);
    for (const Happened& each : happened_) {
        const ContactPtr& contact = published_[each.contact];
        if (const auto* what = std::get_if<ContactChanged::What>(&each.what))
            out.emplace_back(ContactChanged{*what, contact, each.merged_into});
        else
            out.emplace_back(
                OfferChanged{std::get<OfferChanged::What>(each.what), contact->offers[each.offer], contact});
    }
    for (const ContactRecord* record : touched_) {
        const bool named = std::any_of(happened_.begin(), happened_.end(), [&](const Happened& each) {
            return each.contact == record && std::holds_alternative<ContactChanged::What>(each.what);
        });
        if (!named) out.emplace_back(ContactChanged{ContactChanged::What::changed, published_[record], {}});
    }
    roster_.flush(at, now, out);
    for (ContactRecord* record : touched_)
        if (record->view.ended_at) forget(*record);
    happened_.clear();
    touched_.clear();
}

}  // namespace citybridge::calls
