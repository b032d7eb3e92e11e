#include "core/host/config_elements.h"

#include <algorithm>

#include "core/api/text.h"
#include "core/host/references.h"

namespace citybridge {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// A setting is text only: <port>5038</port>.
std::string text_of(const XmlFile& file, pugi::xml_node element, Problems& problems) {
    std::string text;
    if (const auto attribute = element.first_attribute())
        problems.push_back(
            {file.where(attribute),
             "a setting has no attributes; write <" + std::string(element.name()) + ">value</" + element.name() + ">"});
    for (const auto child : element.children()) {
        if (child.type() == pugi::node_element)
            problems.push_back({file.where(child), "element <" + std::string(child.name()) + "> inside setting <" +
                                                       element.name() + ">; a setting holds text only"});
        else
            text += child.value();
    }
    return text;
}

}  // namespace

bool is_identifier(std::string_view text) {
    const auto allowed = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-' || c == '@'; };
    return !text.empty() && text.size() <= 64 && is_letter_or_digit(text[0]) &&
           std::all_of(text.begin(), text.end(), allowed);
}

Attributes::Attributes(const XmlFile& file, pugi::xml_node element, Problems& problems)
    : file_(file), element_(element), problems_(problems) {
    for (const auto attribute : element.attributes()) {
        const Position place = file.where(attribute);
        const auto value = resolve_references(attribute.value(), place, problems);
        if (!found_.emplace(attribute.name(), FoundAttribute{value, place}).second)
            problems.push_back({place, "attribute \"" + std::string(attribute.name()) + "\" is given twice; keep one"});
    }
}

std::string Attributes::take(std::string_view name) {
    asked_ += (asked_.empty() ? "" : ", ") + std::string(name);
    const auto found = found_.find(name);
    if (found == found_.end()) return {};
    std::string value = std::move(found->second.value);
    taken_.emplace(found->first, found->second.where);
    found_.erase(found);
    return value;
}

std::string Attributes::take_required(std::string_view name) {
    std::string value = take(name);
    if (!value.empty()) return value;
    const bool given = taken_.contains(name);
    problems_.push_back({where(name), "<" + std::string(element_.name()) + "> " +
                                          (given ? "has an empty" : "needs the") + " attribute \"" + std::string(name) +
                                          "\"; add " + std::string(name) + "=\"...\""});
    return value;
}

Position Attributes::where(std::string_view name) const {
    const auto found = taken_.find(name);
    return found != taken_.end() ? found->second : file_.where(element_);
}

void Attributes::refuse_rest() {
    for (const auto& [name, attribute] : found_)
        problems_.push_back({attribute.where, "unknown attribute \"" + name + "\" of <" + std::string(element_.name()) +
                                                  ">; known are " + asked_});
}

RawSettings read_settings(const XmlFile& file, pugi::xml_node element, const Attributes& attributes,
                          Problems& problems) {
    RawSettings raw{file.where(element), {}};
    for (const auto& [name, attribute] : attributes.rest())
        raw.settings.push_back({name, attribute.value, attribute.where});
    for_elements(file, element, problems, [&](pugi::xml_node child) {
        const Position place = file.where(child);
        const std::string text = text_of(file, child, problems);
        raw.settings.push_back({child.name(), resolve_references(trimmed(text), place, problems), place});
    });
    return raw;
}

}  // namespace citybridge
