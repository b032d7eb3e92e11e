#pragma once
// As much of JSON Schema 2020-12 as docs/schemas uses; a keyword it does not
// know is an error, so that no rule is silently not checked.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace citybridge::test {

class SchemaChecker {
public:
    // `schemas`: by file name, "contact.json".
    explicit SchemaChecker(std::map<std::string, nlohmann::json> schemas) : schemas_(std::move(schemas)) {}
    // Every fault as "path: what"; empty: valid.
    std::vector<std::string> check(const std::string& schema, const nlohmann::json& value) const;

private:
    using Faults = std::vector<std::string>;
    void check(const nlohmann::json& schema, const nlohmann::json& value, const std::string& path, Faults& out) const;
    void keyword(const std::string& name, const nlohmann::json& rule, const nlohmann::json& schema,
                 const nlohmann::json& value, const std::string& path, Faults& out) const;
    int matches(const nlohmann::json& choices, const nlohmann::json& value) const;

    std::map<std::string, nlohmann::json> schemas_;
};

// Those of docs/schemas.
SchemaChecker shipped_schemas();

}  // namespace citybridge::test
