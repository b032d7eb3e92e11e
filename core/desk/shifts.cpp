// The log of a shift and its sign-over (F1).
//
// body: {"reports": {name: {"user", "at"}}, "matters": [{"n", "text", "by", "at", "order", "from", "state",
// "taken_by"}], "signed_out": {"user", "at"}, "signed_in": {...}}. A group has one open shift; which, a mark says. Both
// team leads sign: the one who goes when the reports are in, the one who comes when every open matter is taken over.
#include <algorithm>

#include "core/desk/paper.h"

namespace citybridge::desk {
namespace {

bool of_group(const PaperCall& call) {
    const Actor& actor = call.context.actor();
    return leads(actor) || listed(actor.groups, call.before->group);
}

std::vector<std::string> missing_reports(const PaperCall& call) {
    std::vector<std::string> out;
    const Fields& in = call.before->body["reports"];
    for (const std::string& name : call.context.settings.centre->get()->shift_reports)
        if (!in.contains(name)) out.push_back(name);
    return out;
}

Fields new_matter(const PaperCall& call, const Fields& matters, const std::string& text, const std::string& order) {
    return {{"n", matters.size() + 1},
            {"text", text},
            {"by", call.context.actor().user},
            {"at", to_rfc3339(call.context.now.wall)},
            {"order", order},
            {"from", ""},
            {"state", "open"},
            {"taken_by", ""}};
}

Result<Decision> open_shift(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    for (const char* name : {"group", "title"})
        if (auto fine = call.wants(name); !fine) return fine.error();
    const MarkRecord* running = call.context.view.mark(shift_mark(call.text("group")), "", "open");
    if (running != nullptr && running->number == 1)
        return Error{"paper.action_not_possible", "group " + call.text("group") + " has an open shift, " +
                                                      running->detail.value("id", std::string()) +
                                                      "; it is signed over before the next begins"};
    PaperStep step = call.open(call.text("title"));
    step.row().owner = call.context.actor().user;
    step.body() = {{"reports", Fields::object()}, {"matters", Fields::array()}};
    step.mark(shift_mark(step.row().group), "", "open", 1, {{"id", step.row().id}});
    const Hearers hearers{{}, {step.row().group}};
    return step.finish("opened", hearers, 201);
}

Result<Decision> write_shift(const PaperCall& call) {
    if (!of_group(call)) return Error{"auth.forbidden", "a shift's log is written by its group and team leads"};
    if (auto fine = call.state({"open"}); !fine) return fine.error();
    if (auto fine = call.wants("text"); !fine) return fine.error();
    PaperStep step = call.step();
    step.entry().text = call.text("text");
    if (call.has("order")) step.entry().detail["order"] = call.text("order");
    if (call.has("contact")) step.entry().detail["contact"] = call.text("contact");
    if (call.what.action == "matter") {
        Fields& matters = step.body()["matters"];
        matters.push_back(new_matter(call, matters, call.text("text"), call.text("order")));
        step.entry().detail["number"] = matters.size();
    }
    return step.finish("written", {{}, {call.before->group}});
}

Result<Decision> report_shift(const PaperCall& call) {
    if (!of_group(call)) return Error{"auth.forbidden", "a shift's reports are handed in by its group and team leads"};
    if (auto fine = call.state({"open"}); !fine) return fine.error();
    const std::string name = call.text("name");
    const auto& wanted = call.context.settings.centre->get()->shift_reports;
    if (!listed(wanted, name))
        return Error{"paper.bad_fields", "\"" + name + "\" is no report of a shift; this city wants " + joined(wanted)};
    PaperStep step = call.step();
    step.body()["reports"][name] = {{"user", call.context.actor().user}, {"at", to_rfc3339(call.context.now.wall)}};
    step.entry().text = call.text("text");
    step.entry().detail["name"] = name;
    return step.finish("written", {{}, {call.before->group}});
}

// settle: done; take_over: the next shift's.
Result<Decision> shift_matter_step(const PaperCall& call) {
    const bool takes = call.what.action == "take_over";
    if (takes) {
        if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
        if (auto fine = call.state({"signed_out"}); !fine) return fine.error();
        if (call.before->body["signed_out"].value("user", std::string()) == call.context.actor().user)
            return Error{"shift.same_person", "who goes cannot take over from himself; the next team lead does"};
    } else {
        if (!of_group(call)) return Error{"auth.forbidden", "a matter is settled by its group and team leads"};
        if (auto fine = call.state({"open", "signed_out"}); !fine) return fine.error();
    }
    const auto number = call.number("number", 0);
    PaperStep step = call.step();
    bool found = false;
    for (Fields& each : step.body()["matters"]) {
        const bool asked = (number == 0 && takes) || each.value("n", std::int64_t{0}) == number;
        if (!asked || each["state"] != "open") continue;
        found = true;
        if (takes)
            each["taken_by"] = call.context.actor().user;
        else
            each["state"] = "done";
    }
    if (!found && number != 0) return Error{"paper.bad_fields", "there is no open matter " + std::to_string(number)};
    step.entry().text = call.text("text");
    step.entry().detail["number"] = number;
    return step.finish("written", {{}, {call.before->group}});
}

Result<Decision> sign_shift_out(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    if (auto fine = call.state({"open"}); !fine) return fine.error();
    if (const auto missing = missing_reports(call); !missing.empty())
        return Error{"shift.reports_missing",
                     "these reports are not in yet: " + joined(missing) + "; hand them in, then sign"};
    PaperStep step = call.step();
    // Help that nobody has given yet goes to the next shift (E4).
    Fields& matters = step.body()["matters"];
    for (const std::string& id : call.what.others) {
        const PaperRecord* help = call.context.view.paper(id);
        if (help == nullptr || help->kind != "help" || help->closed_at || help->group != call.before->group) continue;
        Fields row = new_matter(call, matters, help->title, help->order);
        row["from"] = help->id;
        matters.push_back(std::move(row));
    }
    step.row().state = "signed_out";
    step.body()["signed_out"] = {{"user", call.context.actor().user}, {"at", to_rfc3339(call.context.now.wall)}};
    return step.finish("signed_out", {{}, {call.before->group}});
}

// The next shift begins with what was left open.
PaperStep next_shift(const PaperCall& call, const std::string& title) {
    PaperRecord row;
    row.id = std::string(id_prefix("shift")) + call.context.request.id;
    row.kind = "shift";
    row.state = "open";
    row.title = title;
    row.group = call.before->group;
    row.city = call.before->city;
    row.author = row.owner = call.context.actor().user;
    row.about = call.before->id;
    row.created_at = call.context.now.wall;
    PaperStep next(call.context, std::move(row), "opened");
    Fields matters = Fields::array();
    for (const Fields& each : call.before->body["matters"]) {
        if (each["state"] != "open") continue;
        Fields carried = each;
        carried["n"] = matters.size() + 1;
        carried["taken_by"] = "";
        if (carried["from"] == "") carried["from"] = call.before->id;
        matters.push_back(std::move(carried));
    }
    next.body() = {{"reports", Fields::object()}, {"matters", std::move(matters)}};
    next.mark(shift_mark(next.row().group), "", "open", 1, {{"id", next.row().id}});
    return next;
}

Result<Decision> sign_shift_in(const PaperCall& call) {
    if (auto fine = call.roles(kLeaderRoles); !fine) return fine.error();
    if (auto fine = call.state({"signed_out"}); !fine) return fine.error();
    if (auto fine = call.wants("title"); !fine) return fine.error();
    if (call.before->body["signed_out"].value("user", std::string()) == call.context.actor().user)
        return Error{"shift.same_person", "who goes cannot sign for who comes; the next team lead signs"};
    std::vector<std::string> left;
    for (const Fields& each : call.before->body["matters"])
        if (each["state"] == "open" && each["taken_by"] == "")
            left.push_back(std::to_string(each.value("n", std::int64_t{0})));
    if (!left.empty())
        return Error{"shift.matters_open", "these matters are neither settled nor taken over: " + joined(left) +
                                               "; take them over, then sign"};
    PaperStep step = call.step();
    step.body()["signed_in"] = {{"user", call.context.actor().user}, {"at", to_rfc3339(call.context.now.wall)}};
    PaperStep next = next_shift(call, call.text("title"));
    step.body()["next"] = next.row().id;
    const Hearers hearers{{}, {call.before->group}};
    step.join(next.finish("opened", hearers));
    step.close("signed_over");
    return step.finish("signed_over", hearers);
}

}  // namespace

Result<Decision> shift_step(const PaperCall& call) {
    if (call.before == nullptr) return open_shift(call);
    const std::string& action = call.what.action;
    if (action == "write" || action == "matter") return write_shift(call);
    if (action == "report") return report_shift(call);
    if (action == "settle" || action == "take_over") return shift_matter_step(call);
    if (action == "sign_out") return sign_shift_out(call);
    if (action == "sign_in") return sign_shift_in(call);
    return Error{
        "paper.action_not_possible",
        "a shift knows write, matter, report, settle, take_over, sign_out and sign_in, not \"" + action + "\""};
}

}  // namespace citybridge::desk
