#include "core/desk/flow_page.h"

#include <algorithm>

#include "core/desk/access.h"
#include "core/desk/flow_json.h"

namespace citybridge::desk {
namespace {

std::string page_code(const std::string& word) { return word.empty() ? "" : "`" + word + "`"; }

std::string page_codes(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + page_code(word);
    return out;
}

// A cell of a table: no bar and no line break ends it early.
std::string page_cell(std::string text) {
    for (std::size_t at = 0; (at = text.find_first_of("|\n", at)) != std::string::npos;) {
        const std::string with = text[at] == '|' ? "\\|" : " ";
        text.replace(at, 1, with);
        at += with.size();
    }
    return text;
}

std::string page_row(const std::vector<std::string>& cells) {
    std::string out = "|";
    for (const std::string& each : cells) out += " " + page_cell(each) + " |";
    return out + "\n";
}

std::string page_head(const std::vector<std::string>& titles) {
    return page_row(titles) + "|" + [&] {
        std::string line;
        for (std::size_t i = 0; i < titles.size(); ++i) line += "---|";
        return line;
    }() + "\n";
}

std::string type_words(const FieldDef& field) {
    std::string out(to_string(field.type));
    if (field.type == FieldType::choice) out += ": " + joined(field.choices);
    if (field.min || field.max)
        out +=
            " " + (field.min ? std::to_string(*field.min) : "") + ".." + (field.max ? std::to_string(*field.max) : "");
    return out;
}

std::string fields_table(const Flow& flow) {
    std::string out = "\n## Fields\n\n" + page_head({"field", "title", "type", "remarks"});
    for (const FieldDef& field : flow.fields) {
        std::string remarks = field.required ? "required" : "";
        if (field.personal) remarks += std::string(remarks.empty() ? "" : ", ") + "personal";
        if (!field.sum_of.empty())
            remarks += std::string(remarks.empty() ? "" : ", ") + "sum of " + page_codes(field.sum_of);
        if (field.secret) remarks += std::string(remarks.empty() ? "" : ", ") + "secret";
        out += page_row({page_code(field.name), field.title, type_words(field), remarks});
    }
    return out;
}

std::string actions_table(const Flow& flow) {
    std::string out = "\n## Actions\n\n" + page_head({"action", "title", "from", "to", "who", "needs"});
    for (const ActionDef& action : flow.actions) {
        std::string needs = page_codes(action.required_fields);
        if (action.note_required) needs += std::string(needs.empty() ? "" : ", ") + "a note";
        if (action.in_turn) needs += std::string(needs.empty() ? "" : ", ") + "its turn";
        if (!action.when.empty()) needs += std::string(needs.empty() ? "" : ", ") + "conditions";
        out += page_row({page_code(action.name), action.title, page_codes(action.from), page_code(action.to),
                         joined(action.roles), needs});
    }
    return out;
}

std::string deadlines_table(const Flow& flow) {
    if (flow.follow_ups.empty()) return {};
    std::string out = "\n## Deadlines\n\nIn the city's business time.\n\n" +
                      page_head({"follow-up", "question", "due", "set by", "answered by", "then"});
    for (const FollowUpDef& follow_up : flow.follow_ups) {
        std::vector<std::string> set_by = follow_up.set_by;
        if (follow_up.set_on_open) set_by.insert(set_by.begin(), "open");
        const std::string then = !follow_up.due_action.empty()  ? "action " + page_code(follow_up.due_action)
                                 : !follow_up.due_state.empty() ? "state " + page_code(follow_up.due_state)
                                                                : "";
        out += page_row({page_code(follow_up.name), follow_up.question,
                         words_of(follow_up.term) + (follow_up.when.empty() ? "" : ", on conditions"),
                         page_codes(set_by), page_codes(follow_up.settled_by), then});
    }
    return out;
}

std::string told_table(const Flow& flow) {
    if (flow.escalations.empty() && flow.tells.empty() && flow.chains.empty()) return {};
    std::string out = "\n## Who is told\n\n" + page_head({"when", "who", "by", "what", "acknowledged within"});
    for (const TellDef& tell : flow.tells)
        out += page_row(
            {words_of(tell.on), words_of(tell.to), joined(tell.channels), page_code(tell.message),
             tell.confirm_within ? words_of(*tell.confirm_within) + ", else " + page_code(tell.unconfirmed) : ""});
    for (const EscalationDef& escalation : flow.escalations) {
        std::string start;
        for (const Trigger& trigger : escalation.start) start += (start.empty() ? "" : " or ") + words_of(trigger);
        for (std::size_t i = 0; i < escalation.steps.size(); ++i) {
            const EscalationStep& step = escalation.steps[i];
            const std::string when = page_code(escalation.name) + " " + std::to_string(i + 1) +
                                     (i == 0 && !start.empty() ? ": " + start : "") +
                                     (step.after == Millis{0} ? "" : ", after " + words_of(step.after));
            out += page_row({when, words_of(step.to), joined(step.channels), page_code(step.message),
                             step.ack_within ? words_of(*step.ack_within) : ""});
        }
    }
    for (const ChainDef& chain : flow.chains)
        out += page_row({"chain " + page_code(chain.name),
                         chain.entry.empty() ? "field:" + chain.field : "directory:" + chain.entry, "",
                         "one after the other",
                         chain.exhausted.empty() ? "" : "nobody left: action " + page_code(chain.exhausted)});
    return out;
}

std::string rules_lists(const Flow& flow) {
    std::string out;
    if (!flow.approvals.empty()) {
        out += "\n## Approvals\n\n" + page_head({"approval", "step", "by", "within", "late"});
        for (const ApprovalDef& approval : flow.approvals)
            for (const ApprovalStep& step : approval.steps)
                out += page_row({page_code(approval.name), step.title + (step.when.empty() ? "" : ", on conditions"),
                                 words_of(step.by) + (step.deputies ? ", deputies" : ""),
                                 step.within ? words_of(*step.within) : "", page_code(step.late)});
    }
    if (!flow.recurrences.empty()) {
        out += "\n## Opened by itself\n\n" + page_head({"recurrence", "for"});
        for (const RecurrenceDef& each : flow.recurrences)
            out += page_row({page_code(each.name), each.owner.empty() ? "group " + each.group : each.owner});
    }
    if (!flow.erps.empty()) {
        out += "\n## Sent to the ERP\n\n" + page_head({"connector", "on", "message", "undelivered"});
        for (const ErpDef& erp : flow.erps)
            for (const SendDef& send : erp.sends)
                out += page_row({page_code(erp.connector), page_code(send.on), page_code(send.message),
                                 send.tell_if_undelivered_after ? "after " + words_of(*send.tell_if_undelivered_after) +
                                                                      ": " + page_code(send.escalation)
                                                                : ""});
    }
    return out;
}

std::string words_to_say(const Flow& flow) {
    const auto scripts = shown_scripts(flow);
    if (scripts.empty()) return {};
    std::string out = "\n## Words to say\n\n";
    for (const ScriptDef* script : scripts)
        out += "- " + page_code(words_of(script->on)) + (script->title.empty() ? "" : " " + script->title) + ": " +
               page_cell(script->text) + "\n";
    return out;
}

}  // namespace

std::string state_diagram(const Flow& flow) {
    std::string out = "stateDiagram-v2\n";
    for (const StateDef& state : flow.states) out += "    state \"" + state.title + "\" as " + state.name + "\n";
    out += "    [*] --> " + flow.initial().name + "\n";
    for (const ActionDef& action : flow.actions) {
        if (action.to.empty()) continue;
        for (const std::string& from : action.from)
            if (from != action.to) out += "    " + from + " --> " + action.to + ": " + action.name + "\n";
    }
    for (const FollowUpDef& follow_up : flow.follow_ups) {
        if (follow_up.due_state.empty()) continue;
        for (const StateDef& state : flow.states)
            if (!state.closed && state.name != follow_up.due_state)
                out += "    " + state.name + " --> " + follow_up.due_state + ": overdue " + follow_up.name + "\n";
    }
    for (const StateDef& state : flow.states)
        if (state.closed) out += "    " + state.name + " --> [*]\n";
    return out;
}

std::string flow_page(const Flow& flow) {
    std::string out = "# " + flow.kind + ": " + flow.title + "\n\nVersion " + std::to_string(flow.version) +
                      ". Generated by `./dev docs` from `config/flows/" + flow.kind + ".xml`; `citybridge flows show " +
                      flow.kind + "` prints it.\n\nOpened by " + joined(flow.open_roles) + "; notes by " +
                      joined(flow.note_roles) + ".\n\n```mermaid\n" + state_diagram(flow) + "```\n";
    return out + fields_table(flow) + actions_table(flow) + deadlines_table(flow) + told_table(flow) +
           rules_lists(flow) + words_to_say(flow);
}

std::string flow_index(const FlowSet& flows) {
    std::string out =
        "# Kinds of work orders\n\nGenerated by `./dev docs` from `config/flows`. `citybridge flows test config/flows` "
        "plays the stories that\ncome with them (`config/flows/stories`, explained in [stories.md](stories.md)).\n\n" +
        page_head({"kind", "title", "states", "deadlines"});
    for (const Flow* flow : flows.all())
        out += page_row({"[" + flow->kind + "](" + flow->kind + ".md)", flow->title,
                         std::to_string(flow->states.size()), std::to_string(flow->follow_ups.size())});
    return out;
}

}  // namespace citybridge::desk
