// What another city tells of a task. Every message is the sender's whole view;
// what is older than what took effect, or of an older holder, is history only.
#include <algorithm>
#include <tuple>

#include "core/relay/callback_cities.h"

namespace citybridge::relay {
namespace {

struct Merge {
    const CallbackContext& context;
    const CityMessage& message;
    const ToldTask& told;
    CallbackChange& change;
    std::string actor;

    CallbackRecord& row() { return change.row; }
    CallbackDetail& mine() { return change.detail; }
    // The origin knows of a dialling of this side that this side does not: it was restored, and the origin had heard of
    // that when it handed the task over once more.
    bool forgotten() const {
        const CallbackDetail& mine = change.detail;
        return told.detail.far_dials > mine.dials || (told.detail.far_unsure && !mine.unsure);
    }
    // Handed over to a store that has since been restored from a backup: it may have dialled and not remember.
    bool to_earlier_life() const {
        return told.detail.offered_to < change.own_generation() || told.detail.unsure || forgotten() ||
               told.row.state != CallbackState::offered;
    }

    Fields& note(const std::string& action) {
        Fields& detail = change.note(actor, action);
        detail["state"] = to_string(told.row.state);
        detail["epoch"] = told.row.epoch;
        if (told.detail.dials > 0) detail["dials"] = told.detail.dials;
        if (!told.detail.result.empty()) detail["result"] = told.detail.result;
        return detail;
    }

    // Late facts become history, not state.
    void late() { note("late"); }

    void learn() {
        // A restored sender may have dialled more often than it remembers.
        if (message.generation > mine().seen_generation) {
            mine().far_dials = std::max(mine().far_dials, told.detail.dials);
            mine().far_unsure = mine().far_unsure || told.detail.unsure;
        } else {
            mine().far_dials = told.detail.dials;
            mine().far_unsure = told.detail.unsure;
        }
        mine().seen_generation = message.generation;
        mine().seen_version = told.row.version;
        keep_unknown(mine().unknown, told.unknown);
        // What was erased here does not come back from there.
        if (row().data.contains(kErased)) return;
        if (row().number.empty()) row().number = told.row.number;
        if (row().name.empty()) row().name = told.row.name;
        if (side_of(row()) == Holder::target && !told.row.data.empty()) row().data = told.row.data;
    }

    void mirror(const char* action) {
        change.mirror(told.row.state);
        row().outcome = told.row.outcome;
        note(action);
        change.event(std::string(to_string(row().state)));
    }

    // A task that this side did not know. Only an offer is new; whatever else comes was forgotten in a restored life,
    // and may itself be old: the holder says it again when it sees what this side believes.
    void first() {
        row().epoch = told.row.epoch;
        mine().hand = told.detail.hand;
        mine().holder = told.detail.holder;
        if (message.type == CityMessage::Type::exchanged && is_closed(told.row.state)) return forgotten_end();
        if (side_of(row()) == Holder::origin) return lost_origin();
        // Forgotten, and perhaps dialled, in a life before: the origin must not hear that nobody did.
        mine().unsure = told.detail.offered_to < change.own_generation() || forgotten();
        if (mine().holder == Holder::target) return offered();
        mirror("told");
        change.tell();
    }

    // It ended in a life that this store does not remember. Nobody has to hear of it any more, and the figures of that
    // day count it.
    void forgotten_end() {
        const WallTime ended = context.now.wall - told.ended_ago.value_or(Millis{0});
        mine().unsure = true;
        mine().offered_to = told.detail.offered_to;
        if (side_of(row()) == Holder::target) row().group = context.settings.group;
        row().promised_at = told.promised_in ? context.now.wall + *told.promised_in : told.row.promised_at;
        row().created_at = std::min(ended, context.now.wall - told.created_ago.value_or(Millis{0}));
        row().closed_at = ended;
        change.mirror(told.row.state);
        row().outcome = told.row.outcome;
        note("told");
        change.mark_last_at(ended);
    }

    void offered() {
        mine().offered_to = told.detail.offered_to;
        // It ended in that life, and the origin remembers.
        if (is_closed(told.row.state)) return mirror("told");
        row().promised_at = told.promised_in ? context.now.wall + *told.promised_in : told.row.promised_at;
        row().outcome.clear();
        row().group = context.settings.group;
        row().owner.clear();
        mine().tried.clear();
        if (to_earlier_life()) {
            mine().unsure = true;
            change.mirror(CallbackState::uncertain);
            note("received");
            change.event("uncertain");
            change.tell();
            return;
        }
        change.mirror(CallbackState::received);
        note("received");
        change.tell();
        take_into_list(context, change);
    }

    // The origin's store was restored: what it did meanwhile it has from the target's memory.
    void lost_origin() {
        mine().unsure = true;
        mine().asked = false;  // whatever this life asked was of another holder
        row().promised_at = told.promised_in ? context.now.wall + *told.promised_in : told.row.promised_at;
        if (mine().holder == Holder::target || is_closed(told.row.state)) {
            mirror("told");
            return change.tell();
        }
        change.mirror(CallbackState::uncertain);
        note("told");
        change.event("uncertain");
        change.tell();
    }

    void newer_holder() {
        row().epoch = told.row.epoch;
        mine().hand = told.detail.hand;
        mine().holder = told.detail.holder;
        if (side_of(row()) == Holder::origin) return lost_origin();
        if (mine().holder == Holder::target) return offered();
        mirror("taken_back");
    }

    // Both lives of a restored side may have ended it; which end stays must not depend on who hears of whom first. It
    // is what the origin was told first, or did itself.
    bool other_end() const {
        const CallbackRecord& mine = change.row;
        return is_closed(mine.state) && is_closed(told.row.state) &&
               (mine.state != told.row.state || mine.outcome != told.row.outcome ||
                change.detail.holder != told.detail.holder);
    }

    void from_origin() {
        const bool ended_in_lost_life = mine().unsure && is_closed(told.row.state) && !is_closed(row().state);
        if (told.detail.holder == Holder::origin || ended_in_lost_life || other_end()) {
            mine().holder = told.detail.holder;
            // An end that is open again: what opens it may be older than the end, which the store knew of before it was
            // restored. The holder hears what is believed here.
            const bool reopened = is_closed(row().state) && !is_closed(told.row.state);
            mirror("told");
            if (reopened) change.tell();
            return;
        }
        // Given back, and the origin does not know it yet, or has forgotten.
        if (!change.holds()) return change.tell();
        correct();
    }

    // The holder hears that the other side believes something else: it says it again. The other side only mirrors, so
    // this ends there.
    void correct() {
        if (!change.holds()) return;
        if (told.detail.holder != mine().holder || told.row.state != row().state || other_end()) change.tell();
    }

    void from_target() {
        if (mine().holder == Holder::origin) return answer_of_target();
        if (is_closed(row().state)) {
            late();
            // A store of before its end, restored, took a late copy of the offer for news: it is told the end once
            // more.
            if (!is_closed(told.row.state) || other_end()) change.tell();
            return;
        }
        if (told.detail.holder == Holder::origin) {
            mine().holder = Holder::origin;
            mirror("returned");
            change.event("returned");
            return;
        }
        const bool later = told.moved && moved();
        tell_state();
        // The customer was told an earlier time; perhaps somebody is to call him about it.
        if (later) change.event(kMoved);
    }

    void tell_state() {
        const auto state = told.row.state;
        const bool still_waiting =
            state == CallbackState::received || state == CallbackState::accepted || state == CallbackState::assigned;
        if (row().state == CallbackState::escalated && still_waiting) {
            note("told");
            return;
        }
        mirror(is_closed(state) ? "ended" : "told");
    }

    // True: it is later than what was promised. Where this side's calendar knew of the opening it is the same time, but
    // for the way of the messages.
    bool moved() {
        constexpr Millis kAlike{60'000};
        const WallTime before = row().promised_at;
        row().promised_at = context.now.wall + *told.moved + context.settings.moved_grace;
        mine().told = false;
        change.note(actor, "moved")["to"] = to_rfc3339(row().promised_at);
        return row().promised_at > before + kAlike;
    }

    // The target speaks of a task that it knows it does not hold.
    void answer_of_target() {
        const bool answers = std::exchange(mine().asked, false);
        if (mine().unsure && told.detail.holder == Holder::origin && is_closed(told.row.state) &&
            !is_closed(row().state)) {
            mirror("told");
            // Whatever this life has told it meanwhile was not yet the end, and may arrive after it said this.
            return change.tell();
        }
        if (row().state != CallbackState::uncertain || mine().dials > 0) {
            note("told");
            return correct();
        }
        if (answers && !mine().dialled_by_anybody()) {
            change.take(CallbackStep::released);
            note("released");
            change.event("withdrawn");
            change.tell();
            return;
        }
        if (told.detail.result == "answered") {
            change.take(CallbackStep::answered);
            row().outcome = "reached";
            note("ended");
            change.event("done");
            change.tell();
            return;
        }
        note("told");
        correct();
    }

    void run() {
        if (row().revision == 0) {
            learn();
            return first();
        }
        // Two lives with one number: its versions say nothing of what came first. It will go above, and say it again.
        if (of_other_life(context.sender, message)) return late();
        const std::pair newest{mine().seen_generation, mine().seen_version};
        if (std::pair{message.generation, told.row.version} <= newest) return late();
        learn();
        const std::pair there{told.row.epoch, told.detail.hand}, here{row().epoch, mine().hand};
        if (there < here) {
            // A restored store may have taken a late copy of an old offer for news: it is told who has it since.
            late();
            return change.tell();
        }
        if (there > here) return newer_holder();
        if (side_of(row()) == Holder::target) return from_origin();
        from_target();
    }
};

// As this side will keep it: what is known of it so far.
CallbackRecord unknown_task(const ToldTask& told, Now now) {
    CallbackRecord row;
    row.id = told.row.id;
    row.side = told.row.side;
    row.origin = told.row.origin;
    row.target = told.row.target;
    row.created_at = now.wall;
    return row;
}

}  // namespace

CallbackChange merged(const CallbackContext& context, const CityMessage& message, const ToldTask& told) {
    const CallbackRecord* before = context.view.callback(told.row.id);
    CallbackChange change = context.change(before != nullptr ? *before : unknown_task(told, context.now));
    Merge merge{context, message, told, change, "city:" + message.from};
    merge.run();
    // Said in a life that its store has forgotten since: the present one hears what it made of the task here.
    if (told.ask || message.generation < generation_of(context.sender)) change.tell();
    return change;
}

Result<CallbackDecision> take_city_message(const CallbackContext& context, const TakeCityMessage& what) {
    CallbackDecision out;
    const InboundMessage& inbound = what.message;
    if (context.view.inbox_has(inbound.source, inbound.id)) {
        out.result = "duplicate";
        return out;
    }
    auto message = read_city_message(inbound.data, context.settings.city);
    if (!message) return message.error();
    if (inbound.source != "city:" + message->from)
        return Error{"hook.not_understood", "a message of " + message->from + " came from " + inbound.source +
                                                "; cities speak for themselves"};
    // Its link is set up and its entry is not yet: the sender offers it again.
    if (context.city(message->from) == nullptr)
        return Error{"callback.unknown_city", "city \"" + message->from + "\" is not in this node's <cities> yet"};
    out.result = "taken";
    const CityRecord* before = context.view.city(message->from);
    CityRecord sender = heard_from(before, *message, context.now.wall);
    const bool outlived = go_above(context, *message, sender);
    const bool asks = outlived || exchange_is_lost(context.settings, before, *message);
    CallbackContext knowing = context;
    knowing.sender = &sender;
    switch (message->type) {
        case CityMessage::Type::task: {
            CallbackChange change = merged(knowing, *message, message->tasks.front());
            change.mark_last("message", inbound.id);
            change.finish(out);
            break;
        }
        case CityMessage::Type::hello: answer_hello(knowing, *message, out); break;
        case CityMessage::Type::exchange: answer_exchange(knowing, *message, out); break;
        case CityMessage::Type::exchanged: take_exchanged(knowing, *message, out); break;
    }
    if (asks) exchange_again(knowing, *message, sender, out);
    keep_city(knowing, *message, std::move(sender), out);
    out.changes.inbox.push_back({inbound.source, inbound.id, context.now.wall, out.result});
    return out;
}

}  // namespace citybridge::relay
