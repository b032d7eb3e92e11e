#include "core/api/settings.h"

#include <algorithm>
#include <charconv>

#include "core/api/text.h"

namespace citybridge {
namespace {

bool parse_integer(std::string_view text, std::int64_t& value) {
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
    return bad == std::errc{} && end == text.data() + text.size();
}

bool is_choice(std::string_view choices, std::string_view value) {
    for (std::size_t at = 0; at <= choices.size();) {
        const std::size_t end = std::min(choices.find('|', at), choices.size());
        if (choices.substr(at, end - at) == value) return true;
        at = end + 1;
    }
    return false;
}

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

// The value of a secret must not reach a log through an error message.
std::string shown(const SettingDoc& doc, std::string_view value) {
    return doc.secret ? std::string("the secret value") : in_quotes(value);
}

}  // namespace

Position place_of(const RawSettings& raw, std::string_view name) {
    for (const RawSetting& setting : raw.settings)
        if (setting.name == name) return setting.where;
    return raw.where;
}

std::string to_string(const Problem& problem) {
    return problem.where.file + ':' + std::to_string(problem.where.line) + ':' + std::to_string(problem.where.column) +
           ": " + problem.message;
}

std::int64_t integer_value(std::string_view text) {
    std::int64_t value = 0;
    parse_integer(text, value);
    return value;
}

std::vector<std::string> list_value(std::string_view text) {
    std::vector<std::string> items;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        const std::string_view item = trimmed(text.substr(at, end - at));
        if (!item.empty()) items.emplace_back(item);
        at = end + 1;
    }
    return items;
}

std::string check_value(const SettingDoc& doc, std::string_view value) {
    switch (doc.type) {
        case SettingType::text:
            if (doc.required && value.empty()) return std::string(doc.name) + " must not be empty";
            return {};
        case SettingType::list: return {};
        case SettingType::boolean:
            if (value == "true" || value == "false") return {};
            return std::string(doc.name) + " must be true or false, not " + shown(doc, value);
        case SettingType::choice:
            if (is_choice(doc.choices, value)) return {};
            return std::string(doc.name) + " must be one of " + std::string(doc.choices) + ", not " + shown(doc, value);
        case SettingType::integer: break;
    }
    std::int64_t number = 0;
    if (!parse_integer(value, number))
        return std::string(doc.name) + " must be a whole number, not " + shown(doc, value);
    if (doc.min != doc.max && (number < doc.min || number > doc.max))
        return std::string(doc.name) + " must be from " + std::to_string(doc.min) + " to " + std::to_string(doc.max) +
               (doc.unit.empty() ? "" : " " + std::string(doc.unit)) + ", not " + std::string(value);
    return {};
}

Problems check_settings(const std::vector<SettingDoc>& docs, const RawSettings& raw) {
    Problems problems;
    const auto doc_of = [&](std::string_view name) {
        return std::find_if(docs.begin(), docs.end(), [&](const auto& doc) { return doc.name == name; });
    };
    for (auto it = raw.settings.begin(); it != raw.settings.end(); ++it) {
        const auto doc = doc_of(it->name);
        if (doc == docs.end()) {
            std::string known;
            for (const auto& each : docs) known += (known.empty() ? "" : ", ") + std::string(each.name);
            problems.push_back({it->where, "unknown setting " + in_quotes(it->name) + "; known are " + known});
            continue;
        }
        const bool repeated =
            std::any_of(raw.settings.begin(), it, [&](const auto& earlier) { return earlier.name == it->name; });
        if (repeated) problems.push_back({it->where, "setting " + in_quotes(it->name) + " is given twice; keep one"});
        if (auto wrong = check_value(*doc, it->value); !wrong.empty()) problems.push_back({it->where, wrong});
    }
    for (const auto& doc : docs) {
        const bool given = std::any_of(raw.settings.begin(), raw.settings.end(),
                                       [&](const auto& setting) { return setting.name == doc.name; });
        if (doc.required && !given)
            problems.push_back(
                {raw.where, "missing setting " + in_quotes(doc.name) + ": " + std::string(doc.sentence)});
    }
    return problems;
}

std::string_view value_of(const SettingDoc& doc, const RawSettings& raw) {
    for (const auto& setting : raw.settings)
        if (setting.name == doc.name) return setting.value;
    return doc.fallback;
}

}  // namespace citybridge
