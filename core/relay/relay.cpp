#include "core/relay/relay.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/relay/lane.h"

namespace citybridge::relay {

struct Relay::Impl {
    RelaySettings settings;
    std::map<std::string, Lane, std::less<>> lanes;
    std::optional<std::int64_t> first_new;  // seq of the first row committed in this life of the node

    Lane* lane(const std::string& destination) {
        const auto found = lanes.find(destination);
        return found == lanes.end() ? nullptr : &found->second;
    }
    Lane* holding(const std::string& id) {
        for (auto& [name, lane] : lanes)
            if (lane.holds(id)) return &lane;
        return nullptr;
    }
};

Relay::Relay(RelaySettings settings) : impl_(std::make_unique<Impl>()) { impl_->settings = settings; }
Relay::~Relay() = default;

void Relay::add_destination(const std::string& name, const DeliveryTraits& traits,
                            const std::vector<std::string>& parked_keys, bool disabled) {
    impl_->lanes.try_emplace(name, name, traits, parked_keys, disabled, impl_->settings);
}

void Relay::added(const std::vector<OutboxRecord>& rows, Now now) {
    for (const OutboxRecord& row : rows) {
        if (!impl_->first_new) impl_->first_new = row.seq;
        if (Lane* lane = impl_->lane(row.destination)) lane->add(row, now);
    }
}

void Relay::loaded(const WantRows& want, const std::vector<OutboxRecord>& rows, Now now) {
    if (Lane* lane = impl_->lane(want.destination)) lane->loaded(want, rows, impl_->first_new, now);
}

void Relay::not_loaded(const WantRows& want) {
    if (Lane* lane = impl_->lane(want.destination)) lane->not_loaded(want);
}

std::vector<WantRows> Relay::wants() {
    std::vector<WantRows> wants;
    for (auto& [name, lane] : impl_->lanes)
        if (auto want = lane.want()) wants.push_back(std::move(*want));
    return wants;
}

void Relay::poll(Now now, std::vector<Send>& out) {
    for (auto& [name, lane] : impl_->lanes) lane.poll(now, out);
}

std::vector<Outcome> Relay::decisions() {
    std::vector<Outcome> all;
    for (auto& [name, lane] : impl_->lanes) {
        auto some = lane.take_decisions();
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    return all;
}

std::optional<MonoTime> Relay::next_deadline() const {
    std::optional<MonoTime> at;
    for (const auto& [name, lane] : impl_->lanes) {
        const auto of_lane = lane.next_deadline();
        if (of_lane && (!at || *of_lane < *at)) at = of_lane;
    }
    return at;
}

std::optional<Outcome> Relay::replied(const std::string& id, const DeliveryReply& reply, Now now) {
    Lane* lane = impl_->holding(id);
    return lane == nullptr ? std::nullopt : lane->replied(id, reply, now);
}

std::optional<Outcome> Relay::found(const std::string& id, const FindReply& reply, Now now) {
    Lane* lane = impl_->holding(id);
    return lane == nullptr ? std::nullopt : lane->found(id, reply, now);
}

void Relay::committed(const std::string& id) {
    if (Lane* lane = impl_->holding(id)) lane->committed(id);
}

void Relay::commit_failed(const std::string& id, Now now) {
    if (Lane* lane = impl_->holding(id)) lane->commit_failed(id, now);
}

namespace {

Error no_destination(const OutboxRecord& row) {
    return {"relay.no_destination", "message " + row.id + " is for " + row.destination +
                                        ", which is not configured; configure it and restart the node"};
}

}  // namespace

Result<OutboxProgress> Relay::replay(const OutboxRecord& row, bool out_of_turn, Now now) const {
    const Lane* lane = impl_->lane(row.destination);
    if (lane == nullptr) return no_destination(row);
    return lane->replay(row, out_of_turn, now);
}

Result<OutboxProgress> Relay::cancel(const OutboxRecord& row, Now now) const {
    const Lane* lane = impl_->lane(row.destination);
    if (lane == nullptr) return no_destination(row);
    return lane->cancel(row, now);
}

void Relay::acted(const OutboxRecord& row, bool still_parked, Now now) {
    if (Lane* lane = impl_->lane(row.destination)) lane->acted(row, still_parked, impl_->first_new, now);
}

void Relay::set_disabled(const std::string& destination, bool disabled) {
    if (Lane* lane = impl_->lane(destination)) lane->set_disabled(disabled);
}

std::vector<DestinationStatus> Relay::status() const {
    std::vector<DestinationStatus> all;
    for (const auto& [name, lane] : impl_->lanes) all.push_back(lane.status());
    return all;
}

OutboxRecord with_progress(OutboxRecord row, const OutboxProgress& progress) {
    row.state = progress.state;
    row.attempts = progress.attempts;
    row.next_at = progress.next_at;
    row.updated_at = progress.updated_at;
    row.last_code = progress.last_code;
    row.last_detail = progress.last_detail;
    row.external_id = progress.external_id;
    row.must_find = progress.must_find;
    row.out_of_turn = progress.out_of_turn;
    return row;
}

}  // namespace citybridge::relay
