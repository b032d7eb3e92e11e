#pragma once
// Two parties in a bridge: holds, and the end by either side.
#include <functional>

#include "adapters/simulator/stage.h"

namespace citybridge::simulator {

class Talk {
public:
    explicit Talk(Stage& stage) : stage_(stage) {}

    // Both channels are up. Plans holds and the end.
    void connect(Call& call);
    // Both are in call.bridge already: plans the end, and what else may happen.
    void plan_end(Call& call);
    // Puts the other side on hold or takes it back.
    void change_hold(Call& call, HoldBy side, bool on);
    // One side's channel ends. `requested`: its own party hung up; else a
    // command did. Customer: everything ends. Agent: the queue's caller may go
    // on to the survey.
    void end(Call& call, HoldBy side, bool requested);

    // Takes over a queue's caller whose agent has left. False: the PBX drops him.
    std::function<bool(Call&)> after_agent;
    // What the agent may do with the call in this talk; set by Handover.
    std::function<void(Call&, Millis talk)> plan_handover;

private:
    void plan_hold(Call& call, Millis talk);
    void end_phone(Call& call, const std::string& channel, std::optional<std::size_t> phone);

    Stage& stage_;
};

}  // namespace citybridge::simulator
