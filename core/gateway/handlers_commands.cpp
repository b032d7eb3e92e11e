#include <algorithm>

#include "core/api/records_json.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields.h"
#include "core/gateway/handing_over.h"
#include "core/gateway/handlers_calendars.h"
#include "core/gateway/handlers_papers.h"
#include "core/gateway/problem.h"
#include "core/gateway/visibility.h"

namespace citybridge::gateway {
namespace {

bool may_command(const User& user, const std::string& agent) {
    return user.role != Role::agent || (!user.agent.empty() && user.agent == agent);
}

HttpResponse not_his_own() { return problem("auth.forbidden", "An agent may do this only for himself."); }

AgentWish wish_of(std::string_view state) {
    if (state == "not_ready") return AgentWish::not_ready;
    if (state == "logged_in") return AgentWish::log_in;
    return state == "logged_out" ? AgentWish::log_out : AgentWish::ready;
}

// Who does not want to be called is not, unless somebody who answers for it says so (A11).
Result<> wants_calls(const Call& call, const std::string& dialled, bool override_preference) {
    const Role role = call.user().user.role;
    if (override_preference && role != Role::supervisor && role != Role::admin)
        return Error{"auth.forbidden", "Only a supervisor may have one called who does not want to be."};
    const auto number = number_of(call, "number", dialled);
    if (!number) return ok();  // no customer has it
    const auto customer = call.services.durable.readers().customer_by_number(*number);
    if (!customer) return customer.error();
    if (!*customer || (*customer)->preference != "few_calls") return ok();
    if (!override_preference)
        return Error{"customer.no_calls", "Customer " + (*customer)->id +
                                              " does not want to be called; a supervisor "
                                              "may call with override_preference."};
    if (call.services.hooks.log)
        call.services.hooks.log(
            LogLevel::warning, "customer.preference_overridden",
            call.user().user.name + " calls customer " + (*customer)->id + ", who does not want to be called");
    return ok();
}

// An agent may end a call he is in or is being offered, not one he has left.
bool is_in(const Contact& contact, const std::string& agent) {
    const bool leg = std::any_of(contact.legs.begin(), contact.legs.end(),
                                 [&](const Leg& l) { return l.agent == agent && !l.left_at; });
    const bool offer = std::any_of(contact.offers.begin(), contact.offers.end(), [&](const Offer& o) {
        return o.agent == agent && (o.state == OfferState::offered || o.state == OfferState::shown);
    });
    return !agent.empty() && (leg || offer);
}

}  // namespace

HttpResponse put_agent_state(const Call& call) {
    const auto body = read_object(call.request.body, kAgentStateFields);
    if (!body) return problem(body.error());
    const std::string& agent = call.params[0];
    if (!may_command(call.user().user, agent)) return not_his_own();
    const std::string state = text_field(*body, "state"), reason = text_field(*body, "reason");
    const std::vector<std::string> queues = texts_field(*body, "queues");
    const AgentWish wish = wish_of(state);
    if (wish != AgentWish::not_ready && !reason.empty())
        return problem("request.bad_field", "Field 'reason' belongs to state not_ready.");
    if ((wish == AgentWish::ready || wish == AgentWish::not_ready) && !queues.empty())
        return problem("request.bad_field", "Field 'queues' belongs to the states logged_in and logged_out.");
    // A team lead may help out; what is missing stays on the list.
    if (wish == AgentWish::ready && call.user().user.role == Role::agent)
        if (auto complete = has_all_dispositions(call, agent); !complete) return problem(complete.error());
    const bool goes = wish == AgentWish::not_ready || (wish == AgentWish::log_out && queues.empty());
    if (goes && call.user().user.role == Role::agent)
        if (auto covered = leaves_cover(call, agent, body->value("confirm", false)); !covered)
            return problem(covered.error());
    CommandFacts facts{"agent_state"};
    facts.detail["agent"] = agent;
    facts.detail["state"] = state;
    return hand_over(call, facts, [&](const std::string& id, const std::string& user) {
        return call.services.live.set_agent_state({id, user, agent, wish, reason, queues});
    });
}

HttpResponse post_call(const Call& call) {
    const auto body = read_object(call.request.body, kCallFields);
    if (!body) return problem(body.error());
    const User& asker = call.user().user;
    std::string agent = text_field(*body, "agent");
    if (agent.empty()) agent = asker.agent;
    if (agent.empty())
        return problem("request.missing_field", "Field 'agent' is missing, and the asker takes no calls.");
    if (!may_command(asker, agent)) return not_his_own();
    if (const Result<> possible = call.services.live.may_dial(agent); !possible) return problem(possible.error());
    CommandFacts facts{"dial"};
    const bool override_preference = body->value("override_preference", false);
    if (auto wanted = wants_calls(call, text_field(*body, "number"), override_preference); !wanted)
        return problem(wanted.error());
    if (override_preference) facts.detail["override_preference"] = true;
    return commit_first(call, facts, [&](const std::string& id, const std::string& user) {
        return call.services.live.dial({id, user, agent, text_field(*body, "number")});
    });
}

HttpResponse post_hangup(const Call& call) {
    const std::string& contact_id = call.params[0];
    const User& asker = call.user().user;
    if (asker.role == Role::agent) {
        const auto snapshot = call.services.live.snapshot();
        if (!snapshot) return problem(snapshot.error());
        const auto contact = std::find_if(snapshot->contacts.begin(), snapshot->contacts.end(),
                                          [&](const ContactPtr& c) { return c->id == contact_id; });
        if (contact == snapshot->contacts.end() || !may_see(viewer_of(asker), **contact))
            return problem("contact.unknown", "No contact with this id is going on.");
        if (!is_in(**contact, asker.agent))
            return problem("auth.forbidden", "An agent may end only a call he is in or is being offered.");
    }
    return hand_over(call, {"hangup", contact_id}, [&](const std::string& id, const std::string& user) {
        return call.services.live.hangup({id, user, contact_id, asker.agent});
    });
}

HttpResponse get_command(const Call& call) {
    auto entry = call.services.commands.find(call.params[0]);
    if (!entry) {
        const auto row = call.services.durable.readers().command(call.params[0]);
        if (!row) return problem(row.error());
        if (*row && ((*row)->user == call.user().user.name || call.user().user.role == Role::admin))
            return json_response(200, to_json(**row));
    }
    const User& asker = call.user().user;
    if (!entry || (entry->user != asker.name && asker.role != Role::admin))
        return problem("command.unknown", "No command with this id, or it is too long ago.");
    const auto text = [](const std::string& value) {
        return value.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(value);
    };
    return json_response(200, {{"command_id", entry->command_id},
                               {"state", to_string(entry->state)},
                               {"reason", text(entry->reason)},
                               {"contact", text(entry->contact)}});
}

}  // namespace citybridge::gateway
