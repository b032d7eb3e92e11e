#pragma once
// A queue looks for an agent: who is rung, who answers, who does not.
#include "adapters/simulator/talk.h"

namespace citybridge::simulator {

class Offering {
public:
    Offering(Stage& stage, Talk& talk);

    // Rings free agents for waiting callers, first come first.
    void distribute();
    // The caller leaves; every phone still ringing for him is dropped.
    void drop_attempts(Call& call);
    // The queue gives up on the phones still ringing.
    void miss_attempts(Call& call);
    // A command ends the phone that rings under `channel`.
    void end_attempt(Call& call, const std::string& channel);

private:
    void distribute(std::size_t queue);
    void ring(Call& call, std::size_t phone);
    void decide(Call& call, Attempt& attempt);
    void answer(Call& call, std::size_t phone);
    void lose(Call& call, const Attempt& attempt, bool answered_too);
    void refuse(Call& call, std::size_t phone);
    void end_phone(const Attempt& attempt, int cause);
    void note_end(Call& call, const Attempt& attempt, TruthOffer::End end);
    void retry_later(Call& call);

    Stage& stage_;
    Talk& talk_;
};

}  // namespace citybridge::simulator
