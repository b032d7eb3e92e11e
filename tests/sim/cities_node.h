#pragma once
// One city's node in the simulation: what the durable strand does, step by step
// and in virtual time, around the real desk, relay and store. Whatever is in
// memory is gone with a crash; the file of the store stays.
#include "core/node/batch.h"
#include "core/node/people_cache.h"
#include "core/relay/relay.h"
#include "core/store/store.h"
#include "tests/sim/cities_world.h"

namespace citybridge::sim {

// Thrown out of a step: the node is gone.
struct Crashed {};

class CityNode {
public:
    CityNode(CitiesWorld& world, std::size_t index);

    void start();
    void die();
    bool up() const { return store_ != nullptr; }
    // The node's file as it is now; and back to it, with a higher generation.
    void keep_backup();
    void restore();

    // One request, committed or refused. Throws Crashed.
    Result<desk::Decision> ask(const desk::Request& request);
    void take(const OutboxRecord& message, std::size_t from, const std::function<void(DeliveryReply)>& answer);
    void offer(const std::string& id, std::size_t target);
    void people_act();
    void agents_come_and_go();
    void wake();

    const std::string& name() const { return CitiesWorld::names()[index_]; }
    Now now() const;
    // What a person sees on his screen: rows as committed.
    const std::map<std::string, CallbackRecord>& open() const { return open_; }

    // For the checks: from the store.
    std::optional<CallbackRecord> row(const std::string& id) const;
    std::vector<CallbackHistoryRecord> history(const std::string& id) const;
    std::vector<CityRecord> cities() const;  // what it knows of the others
    std::vector<OutboxRecord> outbox() const;
    bool inbox_has(const std::string& source, const std::string& id) const;
    bool settled() const;  // nothing open, nothing to be sent

    std::vector<std::pair<MonoTime, MonoTime>> downs;       // when it did not run
    std::vector<std::pair<MonoTime, MonoTime>> lives_lost;  // backup taken, restored

private:
    struct Dialling {
        std::string task;
        std::string command;
        bool confirmed = false;
    };

    desk::Desk make_desk() const;
    void commit(Changes changes);
    void committed(const Changes& changes);
    void crash_maybe();
    void guarded(const std::function<void()>& work);  // a crash ends the node and nothing else
    void pump();
    bool load_wanted();  // whether anything was wanted
    void answered(const std::string& id, const DeliveryReply& reply, std::uint64_t life);
    void plan_wake();
    void take_due();
    void forget_inbox();
    void dial(const Dialling& what);
    void dial_ended(const Dialling& what, relay::CallbackDialEnded::Result result);
    void act_on(const CallbackRecord& row);
    void act_as_holder(const CallbackRecord& row, const relay::CallbackDetail& detail);
    void act_at_target(const CallbackRecord& row);
    void act_at_origin(const CallbackRecord& row);
    void person(const std::string& user, relay::ActOnCallback what);
    void take_back_by_timer();
    void new_life(store::Store& store);
    void reset_epochs();
    void check_hand(const CallbackRecord& row);
    void greet();

    CitiesWorld& world_;
    const std::size_t index_;
    const std::string file_;
    Millis skew_{};
    std::int64_t generation_ = 0;
    std::int64_t highest_generation_ = 0;  // of all its lives
    std::string store_life_;
    std::uint64_t life_ = 0;
    bool has_backup_ = false;
    MonoTime backup_at_{};
    MonoTime died_at_{};
    std::map<std::string, std::pair<std::int64_t, std::int64_t>>
        hands_;  // (epoch, hand) by task, since it was restored

    // Gone with a crash.
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<relay::Relay> relay_;
    std::unique_ptr<desk::Desk> desk_;
    std::unique_ptr<PeopleCache> people_;
    std::map<std::string, CallbackRecord> open_;
    std::int64_t next_seq_ = 1;
    std::uint64_t batches_ = 0;
    std::optional<MonoTime> wake_at_;
    bool pumping_ = false;
};

}  // namespace citybridge::sim
