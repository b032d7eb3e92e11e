// <when>, <any>, <not> and <set>.
#include <algorithm>
#include <charconv>

#include "core/desk/flow_reader.h"

namespace citybridge::desk {
namespace {

using About = Condition::About;
using Test = Condition::Test;

std::optional<std::int64_t> whole_number(const std::string& text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// What a value is tested for; exactly one of these attributes.
void read_test(XmlElement& xml, Condition& out) {
    struct Word {
        std::string_view name;
        Test test;
    };
    constexpr Word kWords[] = {{"is", Test::is_one_of},      {"is_not", Test::is_not},   {"in", Test::is_one_of},
                               {"at_least", Test::at_least}, {"at_most", Test::at_most}, {"present", Test::present},
                               {"before", Test::before},     {"after", Test::after}};
    int given = 0;
    for (const Word& word : kWords) {
        if (!xml.has(word.name)) {
            xml.text(word.name, false);
            continue;
        }
        ++given;
        out.test = word.test;
        if (word.test == Test::present) {
            out.yes = xml.yes("present");
        } else if (word.name == "in") {
            out.words = xml.words("in", true);
        } else {
            out.words = {xml.text(word.name)};
            out.number = whole_number(out.words[0]).value_or(0);
        }
        if ((word.test == Test::before || word.test == Test::after) && out.words[0] != "now")
            xml.problem(word.name, std::string(word.name) + " must be \"now\"");
    }
    if (given != 1)
        xml.problem("", "say with one of is, is_not, in, at_least, at_most, present, before or after what is tested");
}

bool read_word(XmlElement& xml, std::string_view attribute, std::initializer_list<std::string_view> allowed,
               Condition& out) {
    const std::string word = xml.text(attribute);
    if (word.empty()) return false;
    if (std::find(allowed.begin(), allowed.end(), word) == allowed.end()) {
        std::string all;
        for (const std::string_view one : allowed) all += (all.empty() ? "" : ", ") + std::string(one);
        xml.problem(attribute, std::string(attribute) + " must be one of " + all + ", not \"" + word + "\"");
        return false;
    }
    out.words = {word};
    return true;
}

void read_about_related(XmlElement& xml, Condition& out) {
    if (xml.has("related")) {
        out.about = About::related;
        if (read_word(xml, "related", {"any", "none"}, out)) out.yes = out.words[0] == "any";
        return;
    }
    out.of_related = true;
    if (xml.has("related_state")) {
        out.about = About::state;
        out.test = Test::is_one_of;
        out.words = xml.words("related_state", true);
    } else if (xml.has("related_overdue")) {
        out.about = About::overdue;
        out.name = xml.word("related_overdue");
    } else {
        out.about = About::field;
        out.name = xml.word("related_field");
        read_test(xml, out);
    }
}

void read_when(XmlElement& xml, Condition& out) {
    if (xml.has("related") || xml.has("related_state") || xml.has("related_overdue") || xml.has("related_field"))
        return read_about_related(xml, out);
    if (xml.has("field")) {
        out.about = About::field;
        out.name = xml.word("field");
        read_test(xml, out);
    } else if (xml.has("state")) {
        out.about = About::state;
        out.test = Test::is_one_of;
        out.words = xml.words("state", true);
    } else if (xml.has("note")) {
        out.about = About::note;
        if (read_word(xml, "note", {"present", "absent"}, out)) out.yes = out.words[0] == "present";
    } else if (xml.has("overdue")) {
        out.about = About::overdue;
        out.name = xml.word("overdue");
    } else if (xml.has("count")) {
        out.about = About::count;
        out.name = xml.word("count");
        const bool least = xml.has("at_least");
        out.test = least ? Test::at_least : Test::at_most;
        out.number = xml.integer(least ? "at_least" : "at_most", 0, 1'000, 0, true);
    } else if (xml.has("asker")) {
        out.about = About::asker;
        read_word(xml, "asker", {"owner", "not_owner", "in_group", "lead_of_group"}, out);
    } else if (xml.has("verified")) {
        out.about = About::verified;
        out.name = xml.word("verified");
    } else if (xml.has("no_leave")) {
        out.about = About::no_leave;
        out.name = xml.word("no_leave");
        out.words = {xml.text("until", false), xml.text("days", false)};
    } else if (xml.has("calendar")) {
        out.about = About::calendar;
        if (read_word(xml, "calendar", {"open", "closed"}, out)) out.yes = out.words[0] == "open";
    } else {
        xml.problem(
            "",
            "<when> needs one of field, state, note, overdue, count, asker, verified, calendar, no_leave, related, "
            "related_state, related_overdue or related_field");
    }
}

}  // namespace

bool FlowReader::is_condition(std::string_view element) {
    return element == "when" || element == "any" || element == "not" || element == "all";
}

Conditions FlowReader::conditions_inside(pugi::xml_node node, const std::string& known) {
    Conditions out;
    for (const auto& child : children(node)) {
        XmlElement part(file, child, problems);
        if (is_condition(part.name()))
            out.push_back(condition(child, part));
        else
            unknown(part, known);
    }
    return out;
}

Condition FlowReader::condition(pugi::xml_node node, const XmlElement& seen) {
    Condition out;
    out.at = seen.places();
    XmlElement xml(file, node, problems);
    if (xml.name() == "when") {
        const std::size_t before = problems.size();
        read_when(xml, out);
        if (out.about == About::verified) out.number = duration(xml, "within", true).value_or(Millis{0}).count();
        // An attribute that is missing and one that is not known are often one mistake.
        if (problems.size() == before) xml.finish();
        none_inside(node);
        return out;
    }
    out.about = xml.name() == "any" ? About::any : xml.name() == "not" ? About::none : About::all;
    xml.finish();
    out.parts = conditions_inside(node, "when, any, not, all");
    if (out.parts.empty()) xml.problem("", "<" + std::string(xml.name()) + "> is empty; put <when .../> into it");
    return out;
}

SetDef FlowReader::set(pugi::xml_node node) {
    XmlElement xml(file, node, problems);
    const std::string field = xml.word("field");
    const std::string value_of = xml.text("value_of", false);
    const std::string value = xml.text("value", false);
    SetDef out = set_of(xml, field, value);
    if (value.empty() == value_of.empty())
        xml.problem("", "<set> needs value=\"...\" or value_of=\"now | today | asker | empty\", one of them");
    if (value_of == "now")
        out.value = SetDef::Value::now;
    else if (value_of == "today")
        out.value = SetDef::Value::today;
    else if (value_of == "asker")
        out.value = SetDef::Value::asker;
    else if (value_of == "empty")
        out.value = SetDef::Value::empty;
    else if (!value_of.empty())
        xml.problem("value_of", "value_of must be now, today, asker or empty, not \"" + value_of + "\"");
    xml.finish();
    none_inside(node);
    return out;
}

}  // namespace citybridge::desk
