#include "core/gateway/openapi.h"

#include <array>

#include "core/api/text.h"
#include "core/gateway/problem.h"
#include "core/gateway/router.h"

namespace citybridge::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kRoles{Role::agent, Role::team_lead, Role::supervisor, Role::quality,
                            Role::admin, Role::erp,       Role::node};

// A reference between schema files becomes one inside the description.
void localize(Json& schema) {
    if (!schema.is_structured()) return;
    if (schema.is_object()) {
        if (const auto ref = schema.find("$ref"); ref != schema.end() && ref->is_string()) {
            std::string target = ref->get<std::string>();
            target.resize(target.size() - std::string_view(".json").size());
            *ref = "#/components/schemas/" + target;
        }
    }
    for (Json& child : schema) localize(child);
}

Json schemas() {
    Json out = Json::object();
    for (const EmbeddedSchema& embedded : embedded_schemas()) {
        Json schema = Json::parse(embedded.text);
        schema.erase("$schema");
        schema.erase("$id");
        localize(schema);
        out[std::string(embedded.name)] = std::move(schema);
    }
    return out;
}

Json field_schema(const FieldRule& rule) {
    const Json item{{"type", "string"}, {"maxLength", rule.max_length}};
    if (rule.kind == FieldKind::number) return {{"type", "integer"}, {"description", rule.sentence}};
    if (rule.kind == FieldKind::flag) return {{"type", "boolean"}, {"description", rule.sentence}};
    if (rule.kind == FieldKind::texts)
        return {{"type", "array"}, {"items", item}, {"maxItems", rule.max_items}, {"description", rule.sentence}};
    if (rule.kind == FieldKind::values)
        return {{"type", "object"},
                {"additionalProperties", {{"type", {"string", "integer", "boolean", "null"}}}},
                {"maxProperties", rule.max_items},
                {"description", rule.sentence}};
    Json schema{{"type", "string"}, {"maxLength", rule.max_length}, {"description", rule.sentence}};
    if (rule.required) schema["minLength"] = 1;
    if (!rule.pattern.empty()) schema["pattern"] = rule.pattern;
    if (rule.choices.empty()) return schema;
    Json choices = Json::array();
    for (std::string_view rest = rule.choices; !rest.empty();) {
        const std::string_view choice = rest.substr(0, rest.find('|'));
        rest.remove_prefix(std::min(rest.size(), choice.size() + 1));
        choices.push_back(choice);
    }
    schema["enum"] = std::move(choices);
    return schema;
}

Json request_body(std::span<const FieldRule> rules) {
    Json properties = Json::object(), required = Json::array();
    for (const FieldRule& rule : rules) {
        properties[std::string(rule.name)] = field_schema(rule);
        if (rule.required) required.push_back(rule.name);
    }
    Json schema{{"type", "object"},
                {"properties", std::move(properties)},
                {"required", std::move(required)},
                {"additionalProperties", false}};
    return {{"required", true}, {"content", {{"application/json", {{"schema", std::move(schema)}}}}}};
}

Json parameters(const Route& route) {
    Json out = Json::array();
    const std::string_view pattern = route.pattern;
    for (std::size_t at = pattern.find('{'); at != std::string_view::npos; at = pattern.find('{', at + 1)) {
        const std::string_view name = pattern.substr(at + 1, pattern.find('}', at) - at - 1);
        out.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
    }
    for (const FieldRule& rule : route.query)
        out.push_back(
            {{"name", rule.name}, {"in", "query"}, {"required", rule.required}, {"schema", field_schema(rule)}});
    if (route.key != KeyKind::none)
        out.push_back(
            {{"name", "Idempotency-Key"},
             {"in", "header"},
             {"required", false},
             {"description", "A repetition with the same key gets the first answer and has no second effect."},
             {"schema", {{"type", "string"}, {"minLength", 1}, {"maxLength", 128}}}});
    return out;
}

Json operation(const Route& route) {
    Json answer{{"description", route.success == 101 ? "The stream begins; frames follow schema 'frame'." : "Done."}};
    if (!route.schema.empty()) {
        const std::string ref = "#/components/schemas/" + std::string(route.schema);
        answer["content"] = {{std::string(route.media), {{"schema", {{"$ref", ref}}}}}};
    } else if (route.success == 200) {
        answer["content"] = {{std::string(route.media), Json::object()}};
    }
    Json roles = Json::array();
    for (const Role role : kRoles)
        if (route.roles & only(role)) roles.push_back(to_string(role));
    Json out{{"summary", route.summary}};
    if (Json list = parameters(route); !list.empty()) out["parameters"] = std::move(list);
    if (!route.body.empty()) out["requestBody"] = request_body(route.body);
    out["responses"] = {{std::to_string(route.success), std::move(answer)},
                        {"default", {{"$ref", "#/components/responses/problem"}}}};
    if (route.roles == kOpen)
        out["security"] = Json::array();
    else
        out["x-roles"] = std::move(roles);
    return out;
}

Json make() {
    Json paths = Json::object();
    for (const Route& route : routes()) paths[std::string(route.pattern)][lower_case(route.method)] = operation(route);
    Json codes = Json::array();
    for (const ProblemKind& kind : problem_kinds())
        codes.push_back({{"code", kind.code}, {"status", kind.status}, {"title", kind.title}});
    const Json problem{
        {"description", "An error (RFC 9457)."},
        {"content", {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/problem"}}}}}}}};
    return {{"openapi", "3.1.0"},
            {"info",
             {{"title", "CityBridge"},
              {"version", "1"},
              {"description", "Calls, customers and work orders of one city's call centre."}}},
            {"security", Json::array({{{"bearer", Json::array()}}})},
            {"paths", std::move(paths)},
            {"components",
             {{"securitySchemes", {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}}}},
              {"responses", {{"problem", problem}}},
              {"schemas", schemas()}}},
            {"x-problem-codes", std::move(codes)}};
}

}  // namespace

const Json& openapi() {
    static const Json document = make();
    return document;
}

}  // namespace citybridge::gateway
