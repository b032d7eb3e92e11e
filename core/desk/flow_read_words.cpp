// Words that stand in the attributes of several parts of a flow.
#include <algorithm>
#include <array>

#include "core/desk/flow_reader.h"

namespace citybridge::desk {
namespace {

struct TriggerWord {
    std::string_view word;
    Trigger::Kind kind;
    bool named;
};
constexpr std::array kTriggers{TriggerWord{"open", Trigger::Kind::open, false},
                               TriggerWord{"close", Trigger::Kind::close, false},
                               TriggerWord{"note", Trigger::Kind::note, false},
                               TriggerWord{"undelivered", Trigger::Kind::undelivered, false},
                               TriggerWord{"action", Trigger::Kind::action, true},
                               TriggerWord{"state", Trigger::Kind::state, true},
                               TriggerWord{"overdue", Trigger::Kind::overdue, true},
                               TriggerWord{"reminder", Trigger::Kind::reminder, true},
                               TriggerWord{"escalation", Trigger::Kind::escalation, true},
                               TriggerWord{"chain", Trigger::Kind::exhausted, true},
                               TriggerWord{"verification", Trigger::Kind::verification, true}};

struct RecipientWord {
    std::string_view word;
    Recipient::Kind kind;
    bool named;
};
using R = Recipient::Kind;
constexpr std::array kRecipients{RecipientWord{"owner", R::owner, false},
                                 RecipientWord{"asker", R::asker, false},
                                 RecipientWord{"opener", R::opener, false},
                                 RecipientWord{"group", R::group, false},
                                 RecipientWord{"group", R::group, true},
                                 RecipientWord{"group_lead", R::group_lead, false},
                                 RecipientWord{"team_lead", R::group_lead, false},
                                 RecipientWord{"role", R::role, true},
                                 RecipientWord{"user", R::user, true},
                                 RecipientWord{"chain", R::chain, true},
                                 RecipientWord{"directory", R::directory, true},
                                 RecipientWord{"field", R::field, true},
                                 RecipientWord{"customer", R::customer, false}};

std::pair<std::string, std::string> halves(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) return {text, ""};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

constexpr std::array<std::string_view, 4> kChannels{"screen", "phone", "email", "sms"};

}  // namespace

std::optional<Trigger> FlowReader::trigger_of(XmlElement& xml, std::string_view attribute, const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto [word, name] = halves(text);
    for (const TriggerWord& known : kTriggers)
        if (known.word == word && known.named == !name.empty()) return Trigger{known.kind, name};
    xml.problem(attribute,
                "\"" + text +
                    "\" is nothing that happens to an order; use open, close, note, undelivered, action:NAME, "
                    "state:NAME, overdue:FOLLOW_UP, reminder:FOLLOW_UP, escalation:NAME, chain:NAME or verification:WORD");
    return std::nullopt;
}

Recipient FlowReader::recipient_of(XmlElement& xml, std::string_view attribute) {
    const std::string text = xml.text(attribute);
    const auto [word, name] = halves(text);
    for (const RecipientWord& known : kRecipients)
        if (known.word == word && known.named == !name.empty()) return {known.kind, name};
    if (!text.empty())
        xml.problem(attribute,
                    "\"" + text +
                        "\" names nobody; use owner, asker, opener, group, group:NAME, group_lead, role:ROLE, "
                        "user:NAME, chain:NAME, directory:ENTRY, field:NAME or customer");
    return {};
}

std::optional<DueRule> FlowReader::term_of(XmlElement& xml, std::string_view attribute, bool required) {
    const std::string text = xml.text(attribute, required);
    if (text.empty()) return std::nullopt;
    const auto rule = due_rule_of(text);
    if (!rule)
        xml.problem(attribute, std::string(attribute) +
                                   " must be one number with s, min, h or d (working days), such "
                                   "as \"2h\" or \"3d\", or same_day, not \"" +
                                   text + "\"");
    return rule;
}

std::optional<Millis> FlowReader::duration(XmlElement& xml, std::string_view attribute, bool required) {
    const std::string text = xml.text(attribute, required);
    if (text.empty()) return std::nullopt;
    if (text == "0") return Millis{0};
    const auto duration = duration_of(text);
    if (!duration)
        xml.problem(attribute, std::string(attribute) +
                                   " must be one number with s, min or h, such as \"30min\", not \"" + text + "\"");
    return duration;
}

std::optional<int> FlowReader::minutes(XmlElement& xml, std::string_view attribute) {
    const std::string text = xml.text(attribute, false);
    if (text.empty()) return std::nullopt;
    const auto minutes = time_of_day(text);
    if (!minutes)
        xml.problem(attribute, std::string(attribute) + " must be a time such as \"10:30\", not \"" + text + "\"");
    return minutes;
}

std::vector<std::string> FlowReader::channels_of(XmlElement& xml) {
    std::vector<std::string> out = xml.words("channel", true);
    for (const std::string& channel : out)
        if (std::find(kChannels.begin(), kChannels.end(), channel) == kChannels.end())
            xml.problem("channel", "\"" + channel + "\" is no channel; use screen, phone, email or sms");
    return out;
}

// "NAME" or "escalation:NAME".
std::string FlowReader::escalation_name(XmlElement& xml, std::string_view attribute) {
    const std::string text = xml.text(attribute, false);
    const auto [word, name] = halves(text);
    if (name.empty() || word == "escalation") return name.empty() ? text : name;
    xml.problem(attribute, std::string(attribute) + " must name an escalation, such as \"late\", not \"" + text + "\"");
    return {};
}

SetDef FlowReader::set_of(XmlElement& xml, std::string_view name, const std::string& value) {
    SetDef out;
    out.field = name;
    out.at = xml.places();
    const FieldDef* field = flow.field(name);
    const FieldType type = field == nullptr ? FieldType::text : field->type;
    if (value == "true" && type == FieldType::boolean)
        out.literal = true;
    else if (value == "false" && type == FieldType::boolean)
        out.literal = false;
    else if (type == FieldType::integer && !value.empty() && value.size() < 18 &&
             value.find_first_not_of("0123456789", value[0] == '-' ? 1 : 0) == std::string::npos && value != "-")
        out.literal = std::stoll(value);
    else
        out.literal = value;
    return out;
}

}  // namespace citybridge::desk
