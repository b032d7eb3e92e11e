#pragma once
// One element of a flow or calendar file while it is read: which attributes it
// may have, which it must have, and everything else is a problem with its place.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/time.h"
#include "core/desk/condition.h"
#include "core/desk/due.h"
#include "core/host/xml_file.h"

namespace citybridge::desk {

class XmlElement {
public:
    XmlElement(const XmlFile& file, pugi::xml_node node, Problems& problems)
        : file_(file), node_(node), problems_(problems) {}

    // Each names an attribute as known. Missing: a problem if required, else empty or the fallback.
    std::string text(std::string_view name, bool required = true);
    std::string word(std::string_view name, bool required = true);                 // [a-z][a-z0-9_]*, at most 64
    std::vector<std::string> words(std::string_view name, bool required = false);  // separated by blanks
    bool yes(std::string_view name);
    std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max, std::int64_t fallback,
                         bool required = false);
    // Says every attribute that was not asked for, and text between the tags.
    void finish();
    // The same of an element that holds text: what stands in it, without the blanks around.
    std::string finish_text();

    // A problem at this attribute, or at the element if it has none of this name.
    void problem(std::string_view attribute, const std::string& message);
    Position where() const { return file_.where(node_); }
    Position where(std::string_view attribute) const;
    std::string_view name() const { return node_.name(); }
    bool has(std::string_view attribute) const;
    Places places() const;

private:
    void known_only();

    const XmlFile& file_;
    pugi::xml_node node_;
    Problems& problems_;
    std::vector<std::string> known_;
};

// The child elements in order.
std::vector<pugi::xml_node> children(pugi::xml_node node);
std::vector<std::string> split_words(std::string_view text);
bool is_word(std::string_view text);
bool is_phone(std::string_view text);  // as it is dialled: 3 to 20 digits
bool is_email(std::string_view text);  // one address, without a name
// One whole number and one of s, min, h: "2h", "90min". Empty: something else, zero, or over 366 days.
std::optional<Millis> duration_of(std::string_view text);
// The same, or so many working days: "3d", or "same_day", or "0min".
std::optional<DueRule> due_rule_of(std::string_view text);
// "09:30" as minutes after midnight; "24:00" is 1440.
std::optional<int> time_of_day(std::string_view text);
std::optional<std::chrono::local_days> day_of(std::string_view text);  // "2026-10-01"

}  // namespace citybridge::desk
