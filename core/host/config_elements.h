#pragma once
// Reading elements of the configuration (internal to the config_*.cpp files).
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "core/api/settings.h"
#include "core/host/config_file.h"
#include "core/host/xml_file.h"

namespace citybridge {

struct FoundAttribute {
    std::string value;  // references resolved
    Position where;
};

// The attributes of one element. Repeated ones are problems.
class Attributes {
public:
    Attributes(const XmlFile& file, pugi::xml_node element, Problems& problems);

    // The value, and the attribute counts as known. Empty if it is not given.
    std::string take(std::string_view name);
    // The same; a missing or empty one is a problem.
    std::string take_required(std::string_view name);
    Position where(std::string_view name) const;  // of the element, if there is no such attribute
    // What was not taken, in alphabetical order.
    const std::map<std::string, FoundAttribute, std::less<>>& rest() const { return found_; }
    // Each attribute not taken is a problem that lists what was asked for.
    void refuse_rest();

private:
    const XmlFile& file_;
    pugi::xml_node element_;
    Problems& problems_;
    std::map<std::string, FoundAttribute, std::less<>> found_;
    std::map<std::string, Position, std::less<>> taken_;
    std::string asked_;
};

// Attributes not taken and child elements, as settings.
RawSettings read_settings(const XmlFile& file, pugi::xml_node element, const Attributes& attributes,
                          Problems& problems);

// Calls `each(child)` for the child elements; text between them is a problem.
template <class Each>
void for_elements(const XmlFile& file, pugi::xml_node parent, Problems& problems, Each each) {
    for (const auto child : parent.children()) {
        if (child.type() == pugi::node_element)
            each(child);
        else
            problems.push_back({file.where(child), "text has no meaning in <" + std::string(parent.name()) + ">"});
    }
}

void read_users(const XmlFile& file, pugi::xml_node element, NodeConfig& config, Problems& problems);

// One to 64 letters, digits and . _ - @; the first is a letter or digit.
bool is_identifier(std::string_view text);

}  // namespace citybridge
