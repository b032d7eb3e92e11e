// Chains, escalations, who is told, templates, scripts.
#include <algorithm>

#include "core/desk/flow_checks.h"

namespace citybridge::desk {
namespace {

const std::vector<std::string> kOrderWords{"id", "kind", "title", "state", "owner", "group", "city", "external_id"};
const std::vector<std::string> kCustomerWords{"name", "phone"};

std::string all_of(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

// What is done at the end of this chain comes, by the ends of others, to its end again.
bool ends_again(const Flow& flow, const ChainDef& start) {
    std::set<std::string> seen;
    std::vector<const ChainDef*> open{&start};
    while (!open.empty()) {
        const ActionDef* action = flow.action(open.back()->exhausted);
        open.pop_back();
        for (const std::string& name : action == nullptr ? std::vector<std::string>{} : action->advances) {
            if (name == start.name) return true;
            const ChainDef* next = flow.chain(name);
            if (next != nullptr && seen.insert(name).second) open.push_back(next);
        }
    }
    return false;
}

}  // namespace

void FlowChecks::chains() const {
    once(flow.chains, "chain");
    for (const ChainDef& chain : flow.chains) {
        if (!chain.field.empty()) {
            known_fields({chain.field}, chain.at("directory"));
            const FieldDef* field = flow.field(chain.field);
            if (field != nullptr && field->type != FieldType::text && field->type != FieldType::choice)
                say(chain.at("directory"),
                    "field \"" + chain.field + "\" must be a text or a choice: its value is the entry's name");
        }
        if (chain.exhausted.empty()) continue;
        known_action(chain.exhausted, chain.at("exhausted"));
        const ActionDef* action = flow.action(chain.exhausted);
        if (action != nullptr && ends_again(flow, chain))
            say(chain.at("exhausted"), "action \"" + chain.exhausted +
                                           "\" goes on in the chain that has ended, itself or through another chain, "
                                           "again and again; take its <advance> out, or name another action");
        const bool goes_on = std::any_of(flow.actions.begin(), flow.actions.end(),
                                         [&](const ActionDef& one) { return listed(one.advances, chain.name); });
        if (!goes_on)
            say(chain.at("exhausted"), "nothing goes on in chain \"" + chain.name +
                                           "\", so it never ends; put <advance chain=\"" + chain.name +
                                           "\"/> into an action, or take <exhausted> out");
    }
}

void FlowChecks::templates() const {
    std::set<std::string> seen;
    for (const TemplateDef& def : flow.templates) {
        if (!seen.insert(def.name + "\n" + def.channel + "\n" + def.language).second)
            say(def.at("name"),
                "template \"" + def.name + "\" is defined twice for this channel; rename or remove one");
        const auto part = [&](const TextPart& one, const Position& where) {
            const FieldDef* field = one.kind == TextPart::Kind::field ? flow.field(one.text) : nullptr;
            if (one.kind == TextPart::Kind::field && field == nullptr)
                say(where, "{" + one.text +
                               "} is no field of this flow; use a field's name, {order.id}, {customer.name}, "
                               "{due:FOLLOW_UP} or {chain:NAME}");
            if (field != nullptr && field->secret)
                say(where, "{" + one.text + "} is secret and must not stand in a message; take it out");
            if (one.kind == TextPart::Kind::order && !listed(kOrderWords, one.text))
                say(where, "{order." + one.text + "} is not known; use one of: " + all_of(kOrderWords));
            if (one.kind == TextPart::Kind::customer && !listed(kCustomerWords, one.text))
                say(where, "{customer." + one.text + "} is not known; use one of: " + all_of(kCustomerWords));
            if (one.kind == TextPart::Kind::due) known_follow_up(one.text, where);
            if (one.kind == TextPart::Kind::chain) known_chain(one.text, where);
        };
        for (const TextPart& one : def.subject) part(one, def.at("subject"));
        for (const TextPart& one : def.text) part(one, def.at.element);
    }
}

void FlowChecks::parts() {
    chains();
    templates();
    once(flow.escalations, "escalation");
    for (const EscalationDef& escalation : flow.escalations) {
        for (const Trigger& start : escalation.start) trigger(start, escalation.at("start"));
        known_actions(escalation.stop, escalation.at("stop"));
        for (const EscalationStep& step : escalation.steps) {
            recipient(step.to, step.at("to"));
            known_message(step.message, step.channels, step.at("template"));
            if (step.raise) set(*step.raise);
        }
    }
    for (const TellDef& tell : flow.tells) {
        trigger(tell.on, tell.at("on"));
        recipient(tell.to, tell.at("to"));
        known_message(tell.message, tell.channels, tell.at("template"));
        if (!tell.unconfirmed.empty()) known_escalation(tell.unconfirmed, tell.at("unconfirmed"));
        conditions(tell.when);
    }
    std::set<std::string> spoken;
    for (const ScriptDef& script : flow.scripts) {
        trigger(script.on, script.at("on"));
        const std::string key =
            std::to_string(static_cast<int>(script.on.kind)) + script.on.name + "\n" + std::to_string(script.version);
        if (!spoken.insert(key).second)
            say(script.at("on"), "there is a script for this with the same version already; raise the version");
    }
}

}  // namespace citybridge::desk
