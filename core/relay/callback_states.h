#pragma once
// What can become of a callback between two cities: its states, the steps
// between them, and who may make them. One table; nothing else changes a state
// but taking over what the city that holds the task says of it.
#include <optional>
#include <string_view>

#include "core/api/callbacks.h"

namespace citybridge::relay {

// Who may dial and end the task. From the offer on it is the target; the origin again after the target gave the task
// back, or after a person took it back. No timer ever changes it (P7).
enum class Holder { origin, target };
std::string_view to_string(Holder value);

enum class CallbackStep {
    receive,       // the target has the offer in its store
    accept,        // and in its list
    assign,        // to one of its people
    put_back,      // he does not do it
    dial,          // committed before the phone dials
    answered,      // the customer spoke with us
    not_answered,  // he was dialled in vain
    not_dialled,   // the command certainly failed before his phone rang
    lost,          // what became of the dialling is not known
    finish,        // a person ends it: done
    give_up,       // a person ends it: failed
    give_back,     // the target's person returns it
    take_back,     // the origin's person takes it away; the target is asked
    released,      // the target says that nobody dialled
    hand_over,     // the origin offers it again
    escalate,      // time is up: a team lead is told
};
std::string_view to_string(CallbackStep value);
inline constexpr std::size_t kCallbackSteps = static_cast<std::size_t>(CallbackStep::escalate) + 1;
inline constexpr std::size_t kCallbackStates = static_cast<std::size_t>(CallbackState::escalated) + 1;

// The state after the step; nothing: the step is not possible from there.
std::optional<CallbackState> after(CallbackState state, CallbackStep step);
// The side that may make the step.
bool may_step(Holder holder, Holder side, CallbackStep step);
bool is_closed(CallbackState state);

}  // namespace citybridge::relay
