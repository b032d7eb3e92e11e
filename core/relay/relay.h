#pragma once
// The relay decides when which outbox message goes to its destination: N at
// once per destination, strictly in order per key, retried by the destination's
// schedule, held back by a breaker while it is down, parked with its key when
// given up. Pure: rows, answers and the time in, messages to send and progress
// to be committed out. It holds a bounded window of rows; the rest waits in the
// store and is asked for when there is room.
//
// Order of a key survives a crash because its next message is sent only when
// the end of the one before has been committed.
//
// What a crash leaves unknown is settled by what the far side can do:
// `dedupes`: sent again. `findable`: what may have been on its way is looked
// for first. `neither`: a message is marked in the store before it is sent
// (decisions()); one found marked at start becomes possibly_done.
//
// One turn of whoever runs it:
//   poll(now, sends); commit decisions(); committed() of each;
//   for every wants(): read the store, loaded(); until wants() is empty;
//   sleep until next_deadline(), an answer, or new rows.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/api/capabilities.h"
#include "core/api/changes.h"

namespace citybridge::relay {

struct RelaySettings {
    std::size_t window = 2'000;         // rows held per destination
    std::size_t breaker_failures = 10;  // failures in a row, of different messages or one, that open the breaker
    Millis breaker_open{5'000};         // then one message tries, and the rest waits for its answer
    std::uint64_t seed = 1;             // of the jitter
};

// Carry this message out now; answer with replied() or found().
struct Send {
    OutboxRecord message;
    bool find = false;  // ask whether its effect is there instead of delivering
};

// Rows of this destination are wanted from the store: pending, seq > after_seq,
// in order of seq, at most `limit`; or all pending ones of one key.
struct WantRows {
    std::string destination;
    std::int64_t after_seq = 0;
    std::size_t limit = 0;
    std::string key;  // not empty: all rows of this key, whatever after_seq and limit say
};

// What an answer changes. Commit it, then call committed(progress.id).
struct Outcome {
    OutboxProgress progress;
    bool ended = false;                 // delivered, dead or possibly_done: the desk is told in the same commit
    bool destination_disabled = false;  // 410: nothing is sent there until a person enables it
};

struct DestinationStatus {
    std::string name;
    bool disabled = false;
    bool breaker_open = false;
    std::size_t held = 0;  // rows in memory
    std::size_t on_the_way = 0;
    std::size_t parked_keys = 0;
    std::optional<MonoTime> next_attempt;
};

class Relay {
public:
    explicit Relay(RelaySettings settings = {});
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    // At start, before any row. `parked_keys`: keys of rows that are dead or possibly_done.
    // Rows pending in the store are asked for by wants().
    void add_destination(const std::string& name, const DeliveryTraits& traits,
                         const std::vector<std::string>& parked_keys, bool disabled);

    // Rows just committed, in order of seq, none left out; of destinations that were not added they stay in the store.
    // Precondition of every row: its key is not empty.
    void added(const std::vector<OutboxRecord>& rows, Now now);
    // The answer to one of wants(); fewer rows than the limit means that there are no more.
    void loaded(const WantRows& want, const std::vector<OutboxRecord>& rows, Now now);
    // At most one per destination at a time; asked again after loaded() or not_loaded().
    std::vector<WantRows> wants();
    // The store could not be read: wants() asks again.
    void not_loaded(const WantRows& want);

    // Appends what is to be sent now.
    void poll(Now now, std::vector<Send>& out);
    // What the relay decided without an answer since it was last asked: ask after every poll() and loaded(), commit
    // like the outcomes of replied(), then call committed(). These are
    // - marks of messages to a destination that is `neither` (pending, must_find): the message is sent by a poll()
    //   after committed(), so that a crash cannot hide that it may have been sent;
    // - marked messages met at start: possibly_done, code "relay.interrupted";
    // - outcomes whose commit failed, once more.
    std::vector<Outcome> decisions();
    // When poll() has something to do again if nothing else happens.
    std::optional<MonoTime> next_deadline() const;

    // Empty: nothing to be kept. The message is not on its way (a late second answer), or it was looked for, is absent
    // and goes out with the next poll().
    std::optional<Outcome> replied(const std::string& id, const DeliveryReply& reply, Now now);
    std::optional<Outcome> found(const std::string& id, const FindReply& reply, Now now);
    // The progress is in the store.
    void committed(const std::string& id);
    // It could not be written: the message waits, and decisions() gives the same outcome again after a second.
    void commit_failed(const std::string& id, Now now);

    // A person's acts. The row is as the store has it; the progress is to be committed, then acted(row) called.
    // replay: a dead, possibly_done or cancelled message is sent again, its key goes on behind it;
    // `out_of_turn`: now, past the others of its key, also if it is pending and waits. A cancelled message was passed
    // by its key already, so its replay is always out of turn. cancel: given up for good, its key goes on.
    // Error codes: "relay.no_destination", "relay.on_its_way", "relay.not_replayable", "relay.not_cancellable".
    Result<OutboxProgress> replay(const OutboxRecord& row, bool out_of_turn, Now now) const;
    Result<OutboxProgress> cancel(const OutboxRecord& row, Now now) const;
    // `row` as it is now in the store; `still_parked`: other rows of its key are dead or possibly_done. Then its key
    // stays where it is until they are decided too: what follows a dead message never passes it.
    void acted(const OutboxRecord& row, bool still_parked, Now now);
    void set_disabled(const std::string& destination, bool disabled);

    std::vector<DestinationStatus> status() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// `row` with `progress` on it.
OutboxRecord with_progress(OutboxRecord row, const OutboxProgress& progress);

}  // namespace citybridge::relay
