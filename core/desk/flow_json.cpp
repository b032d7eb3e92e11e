#include "core/desk/flow_json.h"

#include <algorithm>

namespace citybridge::desk {
namespace {

using Json = nlohmann::ordered_json;

std::string time_text(int minutes) {
    char text[16];
    const int length = std::snprintf(text, sizeof text, "%02d:%02d", minutes / 60 % 100, minutes % 60);
    return {text, static_cast<std::size_t>(length)};
}

std::string_view trigger_word(Trigger::Kind kind) {
    switch (kind) {
        case Trigger::Kind::open: return "open";
        case Trigger::Kind::close: return "close";
        case Trigger::Kind::note: return "note";
        case Trigger::Kind::action: return "action";
        case Trigger::Kind::state: return "state";
        case Trigger::Kind::overdue: return "overdue";
        case Trigger::Kind::reminder: return "reminder";
        case Trigger::Kind::escalation: return "escalation";
        case Trigger::Kind::exhausted: return "chain";
        case Trigger::Kind::undelivered: return "undelivered";
        case Trigger::Kind::verification: return "verification";
        case Trigger::Kind::menu: return "menu";
    }
    return "";
}

std::string_view recipient_word(Recipient::Kind kind) {
    switch (kind) {
        case Recipient::Kind::owner: return "owner";
        case Recipient::Kind::asker: return "asker";
        case Recipient::Kind::opener: return "opener";
        case Recipient::Kind::group: return "group";
        case Recipient::Kind::group_lead: return "group_lead";
        case Recipient::Kind::role: return "role";
        case Recipient::Kind::user: return "user";
        case Recipient::Kind::chain: return "chain";
        case Recipient::Kind::directory: return "directory";
        case Recipient::Kind::field: return "field";
        case Recipient::Kind::customer: return "customer";
    }
    return "";
}

std::string named(std::string_view word, const std::string& name) {
    return name.empty() ? std::string(word) : std::string(word) + ":" + name;
}

Json field_json(const FieldDef& field) {
    Json out{{"name", field.name},         {"title", field.title},   {"type", to_string(field.type)},
             {"required", field.required}, {"secret", field.secret}, {"personal", field.personal}};
    if (field.type == FieldType::choice) out["choices"] = field.choices;
    if (field.type == FieldType::text) out["max_length"] = field.max_length;
    if (field.min) out["min"] = *field.min;
    if (field.max) out["max"] = *field.max;
    if (!field.sum_of.empty()) out["sum_of"] = field.sum_of;
    if (!field.pattern.empty()) out["pattern"] = field.pattern;
    if (!field.fallback.is_null()) out["default"] = field.fallback;
    return out;
}

Json action_json(const ActionDef& action) {
    return {{"name", action.name},
            {"title", action.title},
            {"from", action.from},
            {"to", action.to.empty() ? Json(nullptr) : Json(action.to)},
            {"roles", action.roles},
            {"required_fields", action.required_fields},
            {"optional_fields", action.optional_fields},
            {"note_required", action.note_required},
            {"in_turn", action.in_turn}};
}

Json follow_up_json(const FollowUpDef& follow_up) {
    return {{"name", follow_up.name},     {"question", follow_up.question},  {"due", words_of(follow_up.term)},
            {"set_by", follow_up.set_by}, {"answers", follow_up.settled_by}, {"set_on_open", follow_up.set_on_open}};
}

}  // namespace

std::string words_of(Millis stretch) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(stretch).count();
    if (seconds % 3600 == 0) return std::to_string(seconds / 3600) + " h";
    if (seconds % 60 == 0) return std::to_string(seconds / 60) + " min";
    return std::to_string(seconds) + " s";
}

std::string words_of(const Term& term) {
    const DueRule& rule = term.rule;
    std::string out;
    if (rule.at)
        out = "next working day at " + time_text(*rule.at);
    else if (rule.working_days != 0)
        out = std::to_string(rule.working_days) + (rule.working_days == 1 ? " working day" : " working days");
    else if (rule.same_day)
        out = "the same day";
    else if (rule.after == Millis{0})
        out = "at once, or at the next opening";
    else
        out = words_of(rule.after) + (term.by_clock ? " by the clock" : "");
    if (rule.next_day_at) out += ", not today: at " + time_text(*rule.next_day_at);
    if (!term.calendar.empty()) out += " (calendar " + term.calendar + ")";
    return out;
}

std::string words_of(const Trigger& trigger) { return named(trigger_word(trigger.kind), trigger.name); }
std::string words_of(const Recipient& recipient) { return named(recipient_word(recipient.kind), recipient.name); }

std::vector<Trigger> occasions(const Flow& flow) {
    std::vector<Trigger> out;
    for (const ScriptDef& script : flow.scripts)
        if (std::find(out.begin(), out.end(), script.on) == out.end()) out.push_back(script.on);
    return out;
}

std::vector<const ScriptDef*> shown_scripts(const Flow& flow) {
    std::vector<const ScriptDef*> out;
    for (const ScriptDef& script : flow.scripts) {
        if (!script.approved) continue;
        const auto same =
            std::find_if(out.begin(), out.end(), [&](const ScriptDef* shown) { return shown->on == script.on; });
        if (same == out.end())
            out.push_back(&script);
        else if ((*same)->version < script.version)
            *same = &script;
    }
    return out;
}

std::vector<std::string> customer_templates(const Flow& flow) {
    std::vector<std::string> out;
    const auto add = [&](const std::string& name) {
        if (!name.empty() && std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    };
    for (const TemplateDef& def : flow.templates)
        if (def.for_customer && (def.channel.empty() || def.channel == "sms")) add(def.name);
    for (const TellDef& tell : flow.tells)
        if (tell.to.kind == Recipient::Kind::customer &&
            std::find(tell.channels.begin(), tell.channels.end(), "sms") != tell.channels.end())
            add(tell.message);
    return out;
}

nlohmann::ordered_json flow_summary(const Flow& flow) {
    return {{"kind", flow.kind}, {"version", flow.version}, {"title", flow.title}};
}

nlohmann::ordered_json flow_definition(const Flow& flow, const Scripts& shown) {
    Json out = flow_summary(flow);
    out["open_roles"] = flow.open_roles;
    out["note_roles"] = flow.note_roles;
    const auto list = [&](const char* name, const auto& items, auto one) {
        out[name] = Json::array();
        for (const auto& item : items) out[name].push_back(one(item));
    };
    list("fields", flow.fields, field_json);
    list("states", flow.states, [](const StateDef& state) {
        return Json{{"name", state.name}, {"title", state.title}, {"initial", state.initial}, {"closed", state.closed}};
    });
    list("actions", flow.actions, action_json);
    list("follow_ups", flow.follow_ups, follow_up_json);
    out["customer_templates"] = customer_templates(flow);
    out["scripts"] = Json::array();
    for (const Trigger& on : occasions(flow))
        if (const ScriptWords* words = shown.find(flow.kind, words_of(on)); words != nullptr)
            out["scripts"].push_back(
                {{"on", words_of(on)}, {"version", words->version}, {"title", words->title}, {"text", words->text}});
    return out;
}

}  // namespace citybridge::desk
