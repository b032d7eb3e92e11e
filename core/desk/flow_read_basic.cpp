// Fields, states, actions, follow-ups and what the ERP is sent.
#include <algorithm>
#include <array>

#include "core/desk/flow_reader.h"
#include "core/desk/pattern.h"

namespace citybridge::desk {
namespace {

constexpr std::array kTypes{FieldType::text, FieldType::integer, FieldType::boolean, FieldType::choice,
                            FieldType::date, FieldType::time,    FieldType::phone,   FieldType::email,
                            FieldType::user, FieldType::group,   FieldType::article, FieldType::order};

std::optional<FieldType> field_type(std::string_view word) {
    for (const FieldType type : kTypes)
        if (to_string(type) == word) return type;
    return std::nullopt;
}

std::string all_types() {
    std::string out;
    for (const FieldType type : kTypes) out += (out.empty() ? "" : ", ") + std::string(to_string(type));
    return out;
}

void read_limits(XmlElement& xml, FieldDef& def) {
    constexpr std::int64_t kMost = 1'000'000'000'000;
    if (xml.has("min")) def.min = xml.integer("min", -kMost, kMost, 0, true);
    if (xml.has("max")) def.max = xml.integer("max", -kMost, kMost, 0, true);
    if ((def.min || def.max) && def.type != FieldType::integer)
        xml.problem(def.min ? "min" : "max", "only a field of type integer has min and max; remove it");
    if (def.min && def.max && *def.min > *def.max)
        xml.problem("max", "max is less than min, so no value fits; raise it");
    def.sum_of = xml.words("sum_of");
    if (!def.sum_of.empty() && (def.type != FieldType::integer || def.required || def.min || def.max))
        xml.problem("sum_of", "a sum is of type integer, without required, min and max: they follow from its parts");
    def.pattern = xml.text("pattern", false);
    if (def.pattern.empty()) return;
    if (def.type != FieldType::text)
        return xml.problem("pattern", "only a field of type text has a pattern; remove it");
    std::string why;
    def.matcher = Pattern::compile(def.pattern, why);
    if (def.matcher == nullptr) xml.problem("pattern", "\"" + def.pattern + "\": " + why);
}

}  // namespace

void FlowReader::field(XmlElement& xml, pugi::xml_node node) {
    FieldDef def;
    def.at = xml.places();
    def.name = xml.word("name");
    def.title = xml.text("title");
    const std::string type = xml.text("type");
    if (const auto known = field_type(type))
        def.type = *known;
    else if (!type.empty())
        xml.problem("type", "\"" + type + "\" is no type of a field; use one of: " + all_types());
    def.required = xml.yes("required");
    const bool free_text = def.type == FieldType::text || def.type == FieldType::phone || def.type == FieldType::email;
    def.personal = xml.yes("personal") || (free_text && !xml.has("personal"));
    def.secret = xml.yes("secret");
    def.reveal_roles = xml.words("reveal_roles");
    if (!def.reveal_roles.empty() && !def.secret)
        xml.problem("reveal_roles", "only a field with secret=\"true\" has reveal_roles; remove it");
    flow.has_secrets = flow.has_secrets || def.secret;
    def.max_length = static_cast<std::size_t>(xml.integer("max_length", 1, 10'000, 1'000));
    def.choices = xml.words("choices");
    if ((def.type == FieldType::choice) == def.choices.empty())
        xml.problem("choices", "a field of type choice, and no other, needs choices=\"one two\"");
    if (xml.has("max_length") && def.type != FieldType::text)
        xml.problem("max_length", "only a field of type text has a max_length; remove it");
    read_limits(xml, def);
    const std::string fallback = xml.text("default", false);
    xml.finish();
    none_inside(node);
    flow.fields.push_back(std::move(def));
    if (!fallback.empty()) flow.fields.back().fallback = set_of(xml, flow.fields.back().name, fallback).literal;
}

// When all fields are known: a sum's bounds are those of its parts.
void FlowReader::sums() {
    for (FieldDef& field : flow.fields) {
        std::optional<std::int64_t> min = 0;
        std::optional<std::int64_t> max = 0;
        for (const std::string& name : field.sum_of) {
            const FieldDef* part = flow.field(name);
            const auto wrong = [&](const std::string& why) { problems.push_back({field.at("sum_of"), why}); };
            if (part == nullptr) {
                wrong("field \"" + name + "\" is not defined; define it, or take it out");
                continue;
            }
            if (part->type != FieldType::integer || !part->sum_of.empty())
                wrong("only fields of type integer are added up, and no sums; take \"" + name + "\" out");
            if (part->secret && !field.secret)
                wrong("\"" + name + "\" is secret, and its sum would tell of it; make the sum secret too");
            min = min && part->min ? std::optional(*min + *part->min) : std::nullopt;
            max = max && part->max ? std::optional(*max + *part->max) : std::nullopt;
        }
        if (field.sum_of.empty()) continue;
        field.min = min;
        field.max = max;
    }
}

void FlowReader::state(XmlElement& xml, pugi::xml_node node) {
    StateDef def;
    def.at = xml.places();
    def.name = xml.word("name");
    def.title = xml.text("title");
    def.initial = xml.yes("initial");
    def.closed = xml.yes("closed");
    xml.finish();
    none_inside(node);
    flow.states.push_back(std::move(def));
}

void FlowReader::action(XmlElement& xml, pugi::xml_node node) {
    ActionDef def;
    def.at = xml.places();
    def.name = xml.word("name");
    def.title = xml.text("title");
    def.from = xml.words("from", true);
    def.to = xml.text("to", false);
    def.roles = xml.words("roles", true);
    def.required_fields = xml.words("required_fields");
    def.optional_fields = xml.words("optional_fields");
    def.note_required = xml.yes("note_required");
    def.reopen = xml.yes("reopen");
    def.in_turn = xml.yes("in_turn");
    xml.finish();
    const Trigger on{Trigger::Kind::action, def.name};
    for (const auto& child : children(node)) {
        XmlElement part(file, child, problems);
        if (is_condition(part.name())) {
            def.when.push_back(condition(child, part));
        } else if (part.name() == "set") {
            def.sets.push_back(set(child));
        } else if (part.name() == "assign") {
            auto assigned = assign_of(part, "to");
            part.finish();
            none_inside(child);
            if (!assigned) continue;
            assigned->on = on;
            def.assigns.push_back(std::move(*assigned));
        } else if (part.name() == "advance") {
            def.advances.push_back(part.word("chain"));
            part.finish();
            none_inside(child);
        } else if (part.name() == "tell") {
            tell(part, child, &on);
        } else {
            unknown(part, "when, any, not, set, assign, advance, tell");
        }
    }
    flow.actions.push_back(std::move(def));
}

void FlowReader::follow_up(XmlElement& xml, pugi::xml_node node) {
    FollowUpDef def;
    def.at = xml.places();
    def.name = xml.word("name");
    def.question = xml.text("question");
    def.term.rule.at = minutes(xml, "at");
    if (const auto rule = term_of(xml, "after", !xml.has("at"))) {
        if (def.term.rule.at) xml.problem("at", "after and at say both when it is due; keep one");
        def.term.rule = *rule;
    }
    def.term.rule.next_day_at = minutes(xml, "next_day_at");
    if (def.term.rule.next_day_at && def.term.rule.after.count() == 0 && xml.has("after"))
        xml.problem("next_day_at", "working days do not move to the next day; remove it, or give after in hours");
    def.term.calendar = xml.text("calendar", false);
    def.term.by_clock = xml.yes("by_clock");
    def.due_state = xml.text("due_state", false);
    def.due_action = xml.text("due_action", false);
    def.set_by = xml.words("set_by", true);
    def.settled_by = xml.words("settled_by", true);
    def.remind_before = duration(xml, "remind_before", false);
    if (xml.has("assign"))
        if (auto assigned = assign_of(xml, "assign")) {
            assigned->on = {Trigger::Kind::overdue, def.name};
            def.assigns.push_back(std::move(*assigned));
        }
    const auto open = std::find(def.set_by.begin(), def.set_by.end(), "open");
    def.set_on_open = open != def.set_by.end();
    if (def.set_on_open) def.set_by.erase(open);
    xml.finish();
    def.when = conditions_inside(node);
    flow.follow_ups.push_back(std::move(def));
}

void FlowReader::erp(XmlElement& xml, pugi::xml_node node) {
    ErpDef def;
    def.where = xml.where();
    def.at = xml.places();
    def.connector = xml.text("connector");
    def.hooks = xml.words("hooks");
    xml.finish();
    each_inside(node, "send", [&](XmlElement& send, pugi::xml_node child) {
        SendDef one;
        one.at = send.places();
        one.on = send.text("on");
        one.message = send.word("message");
        one.tell_if_undelivered_after = duration(send, "tell_if_undelivered_after", false);
        one.escalation = escalation_name(send, "escalation");
        if (one.tell_if_undelivered_after.has_value() == one.escalation.empty())
            send.problem("escalation", "tell_if_undelivered_after and escalation=\"NAME\" belong together; give both");
        send.finish();
        none_inside(child);
        def.sends.push_back(std::move(one));
    });
    flow.erps.push_back(std::move(def));
}

}  // namespace citybridge::desk
