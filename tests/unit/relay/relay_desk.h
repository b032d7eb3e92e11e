#pragma once
// The relay with one destination, a store beside it and a clock that the test moves.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/relay/relay.h"

namespace citybridge::relay {

inline DeliveryTraits traits_of(Repeats repeats) {
    DeliveryTraits traits;
    traits.repeats = repeats;
    traits.far_timeout = Millis{30'000};
    traits.connections = 4;
    traits.schedule = {Millis{1'000}, Millis{10'000}};
    traits.jitter = 0;
    return traits;
}

inline DeliveryReply answer(DeliveryOutcome outcome, std::optional<Millis> retry_after = std::nullopt) {
    DeliveryReply reply;
    reply.outcome = outcome;
    reply.retry_after = retry_after;
    if (outcome == DeliveryOutcome::delivered)
        reply.external_id = "E-1";
    else
        reply.code = "far.code";
    return reply;
}

inline FindReply sight(FindReply::Outcome outcome) {
    FindReply reply;
    reply.outcome = outcome;
    if (outcome == FindReply::Outcome::found) reply.external_id = "E-2";
    return reply;
}

class RelayDesk {
public:
    explicit RelayDesk(DeliveryTraits traits, RelaySettings settings = {})
        : traits_(std::move(traits)), settings_(settings) {
        restart();
    }

    // A new life of the node over the same rows.
    void restart() {
        std::vector<std::string> parked;
        for (const auto& [seq, row] : rows)
            if (row.state == OutboxState::dead || row.state == OutboxState::possibly_done) parked.push_back(row.key);
        relay.emplace(settings_);
        relay->add_destination("erp", traits_, parked, false);
        fill();
    }

    // "key.seq" is the id.
    std::string add(const std::string& key) {
        OutboxRecord row;
        row.seq = static_cast<std::int64_t>(rows.size()) + 1;
        row.key = key;
        row.id = key + "." + std::to_string(row.seq);
        row.destination = "erp";
        row.next_at = row.created_at = now.wall;
        rows[row.seq] = row;
        relay->added({row}, now);
        return row.id;
    }

    void fill() {
        for (auto wants = relay->wants(); !wants.empty(); wants = relay->wants())
            for (const WantRows& want : wants) {
                std::vector<OutboxRecord> found;
                for (auto row = rows.upper_bound(want.after_seq); row != rows.end(); ++row) {
                    if (want.key.empty() && found.size() == want.limit) break;
                    if (row->second.state != OutboxState::pending) continue;
                    if (want.key.empty() || row->second.key == want.key) found.push_back(row->second);
                }
                ++loads;
                relay->loaded(want, found, now);
            }
    }

    // What goes out now: "id", or "id?" if it is looked for. Marks are committed on the way.
    std::vector<std::string> sent() {
        std::vector<std::string> ids;
        std::vector<Send> sends;
        for (int turn = 0; turn < 2; ++turn) {
            fill();
            relay->poll(now, sends);
            for (const Outcome& decision : relay->decisions()) commit(decision);
        }
        ids.reserve(sends.size());
        for (const Send& send : sends) ids.push_back(send.message.id + (send.find ? "?" : ""));
        return ids;
    }

    void pass(Millis time) {
        now.wall += time;
        now.mono += time;
    }

    void store(const Outcome& outcome) {
        OutboxRecord& row = this->row(outcome.progress.id);
        row = with_progress(row, outcome.progress);
    }
    void commit(const Outcome& outcome) {
        store(outcome);
        relay->committed(outcome.progress.id);
    }

    Outcome reply(const std::string& id, DeliveryOutcome outcome, std::optional<Millis> retry_after = std::nullopt) {
        const auto result = relay->replied(id, answer(outcome, retry_after), now);
        EXPECT_TRUE(result) << id;
        if (result) commit(*result);
        return result.value_or(Outcome{});
    }
    std::optional<Outcome> find(const std::string& id, FindReply::Outcome outcome) {
        auto result = relay->found(id, sight(outcome), now);
        if (result) commit(*result);
        return result;
    }

    OutboxRecord& row(const std::string& id) {
        for (auto& [seq, row] : rows)
            if (row.id == id) return row;
        throw std::out_of_range(id);
    }

    Result<OutboxProgress> replay(const std::string& id, bool out_of_turn = false) {
        auto progress = relay->replay(row(id), out_of_turn, now);
        if (progress) act(id, *progress);
        return progress;
    }
    Result<OutboxProgress> cancel(const std::string& id) {
        auto progress = relay->cancel(row(id), now);
        if (progress) act(id, *progress);
        return progress;
    }

    Now now{WallTime{Millis{1'700'000'000'000}}, MonoTime{Millis{5'000}}};
    std::map<std::int64_t, OutboxRecord> rows;
    std::optional<Relay> relay;
    std::size_t loads = 0;

private:
    void act(const std::string& id, const OutboxProgress& progress) {
        OutboxRecord& acted = row(id);
        acted = with_progress(acted, progress);
        bool parked = false;
        for (const auto& [seq, other] : rows)
            parked = parked || (other.key == acted.key && seq != acted.seq &&
                                (other.state == OutboxState::dead || other.state == OutboxState::possibly_done));
        relay->acted(acted, parked, now);
    }

    DeliveryTraits traits_;
    RelaySettings settings_;
};

using Ids = std::vector<std::string>;

}  // namespace citybridge::relay
