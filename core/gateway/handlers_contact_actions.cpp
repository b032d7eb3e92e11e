// What an agent does with a contact he is in, besides ending it.
#include <algorithm>

#include "core/gateway/fields.h"
#include "core/gateway/handing_over.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"
#include "core/gateway/visibility.h"

namespace citybridge::gateway {
namespace {

// Leaders may do some things with contacts of others; the rest would use somebody else's phone.
enum class Whose { own, also_others };

bool is_still_in(const Contact& contact, const std::string& agent) {
    return !agent.empty() && std::any_of(contact.legs.begin(), contact.legs.end(),
                                         [&](const Leg& leg) { return leg.agent == agent && !leg.left_at; });
}

// Whose part of the contact is meant: the asker's own, or of a leader's command nobody's by name.
Result<std::string> part_of(const Call& call, const LiveSnapshot& live, Whose whose) {
    const User& asker = call.user().user;
    const std::string& id = call.params[0];
    const auto find_in = [&](const std::vector<ContactPtr>& list) -> const Contact* {
        const auto found = std::find_if(list.begin(), list.end(), [&](const ContactPtr& c) { return c->id == id; });
        return found != list.end() && may_see(viewer_of(asker), **found) ? found->get() : nullptr;
    };
    const Contact* contact = find_in(live.contacts);
    if (contact == nullptr && find_in(live.ended) != nullptr)
        return Error{"contact.ended", "This contact has ended already."};
    if (contact == nullptr) return Error{"contact.unknown", "No contact with this id is going on."};
    if (is_still_in(*contact, asker.agent)) return asker.agent;
    if (asker.role == Role::agent) return Error{"auth.forbidden", "An agent may do this only in a call he is in."};
    if (whose == Whose::own) return Error{"auth.forbidden", "This can be done only by somebody who is in the call."};
    return std::string{};
}

struct WantedAction {
    CallAction action = CallAction::hold;
    const char* kind = "";
    std::string to{};
    Whose whose = Whose::own;
    bool rings = false;  // makes a person's phone ring
};

HttpResponse act(const Call& call, const WantedAction& wanted) {
    const auto live = call.services.live.snapshot();
    if (!live) return problem(live.error());
    const Result<std::string> agent = part_of(call, *live, wanted.whose);
    if (!agent) return problem(agent.error());
    const auto order_of = [&](const std::string& id, const std::string& user) {
        return CallOrder{id, user, call.params[0], *agent, wanted.action, wanted.to};
    };
    const GiveOrder give = [&](const std::string& id, const std::string& user) {
        return call.services.live.command(order_of(id, user));
    };
    CommandFacts facts{wanted.kind, call.params[0]};
    facts.detail["action"] = std::string(to_string(wanted.action));
    if (!wanted.to.empty()) facts.detail["to"] = wanted.to;
    if (!wanted.rings) return hand_over(call, facts, give);
    // Refused before anything is written; what changes meanwhile is told by the command's result.
    const Result<> possible = call.services.live.may_command(order_of({}, call.user().user.name));
    if (!possible) return problem(possible.error());
    return commit_first(call, facts, give);
}

bool is_called(const Leg& leg, const std::string& to) {
    if (leg.number == to || leg.agent == to) return true;
    return leg.agent.size() > to.size() && leg.agent.ends_with("/" + to);
}

// `to` of an attended transfer only says once more whom the agent consults already.
bool consults(const LiveSnapshot& live, const std::string& contact, const std::string& agent, const std::string& to) {
    for (const ContactPtr& each : live.contacts) {
        const bool here = each->id == contact;
        if (!here && !is_still_in(*each, agent)) continue;
        for (const Leg& leg : each->legs) {
            const bool colleague = here ? leg.role == LegRole::consult : leg.agent != agent;
            if (colleague && !leg.left_at && is_called(leg, to)) return true;
        }
    }
    return false;
}

HttpResponse missing_to(const char* unless) {
    return problem("request.missing_field", std::string("Field 'to' is missing") + unless);
}

}  // namespace

HttpResponse post_hold(const Call& call) { return act(call, {CallAction::hold, "hold"}); }

HttpResponse post_retrieve(const Call& call) { return act(call, {CallAction::retrieve, "retrieve"}); }

HttpResponse post_park(const Call& call) { return act(call, {CallAction::park, "park"}); }

HttpResponse post_transfer(const Call& call) {
    const auto body = read_object(call.request.body, kTransferFields);
    if (!body) return problem(body.error());
    const std::string to = text_field(*body, "to");
    if (text_field(*body, "kind") != "attended") {
        if (to.empty()) return missing_to("; an attended transfer says so by kind=attended.");
        // It ends the agent's own part, so it is sent at once like all that does.
        return act(call, {CallAction::transfer, "transfer", to, Whose::also_others});
    }
    if (!to.empty()) {
        const auto live = call.services.live.snapshot();
        if (!live) return problem(live.error());
        if (!consults(*live, call.params[0], call.user().user.agent, to))
            return problem("command.not_possible", "'" + to + "' is not being consulted; consult first.");
    }
    return act(call, {CallAction::attended_transfer, "transfer"});
}

HttpResponse post_consult(const Call& call) {
    const auto body = read_object(call.request.body, kConsultFields);
    if (!body) return problem(body.error());
    const std::string to = text_field(*body, "to");
    const bool cancel = body->value("cancel", false);
    if (cancel && !to.empty()) return problem("request.bad_field", "Field 'cancel' does not go with 'to'.");
    if (cancel) return act(call, {CallAction::cancel_consult, "consult"});
    if (to.empty()) return missing_to("; {\"cancel\":true} goes back to the customer.");
    return act(call, {CallAction::consult, "consult", to, Whose::own, true});
}

HttpResponse post_conference(const Call& call) {
    const auto body = read_object(call.request.body.empty() ? "{}" : call.request.body, kConferenceFields);
    if (!body) return problem(body.error());
    const std::string to = text_field(*body, "to");
    return act(call, {CallAction::conference, "conference", to, Whose::own, !to.empty()});
}

HttpResponse post_record(const Call& call) {
    const auto body = read_object(call.request.body, kRecordFields);
    if (!body) return problem(body.error());
    const std::string what = text_field(*body, "action");
    const CallAction action = what == "start"  ? CallAction::record
                              : what == "stop" ? CallAction::stop_recording
                              : what == "mute" ? CallAction::mute_recording
                                               : CallAction::unmute_recording;
    return act(call, {action, "record", {}, Whose::also_others});
}

}  // namespace citybridge::gateway
