#include "core/desk/xml_element.h"

#include <algorithm>
#include <charconv>

namespace citybridge::desk {
namespace {

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool digits_only(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

bool XmlElement::has(std::string_view attribute) const {
    return !node_.attribute(std::string(attribute).c_str()).empty();
}

Position XmlElement::where(std::string_view attribute) const {
    const auto found = node_.attribute(std::string(attribute).c_str());
    return found.empty() ? file_.where(node_) : file_.where(found);
}

void XmlElement::problem(std::string_view attribute, const std::string& message) {
    problems_.push_back({where(attribute), message});
}

std::string XmlElement::text(std::string_view name, bool required) {
    known_.emplace_back(name);
    std::string value = node_.attribute(known_.back().c_str()).value();
    if (value.empty() && (required || has(name)))
        problem(name, "<" + std::string(node_.name()) + "> needs " + known_.back() + "=\"...\" with something in it");
    return value;
}

std::string XmlElement::word(std::string_view name, bool required) {
    std::string value = text(name, required);
    if (!value.empty() && !is_word(value))
        problem(name, std::string(name) + " \"" + value +
                          "\" must be lower-case letters, digits and _, begin with a letter and have at most 64");
    return value;
}

std::vector<std::string> XmlElement::words(std::string_view name, bool required) {
    std::vector<std::string> out;
    for (const std::string& item : split_words(text(name, required))) {
        if (std::find(out.begin(), out.end(), item) != out.end())
            problem(name, "\"" + item + "\" stands twice in " + std::string(name) + "; keep one");
        else
            out.push_back(item);
    }
    return out;
}

bool XmlElement::yes(std::string_view name) {
    const std::string value = text(name, false);
    if (!value.empty() && value != "true" && value != "false")
        problem(name, std::string(name) + " must be true or false, not \"" + value + "\"");
    return value == "true";
}

std::int64_t XmlElement::integer(std::string_view name, std::int64_t min, std::int64_t max, std::int64_t fallback,
                                 bool required) {
    const std::string value = text(name, required);
    if (value.empty()) return fallback;
    const auto parsed = number(value);
    if (parsed && *parsed >= min && *parsed <= max) return *parsed;
    problem(name, std::string(name) + " must be a whole number from " + std::to_string(min) + " to " +
                      std::to_string(max) + ", not \"" + value + "\"");
    return fallback;
}

void XmlElement::known_only() {
    const std::string tag = "<" + std::string(node_.name()) + ">";
    for (const auto& attribute : node_.attributes()) {
        // The parser takes the first of two.
        if (node_.attribute(attribute.name()) != attribute) {
            problems_.push_back(
                {file_.where(attribute), tag + " has " + attribute.name() + " twice; keep one of the two"});
            continue;
        }
        if (std::find(known_.begin(), known_.end(), attribute.name()) != known_.end()) continue;
        std::string all;
        for (const std::string& name : known_) all += (all.empty() ? "" : ", ") + name;
        problems_.push_back({file_.where(attribute),
                             tag + " knows no attribute " + attribute.name() + "; remove it or use one of: " + all});
    }
}

void XmlElement::finish() {
    known_only();
    const std::string tag = "<" + std::string(node_.name()) + ">";
    for (const auto& child : node_.children())
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
            problems_.push_back({file_.where(child), tag + " holds no text; remove it or make it an attribute"});
}

std::string XmlElement::finish_text() {
    known_only();
    std::string text;
    for (const auto& child : node_.children()) {
        if (child.type() == pugi::node_element)
            problems_.push_back({file_.where(child), "<" + std::string(node_.name()) + "> holds text only; remove <" +
                                                         std::string(child.name()) + ">"});
        text += child.value();
    }
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

Places XmlElement::places() const {
    Places out;
    out.element = where();
    for (const auto& attribute : node_.attributes())
        out.attributes.emplace_back(attribute.name(), file_.where(attribute));
    return out;
}

std::vector<pugi::xml_node> children(pugi::xml_node node) {
    std::vector<pugi::xml_node> out;
    for (const auto& child : node.children())
        if (child.type() == pugi::node_element) out.push_back(child);
    return out;
}

std::vector<std::string> split_words(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    std::vector<std::string> out;
    for (std::size_t at = text.find_first_not_of(blanks); at != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(blanks, at), text.size());
        out.emplace_back(text.substr(at, end - at));
        at = text.find_first_not_of(blanks, end);
    }
    return out;
}

bool is_word(std::string_view text) {
    if (text.empty() || text.size() > 64 || text[0] < 'a' || text[0] > 'z') return false;
    return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

std::optional<Millis> duration_of(std::string_view text) {
    constexpr std::int64_t kMostMs = 366LL * 86'400'000;
    const std::size_t unit_at = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto count = number(text.substr(0, unit_at));
    const std::string_view unit = text.substr(unit_at);
    const std::int64_t unit_ms = unit == "s" ? 1'000 : unit == "min" ? 60'000 : unit == "h" ? 3'600'000 : 0;
    if (!count || unit_ms == 0 || *count < 1 || *count > kMostMs / unit_ms) return std::nullopt;
    return Millis{*count * unit_ms};
}

std::optional<DueRule> due_rule_of(std::string_view text) {
    constexpr std::int64_t kMostDays = 366;
    DueRule rule;
    if (text.ends_with('d')) {
        const auto days = number(text.substr(0, text.size() - 1));
        if (!days || *days < 1 || *days > kMostDays) return std::nullopt;
        rule.working_days = static_cast<int>(*days);
        return rule;
    }
    if (text == "0min") return rule;
    rule.same_day = text == "same_day";
    if (rule.same_day) return rule;
    const auto after = duration_of(text);
    if (!after) return std::nullopt;
    rule.after = *after;
    return rule;
}

bool is_phone(std::string_view text) {
    const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits >= 3 && digits <= 20 && text.size() <= 32 &&
           text.find_first_not_of("0123456789+-() ") == std::string_view::npos && text.rfind('+') + 1 <= 1;
}

bool is_email(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0 || text.size() > 254 || text.rfind('@') != at) return false;
    const std::string_view domain = text.substr(at + 1);
    // Header injection and lists of addresses are kept out by what may stand in it at all.
    return domain.find('.') != std::string_view::npos && domain.front() != '.' && domain.back() != '.' &&
           text.find_first_of(" \t\r\n,;<>\"()\\") == std::string_view::npos;
}

std::optional<int> time_of_day(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon < 1 || colon > 2 || text.size() - colon != 3) return std::nullopt;
    if (!digits_only(text.substr(0, colon)) || !digits_only(text.substr(colon + 1))) return std::nullopt;
    const auto hours = number(text.substr(0, colon));
    const auto minutes = number(text.substr(colon + 1));
    if (!hours || !minutes || *minutes > 59 || *hours * 60 + *minutes > std::int64_t{24} * 60) return std::nullopt;
    return static_cast<int>(*hours * 60 + *minutes);
}

std::optional<std::chrono::local_days> day_of(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    for (const std::string_view part : {text.substr(0, 4), text.substr(5, 2), text.substr(8, 2)})
        if (!digits_only(part)) return std::nullopt;
    const auto year = static_cast<int>(*number(text.substr(0, 4)));
    const auto month = static_cast<unsigned>(*number(text.substr(5, 2)));
    const auto day = static_cast<unsigned>(*number(text.substr(8, 2)));
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::local_days{date};
}

}  // namespace citybridge::desk
