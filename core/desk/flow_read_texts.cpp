// Scripts and templates.
#include "core/desk/flow_reader.h"

namespace citybridge::desk {
namespace {

// "product_manager:li 2026-03-01, centre_manager:wang 2026-03-02"
void read_approvals(XmlElement& xml, ScriptDef& def) {
    std::string text = xml.text("approved_by", false);
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::vector<std::string> words = split_words(text.substr(0, comma));
        text.erase(0, std::min(comma + 1, text.size()));
        const std::size_t colon = words.empty() ? std::string::npos : words[0].find(':');
        if (words.size() != 2 || colon == std::string::npos || colon == 0 || colon + 1 == words[0].size() ||
            !day_of(words[1]))
            return xml.problem(
                "approved_by",
                "approved_by must be \"product_manager:NAME 2026-03-01, centre_manager:NAME 2026-03-02\"");
        ScriptDef::Approval one{words[0].substr(0, colon), words[0].substr(colon + 1), words[1]};
        if (one.role != "product_manager" && one.role != "centre_manager")
            return xml.problem("approved_by",
                               "\"" + one.role + "\" approves no words; write product_manager or centre_manager");
        for (const ScriptDef::Approval& before : def.approved_by)
            if (before.role == one.role || before.name == one.name)
                return xml.problem("approved_by",
                                   "two people approve, each as one of the two; name another for " + one.role);
        def.approved_by.push_back(std::move(one));
    }
    const auto by = [&](std::string_view role) {
        for (const ScriptDef::Approval& one : def.approved_by)
            if (one.role == role) return true;
        return false;
    };
    def.approved = by("product_manager") && by("centre_manager");
}

TextPart named_part(const std::string& name) {
    using K = TextPart::Kind;
    const auto behind = [&](std::string_view head) { return name.substr(head.size()); };
    if (name.starts_with("order.")) return {K::order, behind("order.")};
    if (name.starts_with("customer.")) return {K::customer, behind("customer.")};
    if (name.starts_with("due:")) return {K::due, behind("due:")};
    if (name.starts_with("chain:")) return {K::chain, behind("chain:")};
    return {K::field, name};
}

std::vector<TextPart> cut(XmlElement& xml, std::string_view attribute, const std::string& text) {
    std::vector<TextPart> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t open = std::min(text.find('{', at), text.size());
        if (open > at) out.push_back({TextPart::Kind::words, text.substr(at, open - at)});
        if (open == text.size()) break;
        const std::size_t close = text.find('}', open);
        if (close == std::string::npos || close == open + 1) {
            xml.problem(attribute,
                        "a place for a value is a name in braces such as {order.id}; close the brace, or leave it");
            break;
        }
        out.push_back(named_part(text.substr(open + 1, close - open - 1)));
        at = close + 1;
    }
    return out;
}

}  // namespace

// A menu is the PBX's, so that nothing here knows its name.
std::optional<Trigger> FlowReader::said_on(XmlElement& xml) {
    const std::string text = xml.text("on");
    constexpr std::string_view kMenu = "menu:";
    if (!text.starts_with(kMenu)) return trigger_of(xml, "on", text);
    std::string name = text.substr(kMenu.size());
    if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
        xml.problem("on", "a menu's name is of small letters, digits and _, such as menu:day");
    return Trigger{Trigger::Kind::menu, std::move(name)};
}

void FlowReader::script(XmlElement& xml, pugi::xml_node) {
    ScriptDef def;
    def.at = xml.places();
    if (const auto on = said_on(xml)) {
        def.on = *on;
        if (on->kind != Trigger::Kind::open && on->kind != Trigger::Kind::state && on->kind != Trigger::Kind::action &&
            on->kind != Trigger::Kind::menu)
            xml.problem("on", "words are said on open, state:NAME, action:NAME or menu:NAME");
    }
    def.version = xml.integer("version", 1, 1'000'000, 1, true);
    def.title = xml.text("title", false);
    read_approvals(xml, def);
    def.text = xml.finish_text();
    if (def.text.empty()) xml.problem("", "<script> says nothing; write the words between its tags");
    flow.scripts.push_back(std::move(def));
}

void FlowReader::message(XmlElement& xml, pugi::xml_node) {
    TemplateDef def;
    def.at = xml.places();
    def.name = xml.word("name");
    def.channel = xml.text("channel", false);
    if (!def.channel.empty() && def.channel != "screen" && def.channel != "phone" && def.channel != "email" &&
        def.channel != "sms")
        xml.problem("channel", "\"" + def.channel + "\" is no channel; use screen, phone, email or sms");
    def.language = xml.text("language", false);
    const std::string whom = xml.text("for", false);
    def.for_customer = whom == "customer";
    if (!whom.empty() && !def.for_customer)
        xml.problem("for", "\"" + whom + "\" is nobody a template can be for; write customer, or leave it out");
    def.subject = cut(xml, "subject", xml.text("subject", false));
    const std::string text = xml.finish_text();
    if (text.empty()) xml.problem("", "<template> says nothing; write the text between its tags");
    def.text = cut(xml, "", text);
    flow.templates.push_back(std::move(def));
}

}  // namespace citybridge::desk
