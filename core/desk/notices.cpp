// Notices that must be read, with a test that gates a skill (E5).
//
// body: {"text", "groups", "roles", "skill", "pass_percent", "tries", "questions": [{"text", "choices", "right"}]}.
// Marks by person: "read" once; "tries" counts; "passed" with the score; "more" counts tries a team lead gave.
#include <algorithm>

#include "core/desk/json_text.h"
#include "core/desk/paper.h"

namespace citybridge::desk {
namespace {

constexpr std::size_t kMostQuestions = 100;
constexpr std::size_t kMostChoices = 10;

bool is_for(const PaperRecord& row, const Actor& actor) {
    const auto groups = row.body.value("groups", std::vector<std::string>{});
    const auto roles = row.body.value("roles", std::vector<std::string>{});
    if (groups.empty() && roles.empty()) return true;
    return listed(roles, actor.role) ||
           std::any_of(groups.begin(), groups.end(), [&](const auto& group) { return listed(actor.groups, group); });
}

const MarkRecord* mark_of(const PaperCall& call, const std::string& user, const std::string& what) {
    return call.context.view.mark(call.before->id, user, what);
}

Decision answer_with(const Fields& json, int status = 200) {
    Decision out;
    out.reply = {status, "", dumped(json)};
    return out;
}

Result<Decision> open_notice(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    for (const char* name : {"title", "text"})
        if (auto fine = call.wants(name); !fine) return fine.error();
    const auto pass = call.number("pass_percent", 80), tries = call.number("tries", 3);
    if (pass < 1 || pass > 100 || tries < 1 || tries > 100)
        return Error{"paper.bad_fields", "pass_percent and tries must be from 1 to 100"};
    PaperStep step = call.open(call.text("title"));
    step.row().state = "draft";
    step.body() = {{"text", call.text("text")},   {"groups", call.texts("groups")}, {"roles", call.texts("roles")},
                   {"skill", call.text("skill")}, {"pass_percent", pass},           {"tries", tries},
                   {"questions", Fields::array()}};
    return step.finish("", {}, 201);
}

Result<Decision> add_test_question(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    // Who was tested was tested with these questions.
    if (auto fine = call.state({"draft"}); !fine) return fine.error();
    if (auto fine = call.wants("text"); !fine) return fine.error();
    const auto choices = call.texts("choices");
    const auto right = call.number("right", 0);
    if (choices.size() < 2 || choices.size() > kMostChoices || right < 1 ||
        right > static_cast<std::int64_t>(choices.size()))
        return Error{"paper.bad_fields",
                     "a question needs 2 to 10 choices, and \"right\" is the number of one of them"};
    PaperStep step = call.step();
    Fields& questions = step.body()["questions"];
    if (questions.size() >= kMostQuestions) return Error{"paper.bad_fields", "a test has at most 100 questions"};
    questions.push_back({{"text", call.text("text")}, {"choices", choices}, {"right", right}});
    step.entry().detail["number"] = questions.size();
    return step.finish("", {});
}

Result<Decision> remove_test_question(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    if (auto fine = call.state({"draft"}); !fine) return fine.error();
    PaperStep step = call.step();
    Fields& questions = step.body()["questions"];
    const auto number = call.number("number", 0);
    if (number < 1 || number > static_cast<std::int64_t>(questions.size()))
        return Error{"paper.bad_fields", "there is no question " + std::to_string(number)};
    step.entry().detail = questions[static_cast<std::size_t>(number - 1)];
    questions.erase(static_cast<std::size_t>(number - 1));
    return step.finish("", {});
}

Result<Decision> publish_notice(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    if (auto fine = call.state({"draft"}); !fine) return fine.error();
    const Fields& body = call.before->body;
    if (!body.value("skill", std::string()).empty() && body["questions"].empty())
        return Error{"paper.bad_fields",
                     "this notice gives the skill \"" + body["skill"].get<std::string>() +
                         "\" to who passes its test, and has no question; add some, or leave the skill out"};
    PaperStep step = call.step();
    step.row().state = "published";
    step.body()["published_at"] = to_rfc3339(call.context.now.wall);
    const auto groups = body.value("groups", std::vector<std::string>{});
    return step.finish("published", {{}, groups, groups.empty() || !body["roles"].empty()});
}

Result<> may_take_part(const PaperCall& call) {
    if (auto fine = call.state({"published"}); !fine) return fine.error();
    if (is_for(*call.before, call.context.actor())) return ok();
    return Error{"auth.forbidden", "this notice is for others; ask who wrote it"};
}

// Once per person: saying it again changes nothing.
Result<Decision> read_notice(const PaperCall& call) {
    if (auto fine = may_take_part(call); !fine) return fine.error();
    const std::string& user = call.context.actor().user;
    const MarkRecord* before = mark_of(call, user, "read");
    const WallTime at = before == nullptr ? call.context.now.wall : before->at;
    Decision out = answer_with({{"notice", call.before->id}, {"user", user}, {"read_at", to_rfc3339(at)}});
    if (before == nullptr) out.changes.papers.marks.push_back({call.before->id, user, "read", at, 1, Fields::object()});
    return out;
}

// "1", "3": the choice of each question in turn. Empty: not all of them, or no number of a choice.
std::optional<int> right_ones(const Fields& questions, const std::vector<std::string>& answers) {
    if (answers.size() != questions.size()) return std::nullopt;
    int right = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto most = questions[i]["choices"].size();
        std::size_t choice = 0;
        for (std::size_t n = 1; n <= most; ++n)
            if (answers[i] == std::to_string(n)) choice = n;
        if (choice == 0) return std::nullopt;
        right += questions[i]["right"].get<std::size_t>() == choice ? 1 : 0;
    }
    return right;
}

Result<Decision> attempt_test(const PaperCall& call) {
    if (auto fine = may_take_part(call); !fine) return fine.error();
    const std::string& user = call.context.actor().user;
    const Fields& body = call.before->body;
    const Fields& questions = body["questions"];
    if (questions.empty()) return Error{"paper.action_not_possible", "this notice has no test"};
    if (mark_of(call, user, "read") == nullptr)
        return Error{"notice.not_read", "confirm first that you have read the notice; then take its test"};
    if (mark_of(call, user, "passed") != nullptr)
        return Error{"paper.action_not_possible", "you have passed this test already"};
    const MarkRecord* taken = mark_of(call, user, "tries");
    const MarkRecord* more = mark_of(call, user, "more");
    const std::int64_t n = (taken == nullptr ? 0 : taken->number) + 1;
    const std::int64_t allowed = body.value("tries", std::int64_t{1}) + (more == nullptr ? 0 : more->number);
    if (n > allowed)
        return Error{"notice.no_tries_left",
                     "all " + std::to_string(allowed) + " tries are used up; a team lead can give you another one"};
    const auto right = right_ones(questions, call.texts("answers"));
    if (!right)
        return Error{"paper.bad_fields", "answers must hold the number of a choice for each of the " +
                                             std::to_string(questions.size()) + " questions"};
    const auto score = 100 * *right / static_cast<int>(questions.size());
    const bool passed = score >= body.value("pass_percent", 80);
    const std::string skill = body.value("skill", std::string());
    Decision out = answer_with({{"notice", call.before->id},
                             {"user", user},
                             {"score", score},
                             {"passed", passed},
                             {"tries_left", passed ? 0 : allowed - n},
                             {"skill", passed && !skill.empty() ? Fields(skill) : Fields(nullptr)}});
    PaperChanges& changes = out.changes.papers;
    const WallTime now = call.context.now.wall;
    changes.marks.push_back({call.before->id, user, "tries", now, n, {{"score", score}}});
    if (passed) changes.marks.push_back({call.before->id, user, "passed", now, score, Fields::object()});
    if (passed && !skill.empty()) changes.skills.push_back({user, skill, call.before->id, now, {}});
    return out;
}

Result<Decision> give_test_try(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    if (auto fine = call.state({"published"}); !fine) return fine.error();
    if (auto fine = call.wants("user"); !fine) return fine.error();
    const std::string user = call.text("user");
    const MarkRecord* more = mark_of(call, user, "more");
    PaperStep step = call.step();
    step.mark(call.before->id, user, "more", (more == nullptr ? 0 : more->number) + 1);
    step.entry().detail["user"] = user;
    return step.finish("try_given", {{user}, {}});
}

// Questions go back to who wrote it, and his answers to everybody.
Result<Decision> talk_about_notice(const PaperCall& call) {
    const bool asks = call.what.action == "ask";
    if (asks) {
        if (auto fine = may_take_part(call); !fine) return fine.error();
    } else if (auto fine = call.roles(kLeaderRoles); !fine) {
        return fine.error();
    }
    if (auto fine = call.state({"published"}); !fine) return fine.error();
    if (auto fine = call.wants("text"); !fine) return fine.error();
    PaperStep step = call.step();
    step.entry().text = call.text("text");
    if (asks) return step.finish("asked", {{call.before->author}, {}});
    return step.finish("replied", {{}, call.before->body.value("groups", std::vector<std::string>{}), true});
}

Result<Decision> withdraw_notice(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    if (auto fine = call.state({"draft", "published"}); !fine) return fine.error();
    PaperStep step = call.step();
    step.entry().text = call.text("text");
    step.close("withdrawn");
    return step.finish("withdrawn", {{call.before->author}, {}});
}

}  // namespace

Result<Decision> notice_step(const PaperCall& call) {
    if (call.before == nullptr) return open_notice(call);
    const std::string& action = call.what.action;
    if (action == "add_question") return add_test_question(call);
    if (action == "remove_question") return remove_test_question(call);
    if (action == "publish") return publish_notice(call);
    if (action == "read") return read_notice(call);
    if (action == "attempt") return attempt_test(call);
    if (action == "give_try") return give_test_try(call);
    if (action == "ask" || action == "reply") return talk_about_notice(call);
    if (action == "withdraw") return withdraw_notice(call);
    return Error{"paper.action_not_possible",
                 "a notice knows add_question, remove_question, publish, read, attempt, give_try, ask, reply and "
                 "withdraw, not \"" +
                     action + "\""};
}

}  // namespace citybridge::desk
