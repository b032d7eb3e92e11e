#include "core/desk/scripts.h"

#include <algorithm>

#include "core/desk/flow_json.h"

namespace citybridge::desk {
namespace {

using Given = std::vector<std::pair<std::string, std::string>>;  // name of the approval, user

std::string text_in(const Fields& object, const char* name) { return object.value(name, std::string()); }

// What stands in the paper as the newest: what waits, or what is shown.
ScriptWords newest_words(const PaperRecord& row) {
    if (row.body.contains("next")) {
        const Fields& next = row.body["next"];
        return {next.value("version", std::int64_t{0}), text_in(next, "title"), text_in(next, "text")};
    }
    return {row.body.value("version", std::int64_t{0}), row.title, text_in(row.body, "text")};
}

bool says_the_same(const PaperRecord& row, const ScriptDef& script) {
    const ScriptWords newest = newest_words(row);
    return row.state != "retired" && newest.title == script.title && newest.text == script.text;
}

bool waits(const PaperRecord& row) {
    return row.state != "retired" && row.body.contains("next") && !row.body["next"].contains("returned");
}

Given given_to(const PaperRecord& row) {
    Given out;
    const Fields approvals = row.body.value("approvals", Fields::array());
    for (const Fields& each : approvals) out.emplace_back(text_in(each, "name"), text_in(each, "user"));
    return out;
}

const Approval* open_approval(const Centre& centre, const PaperRecord& row, const Actor& actor) {
    const Given given = given_to(row);
    for (const Approval& approval : centre.script_approvals) {
        const bool done =
            std::any_of(given.begin(), given.end(), [&](const auto& each) { return each.first == approval.name; });
        if (!done && may_approve(actor, approval)) return &approval;
    }
    return nullptr;
}

Hearers approvers(const Centre& centre) {
    Hearers out;
    for (const Approval& approval : centre.script_approvals)
        if (!approval.group.empty()) out.groups.push_back(approval.group);
    return out;
}

void publish(PaperStep& step) {
    Fields& body = step.body();
    const Fields next = body["next"];
    step.row().title = text_in(next, "title");
    body["text"] = next["text"];
    body["version"] = next["version"];
    body.erase("next");
    step.row().state = "published";
}

const ScriptDef* newest_of(const Flow& flow, const Trigger& on, bool approved) {
    const ScriptDef* out = nullptr;
    for (const ScriptDef& script : flow.scripts)
        if (script.on == on && (script.approved || !approved) && (out == nullptr || out->version < script.version))
            out = &script;
    return out;
}

ProposeScript proposal(const Flow& flow, const ScriptDef& script, bool believed) {
    ProposeScript out{flow.kind, script.on, script.version, script.title, script.text, {}};
    if (believed)
        for (const ScriptDef::Approval& each : script.approved_by)
            out.approved_by.push_back({each.role, each.name, each.day});
    return out;
}

PaperRecord new_script(const Context& context, const ProposeScript& what) {
    PaperRecord row;
    row.id = script_id(what.kind, what.on);
    row.kind = "script";
    row.state = "review";
    row.title = what.title;
    row.city = context.settings.city;
    row.author = context.actor().user;
    row.created_at = context.now.wall;
    row.body = {{"flow", what.kind}, {"on", words_of(what.on)}, {"version", 0}, {"approvals", Fields::array()}};
    return row;
}

// The flow has these words no more.
Result<Decision> retire(const Context& context, const PaperRecord& before) {
    if (before.state == "retired") return Decision{};
    PaperStep step(context, before, "retired");
    step.body().erase("next");
    step.body()["approvals"] = Fields::array();
    step.close("retired");
    return step.finish("retired", approvers(*context.settings.centre->get()));
}

Result<Decision> approve_script(const PaperCall& call) {
    const auto centre = call.context.settings.centre->get();
    const PaperRecord& before = *call.before;
    if (!waits(before)) return Error{"paper.action_not_possible", "no words wait for an approval here"};
    const std::int64_t version = before.body["next"].value("version", std::int64_t{0});
    if (call.number("version", 0) != version)
        return Error{call.has("version") ? "paper.changed_meanwhile" : "paper.bad_fields",
                     "what waits is version " + std::to_string(version) +
                         "; read it, and name the version that you approve in \"version\""};
    const std::string& user = call.context.actor().user;
    const Approval* approval = open_approval(*centre, before, call.context.actor());
    if (approval == nullptr) return Error{"auth.forbidden", "none of the approvals that are missing is yours to give"};
    for (const auto& [name, by] : given_to(before))
        if (by == user)
            return Error{"auth.forbidden", "you gave the approval \"" + name + "\" already; another person gives \"" +
                                               approval->name + "\""};
    PaperStep step = call.step();
    step.body()["approvals"].push_back(
        {{"name", approval->name}, {"user", user}, {"at", to_rfc3339(call.context.now.wall)}});
    step.entry().detail = {{"name", approval->name}, {"version", version}};
    const bool all = missing_approvals(*centre, step.row()).empty();
    if (all) publish(step);
    return step.finish(all ? "published" : "approved", all ? Hearers{{}, {}, true} : approvers(*centre));
}

// Back to who writes the flows, with what is to be mended; other words come by the file.
Result<Decision> return_script(const PaperCall& call) {
    const auto centre = call.context.settings.centre->get();
    const Actor& actor = call.context.actor();
    const bool may = std::any_of(centre->script_approvals.begin(), centre->script_approvals.end(),
                                 [&](const Approval& approval) { return may_approve(actor, approval); });
    if (!may) return Error{"auth.forbidden", "words are returned by those who approve them"};
    if (auto fine = call.wants("text"); !fine) return fine.error();
    if (!waits(*call.before)) return Error{"paper.action_not_possible", "no words wait for an approval here"};
    PaperStep step = call.step();
    step.body()["approvals"] = Fields::array();
    step.body()["next"]["returned"] = {
        {"by", actor.user}, {"text", call.text("text")}, {"at", to_rfc3339(call.context.now.wall)}};
    step.entry().text = call.text("text");
    return step.finish("returned", approvers(*centre));
}

}  // namespace

const ScriptWords* Scripts::find(const std::string& kind, const std::string& on) const {
    const auto found = shown_.find({kind, on});
    return found == shown_.end() ? nullptr : &found->second;
}

void Scripts::put(const std::string& kind, const std::string& on, ScriptWords words) {
    shown_[{kind, on}] = std::move(words);
}

void Scripts::put(const PaperRecord& script) {
    if (!script.body.contains("text")) return;
    put(text_in(script.body, "flow"), text_in(script.body, "on"),
        {script.body.value("version", std::int64_t{0}), script.title, text_in(script.body, "text")});
}

Scripts approved_in_files(const FlowSet& flows) {
    Scripts out;
    for (const Flow* flow : flows.all())
        for (const ScriptDef* script : shown_scripts(*flow))
            out.put(flow->kind, words_of(script->on), {script->version, script->title, script->text});
    return out;
}

std::string script_id(const std::string& kind, const Trigger& on) {
    std::string place = words_of(on);
    std::replace(place.begin(), place.end(), ':', '.');
    return std::string(id_prefix("script")) + kind + "." + place;
}

std::vector<ProposeScript> script_proposals(const FlowSet& flows, const std::map<std::string, PaperRecord>& papers) {
    std::vector<ProposeScript> out;
    std::map<std::string, const ScriptDef*> places;
    for (const Flow* flow : flows.all())
        for (const ScriptDef& script : flow->scripts) {
            const std::string id = script_id(flow->kind, script.on);
            const ScriptDef* newest = newest_of(*flow, script.on, false);
            if (!places.emplace(id, newest).second) continue;
            const auto known = papers.find(id);
            // Words of a place that is new to this centre may come approved; later only people say so.
            const ScriptDef* first = known == papers.end() ? newest_of(*flow, script.on, true) : nullptr;
            if (first != nullptr) out.push_back(proposal(*flow, *first, true));
            if (newest != first && (known == papers.end() || !says_the_same(known->second, *newest)))
                out.push_back(proposal(*flow, *newest, false));
        }
    for (const auto& [id, paper] : papers)
        if (!places.contains(id) && paper.state != "retired") {
            const std::string on = text_in(paper.body, "on");
            const std::size_t colon = on.find(':');
            Trigger trigger{on.starts_with("state:")  ? Trigger::Kind::state
                            : on.starts_with("menu:") ? Trigger::Kind::menu
                                                      : Trigger::Kind::action,
                            on.substr(colon + 1)};
            if (colon == std::string::npos) trigger = {};
            out.push_back({text_in(paper.body, "flow"), trigger, 0, {}, {}, {}});
        }
    return out;
}

std::vector<std::string> missing_approvals(const Centre& centre, const PaperRecord& script) {
    std::vector<std::string> out;
    if (!waits(script)) return out;
    const Given given = given_to(script);
    for (const Approval& approval : centre.script_approvals)
        if (std::none_of(given.begin(), given.end(), [&](const auto& each) { return each.first == approval.name; }))
            out.push_back(approval.name);
    return out;
}

bool waits_for(const Centre& centre, const PaperRecord& script, const Actor& actor) {
    if (!waits(script)) return false;
    const Given given = given_to(script);
    const bool gave =
        std::any_of(given.begin(), given.end(), [&](const auto& each) { return each.second == actor.user; });
    return !gave && open_approval(centre, script, actor) != nullptr;
}

Result<Decision> propose_script(const Context& context, const ProposeScript& what) {
    const PaperRecord* before = context.view.paper(script_id(what.kind, what.on));
    if (what.text.empty()) return before == nullptr ? Result<Decision>(Decision{}) : retire(context, *before);
    PaperStep step(context, before == nullptr ? new_script(context, what) : *before, "version");
    Fields& body = step.body();
    const bool shown = body.contains("text");
    step.row().closed_at.reset();
    step.row().state = shown ? "changed" : "review";
    body["approvals"] = Fields::array();
    if (shown && step.row().title == what.title && body["text"] == what.text) {
        // What waited is taken back: the file says again what is shown.
        body.erase("next");
        step.row().state = "published";
        step.entry().action = "taken_back";
        return step.finish("taken_back", approvers(*context.settings.centre->get()));
    }
    // A file that says other words under the number of before gets the next one.
    const std::int64_t version = std::max(what.version, newest_words(step.row()).version + 1);
    body["next"] = {{"title", what.title}, {"text", what.text}, {"version", version}};
    step.entry().detail = body["next"];
    if (what.approved_by.empty()) return step.finish("waiting", approvers(*context.settings.centre->get()));
    for (const ProposeScript::Approved& each : what.approved_by)
        step.entry().detail["approved_by"].push_back({{"name", each.name}, {"user", each.user}, {"day", each.day}});
    publish(step);
    return step.finish("published", {{}, {}, true});
}

Result<Decision> script_step(const PaperCall& call) {
    if (call.before != nullptr && call.what.action == "approve") return approve_script(call);
    if (call.before != nullptr && call.what.action == "return") return return_script(call);
    return Error{
        "paper.action_not_possible",
        "words to say come with their flow's file; they know approve and return, not \"" + call.what.action + "\""};
}

}  // namespace citybridge::desk
