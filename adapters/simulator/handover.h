#pragma once
// What agents do with a customer they talk to: hold, transfer, consult, bring in
// a third, record, park. By command, and now and then by themselves.
#include "adapters/simulator/talk.h"

namespace citybridge::simulator {

class Handover {
public:
    Handover(Stage& stage, Talk& talk);

    // `done` is called once: at once, or when an invited third has answered or not.
    void command(const CallCommand& command, CommandDone done);
    // A command ends one of the channels of a call that is in one of these phases.
    void end_by_command(Call& call, const std::string& channel);

private:
    static constexpr Millis kRingTime{20'000};

    std::string begin(Call& call, const CallCommand& command);
    std::string hold(Call& call, const CallCommand& command);
    std::string transfer(Call& call, const std::string& to);
    std::string consult(Call& call, const std::string& to, bool by_habit);
    std::string complete(Call& call);
    std::string cancel(Call& call);
    std::string three_way(Call& call);
    std::string record(Call& call, const CallCommand& command);
    std::string park(Call& call);
    bool invites(const Call& call, const CallCommand& command) const;
    void invite(Call& call, const CallCommand& command, CommandDone done);

    void plan(Call& call, Millis talk);
    std::string colleague_of(Call& call);
    void ring(Call& call, const std::string& from, const std::string& to, Millis ring_time);
    void decide(Call& call, Millis ring_time);
    void answered(Call& call);
    void failed(Call& call, DialResult result);
    void failed(Call& call, DialResult result, int cause);
    void join(Call& call, const std::string& bridge, BridgeKind kind, const std::vector<std::string>& channels);
    void leave(const std::vector<std::string>& channels);
    void drop_third(Call& call, TruthOffer::End end, int cause);
    void note_transfer(Call& call, TransferKind kind, const std::string& to);
    void release_agent(Call& call);
    void third_takes_over(Call& call);
    void back_to_talk(Call& call);
    void enter_room(Call& call);
    void plan_room_end(Call& call);
    void leave_room(Call& call, const std::string& channel, bool requested);
    void fetch(Call& call);
    void come_back(Call& call);
    void customer_leaves(Call& call, bool requested);
    void end_customer(Call& call, EndedBy by);

    Stage& stage_;
    Talk& talk_;
    int last_slot_ = 700;
};

}  // namespace citybridge::simulator
