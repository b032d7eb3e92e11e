// Who gets an order, who is told of it, and who is told next.
#include <array>

#include "core/desk/flow_reader.h"

namespace citybridge::desk {
namespace {

struct AssignWord {
    std::string_view word;
    AssignDef::To to;
    bool named;
};
using To = AssignDef::To;
constexpr std::array kAssigns{AssignWord{"asker", To::asker, false},
                              AssignWord{"owner", To::owner, false},
                              AssignWord{"call_taker", To::call_taker, false},
                              AssignWord{"group", To::group, true},
                              AssignWord{"least_busy", To::least_busy, true},
                              AssignWord{"skill", To::skill, true},
                              AssignWord{"directory", To::directory, true},
                              AssignWord{"chain", To::chain, true},
                              AssignWord{"field", To::field, true},
                              AssignWord{"team_lead", To::team_lead, false},
                              AssignWord{"group_lead", To::team_lead, false},
                              AssignWord{"user", To::user, true}};

std::optional<QuietHours> quiet_of(XmlElement& xml) {
    const std::vector<std::string> words = xml.words("quiet");
    if (words.empty()) return std::nullopt;
    const std::size_t dash = words[0].find('-');
    const auto from = time_of_day(std::string_view(words[0]).substr(0, dash));
    const auto to = dash == std::string::npos ? std::nullopt : time_of_day(std::string_view(words[0]).substr(dash + 1));
    const bool whole_day = from && to && *from == 0 && *to == 24 * 60;
    if (whole_day) {
        xml.problem("quiet", "quiet hours of a whole day never end; leave some time in which he is told");
        return std::nullopt;
    }
    const bool known = words.size() == 1 || (words.size() == 2 && (words[1] == "defer" || words[1] == "ignore"));
    if (from && to && *from != *to && known) return QuietHours{*from, *to, words.size() == 2 && words[1] == "ignore"};
    xml.problem("quiet", "quiet must be hours and what then, such as \"22:00-08:00 defer\" or \"22:00-08:00 ignore\"");
    return std::nullopt;
}

}  // namespace

std::optional<AssignDef> FlowReader::assign_of(XmlElement& xml, std::string_view attribute) {
    AssignDef out;
    out.at = xml.places();
    const std::string text = xml.text(attribute);
    const std::size_t colon = text.find(':');
    const std::string word = text.substr(0, colon);
    if (colon != std::string::npos) out.name = text.substr(colon + 1);
    for (const AssignWord& known : kAssigns)
        if (known.word == word && known.named == !out.name.empty()) {
            out.to = known.to;
            return out;
        }
    if (!text.empty())
        xml.problem(attribute, "\"" + text +
                                   "\" names nobody; use asker, owner, call_taker, group:NAME, least_busy:GROUP, "
                                   "skill:NAME, directory:ENTRY, chain:NAME, field:NAME, team_lead or user:NAME");
    return std::nullopt;
}

void FlowReader::assign(XmlElement& xml, pugi::xml_node node) {
    const auto on = trigger_of(xml, "on", xml.text("on"));
    auto def = assign_of(xml, "to");
    xml.finish();
    Conditions when = conditions_inside(node);
    if (!on || !def) return;
    if (on->kind != Trigger::Kind::open && on->kind != Trigger::Kind::state && on->kind != Trigger::Kind::action)
        return xml.problem("on", "an order is assigned on open, state:NAME or action:NAME");
    def->on = *on;
    def->when = std::move(when);
    flow.assigns.push_back(std::move(*def));
}

void FlowReader::chain(XmlElement& xml, pugi::xml_node node) {
    ChainDef def;
    def.at = xml.places();
    def.name = xml.word("name");
    def.title = xml.text("title", false);
    const std::string from = xml.text("from", false);
    const std::string by_field = xml.text("directory", false);
    if (from.empty() == by_field.empty())
        xml.problem("", "<chain> needs from=\"directory:ENTRY\" or directory=\"{field}\", one of them");
    if (!from.empty()) {
        if (from.starts_with("directory:") && is_word(from.substr(10)))
            def.entry = from.substr(10);
        else
            xml.problem("from", "from must be \"directory:ENTRY\", not \"" + from + "\"");
    }
    if (!by_field.empty()) {
        if (by_field.size() > 2 && by_field.front() == '{' && by_field.back() == '}')
            def.field = by_field.substr(1, by_field.size() - 2);
        else
            xml.problem("directory", "directory must be a field in braces, such as \"{product}\"");
    }
    xml.finish();
    each_inside(node, "exhausted", [&](XmlElement& part, pugi::xml_node child) {
        def.exhausted = part.word("do");
        def.at.attributes.emplace_back("exhausted", part.where("do"));
        part.finish();
        none_inside(child);
    });
    flow.chains.push_back(std::move(def));
}

void FlowReader::escalation(XmlElement& xml, pugi::xml_node node) {
    EscalationDef def;
    def.at = xml.places();
    def.name = xml.word("name");
    def.title = xml.text("title", false);
    for (const std::string& word : xml.words("start"))
        if (auto start = trigger_of(xml, "start", word)) def.start.push_back(std::move(*start));
    for (const std::string& word : xml.words("stop"))
        if (word != "acknowledged") def.stop.push_back(word.starts_with("action:") ? word.substr(7) : word);
    def.by_clock = xml.yes("by_clock");
    xml.finish();
    each_inside(node, "step", [&](XmlElement& part, pugi::xml_node child) {
        EscalationStep step;
        step.at = part.places();
        step.after = duration(part, "after", false).value_or(Millis{0});
        step.to = recipient_of(part, "to");
        step.channels = channels_of(part);
        step.message = part.word("template", false);
        step.ack_within = duration(part, "ack_within", false);
        step.quiet = quiet_of(part);
        if (const std::string raise = part.text("raise", false); !raise.empty()) {
            const std::size_t equals = raise.find('=');
            if (equals == std::string::npos || equals == 0 || equals + 1 == raise.size())
                part.problem("raise", "raise must be \"field=value\", not \"" + raise + "\"");
            else
                step.raise = set_of(part, raise.substr(0, equals), raise.substr(equals + 1));
        }
        part.finish();
        none_inside(child);
        def.steps.push_back(std::move(step));
    });
    if (def.steps.empty())
        xml.problem("", "escalation \"" + def.name + "\" tells nobody; put <step to=\"...\" channel=\"...\"/> into it");
    flow.escalations.push_back(std::move(def));
}

void FlowReader::tell(XmlElement& xml, pugi::xml_node node, const Trigger* on) {
    TellDef def;
    def.at = xml.places();
    if (on != nullptr) {
        def.on = *on;
    } else if (const auto trigger = trigger_of(xml, "on", xml.text("on"))) {
        def.on = *trigger;
    }
    def.to = recipient_of(xml, "to");
    def.channels = channels_of(xml);
    def.message = xml.word("template", false);
    if (const auto rule = term_of(xml, "confirm_within", false)) def.confirm_within = Term{*rule, {}, false};
    def.unconfirmed = escalation_name(xml, "unconfirmed");
    if (def.confirm_within.has_value() == def.unconfirmed.empty())
        xml.problem("unconfirmed", "confirm_within and unconfirmed=\"ESCALATION\" belong together; give both");
    xml.finish();
    def.when = conditions_inside(node);
    flow.tells.push_back(std::move(def));
}

}  // namespace citybridge::desk
