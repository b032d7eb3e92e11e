#pragma once
// One destination: its window of messages, whose turn it is, what holds it
// back, and what an answer means there.
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/relay/breaker.h"
#include "core/relay/message.h"
#include "core/relay/relay.h"
#include "core/relay/waits.h"

namespace citybridge::relay {

class Lane {
public:
    Lane(std::string name, DeliveryTraits traits, const std::vector<std::string>& parked_keys, bool disabled,
         const RelaySettings& settings);

    const std::string& name() const { return name_; }
    bool holds(const std::string& id) const { return messages_.contains(id); }

    // Rows: lane_rows.cpp
    void add(const OutboxRecord& row, Now now);
    // `first_new`: seq of the first row this life of the node has committed; what is older may have been sent before.
    void loaded(const WantRows& want, const std::vector<OutboxRecord>& rows, std::optional<std::int64_t> first_new,
                Now now);
    void not_loaded(const WantRows& want);
    std::optional<WantRows> want();

    // Turns: lane.cpp
    void poll(Now now, std::vector<Send>& out);
    std::optional<MonoTime> next_deadline() const;
    std::vector<Outcome> take_decisions() { return std::exchange(decisions_, {}); }
    void set_disabled(bool disabled);
    DestinationStatus status() const;

    // Answers: lane_answers.cpp
    std::optional<Outcome> replied(const std::string& id, const DeliveryReply& reply, Now now);
    std::optional<Outcome> found(const std::string& id, const FindReply& reply, Now now);
    void committed(const std::string& id);
    void commit_failed(const std::string& id, Now now);

    // Acts: lane_acts.cpp
    Result<OutboxProgress> replay(const OutboxRecord& row, bool out_of_turn, Now now) const;
    Result<OutboxProgress> cancel(const OutboxRecord& row, Now now) const;
    void acted(const OutboxRecord& row, bool still_parked, std::optional<std::int64_t> first_new, Now now);

private:
    // (due, seq) and (in turn, seq): both sets are ordered and have nothing equal.
    using Timer = std::pair<MonoTime, std::int64_t>;
    using Turn = std::pair<bool, std::int64_t>;

    bool parked(const std::string& key) const { return parked_.contains(key); }
    bool skipped(const OutboxRecord& row) const;
    bool may_be_sent(const OutboxRecord& row, std::optional<std::int64_t> first_new) const;
    void hold(const OutboxRecord& row, bool may_be_sent, Now now);
    void loaded_key(const WantRows& want, const std::vector<OutboxRecord>& rows, std::optional<std::int64_t> first_new,
                    Now now);
    void interrupted(Message& message, Now now);
    void remove(Message& message);
    void tidy(const std::string& key);
    void park(const std::string& key);
    void unpark(const std::string& key);

    void refresh(const std::string& key);
    void queue(Message& message);
    void unqueue(Message& message);
    void wake(MonoTime now);
    void retry_commits(MonoTime now);
    void send_marked(MonoTime now, std::vector<Send>& out);
    void start(Message& message, Now now, std::vector<Send>& out);
    bool must_look(const Message& message) const;
    bool may_start(MonoTime now) const;

    Message* with_connector(const std::string& id, Phase phase);
    Outcome settle(Message& message, OutboxProgress progress, bool gone);
    Outcome failed(Message& message, OutboxProgress progress, std::optional<Millis> retry_after, Now now);
    Outcome unclear(Message& message, OutboxProgress progress, std::optional<Millis> retry_after, Now now);
    void observe(const std::string& id, const DeliveryReply& reply, Now now);
    const Message* find(const std::string& id) const;
    Message* find(const std::string& id);

    const std::string name_;
    const DeliveryTraits traits_;
    const std::size_t window_;
    std::mt19937_64 random_;
    Breaker breaker_;
    bool disabled_;
    MonoTime held_back_until_ = MonoTime::min();  // the far side asked for it
    MonoTime seen_ = MonoTime::min();             // the latest time this lane was told
    std::size_t slots_used_ = 0;

    std::unordered_map<std::string, std::unique_ptr<Message>> messages_;
    std::unordered_map<std::string, KeyQueue> keys_;
    std::unordered_set<std::string> parked_;
    std::set<std::pair<Timer, Message*>> timers_;
    std::set<std::pair<Turn, Message*>> ready_;
    std::deque<Message*> marked_;
    std::set<std::pair<MonoTime, std::string>> commit_retries_;
    std::vector<Outcome> decisions_;

    // Every pending row up to the cursor has been met: held, left because its key is parked or loaded by itself, or
    // ended. Once a row is left in the store for want of room, everything newer is left too until loading caught up:
    // otherwise a newer row of a key could pass an older one.
    std::int64_t cursor_ = 0;
    bool caught_up_ = false;
    bool left_since_asked_ = false;
    std::optional<WantRows> asked_;
    std::set<std::string> keys_wanted_;  // to be loaded by themselves; their rows are taken from there only
};

// The progress a row has.
OutboxProgress progress_of(const OutboxRecord& row);

}  // namespace citybridge::relay
