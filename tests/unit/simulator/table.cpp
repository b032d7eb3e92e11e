#include "tests/unit/simulator/table.h"

#include <set>
#include <sstream>

namespace citybridge::simulator::test {
namespace {

std::string channel_line(const std::string& id, const std::string& group, const signal::ChannelStarted& started,
                         WallTime at, const std::string& bridge, Application application) {
    std::ostringstream out;
    out << "channel " << id << '|' << group << '|' << started.device << '|' << started.number << '|' << started.name
        << '|' << started.dialled << '|' << static_cast<int>(started.state) << '|' << to_rfc3339(at) << '|' << bridge
        << '|' << static_cast<int>(application);
    return out.str();
}

std::string caller_line(const std::string& channel, const std::string& queue, WallTime since) {
    return "waiting " + channel + '|' + queue + '|' + to_rfc3339(since);
}

std::string member_line(const signal::MemberChanged& member) {
    std::ostringstream out;
    out << "member " << member.agent << '|' << member.queue << '|' << member.name << '|' << member.device << '|'
        << static_cast<int>(member.status) << '|' << static_cast<int>(member.pause) << '|' << member.reason << '|'
        << member.wrap_up_seconds << '|' << member.removed;
    return out.str();
}

std::string joined(const std::multiset<std::string>& lines) {
    std::string all;
    for (const auto& line : lines) all += line + '\n';
    return all;
}

}  // namespace

void Table::fold(const PbxSignal& signal) {
    now_ = &signal;
    std::visit([this](const auto& body) { on(body); }, signal.body);
}

void Table::on(const signal::ChannelStarted& body) {
    channels_[now_->channel] = {now_->group, body, now_->at, {}, Application::other};
}
void Table::on(const signal::ChannelStateChanged& body) { channels_.at(now_->channel).started.state = body.state; }
void Table::on(const signal::ChannelPartyChanged& body) {
    auto& started = channels_.at(now_->channel).started;
    if (!body.number.empty()) started.number = body.number;
    if (!body.name.empty()) started.name = body.name;
    if (!body.dialled.empty()) started.dialled = body.dialled;
}
void Table::on(const signal::ChannelEnded&) { channels_.erase(now_->channel); }
void Table::on(const signal::BridgeEntered& body) { channels_.at(now_->channel).bridge = body.bridge; }
void Table::on(const signal::BridgeLeft&) { channels_.at(now_->channel).bridge.clear(); }
void Table::on(const signal::QueueEntered& body) {
    waiting_[now_->channel] = {body.queue, now_->at};
    channels_.at(now_->channel).application = Application::other;
}
void Table::on(const signal::QueueLeft&) { waiting_.erase(now_->channel); }
void Table::on(const signal::MemberChanged& body) {
    using Pause = signal::MemberChanged::Pause;
    if (body.removed) {
        members_.erase(body.agent + '\n' + body.queue);
        return;
    }
    auto& member = members_[body.agent + '\n' + body.queue];
    const signal::MemberChanged before = member;
    member = body;
    if (body.name.empty()) member.name = before.name;
    if (body.status == DeviceStatus::unknown) member.status = before.status;
    if (body.pause == Pause::unchanged) member.pause = before.pause;
}
void Table::on(const signal::ApplicationEntered& body) { channels_.at(now_->channel).application = body.application; }

std::string Table::text() const {
    std::multiset<std::string> lines;
    for (const auto& [id, row] : channels_)
        lines.insert(channel_line(id, row.group, row.started, row.at, row.bridge, row.application));
    for (const auto& [id, place] : waiting_) lines.insert(caller_line(id, place.first, place.second));
    for (const auto& [key, member] : members_) lines.insert(member_line(member));
    return joined(lines);
}

std::string text_of(const signal::Snapshot& snapshot) {
    std::multiset<std::string> lines;
    for (const auto& each : snapshot.channels)
        lines.insert(channel_line(each.id, each.group, each.started, each.started_at, each.bridge, each.application));
    for (const auto& each : snapshot.queue_callers)
        lines.insert(caller_line(each.channel, each.queue, each.entered_at));
    for (const auto& each : snapshot.members) lines.insert(member_line(each));
    return joined(lines);
}

}  // namespace citybridge::simulator::test
