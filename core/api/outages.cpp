#include "core/api/outages.h"

#include <algorithm>

namespace citybridge {
namespace {

struct Collect {
    const PbxSignal& signal;
    Outages::Facts& facts;

    void operator()(const signal::ChannelStarted&) const { facts.started.push_back(signal.channel); }
    void operator()(const signal::ChannelRenamed& e) const { facts.started.push_back(e.id); }
    void operator()(const signal::ChannelEnded&) const { facts.ended.push_back(signal.channel); }
    void operator()(const signal::LinkUp&) const { facts.up = true; }
    void operator()(const signal::LinkDown&) const { facts.down = true; }
    void operator()(const signal::MemberChanged& e) const { facts.members.push_back(e); }
    void operator()(const signal::AgentCalled& e) const {
        signal::MemberChanged member;
        member.agent = e.agent;
        member.name = e.name;
        member.device = e.device;
        facts.members.push_back(std::move(member));
    }
    void operator()(const signal::Snapshot& e) const {
        auto& ids = facts.snapshot.emplace();
        for (const signal::SnapshotChannel& channel : e.channels) ids.push_back(channel.id);
        facts.members.insert(facts.members.end(), e.members.begin(), e.members.end());
    }
    template <class Other>
    void operator()(const Other&) const {}
};

}  // namespace

Outages::Facts Outages::facts_of(std::span<const PbxSignal> signals) {
    Facts facts;
    for (const PbxSignal& each : signals) std::visit(Collect{each, facts}, each.body);
    return facts;
}

// A batch never holds both ends of a link; within one, the snapshot comes before what is told after it.
void Outages::told(Facts facts, WallTime now) {
    if (facts.down && up_) {
        up_ = false;
        open_ = Outage{up_since_, std::min(heard_, now), now};
    }
    if (facts.up && !up_) {
        up_ = true;
        up_since_ = now;
        if (open_ && outages_.size() < kMostOutages) {
            open_->to = now;
            outages_.push_back(*open_);
        }
        open_.reset();
    }
    if (facts.snapshot) {
        const std::set<std::string> there(facts.snapshot->begin(), facts.snapshot->end());
        const std::set<std::string> before = live_;
        for (const std::string& id : before)
            if (!there.contains(id)) end(id, now);
        live_.insert(there.begin(), there.end());
    }
    live_.insert(facts.started.begin(), facts.started.end());
    for (const std::string& id : facts.ended)
        if (live_.contains(id)) end(id, now);
    for (const signal::MemberChanged& member : facts.members) {
        if (member.agent.empty()) continue;
        if (!member.name.empty()) members_[member.name] = {member.agent, member.device};
        if (!member.device.empty()) members_[member.device] = {member.agent, member.device};
    }
    if (up_) forget_gone(now);
}

const KnownMember* Outages::member(const std::string& name_or_device) const {
    const auto found = members_.find(name_or_device);
    return found == members_.end() ? nullptr : &found->second;
}

void Outages::end(const std::string& channel, WallTime now) {
    live_.erase(channel);
    if (gone_.insert(channel).second) gone_at_.emplace_back(now, channel);
}

void Outages::forget_gone(WallTime now) {
    while (!gone_at_.empty() && now - gone_at_.front().first > kRemembered) {
        gone_.erase(gone_at_.front().second);
        gone_at_.pop_front();
    }
}

}  // namespace citybridge
