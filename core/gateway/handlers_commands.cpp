#include <algorithm>

#include "core/api/model_json.h"
#include "core/api/records_json.h"
#include "core/gateway/crypto.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"
#include "core/gateway/visibility.h"

namespace citybridge::gateway {
namespace {

std::string address_of(const std::string& command) { return "/v1/commands/" + command; }

CommandRecord command_of(const Call& call, const std::string& id, const char* kind, const std::string& contact) {
    const WallTime now = system_now().wall;
    CommandRecord row;
    row.id = id;
    row.user = call.user().user.name;
    row.kind = kind;
    row.contact = contact;
    row.at = row.updated_at = now;
    return row;
}

// Hands a command on a live call over at once, whatever the disk does (P6), and
// answers 202. It is in the journal before the live strand knows it, because
// its result may come before `order` returns.
template <class Fn>
HttpResponse hand_over(const Call& call, const char* kind, const std::string& contact, Fn order) {
    const std::string id = random_hex(16);
    const std::string& user = call.user().user.name;
    call.services.commands.add(id, user, contact);
    if (const Result<> taken = order(id, user); !taken) {
        call.services.commands.remove(id);
        return problem(taken.error());
    }
    Changes fact;
    fact.commands.push_back(command_of(call, id, kind, contact));
    call.services.durable.note(std::move(fact));
    return json_response(202, {{"command_id", id}}).with("Location", address_of(id));
}

void note_not_sent(const Call& call, const std::string& id, const char* kind) {
    Changes fact;
    fact.commands.push_back(command_of(call, id, kind, {}));
    fact.commands.back().state = to_string(CommandOutcome::failed);
    fact.commands.back().reason = "store.outcome_unknown";
    call.services.durable.note(std::move(fact));
}

// A command that makes a phone ring is committed before it is sent: whoever
// repeats the request, also after a restart of the node, rings nobody twice.
template <class Fn>
HttpResponse commit_first(const Call& call, const char* kind, Fn order) {
    const std::string id = random_hex(16);
    const std::string& user = call.user().user.name;
    const nlohmann::ordered_json answer{{"command_id", id}};
    Changes row;
    row.commands.push_back(command_of(call, id, kind, {}));
    call.services.commands.add(id, user, {});
    const auto kept = call.services.durable.record(std::move(row), {202, address_of(id), dump(answer)}, call.key);
    if (!kept || kept->replayed) {
        call.services.commands.remove(id);
        // It may be committed yet; it was not sent, and whoever asks for it by the same key must learn that.
        if (!kept && kept.error().code == "store.outcome_unknown") note_not_sent(call, id, kind);
        return answer_of(kept);
    }
    // Taken back by its result, because whoever repeats it is told of this command.
    if (const Result<> taken = order(id, user); !taken)
        call.services.live.give_up({id, user, CommandOutcome::failed, taken.error().code, {}});
    return answer_of(kept);
}

bool may_command(const User& user, const std::string& agent) {
    return user.role != Role::agent || (!user.agent.empty() && user.agent == agent);
}

HttpResponse not_his_own() { return problem("auth.forbidden", "An agent may do this only for himself."); }

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
    const bool ready = text_field(*body, "state") == "ready";
    const std::string reason = text_field(*body, "reason");
    if (ready && !reason.empty()) return problem("request.bad_field", "Field 'reason' belongs to state not_ready.");
    return hand_over(call, "agent_state", {}, [&](const std::string& id, const std::string& user) {
        return call.services.live.set_agent_state({id, user, agent, ready, reason});
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
    return commit_first(call, "dial", [&](const std::string& id, const std::string& user) {
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
    return hand_over(call, "hangup", contact_id, [&](const std::string& id, const std::string& user) {
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
