#include <algorithm>
#include <charconv>
#include <set>

#include "core/api/model_json.h"
#include "core/gateway/fields.h"
#include "core/gateway/handlers_papers.h"
#include "core/gateway/paging.h"
#include "core/gateway/problem.h"
#include "core/gateway/visibility.h"

namespace citybridge::gateway {
namespace {

// Lists are ordered by a text key that never changes.
std::string key_of(const Contact& contact) {
    std::string millis = std::to_string(contact.started_at.time_since_epoch().count());
    millis.insert(0, 20 - std::min<std::size_t>(20, millis.size()), '0');
    return millis + ":" + contact.id;
}
const std::string& key_of(const Agent& agent) { return agent.id; }

// `lay_over`: adds to the items' JSON what is known of them besides; never waits.
template <class Ptr>
HttpResponse page_of(const Call& call, std::vector<Ptr> items, void (*lay_over)(const Call&, nlohmann::ordered_json&)) {
    const HttpRequest& request = call.request;
    const auto start = page_start(request);
    if (!start) return problem(start.error());
    std::erase_if(items, [&](const Ptr& item) { return !start->empty() && key_of(*item) <= *start; });
    std::sort(items.begin(), items.end(), [](const Ptr& a, const Ptr& b) { return key_of(*a) < key_of(*b); });
    const std::size_t limit = page_limit(request);
    const bool more = items.size() > limit;
    if (more) items.resize(limit);
    auto list = nlohmann::ordered_json::array();
    for (const Ptr& item : items) list.push_back(to_json(*item));
    lay_over(call, list);
    return page_response(std::move(list), more ? key_of(*items.back()) : std::string());
}

HttpResponse one_of(const Call& call, nlohmann::ordered_json item,
                    void (*lay_over)(const Call&, nlohmann::ordered_json&)) {
    auto list = nlohmann::ordered_json::array({std::move(item)});
    lay_over(call, list);
    return json_response(200, list[0]);
}

bool takes_part(const Contact& contact, const std::string& agent) {
    return std::any_of(contact.legs.begin(), contact.legs.end(), [&](const Leg& leg) { return leg.agent == agent; }) ||
           std::any_of(contact.offers.begin(), contact.offers.end(), [&](const Offer& o) { return o.agent == agent; });
}

// Agents whose users share a group with the asker: whom he may want to consult.
std::set<std::string> colleagues_of(const Call& call) {
    std::set<std::string> out;
    const User& asker = call.user().user;
    if (asker.role != Role::agent || asker.groups.empty()) return out;
    const std::set<std::string> his(asker.groups.begin(), asker.groups.end());
    for (const User& user : call.services.sessions.users()) {
        const bool shares = std::any_of(user.groups.begin(), user.groups.end(),
                                        [&](const std::string& group) { return his.contains(group); });
        if (shares && !user.agent.empty()) out.insert(user.agent);
    }
    return out;
}

// What a colleague may know of him: not with whom he talks, nor why he is away.
AgentPtr seen_by_colleague(const Agent& agent) {
    Agent out = agent;
    out.contact.clear();
    out.reason.clear();
    out.cause.clear();
    return std::make_shared<const Agent>(std::move(out));
}

// Null: not for this asker.
AgentPtr as_seen(const AgentPtr& agent, const Viewer& viewer, const std::set<std::string>& colleagues) {
    if (may_see(viewer, *agent)) return agent;
    return colleagues.contains(agent->id) ? seen_by_colleague(*agent) : nullptr;
}

}  // namespace

bool is_page_limit(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value >= 1 && value <= 200 && text[0] != '0';
}

HttpResponse get_contacts(const Call& call) {
    auto snapshot = call.services.live.snapshot();
    if (!snapshot) return problem(snapshot.error());
    const Viewer viewer = viewer_of(call.user().user);
    const auto state = call.request.parameter("state");
    const auto agent = call.request.parameter("agent");
    const auto queue = call.request.parameter("queue");
    std::vector<ContactPtr>& contacts = state == "ended" ? snapshot->ended : snapshot->contacts;
    std::erase_if(contacts, [&](const ContactPtr& contact) {
        return !may_see(viewer, *contact) || (state && to_string(contact->state) != *state) ||
               (agent && !takes_part(*contact, *agent)) || (queue && contact->queue != *queue);
    });
    return page_of(call, std::move(contacts), lay_known_dispositions);
}

HttpResponse get_contact(const Call& call) {
    const auto snapshot = call.services.live.snapshot();
    if (!snapshot) return problem(snapshot.error());
    const Viewer viewer = viewer_of(call.user().user);
    for (const auto* list : {&snapshot->contacts, &snapshot->ended})
        for (const ContactPtr& contact : *list)
            if (contact->id == call.params[0] && may_see(viewer, *contact))
                return one_of(call, to_json(*contact), lay_known_dispositions);
    // The same answer for one that exists but is not his to see.
    return problem("contact.unknown", "No contact with this id is going on or has ended lately.");
}

HttpResponse get_agents(const Call& call) {
    auto snapshot = call.services.live.snapshot();
    if (!snapshot) return problem(snapshot.error());
    const Viewer viewer = viewer_of(call.user().user);
    const std::set<std::string> colleagues = colleagues_of(call);
    for (AgentPtr& agent : snapshot->agents) agent = as_seen(agent, viewer, colleagues);
    std::erase(snapshot->agents, nullptr);
    return page_of(call, std::move(snapshot->agents), lay_skills_over);
}

HttpResponse get_agent(const Call& call) {
    const auto snapshot = call.services.live.snapshot();
    if (!snapshot) return problem(snapshot.error());
    const Viewer viewer = viewer_of(call.user().user);
    for (const AgentPtr& agent : snapshot->agents) {
        if (agent->id != call.params[0]) continue;
        if (const AgentPtr seen = as_seen(agent, viewer, colleagues_of(call)))
            return one_of(call, to_json(*seen), lay_skills_over);
    }
    return problem("agent.unknown", "No agent with this id.");
}

}  // namespace citybridge::gateway
