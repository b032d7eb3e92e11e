// What contacts were about (A10): the tree, one contact's disposition, and whose
// is missing.
#include <algorithm>

#include "core/api/model_json.h"
#include "core/gateway/handlers_papers.h"
#include "core/gateway/paper_fields.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr Millis kWeek{7LL * 86'400'000};
constexpr std::size_t kNamed = 5;

Json tree_json(const std::vector<desk::Disposition>& entries) {
    auto out = Json::array();
    for (const desk::Disposition& entry : entries)
        out.push_back({{"code", entry.code},
                       {"title", entry.title},
                       {"path", entry.path},
                       {"leaf", entry.children.empty()},
                       {"children", tree_json(entry.children)}});
    return out;
}

// Who talked with the customer last, and on which queue; and everybody who did.
struct Conversation {
    std::string agent, queue;
    std::vector<std::string> agents;
};

Conversation conversation_of(const Contact& contact) {
    Conversation out;
    out.queue = contact.queue;
    WallTime latest{};
    for (const Leg& leg : contact.legs) {
        if (leg.agent.empty() || !leg.joined_at) continue;
        out.agents.push_back(leg.agent);
        if (leg.role == LegRole::supervisor || *leg.joined_at < latest) continue;
        latest = *leg.joined_at;
        out.agent = leg.agent;
    }
    return out;
}

// The same of a contact's JSON, as the journal keeps it.
Conversation conversation_of(const Json& contact) {
    Conversation out;
    const auto text = [](const Json& object, const char* name) {
        const auto found = object.find(name);
        return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    out.queue = text(contact, "queue");
    std::string latest;
    for (const Json& leg : contact.value("legs", Json::array())) {
        const std::string agent = text(leg, "agent"), joined = text(leg, "joined_at");
        if (agent.empty() || joined.empty()) continue;
        out.agents.push_back(agent);
        if (text(leg, "role") == "supervisor" || joined < latest) continue;
        latest = joined;
        out.agent = agent;
    }
    return out;
}

Result<Conversation> find_conversation(const Call& call, const std::string& id) {
    if (const auto snapshot = call.services.live.snapshot())
        for (const auto* list : {&snapshot->contacts, &snapshot->ended})
            for (const ContactPtr& contact : *list)
                if (contact->id == id) return conversation_of(*contact);
    const auto row = call.services.durable.readers().journal_entry(id);
    if (!row) return row.error();
    if (*row) {
        const auto body = Json::parse((*row)->body, nullptr, false);
        if (body.is_object()) return conversation_of(body);
    }
    return Error{"contact.unknown", "No contact of yours has this id."};
}

Json missing_json(const store::MissingDisposition& row) {
    return {{"contact", row.wrap_up.contact},
            {"agent", row.wrap_up.agent},
            {"queue", row.wrap_up.queue.empty() ? Json(nullptr) : Json(row.wrap_up.queue)},
            {"started_at", to_rfc3339(row.wrap_up.started_at)},
            {"ended_at", to_rfc3339(row.wrap_up.ended_at)},
            {"left_at", row.left_at ? Json(to_rfc3339(*row.left_at)) : Json(nullptr)}};
}

}  // namespace

HttpResponse get_dispositions(const Call& call) {
    const auto centre = call.services.durable.desk().centre();
    return json_response(
        200, {{"required", centre->disposition_required}, {"items", tree_json(centre->dispositions.roots)}});
}

HttpResponse put_disposition(const Call& call) {
    const auto body = read_object(call.request.body, kDispositionFields);
    if (!body) return problem(body.error());
    const auto found = find_conversation(call, call.params[0]);
    if (!found) return problem(found.error());
    const User& asker = call.user().user;
    const bool took_part = !asker.agent.empty() &&
                           std::find(found->agents.begin(), found->agents.end(), asker.agent) != found->agents.end();
    // Not there and not his are the same answer.
    if (asker.role == Role::agent && !took_part) return problem("contact.unknown", "No contact of yours has this id.");
    const std::string code = text_field(*body, "code");
    HttpResponse answer = submit(call, desk::SetDisposition{call.params[0], code, found->agent, found->queue});
    if (answer.status < 300) call.services.centre.judged(call.params[0], code);
    return answer;
}

HttpResponse get_missing_dispositions(const Call& call) {
    const User& asker = call.user().user;
    store::MissingQuery query;
    query.agent = param(call.request, "agent");
    if (asker.role == Role::agent) {
        if (!query.agent.empty() && query.agent != asker.agent)
            return problem("auth.forbidden", "An agent sees what he himself has left open.");
        query.agent = asker.agent;
        if (query.agent.empty()) return page_response(Json::array(), {});
    }
    query.since = system_now().wall - kWeek;
    if (const std::string since = param(call.request, "since"); !since.empty()) {
        const auto time = from_rfc3339(since);
        if (!time)
            return problem("request.bad_parameter", "Parameter 'since' must be a time such as 2026-10-01T08:00:00Z.");
        query.since = *time;
    }
    query.limit = page_limit(call.request);
    const auto rows = papers_of(call).missing_dispositions(query);
    if (!rows) return problem(rows.error());
    auto items = Json::array();
    for (const store::MissingDisposition& row : *rows) items.push_back(missing_json(row));
    return page_response(std::move(items), {});
}

HttpResponse get_disposition_counts(const Call& call) {
    const auto from = from_rfc3339(param(call.request, "from")), to = from_rfc3339(param(call.request, "to"));
    if (!from || !to || *from >= *to)
        return problem("request.bad_parameter",
                       "Parameters 'from' and 'to' must be times such as 2026-10-01T08:00:00Z, the first one earlier.");
    const auto rows = papers_of(call).disposition_counts(*from, *to);
    if (!rows) return problem(rows.error());
    auto items = Json::array();
    for (const store::DispositionCount& row : *rows)
        items.push_back({{"code", row.code}, {"path", row.path}, {"count", row.count}});
    return page_response(std::move(items), {});
}

Result<> lay_dispositions_over(const Call& call, Json& contacts) {
    std::vector<std::string> ids;
    for (const Json& contact : contacts)
        if (contact.is_object() && contact.contains("id")) ids.push_back(contact["id"].get<std::string>());
    if (ids.empty()) return ok();
    const auto rows = papers_of(call).dispositions(ids);
    if (!rows) return rows.error();
    for (Json& contact : contacts)
        for (const DispositionRecord& row : *rows)
            if (contact.is_object() && contact.value("id", std::string()) == row.contact)
                contact["disposition"] = row.code;
    return ok();
}

void lay_known_dispositions(const Call& call, Json& contacts) {
    for (Json& contact : contacts)
        if (std::string code = call.services.centre.code_of(contact["id"].get<std::string>()); !code.empty())
            contact["disposition"] = std::move(code);
}

Result<> has_all_dispositions(const Call& call, const std::string& agent) {
    const auto centre = call.services.durable.desk().centre();
    if (!centre->disposition_required || centre->dispositions.empty()) return ok();
    std::vector<std::string> open =
        call.services.centre.missing_of(agent, system_now().wall - centre->disposition_within);
    if (open.empty()) return ok();
    const bool more = open.size() > kNamed;
    if (more) open.resize(kNamed);
    std::string named;
    for (const std::string& contact : open) named += (named.empty() ? "" : ", ") + contact;
    return Error{"disposition.missing", "say first what these contacts were about: " + named +
                                            (more ? " and more" : "") +
                                            "; PUT /v1/contacts/{id}/disposition, then be ready"};
}

}  // namespace citybridge::gateway
