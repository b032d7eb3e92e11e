#include "core/relay/callback_states.h"

#include <array>

namespace citybridge::relay {
namespace {

using S = CallbackState;

// Every possible step; what is not here is refused.
struct Row {
    CallbackStep step;
    std::initializer_list<S> from;
    S to;
};

const std::array<Row, kCallbackSteps> kSteps{{
    {CallbackStep::receive, {S::offered}, S::received},
    {CallbackStep::accept, {S::received}, S::accepted},
    {CallbackStep::assign, {S::accepted, S::assigned, S::escalated, S::withdrawn, S::returned}, S::assigned},
    {CallbackStep::put_back, {S::assigned}, S::accepted},
    {CallbackStep::dial,
     {S::accepted, S::assigned, S::escalated, S::withdrawn, S::returned, S::uncertain},
     S::dialling},
    {CallbackStep::answered, {S::dialling, S::uncertain}, S::done},
    {CallbackStep::not_answered, {S::dialling, S::uncertain}, S::assigned},
    {CallbackStep::not_dialled, {S::dialling}, S::assigned},
    {CallbackStep::lost, {S::dialling}, S::uncertain},
    {CallbackStep::finish,
     {S::accepted, S::assigned, S::dialling, S::escalated, S::withdrawn, S::returned, S::uncertain},
     S::done},
    {CallbackStep::give_up,
     {S::accepted, S::assigned, S::dialling, S::escalated, S::withdrawn, S::returned, S::uncertain},
     S::failed},
    {CallbackStep::give_back, {S::received, S::accepted, S::assigned, S::escalated, S::uncertain}, S::returned},
    {CallbackStep::take_back,
     {S::offered, S::received, S::accepted, S::assigned, S::dialling, S::escalated, S::uncertain},
     S::uncertain},
    {CallbackStep::released, {S::uncertain}, S::withdrawn},
    {CallbackStep::hand_over, {S::withdrawn, S::returned}, S::offered},
    {CallbackStep::escalate, {S::offered, S::received, S::accepted, S::assigned}, S::escalated},
}};

}  // namespace

std::string_view to_string(Holder value) { return value == Holder::origin ? "origin" : "target"; }

std::string_view to_string(CallbackStep value) {
    switch (value) {
        case CallbackStep::receive: return "receive";
        case CallbackStep::accept: return "accept";
        case CallbackStep::assign: return "assign";
        case CallbackStep::put_back: return "put_back";
        case CallbackStep::dial: return "dial";
        case CallbackStep::answered: return "answered";
        case CallbackStep::not_answered: return "not_answered";
        case CallbackStep::not_dialled: return "not_dialled";
        case CallbackStep::lost: return "lost";
        case CallbackStep::finish: return "finish";
        case CallbackStep::give_up: return "give_up";
        case CallbackStep::give_back: return "give_back";
        case CallbackStep::take_back: return "take_back";
        case CallbackStep::released: return "released";
        case CallbackStep::hand_over: return "hand_over";
        case CallbackStep::escalate: return "escalate";
    }
    return "";
}

std::optional<CallbackState> after(CallbackState state, CallbackStep step) {
    const Row& row = kSteps[static_cast<std::size_t>(step)];
    for (const S from : row.from)
        if (from == state) return row.to;
    return {};
}

bool may_step(Holder holder, Holder side, CallbackStep step) {
    switch (step) {
        // The one right of the origin over a task that the target holds.
        case CallbackStep::take_back: return side == Holder::origin && holder == Holder::target;
        case CallbackStep::released:
        case CallbackStep::hand_over: return side == Holder::origin && holder == Holder::origin;
        case CallbackStep::receive:
        case CallbackStep::accept:
        case CallbackStep::put_back:
        case CallbackStep::give_back: return side == Holder::target && holder == Holder::target;
        // Telling a person moves nothing.
        case CallbackStep::escalate: return true;
        case CallbackStep::assign:
        case CallbackStep::dial:
        case CallbackStep::answered:
        case CallbackStep::not_answered:
        case CallbackStep::not_dialled:
        case CallbackStep::lost:
        case CallbackStep::finish:
        case CallbackStep::give_up: return side == holder;
    }
    return false;
}

bool is_closed(CallbackState state) { return state == S::done || state == S::failed; }

}  // namespace citybridge::relay
