// Help on the floor (E4): agent -> team lead -> manager, with times. The
// solution is told to the group and written into its shift's log.
//
// body: {"text", "level": "team_lead" or "manager", "steps": [{"level", "user", "at"}], "solution"}.
#include "core/desk/paper.h"

namespace citybridge::desk {
namespace {

void add_step(const Context& context, PaperStep& step, const std::string& level, const std::string& user) {
    step.body()["level"] = level;
    step.body()["steps"].push_back({{"level", level}, {"user", user}, {"at", to_rfc3339(context.now.wall)}});
}

Result<Decision> open_help(const PaperCall& call) {
    if (auto fine = call.roles({"agent", "team_lead"}); !fine) return fine.error();
    if (auto fine = call.wants("text"); !fine) return fine.error();
    const bool lead = leads(call.context.actor());
    std::string title = call.text("title");
    if (title.empty()) title = call.text("text").substr(0, 120);
    PaperStep step = call.open(std::move(title));
    step.row().owner = call.text("owner");
    step.body() = {{"text", call.text("text")}, {"steps", Fields::array()}};
    add_step(call.context, step, lead ? "manager" : "team_lead", step.row().owner);
    if (!lead) {
        DueRule rule;
        rule.after = call.context.settings.centre->get()->help_lead;
        step.due(rule);
    }
    step.entry().text = call.text("text");
    return step.finish("opened", {{step.row().owner, step.row().author}, {}}, 201);
}

// I come.
Result<Decision> take_help(const PaperCall& call) {
    const bool manager = call.before->body.value("level", std::string()) == "manager";
    if (auto fine = call.roles(manager ? kManagerRoles : kLeaderRoles); !fine) return fine.error();
    if (auto fine = call.state({"open", "taken"}); !fine) return fine.error();
    PaperStep step = call.step();
    step.row().owner = call.context.actor().user;
    step.row().state = "taken";
    step.no_deadline(DeadlineState::done);
    step.row().due_at.reset();
    add_step(call.context, step, manager ? "manager" : "team_lead", call.context.actor().user);
    return step.finish("taken", {{call.before->author}, {}});
}

Result<Decision> pass_help_on(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    if (auto fine = call.state({"open", "taken"}); !fine) return fine.error();
    PaperStep step = call.step();
    step.row().owner = call.text("owner");
    step.row().state = "open";
    step.no_deadline(DeadlineState::done);
    step.row().due_at.reset();
    add_step(call.context, step, "manager", call.text("owner"));
    step.entry().text = call.text("text");
    return step.finish("escalated", {{step.row().owner, call.before->author}, {}});
}

// What the shift's log keeps of it.
void hand_help_on(const PaperCall& call, PaperStep& step, const std::string& solution) {
    const PaperRecord* shift = call.other("shift");
    if (shift == nullptr || shift->closed_at || shift->group != call.before->group) return;
    PaperStep log(call.context, *shift, "help");
    log.entry().text = call.before->title + "\n" + solution;
    log.entry().detail["help"] = call.before->id;
    step.join(log.finish("", {}));
}

Result<Decision> solve_help(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    if (auto fine = call.state({"open", "taken"}); !fine) return fine.error();
    if (auto fine = call.wants("text"); !fine) return fine.error();
    PaperStep step = call.step();
    const std::string solution = call.text("text");
    step.body()["solution"] = solution;
    step.body()["solved_by"] = call.context.actor().user;
    step.entry().text = solution;
    step.close("solved");
    hand_help_on(call, step, solution);
    return step.finish("solved", {{call.before->author}, {call.before->group}});
}

Result<Decision> withdraw_help(const PaperCall& call) {
    if (call.before->author != call.context.actor().user && !leads(call.context.actor()))
        return Error{"auth.forbidden", "a request for help is withdrawn by who asked, team leads and above"};
    if (auto fine = call.state({"open", "taken"}); !fine) return fine.error();
    PaperStep step = call.step();
    step.entry().text = call.text("text");
    step.close("withdrawn");
    return step.finish("withdrawn", {{call.before->owner, call.before->author}, {}});
}

}  // namespace

Result<Decision> help_step(const PaperCall& call) {
    if (call.before == nullptr) return open_help(call);
    const std::string& action = call.what.action;
    if (action == "take") return take_help(call);
    if (action == "pass_on") return pass_help_on(call);
    if (action == "solve") return solve_help(call);
    if (action == "withdraw") return withdraw_help(call);
    return Error{"paper.action_not_possible",
                 "a request for help knows take, pass_on, solve and withdraw, not \"" + action + "\""};
}

// No team lead came in time: the managers are told.
Decision help_overdue(const Context& context, const PaperRecord& row) {
    PaperStep step(context, row, "overdue");
    step.no_deadline(DeadlineState::overdue);
    step.row().owner.clear();
    step.row().due_at.reset();
    step.body()["overdue"] = true;
    add_step(context, step, "manager", "");
    return step.finish("escalated", {{row.owner, row.author}, {}});
}

}  // namespace citybridge::desk
