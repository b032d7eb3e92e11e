#pragma once
// Request bodies: one flat JSON object, checked against a table that also
// makes the OpenAPI description. Bounded depth; repeated and unknown names are
// refused; every problem names the field.
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/result.h"

namespace citybridge::gateway {

enum class FieldKind {
    text,
    flag,    // true or false
    number,  // whole, 0 to 2^53 - 1
    texts,   // list of texts, each within max_length; at most max_items
    values,  // object of names to texts, whole numbers, booleans or null; at most max_items
};

struct FieldRule {
    std::string_view name;
    FieldKind kind = FieldKind::text;
    bool required = false;
    std::size_t max_length = 256;   // bytes
    std::string_view choices = {};  // "ready|not_ready"; empty: any text
    std::string_view pattern = {};  // for people and OpenAPI; `accepts` decides
    bool (*accepts)(std::string_view) = nullptr;
    std::string_view sentence = {};
    std::size_t max_items = 100;  // of a list or an object
};

// Codes: request.bad_json,
// request.bad_field, request.missing_field, request.unknown_field.
Result<nlohmann::json> read_object(std::string_view body, std::span<const FieldRule> rules);

// Any JSON document with bounded nesting. Code request.bad_json.
Result<nlohmann::json> read_json(std::string_view body, int max_depth);

// A number to dial: digits, * and #, an optional leading +; 1 to 32 characters.
inline constexpr std::string_view kNumberPattern = R"(^\+?[0-9*#]+$)";
bool is_dial_number(std::string_view text);

// Empty if absent.
std::string text_field(const nlohmann::json& object, std::string_view name);
std::vector<std::string> texts_field(const nlohmann::json& object, std::string_view name);

}  // namespace citybridge::gateway
