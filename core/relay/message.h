#pragma once
// A held outbox row and its key's queue.
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/api/records.h"
#include "core/relay/relay.h"

namespace citybridge::relay {

enum class Phase {
    queued,      // waits for its time or its turn
    marking,     // its mark is being committed; has a slot
    marked,      // may be sent; has a slot
    sending,     // with the connector; has a slot
    finding,     // with the connector; has a slot
    committing,  // answered; its progress is being committed
};

enum class Place { none, timer, ready };  // where the lane has it queued

struct Message {
    OutboxRecord row;
    Phase phase = Phase::queued;
    Place place = Place::none;
    MonoTime due{};                  // of the next attempt
    bool may_be_sent = false;        // the node's life before this one may have sent it
    bool cancelled = false;          // a person gave it up while it was on its way
    std::optional<Outcome> outcome;  // given out, not yet in the store

    bool has_slot() const { return phase != Phase::queued && phase != Phase::committing; }
};

// Messages of one (destination, key) by seq. One at a time: `busy` is it from
// the moment it gets a slot until its progress is in the store.
struct KeyQueue {
    std::map<std::int64_t, Message*> rows;
    std::vector<Message*> out_of_turn;  // those of `rows` that a person sent past the others
    Message* head = nullptr;            // whose turn it is, and which is queued for it
    Message* busy = nullptr;
};

}  // namespace citybridge::relay
