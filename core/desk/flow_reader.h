#pragma once
// Reading one flow's file, element by element. Each file of flow_read_*.cpp
// reads one group of parts; what they share is here.
#include "core/desk/flow.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {

struct FlowReader {
    const XmlFile& file;
    Problems& problems;
    Flow flow;

    // Everything below the root.
    void read_parts();

    // flow_read_basic.cpp
    void field(XmlElement& xml, pugi::xml_node node);
    void sums();
    void state(XmlElement& xml, pugi::xml_node node);
    void action(XmlElement& xml, pugi::xml_node node);
    void follow_up(XmlElement& xml, pugi::xml_node node);
    void erp(XmlElement& xml, pugi::xml_node node);

    // flow_read_people.cpp
    void assign(XmlElement& xml, pugi::xml_node node);
    void chain(XmlElement& xml, pugi::xml_node node);
    void escalation(XmlElement& xml, pugi::xml_node node);
    void tell(XmlElement& xml, pugi::xml_node node, const Trigger* on = nullptr);
    std::optional<AssignDef> assign_of(XmlElement& xml, std::string_view attribute);

    // flow_read_rules.cpp
    void decision(XmlElement& xml, pugi::xml_node node);
    void approval(XmlElement& xml, pugi::xml_node node);
    void recurrence(XmlElement& xml, pugi::xml_node node);
    void visible(XmlElement& xml, pugi::xml_node node);

    // flow_read_texts.cpp
    void script(XmlElement& xml, pugi::xml_node node);
    void message(XmlElement& xml, pugi::xml_node node);

    // flow_read_words.cpp: what stands in attributes. What cannot be read is a problem and left out.
    // What words are said on.
    std::optional<Trigger> said_on(XmlElement& xml);
    std::optional<Trigger> trigger_of(XmlElement& xml, std::string_view attribute, const std::string& text);
    Recipient recipient_of(XmlElement& xml, std::string_view attribute);
    std::optional<DueRule> term_of(XmlElement& xml, std::string_view attribute, bool required);
    std::optional<Millis> duration(XmlElement& xml, std::string_view attribute, bool required);
    std::optional<int> minutes(XmlElement& xml, std::string_view attribute);
    std::vector<std::string> channels_of(XmlElement& xml);
    std::string escalation_name(XmlElement& xml, std::string_view attribute);
    SetDef set_of(XmlElement& xml, std::string_view field, const std::string& value);

    // flow_read_conditions.cpp
    Condition condition(pugi::xml_node node, const XmlElement& xml);
    // Of an element that holds nothing else.
    Conditions conditions_inside(pugi::xml_node node, const std::string& known = "when, any, not");
    static bool is_condition(std::string_view element);
    SetDef set(pugi::xml_node node);

    // The elements inside, all of which must have this name: `read` is given each, and its node.
    template <class Read>
    void each_inside(pugi::xml_node node, const char* name, const Read& read) {
        for (const auto& child : children(node)) {
            XmlElement part(file, child, problems);
            if (part.name() == name)
                read(part, child);
            else
                unknown(part, name);
        }
    }
    void none_inside(pugi::xml_node node);
    void unknown(XmlElement& xml, const std::string& known);
};

}  // namespace citybridge::desk
