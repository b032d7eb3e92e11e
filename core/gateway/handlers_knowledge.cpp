// Looking things up in the knowledge base; who has read a notice; skills.
#include <algorithm>
#include <map>

#include "core/api/model_json.h"
#include "core/desk/search_words.h"
#include "core/gateway/handlers_papers.h"
#include "core/gateway/paper_fields.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

using Json = nlohmann::ordered_json;

Json time_of(const std::map<std::string, MarkRecord>& marks, const std::string& what) {
    const auto found = marks.find(what);
    return found == marks.end() ? Json(nullptr) : Json(to_rfc3339(found->second.at));
}

Json number_of_mark(const std::map<std::string, MarkRecord>& marks, const std::string& what) {
    const auto found = marks.find(what);
    return found == marks.end() ? Json(nullptr) : Json(found->second.number);
}

Json skill_json(const SkillRecord& row) {
    return {{"user", row.user},
            {"skill", row.skill},
            {"source", row.source},
            {"granted_at", to_rfc3339(row.granted_at)},
            {"revoked_at", row.revoked_at ? Json(to_rfc3339(*row.revoked_at)) : Json(nullptr)}};
}

const User* known_user(const std::vector<User>& users, const std::string& name) {
    const auto found = std::find_if(users.begin(), users.end(), [&](const User& user) { return user.name == name; });
    return found == users.end() ? nullptr : &*found;
}

HttpResponse keep_skill(const Call& call, SkillRecord row) {
    Changes changes;
    const std::string body = dump(skill_json(row)), user = row.user;
    changes.papers.skills.push_back(std::move(row));
    HttpResponse answer = answer_of(call.services.durable.record(std::move(changes), {200, "", body}, call.key));
    if (answer.status < 300) remember_skills(call, user);
    return answer;
}

}  // namespace

HttpResponse get_knowledge_search(const Call& call) {
    store::PaperSearch search;
    search.words = desk::query_words(param(call.request, "q"));
    if (search.words.empty())
        return problem("request.bad_parameter", "Parameter 'q' holds no word that could be looked for.");
    search.limit = page_limit(call.request);
    const auto found = papers_of(call).search(search);
    if (!found) return problem(found.error());
    auto items = Json::array();
    for (const PaperRecord& row : *found) items.push_back(desk::paper_json(row));
    return page_response(std::move(items), {});
}

HttpResponse get_notice_readers(const Call& call) {
    const auto notice = papers_of(call).paper(call.params[0]);
    if (!notice) return problem(notice.error());
    if (!*notice || (*notice)->kind != "notice") return problem("paper.unknown", "No notice has this id.");
    const auto marks = papers_of(call).marks({call.params[0], "", "", 100'000});
    if (!marks) return problem(marks.error());
    std::map<std::string, std::map<std::string, MarkRecord>> by_user;
    for (const MarkRecord& mark : *marks) by_user[mark.user][mark.what] = mark;
    const bool test = !(*notice)->body.value("questions", Json::array()).empty();
    const bool missing_only = param(call.request, "missing") == "true";
    auto items = Json::array();
    for (const User& user : call.services.sessions.users()) {
        if (!is_addressed(**notice, user)) continue;
        const auto& his = by_user[user.name];
        const bool done = his.contains("read") && (!test || his.contains("passed"));
        if (missing_only && done) continue;
        items.push_back({{"user", user.name},
                         {"read_at", time_of(his, "read")},
                         {"tries", his.contains("tries") ? his.at("tries").number : 0},
                         {"passed_at", time_of(his, "passed")},
                         {"score", number_of_mark(his, "passed")},
                         {"done", done}});
    }
    return page_response(std::move(items), {});
}

HttpResponse get_skills(const Call& call) {
    const User& asker = call.user().user;
    std::string user = param(call.request, "user");
    if (asker.role == Role::agent) {
        if (!user.empty() && user != asker.name)
            return problem("auth.forbidden", "An agent sees his own skills; GET /v1/agents shows his colleagues'.");
        user = asker.name;
    }
    const auto rows = papers_of(call).skills(user);
    if (!rows) return problem(rows.error());
    const std::string skill = param(call.request, "skill");
    auto items = Json::array();
    for (const SkillRecord& row : *rows)
        if (!row.revoked_at && (skill.empty() || row.skill == skill)) items.push_back(skill_json(row));
    return page_response(std::move(items), {});
}

// Given by hand: somebody may have learned it elsewhere.
HttpResponse post_skill(const Call& call) {
    const auto body = read_object(call.request.body, kSkillFields);
    if (!body) return problem(body.error());
    const std::string user = text_field(*body, "user");
    if (known_user(call.services.sessions.users(), user) == nullptr)
        return problem("user.unknown", "No user has the name " + user + ".");
    return keep_skill(
        call, {user, text_field(*body, "skill"), "user:" + call.user().user.name, system_now().wall, std::nullopt});
}

HttpResponse delete_skill(const Call& call) {
    const auto rows = papers_of(call).skills(call.params[0]);
    if (!rows) return problem(rows.error());
    for (const SkillRecord& row : *rows) {
        if (row.skill != call.params[1] || row.revoked_at) continue;
        SkillRecord changed = row;
        changed.revoked_at = system_now().wall;
        changed.source = "user:" + call.user().user.name;
        return keep_skill(call, std::move(changed));
    }
    return problem("skill.unknown", "User " + call.params[0] + " has no skill " + call.params[1] + ".");
}

void lay_skills_over(const Call& call, Json& agents) {
    const auto users = call.services.sessions.users();
    for (Json& agent : agents) {
        agent["skills"] = Json::array();
        for (const User& user : users)
            if (!user.agent.empty() && user.agent == agent["id"])
                for (std::string& skill : call.services.centre.skills_of(user.name))
                    agent["skills"].push_back(std::move(skill));
    }
}

void remember_skills(const Call& call, const std::string& user) {
    if (const auto rows = papers_of(call).skills(user)) call.services.centre.put_skills(user, *rows);
}

}  // namespace citybridge::gateway
