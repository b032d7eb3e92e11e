#pragma once
// One settings table per plugin. The parser, the check with file:line:column,
// `citybridged --describe` and the README's table are all made from it, and
// each row names the member it fills, so that a name is written once.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace citybridge {

struct Position {
    std::string file;
    int line = 0;  // from 1
    int column = 0;
};

// Something wrong in the configuration. The message says what to do.
struct Problem {
    Position where;
    std::string message;
};
using Problems = std::vector<Problem>;
std::string to_string(const Problem& problem);  // "file:line:column: message"

enum class SettingType { text, integer, boolean, choice, list };

// What people and programs may know of one setting; plain data.
struct SettingDoc {
    std::string_view name{};  // the XML element's name
    SettingType type = SettingType::text;
    std::string_view unit{};      // "ms", "bytes", "" for none
    std::string_view fallback{};  // default; list: comma-separated. Unused when required
    bool required = false;
    bool secret = false;  // never in logs, never in --describe's values
    std::int64_t min = 0;
    std::int64_t max = 0;         // min == max: no range
    std::string_view choices{};   // "plain|md5" for type choice
    std::string_view sentence{};  // what it does, ends with a full stop
};

struct SettingsDoc {
    std::string_view summary;
    std::vector<SettingDoc> settings;
};

// One setting as found in the file, references to secrets already resolved.
struct RawSetting {
    std::string name;
    std::string value;
    Position where;
};
struct RawSettings {
    Position where;  // of the plugin's element: for what is missing
    std::vector<RawSetting> settings;
};
// Where the setting stands; where the plugin's element stands if it is missing.
Position place_of(const RawSettings& raw, std::string_view name);

template <class C>
struct Setting {
    SettingDoc doc;
    std::variant<std::string C::*, std::int64_t C::*, bool C::*, std::vector<std::string> C::*> member;
};

// Checks one value against its row: type, range, choices. Empty: right.
std::string check_value(const SettingDoc& doc, std::string_view value);
std::int64_t integer_value(std::string_view text);           // precondition: check_value said yes
std::vector<std::string> list_value(std::string_view text);  // "a, b" -> {"a", "b"}
// Unknown and repeated names, missing ones, wrong values: all of them, each with its place.
Problems check_settings(const std::vector<SettingDoc>& docs, const RawSettings& raw);
// The value in the file, else the default.
std::string_view value_of(const SettingDoc& doc, const RawSettings& raw);

template <class C>
SettingsDoc describe(std::string_view summary, const std::vector<Setting<C>>& table) {
    SettingsDoc out{summary, {}};
    for (const auto& row : table) out.settings.push_back(row.doc);
    return out;
}

// Fills C from the file. Problems are appended; on any, the result is not to be used.
template <class C>
C parse_settings(const std::vector<Setting<C>>& table, const RawSettings& raw, Problems& problems) {
    C config{};
    const Problems found = check_settings(describe("", table).settings, raw);
    problems.insert(problems.end(), found.begin(), found.end());
    if (!found.empty()) return config;
    for (const auto& [doc, member] : table) {
        const std::string_view text = value_of(doc, raw);
        if (const auto* as_text = std::get_if<std::string C::*>(&member)) config.*(*as_text) = std::string(text);
        if (const auto* as_bool = std::get_if<bool C::*>(&member)) config.*(*as_bool) = text == "true";
        if (const auto* as_int = std::get_if<std::int64_t C::*>(&member)) config.*(*as_int) = integer_value(text);
        if (const auto* as_list = std::get_if<std::vector<std::string> C::*>(&member))
            config.*(*as_list) = list_value(text);
    }
    return config;
}

}  // namespace citybridge
