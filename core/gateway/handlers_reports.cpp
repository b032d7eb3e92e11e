// Reports, and the scores of the quality staff.
#include "core/gateway/handlers_reports.h"

#include "core/gateway/crypto.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/fields.h"
#include "core/gateway/fields_reports.h"
#include "core/gateway/handlers.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

using Json = nlohmann::ordered_json;

HttpResponse no_reports() { return problem("report.not_configured", "This node has no reports."); }

Json score_json(const QualityScore& score) {
    return {{"id", score.id},
            {"contact", score.contact},
            {"agent", score.agent},
            {"group", score.group},
            {"form", score.form},
            {"form_version", score.form_version},
            {"points", score.points},
            {"max_points", score.max_points},
            {"answers", score.answers},
            {"remark", score.remark},
            {"training", score.training},
            {"scored_by", score.scored_by},
            {"at", to_rfc3339(score.at)}};
}

// An agent may read what was said of him.
bool may_read_score(const User& user, const QualityScore& score) {
    return user.role != Role::agent || (!user.agent.empty() && user.agent == score.agent);
}

}  // namespace

HttpResponse get_reports(const Call& call) {
    if (call.services.hooks.reports == nullptr) return no_reports();
    return json_response(200, {{"items", call.services.hooks.reports->list(call.user().user)}});
}

HttpResponse get_report(const Call& call) {
    if (call.services.hooks.reports == nullptr) return no_reports();
    ReportAsk ask;
    ask.name = call.params[0];
    ask.asker = call.user().user;
    for (const FieldRule& rule : kReportQuery) {
        const std::string value = param(call.request, rule.name);
        if (value.empty()) continue;
        if (rule.name == "from")
            ask.from = value;
        else if (rule.name == "to")
            ask.to = value;
        else if (rule.name == "format")
            ask.format = value;
        else if (rule.name == "language")
            ask.language = value;
        else
            ask.filters[std::string(rule.name)] = value;
    }
    auto answer = call.services.hooks.reports->make(ask);
    if (!answer) return problem(answer.error());
    HttpResponse response;
    response.body = std::move(answer->body);
    response.with("Content-Type", answer->media);
    // The name is made of the report's own word and digits.
    if (!answer->file_name.empty())
        response.with("Content-Disposition", "attachment; filename=\"" + answer->file_name + "\"");
    return response;
}

HttpResponse get_report_runs(const Call& call) {
    if (call.services.hooks.reports == nullptr) return no_reports();
    auto runs = call.services.hooks.reports->runs(call.params[0], call.user().user);
    if (!runs) return problem(runs.error());
    return json_response(200, {{"items", std::move(*runs)}});
}

HttpResponse get_quality_forms(const Call& call) {
    if (call.services.hooks.reports == nullptr) return no_reports();
    return json_response(200, {{"items", call.services.hooks.reports->forms()}});
}

HttpResponse get_scores(const Call& call) {
    if (call.services.hooks.reports == nullptr) return no_reports();
    const auto scores = call.services.hooks.reports->scores_of(call.params[0]);
    if (!scores) return problem(scores.error());
    auto items = Json::array();
    for (const QualityScore& score : *scores)
        if (may_read_score(call.user().user, score)) items.push_back(score_json(score));
    return json_response(200, {{"items", std::move(items)}});
}

HttpResponse post_score(const Call& call) {
    if (call.services.hooks.reports == nullptr) return no_reports();
    const auto body = read_object(call.request.body, kScoreFields);
    if (!body) return problem(body.error());
    QualityScore score;
    score.id = "qsc_" + uuid_v7(system_now().wall);
    score.contact = call.params[0];
    score.agent = text_field(*body, "agent");
    score.remark = text_field(*body, "remark");
    score.training = body->value("training", false);
    score.scored_by = call.user().user.name;
    score.at = system_now().wall;
    Json answers = Json::object();
    if (const auto found = body->find("answers"); found != body->end())
        for (const auto& [name, value] : found->items()) answers[name] = value;
    if (auto judged = call.services.hooks.reports->judge(text_field(*body, "form"), answers, score); !judged)
        return problem(judged.error());
    Changes changes;
    changes.facts.scores.push_back(score);
    return answer_of(call.services.durable.record(
        std::move(changes), {201, "/v1/contacts/" + score.contact + "/scores", score_json(score).dump()}, call.key));
}

}  // namespace citybridge::gateway
