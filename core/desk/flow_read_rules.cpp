// Decisions, approvals, recurrence and who may see orders of a kind.
#include <algorithm>
#include <array>

#include "core/desk/flow_reader.h"
#include "core/desk/weekday.h"

namespace citybridge::desk {
namespace {

constexpr std::string_view kAfterPeriod = "first_working_after:";

void read_do(XmlElement& xml, DecisionDef::Row& row) {
    const std::string act = xml.text("act", false);
    const std::string action = xml.text("action", false);
    const bool open = xml.yes("open");
    if (static_cast<int>(!act.empty()) + static_cast<int>(!action.empty()) + static_cast<int>(open) != 1)
        xml.problem("", "<do> needs one of open=\"true\", act=\"ACTION\" (of the order found) or action=\"ACTION\"");
    row.what = !act.empty()      ? DecisionDef::Row::Do::act_on_related
               : !action.empty() ? DecisionDef::Row::Do::action
                                 : DecisionDef::Row::Do::open;
    row.action = act.empty() ? action : act;
    row.at = xml.places();
    xml.finish();
}

void read_every(XmlElement& xml, RecurrenceDef& def) {
    const std::string every = xml.text("every");
    if (every == "day")
        def.every = RecurrenceDef::Every::day;
    else if (every == "working_day")
        def.every = RecurrenceDef::Every::working_day;
    else if (every == "week")
        def.every = RecurrenceDef::Every::week;
    else if (every == "month")
        def.every = RecurrenceDef::Every::month;
    else if (!every.empty())
        xml.problem("every", "every must be day, working_day, week or month, not \"" + every + "\"");
    const std::string weekday = xml.text("weekday", every == "week");
    if (const auto day = weekday_of(weekday))
        def.weekday = static_cast<int>(*day);
    else if (!weekday.empty())
        xml.problem("weekday", "\"" + weekday + "\" is no day; use mon, tue, wed, thu, fri, sat, sun");
    const std::string day = xml.text("day", every == "month");
    if (day == "last") {
        def.day = 0;
    } else if (day.starts_with(kAfterPeriod) && day.size() > kAfterPeriod.size()) {
        def.first_working_after = day.substr(kAfterPeriod.size());
    } else if (!day.empty()) {
        def.day = static_cast<int>(xml.integer("day", 1, 31, 1));
    }
    if (!weekday.empty() && every != "week") xml.problem("weekday", "only every=\"week\" has a weekday; remove it");
    if (!day.empty() && every != "month") xml.problem("day", "only every=\"month\" has a day; remove it");
}

std::optional<RecurrenceDef::Else> read_else(XmlElement& xml) {
    const std::string word = xml.text("else", false);
    if (word == "next_working") return RecurrenceDef::Else::next_working;
    if (word == "previous_working") return RecurrenceDef::Else::previous_working;
    if (word == "skip") return RecurrenceDef::Else::skip;
    if (!word.empty()) xml.problem("else", "else must be next_working, previous_working or skip, not \"" + word + "\"");
    return std::nullopt;
}

}  // namespace

void FlowReader::decision(XmlElement& xml, pugi::xml_node node) {
    DecisionDef def;
    def.at = xml.places();
    def.name = xml.word("name", false);
    if (const auto on = trigger_of(xml, "on", xml.text("on"))) def.on = *on;
    def.look = xml.word("look", false);
    def.by_customer = false;
    for (const std::string& word : xml.words("by"))
        if (word == "customer")
            def.by_customer = true;
        else if (word.starts_with("field:"))
            def.by_fields.push_back(word.substr(6));
        else
            xml.problem("by", "by must be \"customer\" or \"field:NAME\", or both, not \"" + word + "\"");
    if (!def.look.empty() && !def.by_customer && def.by_fields.empty())
        xml.problem("by", "say by=\"customer\", or by=\"field:NAME\": whose orders are looked at");
    const std::string among = xml.text("among", false);
    if (!among.empty() && among != "open" && among != "all")
        xml.problem("among", "among must be open or all, not \"" + among + "\"");
    def.open_only = among != "all";
    const std::string pick = xml.text("pick", false);
    if (!pick.empty() && pick != "newest") xml.problem("pick", "pick must be newest, not \"" + pick + "\"");
    xml.finish();
    each_inside(node, "row", [&](XmlElement& part, pugi::xml_node child) {
        part.finish();
        DecisionDef::Row row;
        row.at = part.places();
        int dos = 0;
        for (const auto& inner : children(child)) {
            XmlElement word(file, inner, problems);
            if (is_condition(word.name()))
                row.when.push_back(condition(inner, word));
            else if (word.name() == "do" && ++dos == 1)
                read_do(word, row);
            else
                unknown(word, "when, any, not, and one do");
        }
        if (dos == 0) part.problem("", "a row needs <do .../>: what is done when its conditions hold");
        def.rows.push_back(std::move(row));
    });
    flow.decisions.push_back(std::move(def));
}

void FlowReader::approval(XmlElement& xml, pugi::xml_node node) {
    ApprovalDef def;
    def.at = xml.places();
    def.name = xml.word("name");
    def.title = xml.text("title", false);
    if (const auto start = trigger_of(xml, "start", xml.text("start"))) def.start = *start;
    def.approved = xml.word("approved");
    def.rejected = xml.word("rejected");
    xml.finish();
    each_inside(node, "step", [&](XmlElement& part, pugi::xml_node child) {
        ApprovalStep step;
        step.at = part.places();
        step.title = part.text("title", false);
        step.by = recipient_of(part, "by");
        step.quorum = static_cast<int>(part.integer("quorum", 1, 20, 1));
        step.deputies = part.yes("deputies");
        if (const auto rule = term_of(part, "within", false)) step.within = Term{*rule, {}, false};
        step.late = escalation_name(part, "late");
        if (!step.late.empty() && !step.within)
            part.problem("late", "late=\"" + step.late + "\" needs within=\"1d\": without it nothing is late");
        part.finish();
        step.when = conditions_inside(child);
        def.steps.push_back(std::move(step));
    });
    if (def.steps.empty()) xml.problem("", "approval \"" + def.name + "\" asks nobody; put <step by=\"...\"/> into it");
    flow.approvals.push_back(std::move(def));
}

void FlowReader::recurrence(XmlElement& xml, pugi::xml_node node) {
    RecurrenceDef def;
    def.places = xml.places();
    def.name = xml.word("name");
    read_every(xml, def);
    for (const std::string& word : xml.words("at", true))
        if (const auto time = time_of_day(word))
            def.at.push_back(*time);
        else
            xml.problem("at", "at must be times such as \"10:00 16:00\", not \"" + word + "\"");
    def.otherwise = read_else(xml);
    def.owner = xml.text("owner", false);
    def.group = xml.text("group", false);
    xml.finish();
    for (const auto& child : children(node)) {
        XmlElement part(file, child, problems);
        if (part.name() == "set")
            def.sets.push_back(set(child));
        else
            unknown(part, "set");
    }
    flow.recurrences.push_back(std::move(def));
}

void FlowReader::visible(XmlElement& xml, pugi::xml_node node) {
    if (flow.visible.given) xml.problem("", "<visible> stands twice; keep one");
    flow.visible.given = true;
    flow.visible.at = xml.places();
    flow.visible.roles = xml.words("roles");
    xml.finish();
    none_inside(node);
}

}  // namespace citybridge::desk
