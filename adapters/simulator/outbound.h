#pragma once
// Calls that begin at an agent's phone: click to dial, and one colleague
// calling another.
#include "adapters/simulator/talk.h"

namespace citybridge::simulator {

class Outbound {
public:
    Outbound(Stage& stage, Talk& talk);

    void open();
    // Rings the device, then dials the number. `done` is called once, perhaps at once.
    void dial(const DialCommand& command, CommandDone done);
    // A command ends one of the channels before the two talk.
    void end_by_command(Call& call, const std::string& channel);

private:
    void plan_internal();
    void call_colleague();
    std::string refusal(const DialCommand& command, std::optional<std::size_t> phone) const;
    void ring_agent(Call& call, std::size_t phone, const DialCommand& command);
    void agent_fails(Call& call, DialResult result);
    void agent_answers(Call& call);
    void ring_far(Call& call);
    void start_far_channel(Call& call);
    void decide_far(Call& call);
    void far_answers(Call& call);
    void far_fails(Call& call, DialResult result);
    void give_up(Call& call, bool requested);
    void end_agent(Call& call, int cause);
    void end_far(Call& call, int cause, TruthOffer::End end);

    Stage& stage_;
    Talk& talk_;
    Random chance_;
};

}  // namespace citybridge::simulator
