#include "core/host/describe.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "core/host/plugin_library.h"

namespace citybridge {
namespace {

constexpr std::string_view kBegin = "<!-- settings:begin -->";
constexpr std::string_view kEnd = "<!-- settings:end -->";

std::string type_of(const SettingDoc& doc) {
    const std::string unit = doc.unit.empty() ? "" : " (" + std::string(doc.unit) + ")";
    const bool ranged = doc.min != doc.max;
    switch (doc.type) {
        case SettingType::text: return "text";
        case SettingType::integer:
            return "integer" + (ranged ? ' ' + std::to_string(doc.min) + ".." + std::to_string(doc.max) : "") + unit;
        case SettingType::boolean: return "true or false";
        case SettingType::choice: return "one of " + std::string(doc.choices);
        case SettingType::list: return "list, separated by commas";
    }
    return "text";
}

std::string default_of(const SettingDoc& doc) {
    if (doc.required) return "required";
    if (doc.fallback.empty()) return "none";
    return doc.secret ? "(secret)" : std::string(doc.fallback);
}

std::string meaning_of(const SettingDoc& doc) {
    return std::string(doc.sentence) + (doc.secret ? " Secret: use ${file:...} or ${env:...}." : "");
}

// A bar would end the cell.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|') out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

std::string plain_text(const SettingsDoc& doc) {
    std::string out = "  " + std::string(doc.summary) + '\n';
    for (const auto& setting : doc.settings)
        out += "  " + std::string(setting.name) + ": " + type_of(setting) + ", default " + default_of(setting) +
               "\n      " + meaning_of(setting) + '\n';
    return out;
}

std::vector<std::string> libraries_in(const std::string& plugin_dir) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator(plugin_dir, error))
        if (file.path().extension() == ".so") names.push_back(file.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::string plugin_text(const std::string& plugin_dir, const std::string& name) {
    const std::string head = "<plugin library=\"" + name + "\" name=\"...\">";
    const auto library = PluginLibrary::open(plugin_dir, name);
    if (!library) return head + "\n  cannot be used: " + library.error().code + ": " + library.error().detail + "\n\n";
    const auto doc = (*library)->settings();
    if (!doc) return head + "\n  cannot be used: " + doc.error().code + ": " + doc.error().detail + "\n\n";
    return head + " version " + std::string((*library)->version()) + '\n' + plain_text(*doc) + '\n';
}

}  // namespace

std::string settings_table_markdown(const SettingsDoc& doc) {
    std::string out = "| setting | type | default | meaning |\n|---|---|---|---|\n";
    for (const auto& setting : doc.settings)
        out += "| `" + std::string(setting.name) + "` | " + cell(type_of(setting)) + " | " + cell(default_of(setting)) +
               " | " + cell(meaning_of(setting)) + " |\n";
    return out;
}

Result<std::string> replace_between_markers(std::string_view readme, std::string_view table) {
    const auto begin = readme.find(kBegin);
    const auto end = begin == std::string_view::npos ? begin : readme.find(kEnd, begin);
    if (end == std::string_view::npos)
        return Error{"readme.markers",
                     "the README needs a line " + std::string(kBegin) + " and after it a line " + std::string(kEnd)};
    std::string out(readme.substr(0, begin + kBegin.size()));
    out += '\n';
    out += table;
    out += readme.substr(end);
    return out;
}

std::string describe_all(std::span<const SectionDoc> sections, const std::string& plugin_dir) {
    std::string out;
    for (const auto& [element, doc] : sections) out += '<' + std::string(element) + ">\n" + plain_text(doc) + '\n';
    for (const auto& name : libraries_in(plugin_dir)) out += plugin_text(plugin_dir, name);
    return out;
}

}  // namespace citybridge
