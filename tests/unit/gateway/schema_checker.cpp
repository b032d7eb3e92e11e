#include "tests/unit/gateway/schema_checker.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <regex>

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

bool has_type(const Json& value, const std::string& type) {
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    if (type == "array") return value.is_array();
    return type == "object" && value.is_object();
}

bool contains(const Json& list, const Json& value) { return std::find(list.begin(), list.end(), value) != list.end(); }

}  // namespace

std::vector<std::string> SchemaChecker::check(const std::string& schema, const Json& value) const {
    Faults out;
    check(schemas_.at(schema), value, "", out);
    return out;
}

void SchemaChecker::check(const Json& schema, const Json& value, const std::string& path, Faults& out) const {
    for (const auto& [name, rule] : schema.items()) keyword(name, rule, schema, value, path, out);
}

int SchemaChecker::matches(const Json& choices, const Json& value) const {
    int count = 0;
    for (const Json& choice : choices) {
        Faults faults;
        check(choice, value, "", faults);
        count += faults.empty();
    }
    return count;
}

void SchemaChecker::keyword(const std::string& name, const Json& rule, const Json& schema, const Json& value,
                            const std::string& path, Faults& out) const {
    const auto fault = [&](const std::string& what) { out.push_back(path + ": " + what); };
    static constexpr std::array kNotes{"$schema", "$id", "title", "description", "format"};
    if (std::find(kNotes.begin(), kNotes.end(), name) != kNotes.end()) return;
    if (name == "$ref") return check(schemas_.at(rule.get<std::string>()), value, path, out);
    if (name == "type") {
        const Json types = rule.is_array() ? rule : Json::array({rule});
        if (std::none_of(types.begin(), types.end(), [&](const Json& type) { return has_type(value, type); }))
            fault("is " + value.dump() + ", not " + rule.dump());
    } else if (name == "enum") {
        if (!contains(rule, value)) fault(value.dump() + " is not one of " + rule.dump());
    } else if (name == "const") {
        if (value != rule) fault("is not " + rule.dump());
    } else if (name == "pattern") {
        if (value.is_string() && !std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>())))
            fault(value.dump() + " does not match");
    } else if (name == "minimum") {
        if (value.is_number() && value < rule) fault("is too small");
    } else if (name == "maximum") {
        if (value.is_number() && value > rule) fault("is too big");
    } else if (name == "required") {
        for (const Json& field : rule)
            if (value.is_object() && !value.contains(field.get<std::string>())) fault("lacks " + field.dump());
    } else if (name == "properties") {
        for (const auto& [field, inner] : rule.items())
            if (value.is_object() && value.contains(field)) check(inner, value.at(field), path + "/" + field, out);
    } else if (name == "additionalProperties") {
        if (!value.is_object()) return;
        for (const auto& [field, inner] : value.items()) {
            if (schema.contains("properties") && schema["properties"].contains(field)) continue;
            if (rule == false)
                fault("has the unknown field " + field);
            else
                check(rule, inner, path + "/" + field, out);
        }
    } else if (name == "items") {
        for (std::size_t i = 0; value.is_array() && i < value.size(); ++i)
            check(rule, value[i], path + "/" + std::to_string(i), out);
    } else if (name == "oneOf") {
        if (matches(rule, value) != 1) fault("matches " + std::to_string(matches(rule, value)) + " of oneOf");
    } else if (name == "anyOf") {
        if (matches(rule, value) == 0) fault("matches nothing of anyOf");
    } else {
        fault("the checker does not know the keyword " + name);
    }
}

SchemaChecker shipped_schemas() {
    std::map<std::string, nlohmann::json> schemas;
    for (const auto& file : std::filesystem::directory_iterator(CITYBRIDGE_SOURCE_DIR "/docs/schemas")) {
        std::ifstream in(file.path());
        schemas[file.path().filename()] = nlohmann::json::parse(in);
    }
    return SchemaChecker(std::move(schemas));
}

}  // namespace citybridge::test
