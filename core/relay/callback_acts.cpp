// What people do with a callback, and what becomes of a dialling.
#include "core/relay/callback_step.h"

namespace citybridge::relay {
namespace {

using What = ActOnCallback::What;

Error not_possible(const CallbackRecord& row, std::string_view act) {
    return {"callback.not_possible", std::string(act) + " is not possible while callback " + row.id + " is " +
                                         std::string(to_string(row.state)) + "; look at it again"};
}

std::optional<CallbackStep> step_of(What what) {
    switch (what) {
        case What::take:
        case What::assign: return CallbackStep::assign;
        case What::put_back: return CallbackStep::put_back;
        case What::dial: return CallbackStep::dial;
        case What::done: return CallbackStep::finish;
        case What::failed: return CallbackStep::give_up;
        case What::give_back: return CallbackStep::give_back;
        case What::withdraw: return CallbackStep::take_back;
        case What::offer_again: return CallbackStep::hand_over;
        case What::note: return {};
    }
    return {};
}

// Whose task it is: others leave it to him or to a team lead.
bool may(const CallbackActor& actor, const CallbackRecord& row, What what) {
    switch (what) {
        case What::assign:
        case What::withdraw:
        case What::offer_again:
        case What::give_back: return actor.leads;
        case What::note: return true;
        case What::take:
        case What::put_back:
        case What::dial:
        case What::done:
        case What::failed: return actor.leads || row.owner.empty() || row.owner == actor.user;
    }
    return false;
}

Result<> check(const CallbackContext& context, const CallbackChange& change, const ActOnCallback& what) {
    const CallbackRecord& row = change.row;
    const auto step = step_of(what.what);
    if (!step) return ok();
    const bool far_holds = !may_step(change.detail.holder, side_of(row), *step);
    if (far_holds)
        return Error{"callback.not_holder", "callback " + row.id + " is " + far_city(row) +
                                                "'s now; only a team lead of its origin may take it back (withdraw)"};
    if (!after(row.state, *step)) return not_possible(row, to_string(what.what));
    if (!may(context.input.actor, row, what.what))
        return Error{"auth.forbidden", "this is for " + (row.owner.empty() ? "a team lead" : row.owner) +
                                           " or a team lead; nothing was changed"};
    // A restored store may have given it away, or dialled, in the life it does not remember.
    if (!is_reconciled(context.settings, context.city_row(far_city(row))))
        return Error{"callback.not_reconciled",
                     "this node was restored from a backup and has not exchanged open callbacks with " + far_city(row) +
                         " yet; it does so as soon as the line is up"};
    return ok();
}

Result<> dial(CallbackChange& change, const ActOnCallback& what, const CallbackActor& actor) {
    const bool free = change.row.state != CallbackState::uncertain && change.detail.free();
    if (!free && what.confirmed_by.empty())
        return Error{"callback.needs_confirmation",
                     "the customer may have been called already: look at the history, and name who allows another call "
                     "(confirmed_by)"};
    change.take(CallbackStep::dial);
    ++change.detail.dials;
    change.detail.command = what.command;
    change.detail.result.clear();
    change.row.owner = actor.user;
    Fields& detail = change.note(actor.user, "dial", what.text);
    if (!free) detail["confirmed_by"] = change.detail.confirmed_by = what.confirmed_by;
    detail["command"] = what.command;
    change.event("dialling");
    change.tell();
    return ok();
}

void assign(CallbackChange& change, const ActOnCallback& what, const CallbackActor& actor) {
    change.row.owner = what.what == What::take ? actor.user : what.to;
    change.take(CallbackStep::assign);
    change.note(actor.user, "assigned", what.text)["to"] = change.row.owner;
    change.event("assigned");
}

void take_back(CallbackChange& change, const ActOnCallback& what, const CallbackActor& actor) {
    change.take(CallbackStep::take_back);
    ++change.row.epoch;
    change.detail.holder = Holder::origin;
    change.detail.asked = true;
    change.row.owner = actor.user;
    change.note(actor.user, "withdrawn", what.text)["epoch"] = change.row.epoch;
    change.event("uncertain");
    change.ask();
}

void offer_again(CallbackChange& change, const ActOnCallback& what, const CallbackActor& actor) {
    change.take(CallbackStep::hand_over);
    ++change.detail.hand;
    change.detail.offered_to = change.far_generation();
    change.detail.holder = Holder::target;
    change.detail.told = false;
    change.row.owner.clear();
    if (what.promised_at) change.row.promised_at = *what.promised_at;
    change.note(actor.user, "offered", what.text)["hand"] = change.detail.hand;
    change.event("offered");
}

void end(CallbackChange& change, const ActOnCallback& what, const CallbackActor& actor) {
    const bool done = what.what == What::done;
    change.take(done ? CallbackStep::finish : CallbackStep::give_up);
    change.row.outcome = what.outcome.empty() ? (done ? "reached" : "not_reached") : what.outcome;
    change.note(actor.user, done ? "done" : "failed", what.text)["outcome"] = change.row.outcome;
    change.event(done ? "done" : "failed");
}

void carry_out(CallbackChange& change, const ActOnCallback& what, const CallbackActor& actor) {
    switch (what.what) {
        case What::dial: return;
        case What::take:
        case What::assign: assign(change, what, actor); break;
        case What::done:
        case What::failed: end(change, what, actor); break;
        case What::withdraw: return take_back(change, what, actor);
        case What::offer_again: offer_again(change, what, actor); break;
        case What::put_back:
            change.take(CallbackStep::put_back);
            change.detail.tried.push_back(std::exchange(change.row.owner, {}));
            change.note(actor.user, "put_back", what.text);
            change.event("accepted");
            break;
        case What::give_back:
            change.take(CallbackStep::give_back);
            change.detail.holder = Holder::origin;
            change.row.owner.clear();
            change.note(actor.user, "returned", what.text);
            change.event("returned");
            break;
        case What::note:
            change.note(actor.user, "note", what.text);
            change.event("noted");
            return;
    }
    change.tell();
}

}  // namespace

Result<CallbackDecision> offer_callback(const CallbackContext& context, const OfferCallback& what) {
    if (context.city(what.target) == nullptr)
        return Error{"callback.unknown_city", "no city \"" + what.target + "\" is in this node's <cities>"};
    CallbackRecord row;
    row.id = what.id;
    row.side = "origin";
    row.origin = context.settings.city;
    row.target = what.target;
    row.number = what.number;
    row.name = what.name;
    row.customer = what.customer;
    row.contact = what.contact;
    row.order = what.order;
    row.group = what.group;
    row.promised_at = what.promised_at;
    row.created_at = context.now.wall;
    row.data = what.data;
    CallbackChange change = context.change(row);
    change.detail.offered_to = change.far_generation();
    change.row.state_detail["offered_by"] = context.input.actor.user;
    Fields& offered = change.note(context.input.actor.user, "offered");
    offered["promised_at"] = to_rfc3339(what.promised_at);
    if (const auto transfer = what.data.find("transfer"); transfer != what.data.end()) offered["transfer"] = *transfer;
    change.event("offered");
    change.tell();
    CallbackDecision out;
    change.finish(out);
    return out;
}

Result<CallbackDecision> act_on_callback(const CallbackContext& context, const ActOnCallback& what) {
    const CallbackRecord* row = context.view.callback(what.id);
    if (row == nullptr) return Error{"callback.unknown", "there is no callback " + what.id};
    CallbackChange change = context.change(*row);
    if (auto checked = check(context, change, what); !checked) return checked.error();
    if (what.what == What::dial) {
        if (auto dialled = dial(change, what, context.input.actor); !dialled) return dialled.error();
    }
    carry_out(change, what, context.input.actor);
    CallbackDecision out;
    change.finish(out);
    return out;
}

Result<CallbackDecision> dial_ended(const CallbackContext& context, const CallbackDialEnded& what) {
    const CallbackRecord* row = context.view.callback(what.id);
    if (row == nullptr) return Error{"callback.unknown", "there is no callback " + what.id};
    CallbackChange change = context.change(*row);
    CallbackDecision out;
    // Of an earlier dialling, or told twice.
    if (change.detail.command != what.command || !change.detail.result.empty()) return out;
    using Ended = CallbackDialEnded::Result;
    const CallbackStep step = what.result == Ended::answered       ? CallbackStep::answered
                              : what.result == Ended::not_answered ? CallbackStep::not_answered
                              : what.result == Ended::not_dialled  ? CallbackStep::not_dialled
                                                                   : CallbackStep::lost;
    if (what.result != Ended::unknown) change.detail.result = to_string(what.result);
    if (what.result == Ended::not_dialled && change.detail.dials > 0) --change.detail.dials;
    if (!what.contact.empty()) change.row.contact = what.contact;
    // Taken back meanwhile: the new holder hears of it, and decides.
    const bool moves = change.can(step);
    if (moves) change.take(step);
    if (moves && step == CallbackStep::answered) change.row.outcome = "reached";
    Fields& detail = change.note("system", std::string(to_string(step)), what.word);
    detail["command"] = what.command;
    if (!what.contact.empty()) detail["contact"] = what.contact;
    change.tell();
    if (change.row.state == CallbackState::uncertain)
        change.event("uncertain");
    else
        change.event(std::string(to_string(change.row.state)));
    change.finish(out);
    return out;
}

}  // namespace citybridge::relay
