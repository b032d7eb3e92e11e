// Articles, questions, notices, shift logs, help requests: the same four doors
// for each; what a step does is core/desk's business.
#include "core/gateway/handlers_papers.h"

#include <algorithm>

#include "core/gateway/paper_fields.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

constexpr std::size_t kMostHelp = 200;

struct PaperDoor {
    const char* kind;
    std::span<const FieldRule> fields;
};
constexpr PaperDoor kArticleDoor{"article", kArticleFields};
constexpr PaperDoor kQuestionDoor{"question", kQuestionFields};
constexpr PaperDoor kNoticeDoor{"notice", kNoticeFields};
constexpr PaperDoor kShiftDoor{"shift", kShiftFields};
constexpr PaperDoor kHelpDoor{"help", kHelpFields};
constexpr PaperDoor kScriptDoor{"script", kScriptFields};

bool is_in_group(const User& user, const std::string& group) {
    return std::find(user.groups.begin(), user.groups.end(), group) != user.groups.end();
}

Result<PaperRecord> visible_paper(const Call& call, const PaperDoor& door) {
    const auto row = papers_of(call).paper(call.params[0]);
    if (!row) return row.error();
    if (!*row || (*row)->kind != door.kind || !may_see_paper(call, **row))
        return Error{"paper.unknown", "No " + std::string(door.kind) + " of yours has this id."};
    return **row;
}

HttpResponse list_papers(const Call& call, const PaperDoor& door) {
    const auto start = page_start(call.request);
    if (!start) return problem(start.error());
    store::PaperQuery query;
    query.kind = door.kind;
    query.state = param(call.request, "state");
    query.owner = param(call.request, "owner");
    query.group = param(call.request, "group");
    query.author = param(call.request, "author");
    query.contact = param(call.request, "contact");
    query.order = param(call.request, "order");
    query.open_only = param(call.request, "open") == "true";
    query.after = *start;
    const std::size_t limit = page_limit(call.request);
    query.limit = limit + 1;
    auto rows = papers_of(call).papers(query);
    if (!rows) return problem(rows.error());
    const bool more = rows->size() > limit;
    if (more) rows->resize(limit);
    auto items = nlohmann::ordered_json::array();
    for (const PaperRecord& row : *rows)
        if (may_see_paper(call, row)) items.push_back(desk::paper_json(row, is_leader(call.user().user)));
    // The cursor is of the last row read, seen or not: the next page begins behind it.
    return page_response(std::move(items), more ? rows->back().id : std::string());
}

HttpResponse one_paper(const Call& call, const PaperDoor& door) {
    const auto row = visible_paper(call, door);
    if (!row) return problem(row.error());
    const auto entries = papers_of(call).entries(row->id);
    if (!entries) return problem(entries.error());
    const User& asker = call.user().user;
    nlohmann::ordered_json out = desk::paper_json(*row, is_leader(asker));
    auto list = nlohmann::ordered_json::array();
    // What a removed question of a test was is for those who wrote it.
    for (const PaperEntry& entry : *entries)
        if (entry.action != "remove_question" || is_leader(asker)) list.push_back(desk::to_json(entry));
    out["entries"] = std::move(list);
    const auto marks = papers_of(call).marks({row->id, asker.name, "", 10});
    if (!marks) return problem(marks.error());
    nlohmann::ordered_json mine = nlohmann::ordered_json::object();
    for (const MarkRecord& mark : *marks) mine[mark.what] = {{"at", to_rfc3339(mark.at)}, {"number", mark.number}};
    out["mine"] = std::move(mine);
    return json_response(200, out);
}

bool approves(const User& user, const std::vector<desk::Approval>& approvals) {
    return std::any_of(approvals.begin(), approvals.end(),
                       [&](const desk::Approval& approval) { return desk::may_approve(actor_of(user), approval); });
}

// Who leads this group, else who leads anybody. The asker himself if there is nobody else: nothing is nobody's.
std::string leader_for(const Call& call, const std::string& group, bool managers) {
    const auto users = call.services.sessions.users();
    const auto fits = [&](const User& user, bool same_group) {
        const bool role = user.role == Role::supervisor || (!managers && user.role == Role::team_lead);
        return role && (!same_group || is_in_group(user, group));
    };
    const std::string& asker = call.user().user.name;
    for (const bool same_group : {true, false})
        for (const Role role : {Role::team_lead, Role::supervisor})
            for (const User& user : users)
                if (user.role == role && user.name != asker && fits(user, same_group)) return user.name;
    return asker;
}

Result<desk::ActOnPaper> read_step(const Call& call, const PaperDoor& door) {
    const auto body = read_object(call.request.body.empty() ? "{}" : call.request.body, door.fields);
    if (!body) return body.error();
    desk::ActOnPaper out;
    out.kind = door.kind;
    for (const auto& [name, value] : body->items()) {
        if (name == "revision")
            out.revision = value.get<std::int64_t>();
        else
            out.fields[name] = value;
    }
    if (const std::string order = text_field(*body, "order"); !order.empty()) {
        const auto row = call.services.durable.readers().order(order);
        if (!row) return row.error();
        if (!*row || !desk::reaches(actor_of(call.user().user), **row))
            return Error{"order.unknown", "No order of yours has the id " + order + "."};
    }
    return out;
}

HttpResponse open_paper(const Call& call, const PaperDoor& door) {
    auto step = read_step(call, door);
    if (!step) return problem(step.error());
    step->action = "open";
    const User& asker = call.user().user;
    const std::string kind = door.kind;
    const bool asks = kind == "question" || kind == "help";
    if (!step->fields.contains("group") && kind != "article" && kind != "notice" && !asker.groups.empty())
        step->fields["group"] = asker.groups.front();
    const std::string group = step->fields.value("group", std::string());
    if (asker.role == Role::agent && !group.empty() && !is_in_group(asker, group))
        return problem("auth.forbidden", "An agent asks for his own groups.");
    if (asks && !step->fields.contains("owner"))
        step->fields["owner"] = leader_for(call, group, kind == "help" && is_leader(asker));
    return submit(call, std::move(*step));
}

// What else the step has to see.
Result<> add_others(const Call& call, const PaperRecord& row, desk::ActOnPaper& step) {
    store::PaperQuery query;
    query.group = row.group;
    query.open_only = true;
    if (step.kind == "question" && step.action == "answer") {
        if (const std::string article = step.fields.value("article", std::string()); !article.empty())
            step.others.push_back(article);
        return ok();
    }
    if (step.kind == "shift" && step.action == "sign_out") {
        query.kind = "help";
        query.limit = kMostHelp;
    } else if (step.kind == "help" && step.action == "solve") {
        query.kind = "shift";
        query.state = "open";
        query.limit = 1;
    } else {
        return ok();
    }
    const auto rows = papers_of(call).papers(query);
    if (!rows) return rows.error();
    for (const PaperRecord& other : *rows) step.others.push_back(other.id);
    return ok();
}

HttpResponse act_on_paper(const Call& call, const PaperDoor& door) {
    const auto row = visible_paper(call, door);
    if (!row) return problem(row.error());
    auto step = read_step(call, door);
    if (!step) return problem(step.error());
    step->id = row->id;
    step->action = call.params[1];
    if (step->kind == "help" && step->action == "pass_on" && !step->fields.contains("owner"))
        step->fields["owner"] = leader_for(call, row->group, true);
    if (auto added = add_others(call, *row, *step); !added) return problem(added.error());
    const bool tested = step->kind == "notice" && step->action == "attempt";
    HttpResponse answer = submit(call, std::move(*step));
    if (tested && answer.status < 300) remember_skills(call, call.user().user.name);
    return answer;
}

}  // namespace

bool is_leader(const User& user) {
    return user.role == Role::team_lead || user.role == Role::supervisor || user.role == Role::admin;
}

bool is_addressed(const PaperRecord& notice, const User& user) {
    const auto groups = notice.body.value("groups", std::vector<std::string>{});
    const auto roles = notice.body.value("roles", std::vector<std::string>{});
    if (user.role == Role::erp || user.role == Role::node) return false;
    if (groups.empty() && roles.empty()) return true;
    return std::find(roles.begin(), roles.end(), to_string(user.role)) != roles.end() ||
           std::any_of(groups.begin(), groups.end(),
                       [&](const std::string& group) { return is_in_group(user, group); });
}

bool may_see_paper(const Call& call, const PaperRecord& row) {
    const User& asker = call.user().user;
    if (is_leader(asker) || row.author == asker.name || row.owner == asker.name) return true;
    const bool shares = !row.group.empty() && is_in_group(asker, row.group);
    if (row.kind == "article") {
        if (row.state == "published" || row.state == "retired") return true;
        return approves(asker, call.services.durable.desk().centre()->approvals);
    }
    if (row.kind == "script") return approves(asker, call.services.durable.desk().centre()->script_approvals);
    if (row.kind == "notice") return row.state != "draft" && is_addressed(row, asker);
    // A solution is told to the group; who needs help at the moment is his and the leaders' business.
    if (row.kind == "help") return shares && row.state == "solved";
    return shares || asker.role == Role::quality;
}

HttpResponse get_articles(const Call& call) { return list_papers(call, kArticleDoor); }
HttpResponse get_article(const Call& call) { return one_paper(call, kArticleDoor); }
HttpResponse post_article(const Call& call) { return open_paper(call, kArticleDoor); }
HttpResponse post_article_action(const Call& call) { return act_on_paper(call, kArticleDoor); }
HttpResponse get_questions(const Call& call) { return list_papers(call, kQuestionDoor); }
HttpResponse get_question(const Call& call) { return one_paper(call, kQuestionDoor); }
HttpResponse post_question(const Call& call) { return open_paper(call, kQuestionDoor); }
HttpResponse post_question_action(const Call& call) { return act_on_paper(call, kQuestionDoor); }
HttpResponse get_notices(const Call& call) { return list_papers(call, kNoticeDoor); }
HttpResponse get_notice(const Call& call) { return one_paper(call, kNoticeDoor); }
HttpResponse post_notice(const Call& call) { return open_paper(call, kNoticeDoor); }
HttpResponse post_notice_action(const Call& call) { return act_on_paper(call, kNoticeDoor); }
HttpResponse get_shifts(const Call& call) { return list_papers(call, kShiftDoor); }
HttpResponse get_shift(const Call& call) { return one_paper(call, kShiftDoor); }
HttpResponse post_shift(const Call& call) { return open_paper(call, kShiftDoor); }
HttpResponse post_shift_action(const Call& call) { return act_on_paper(call, kShiftDoor); }
HttpResponse get_script(const Call& call) { return one_paper(call, kScriptDoor); }
HttpResponse post_script_action(const Call& call) { return act_on_paper(call, kScriptDoor); }
HttpResponse get_helps(const Call& call) { return list_papers(call, kHelpDoor); }
HttpResponse get_help(const Call& call) { return one_paper(call, kHelpDoor); }
HttpResponse post_help(const Call& call) { return open_paper(call, kHelpDoor); }
HttpResponse post_help_action(const Call& call) { return act_on_paper(call, kHelpDoor); }

}  // namespace citybridge::gateway
