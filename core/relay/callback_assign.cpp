// The target's list: who is to do it, and what happens when nobody does.
#include <algorithm>

#include "core/relay/callback_step.h"

namespace citybridge::relay {
namespace {

const Candidate* freest(const std::vector<Candidate>& all, const std::vector<std::string>& tried) {
    const Candidate* best = nullptr;
    for (const Candidate& each : all) {
        if (std::find(tried.begin(), tried.end(), each.user) != tried.end()) continue;
        if (best == nullptr || std::tie(each.load, each.user) < std::tie(best->load, best->user)) best = &each;
    }
    return best;
}

void to_team_lead(CallbackChange& change, const char* why) {
    change.take(CallbackStep::escalate);
    change.row.owner.clear();
    change.note("system", "escalated", why);
    change.event("escalated");
    change.tell();
}

// The promise has passed, or nothing came of a dialling of this side.
void origin_due(const CallbackContext& context, CallbackChange& change) {
    if (change.row.state == CallbackState::dialling && change.holds()) {
        if (context.now.wall < change.row.promised_at || change.detail.told) {
            change.take(CallbackStep::lost);
            change.note("system", "lost");
            change.event("uncertain");
            change.tell();
            return;
        }
    }
    if (change.detail.told || context.now.wall < change.row.promised_at) return;
    change.detail.told = true;
    if (!change.holds() && change.can(CallbackStep::escalate)) change.take(CallbackStep::escalate);
    change.note("system", "escalated", "the promised time has passed");
    change.event("escalated");
}

void target_due(const CallbackContext& context, CallbackChange& change) {
    switch (change.row.state) {
        case CallbackState::received: take_into_list(context, change); return;
        case CallbackState::accepted: {
            const bool opened = change.row.state_detail.erase("opens_at") != 0;
            // Somebody may have come on line since.
            assign_next(context, change);
            if (!opened && change.row.state != CallbackState::assigned)
                to_team_lead(change, "nobody took it from the list in time");
            return;
        }
        case CallbackState::assigned:
            change.detail.tried.push_back(std::exchange(change.row.owner, {}));
            change.take(CallbackStep::put_back);
            change.note("system", "not_taken")["by"] = change.detail.tried.back();
            change.tell();
            assign_next(context, change);
            if (change.row.state != CallbackState::assigned) to_team_lead(change, "nobody took it in time");
            return;
        case CallbackState::dialling:
            change.take(CallbackStep::lost);
            change.note("system", "lost");
            change.event("uncertain");
            change.tell();
            return;
        case CallbackState::offered:
        case CallbackState::done:
        case CallbackState::failed:
        case CallbackState::uncertain:
        case CallbackState::returned:
        case CallbackState::withdrawn:
        case CallbackState::escalated: return;
    }
}

}  // namespace

void take_into_list(const CallbackContext& context, CallbackChange& change) {
    if (!is_reconciled(context.settings, context.city_row(far_city(change.row)))) {
        // Looked at again when it is due; nothing is held before that.
        change.note("system", "waits_for_exchange");
        return;
    }
    change.take(CallbackStep::accept);
    change.note("system", "accepted");
    change.event("accepted");
    change.tell();
    const WallTime opens = context.view.next_opening(context.now.wall);
    if (opens <= context.now.wall) {
        assign_next(context, change);
        return;
    }
    change.row.state_detail["opens_at"] = opens.time_since_epoch().count();
    change.note("system", "moved")["to"] = to_rfc3339(opens);
    change.moved(opens - context.now.wall);
}

void assign_next(const CallbackContext& context, CallbackChange& change) {
    if (context.settings.pulled) return;
    const std::vector<Candidate> candidates = context.view.candidates(context.settings.skill);
    const Candidate* next = freest(candidates, change.detail.tried);
    if (next == nullptr) return;
    change.row.owner = next->user;
    change.take(CallbackStep::assign);
    change.note("system", "assigned")["to"] = next->user;
    change.event("assigned");
    change.tell();
}

Result<CallbackDecision> callback_due(const CallbackContext& context, const CallbackDue& what) {
    CallbackDecision out;
    const CallbackRecord* row = context.view.callback(what.id);
    // Settled or moved meanwhile.
    if (row == nullptr || !row->due_at || *row->due_at > context.now.wall) return out;
    CallbackChange change = context.change(*row);
    change.touch();
    if (side_of(*row) == Holder::origin)
        origin_due(context, change);
    else if (change.holds())
        target_due(context, change);
    change.finish(out);
    return out;
}

}  // namespace citybridge::relay
