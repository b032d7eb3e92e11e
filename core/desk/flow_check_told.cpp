// Who is told so that he hears it: by a channel he has, by somebody who is there, while it still matters.
#include <algorithm>

#include "core/desk/flow_checks.h"
#include "core/desk/flow_json.h"

namespace citybridge::desk {

void FlowChecks::reaches(const Recipient& to, const std::vector<std::string>& channels, const Position& where) const {
    if (to.kind == Recipient::Kind::customer && listed(channels, "screen"))
        return say(where, "a customer has no screen here; use phone, email or sms");
    if (to.kind == Recipient::Kind::customer && listed(channels, "email"))
        return say(where, "of a customer only numbers are known; use phone or sms, or a field of type email");
    const FieldDef* field = to.kind == Recipient::Kind::field ? flow.field(to.name) : nullptr;
    if (field == nullptr || field->type == FieldType::user) return;
    const bool phone = field->type == FieldType::phone;
    for (const std::string& channel : channels)
        if (phone ? channel != "phone" && channel != "sms" : channel != "email")
            return say(where, "\"" + field->name + "\" is of type " + std::string(to_string(field->type)) + ", which " +
                                  channel + " does not reach; use " + (phone ? "phone or sms" : "email"));
}

// What the clock sets off nobody asked for.
void FlowChecks::has_asker(const Trigger& on, const Recipient& to, const Position& where) const {
    using Kind = Trigger::Kind;
    const bool by_itself = on.kind == Kind::overdue || on.kind == Kind::reminder || on.kind == Kind::escalation ||
                           on.kind == Kind::undelivered;
    if (by_itself && to.kind == Recipient::Kind::asker)
        say(where, "nobody asks when this happens by itself, so nobody would be told; use owner, opener or group_lead");
}

void FlowChecks::told_twice(std::size_t index) const {
    const TellDef& tell = flow.tells[index];
    for (std::size_t i = 0; i < index; ++i) {
        const TellDef& before = flow.tells[i];
        if (before.on == tell.on && before.to == tell.to && before.message == tell.message &&
            before.channels == tell.channels && before.when.empty() && tell.when.empty())
            say(tell.at.element, "he is told the same already on " + words_of(tell.on) + "; keep one");
    }
}

void FlowChecks::told_in_vain() const {
    for (const EscalationDef& escalation : flow.escalations) {
        for (const Trigger& start : escalation.start) {
            if (start.kind == Trigger::Kind::close ||
                (start.kind == Trigger::Kind::state && flow.is_closed(start.name)))
                say(escalation.at("start"), "an order's end ends its escalations, so this never begins; use <tell>");
            for (const EscalationStep& step : escalation.steps) has_asker(start, step.to, step.at("to"));
        }
        for (const EscalationStep& step : escalation.steps) {
            reaches(step.to, step.channels, step.at("channel"));
            if (step.ack_within == Millis{0})
                say(step.at("ack_within"), "nobody acknowledges in no time; give him some, or leave it out");
        }
    }
    for (std::size_t i = 0; i < flow.tells.size(); ++i) {
        const TellDef& tell = flow.tells[i];
        reaches(tell.to, tell.channels, tell.at("channel"));
        has_asker(tell.on, tell.to, tell.at("to"));
        told_twice(i);
        const ActionDef* action = tell.on.kind == Trigger::Kind::action ? flow.action(tell.on.name) : nullptr;
        const bool ended = tell.on.kind == Trigger::Kind::close ||
                           (tell.on.kind == Trigger::Kind::state && flow.is_closed(tell.on.name)) ||
                           (action != nullptr && flow.is_closed(action->to));
        if (ended && tell.confirm_within)
            say(tell.at("confirm_within"),
                "the order has ended then, and nothing is waited for; ask for the "
                "confirmation by an action before its end, or leave it out");
    }
}

}  // namespace citybridge::desk
