// Questions that the knowledge base could not answer (B1): not found ->
// escalated at a level, with an owner and a deadline -> answered by a team lead,
// which makes the answer an article in the same commit -> the customer is told.
//
// body: {"text", "level", "answer", "overdue"}.
#include <algorithm>

#include "core/desk/paper.h"

namespace citybridge::desk {
namespace {

// The end of the day's hours; of a day that is over, of the next one with hours.
WallTime end_of_hours(const Calendar& calendar, WallTime now) {
    WallTime at = calendar.is_open(now) ? now : calendar.next_opening(now);
    for (;;) {
        const WallTime end = calendar.open_until(at);
        if (end - at >= std::chrono::hours{24}) return now + std::chrono::hours{24};
        const WallTime next = calendar.next_opening(end);
        if (next == end || !calendar.same_local_day(at, next)) return end;
        at = next;
    }
}

void set_deadline(const Context& context, PaperStep& step, const std::string& level) {
    const auto centre = context.settings.centre->get();
    step.body()["level"] = level;
    if (level == "high") return step.due_at(end_of_hours(context.calendar, context.now.wall));
    DueRule rule;
    if (level == "highest")
        rule.after = centre->highest;
    else
        rule.working_days = centre->normal_days;
    step.due(rule);
}

bool is_level(const std::string& level) { return listed({"normal", "high", "highest"}, level); }

Error bad_level(const std::string& level) {
    return {"paper.bad_fields", "level must be normal, high or highest, not \"" + level + "\""};
}

Result<Decision> open_question(const PaperCall& call) {
    if (auto fine = call.roles(kStaffRoles); !fine) return fine.error();
    if (auto fine = call.wants("text"); !fine) return fine.error();
    const std::string level = call.text("level").empty() ? "normal" : call.text("level");
    if (!is_level(level)) return bad_level(level);
    if (auto fine = call.wants("owner"); !fine) return fine.error();
    std::string title = call.text("title");
    if (title.empty()) title = call.text("text").substr(0, 120);
    PaperStep step = call.open(std::move(title));
    step.row().owner = call.text("owner");
    step.body()["text"] = call.text("text");
    set_deadline(call.context, step, level);
    step.entry().text = call.text("text");
    return step.finish("opened", {{step.row().owner, step.row().author}, {step.row().group}}, 201);
}

Result<Decision> hand_question_on(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    if (auto fine = call.state({"open"}); !fine) return fine.error();
    if (!call.has("owner") && !call.has("level"))
        return Error{"paper.bad_fields", "\"assign\" needs an owner, a level or both"};
    PaperStep step = call.step();
    if (const std::string owner = call.text("owner"); !owner.empty()) step.row().owner = owner;
    if (const std::string level = call.text("level"); !level.empty()) {
        if (!is_level(level)) return bad_level(level);
        set_deadline(call.context, step, level);
    }
    step.entry().text = call.text("text");
    step.entry().detail["owner"] = step.row().owner;
    step.entry().detail["level"] = step.body()["level"];
    return step.finish("assigned", {{step.row().owner, step.row().author}, {}});
}

// By an article that is there already (`article` and no text), by a new version of it, or by a new one.
Result<Decision> answer_question(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    if (auto fine = call.state({"open"}); !fine) return fine.error();
    const std::string text = call.text("text"), named = call.text("article");
    const PaperRecord* article = call.other("article");
    if (!named.empty() && (article == nullptr || article->id != named))
        return Error{"paper.unknown", "there is no article with the id " + named};
    if (text.empty() && named.empty())
        return Error{"paper.bad_fields", "\"answer\" needs a text, or the id of the article that answers it"};
    if (article != nullptr && article->state == "retired")
        return Error{"paper.action_not_possible", "article " + named + " is retired; write a new one"};
    PaperStep step = call.step();
    step.row().about = named;
    if (!text.empty()) {
        ArticleText written{call.text("title"), text, call.texts("tags")};
        if (written.title.empty()) written.title = article != nullptr ? article->title : call.before->title;
        if (article != nullptr && !call.has("tags"))
            written.tags = article->body.value("tags", std::vector<std::string>{});
        std::string id;
        step.join(write_article(call.context, article, written, id));
        step.row().about = id;
    }
    step.row().state = "answered";
    step.body()["answer"] = text;
    step.body()["answered_by"] = call.context.actor().user;
    // Whoever asked tells the customer; until then it is his.
    step.row().owner = step.row().author;
    step.no_deadline(DeadlineState::done);
    step.entry().text = text;
    step.entry().detail["article"] = step.row().about;
    return step.finish("answered", {{step.row().author}, {step.row().group}});
}

Result<Decision> note_question(const PaperCall& call) {
    if (!leads(call.context.actor()) && call.before->author != call.context.actor().user)
        return Error{"auth.forbidden", "notes are made by who asked, team leads and above"};
    if (auto fine = call.state({"open", "answered"}); !fine) return fine.error();
    if (auto fine = call.wants("text"); !fine) return fine.error();
    PaperStep step = call.step();
    step.entry().text = call.text("text");
    return step.finish("noted", {{call.before->owner, call.before->author}, {}});
}

// The customer was told, or nobody wants to know any more (then a note says why).
Result<Decision> close_question(const PaperCall& call) {
    if (!leads(call.context.actor()) && call.before->author != call.context.actor().user)
        return Error{"auth.forbidden", "a question is closed by who asked, team leads and above"};
    if (auto fine = call.state({"open", "answered"}); !fine) return fine.error();
    if (call.before->state == "open")
        if (auto fine = call.wants("text"); !fine) return fine.error();
    PaperStep step = call.step();
    step.entry().text = call.text("text");
    step.close("closed");
    return step.finish("closed", {{call.before->owner, call.before->author}, {}});
}

}  // namespace

Result<Decision> question_step(const PaperCall& call) {
    if (call.before == nullptr) return open_question(call);
    if (call.what.action == "assign") return hand_question_on(call);
    if (call.what.action == "answer") return answer_question(call);
    if (call.what.action == "note") return note_question(call);
    if (call.what.action == "close") return close_question(call);
    return Error{"paper.action_not_possible",
                 "a question knows assign, answer, note and close, not \"" + call.what.action + "\""};
}

}  // namespace citybridge::desk
