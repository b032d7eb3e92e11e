#include "adapters/simulator/floor.h"

#include <algorithm>

#include "adapters/simulator/people.h"

namespace citybridge::simulator {
namespace {

constexpr int kFirstAgent = 1001;
constexpr int kFirstDesk = 8001;

Phone make_phone(int extension, int person) {
    Phone phone;
    phone.number = std::to_string(extension);
    phone.agent = "SIM/" + phone.number;
    phone.name = agent_name(person);
    return phone;
}

Phone make_desk(int extension, int person) {
    Phone phone = make_phone(extension, person);
    phone.as_device = true;
    return phone;
}

}  // namespace

int wrap_up_seconds(const Config& config) {
    if (config.wrap_up <= Millis{0}) return 0;
    return std::max(1, static_cast<int>(config.wrap_up.count() / 1000 / config.speed));
}

Floor::Floor(const Config& config, Switchboard& board)
    : config_(config),
      board_(board),
      wrap_up_seconds_(wrap_up_seconds(config)),
      members_(config.queues.size()),
      next_(config.queues.size()) {
    for (int index = 0; index < config.agents; ++index) {
        Phone phone = make_phone(kFirstAgent + index, index);
        const std::size_t queues = config.queues.size();
        const std::size_t own = static_cast<std::size_t>(index) % queues;
        phone.queues.push_back(own);
        // Every fourth agent helps out in the next queue too.
        if (queues > 1 && index % 4 == 3) phone.queues.push_back((own + 1) % queues);
        phone.own_queues = phone.queues;
        for (const std::size_t queue : phone.queues) members_[queue].push_back(phones_.size());
        phones_.push_back(std::move(phone));
    }
    for (int index = 0; index < config.desks; ++index)
        phones_.push_back(make_desk(kFirstDesk + index, config.agents + index));
}

void Floor::open() {
    for (const auto& phone : phones_) announce(phone);
}

std::optional<std::size_t> Floor::find(std::string_view agent) const {
    for (std::size_t index = 0; index < phones_.size(); ++index)
        if (phones_[index].agent == agent) return index;
    return std::nullopt;
}

std::optional<std::size_t> Floor::find_number(std::string_view number) const {
    for (std::size_t index = 0; index < phones_.size(); ++index)
        if (phones_[index].number == number) return index;
    return std::nullopt;
}

signal::MemberChanged Floor::member_of(const Phone& phone) const {
    signal::MemberChanged member;
    member.agent = phone.agent;
    member.name = phone.name;
    member.device = phone.agent;
    member.status = phone.status;
    member.pause = phone.paused ? signal::MemberChanged::Pause::paused : signal::MemberChanged::Pause::unpaused;
    member.reason = phone.reason;
    return member;
}

void Floor::announce(const Phone& phone) {
    signal::MemberChanged member = member_of(phone);
    for (const std::size_t queue : phone.queues) {
        member.queue = config_.queues[queue].name;
        member.wrap_up_seconds = wrap_up_seconds_;
        board_.member_changed(member);
    }
    if (!phone.as_device) return;
    member.queue.clear();
    member.wrap_up_seconds = 0;
    member.reason.clear();
    member.pause = signal::MemberChanged::Pause::unchanged;  // only a queue can pause a phone
    board_.member_changed(member);
}

std::optional<std::size_t> Floor::find_queue(std::string_view name) const {
    for (std::size_t queue = 0; queue < config_.queues.size(); ++queue)
        if (config_.queues[queue].name == name) return queue;
    return std::nullopt;
}

bool Floor::log_in(std::size_t index, std::size_t queue) {
    auto& queues = phones_[index].queues;
    if (std::find(queues.begin(), queues.end(), queue) != queues.end()) return false;
    queues.push_back(queue);
    members_[queue].push_back(index);
    announce(phones_[index]);
    return true;
}

bool Floor::log_out(std::size_t index, std::size_t queue) {
    Phone& phone = phones_[index];
    if (std::erase(phone.queues, queue) == 0) return false;
    std::erase(members_[queue], index);
    next_[queue] = 0;
    signal::MemberChanged member = member_of(phone);
    member.queue = config_.queues[queue].name;
    member.removed = true;
    board_.member_changed(member);
    phone.as_device = true;
    announce(phone);
    return true;
}

void Floor::set_status(std::size_t index, DeviceStatus status) {
    if (phones_[index].status == status) return;
    phones_[index].status = status;
    announce(phones_[index]);
}

void Floor::set_pause(std::size_t index, bool paused, const std::string& reason) {
    phones_[index].paused = paused;
    phones_[index].reason = paused ? reason : std::string{};
    announce(phones_[index]);
}

void Floor::release(std::size_t index, WallTime now, WallTime free_from) {
    phones_[index].last_call = now;
    phones_[index].free_from = free_from;
    set_status(index, DeviceStatus::idle);
}

bool Floor::available(const Phone& phone, WallTime now) const {
    return phone.status == DeviceStatus::idle && !phone.paused && phone.free_from <= now;
}

std::vector<std::size_t> Floor::choose(std::size_t queue, WallTime now) {
    const auto& members = members_[queue];
    std::vector<std::size_t> free;
    for (std::size_t step = 0; step < members.size(); ++step) {
        const std::size_t member = members[(next_[queue] + step) % members.size()];
        if (available(phones_[member], now)) free.push_back(member);
    }
    if (free.empty()) return free;
    switch (config_.queues[queue].strategy) {
        case Strategy::ring_all: std::sort(free.begin(), free.end()); return free;
        case Strategy::least_recent:
            return {*std::min_element(free.begin(), free.end(), [&](std::size_t left, std::size_t right) {
                return std::pair(phones_[left].last_call, left) < std::pair(phones_[right].last_call, right);
            })};
        case Strategy::round_robin: break;
    }
    const auto place = std::find(members.begin(), members.end(), free.front());
    next_[queue] = static_cast<std::size_t>(place - members.begin() + 1) % members.size();
    return {free.front()};
}

}  // namespace citybridge::simulator
