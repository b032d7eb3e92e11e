#include "core/desk/field_values.h"

#include <algorithm>

#include "core/desk/access.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

bool is_phone(std::string_view text) {
    const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits >= 3 && digits <= 20 && text.size() <= 32 &&
           text.find_first_not_of("0123456789+-() ") == std::string_view::npos && text.rfind('+') + 1 <= 1;
}

std::string wrong_text(const FieldDef& field, const std::string& text) {
    if (field.type == FieldType::choice && !listed(field.choices, text))
        return "must be one of: " + joined(field.choices);
    if (field.type == FieldType::date && !day_of(text)) return "must be a date such as 2026-10-01";
    if (field.type == FieldType::phone && !is_phone(text)) return "must be a telephone number of 3 to 20 digits";
    if (field.type == FieldType::text && characters(text) > field.max_length)
        return "must have at most " + std::to_string(field.max_length) + " characters";
    return {};
}

void add(std::string& list, const std::string& item) { list += (list.empty() ? "" : "; ") + item; }

}  // namespace

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

std::string wrong_value(const FieldDef& field, const nlohmann::ordered_json& value) {
    switch (field.type) {
        case FieldType::integer: return value.is_number_integer() ? "" : "must be a whole number";
        case FieldType::boolean: return value.is_boolean() ? "" : "must be true or false";
        case FieldType::text:
        case FieldType::choice:
        case FieldType::date:
        case FieldType::phone: break;
    }
    return value.is_string() ? wrong_text(field, value.get_ref<const std::string&>())
                             : "must be text in quotation marks";
}

Result<> merge_fields(const Flow& flow, const Fields& given, const std::vector<std::string>* allowed, Fields& fields) {
    if (given.is_null()) return ok();  // none given
    if (!given.is_object()) return Error{"order.bad_fields", "fields must be a JSON object of names and values"};
    std::string wrong;
    for (const auto& [name, value] : given.items()) {
        const FieldDef* field = flow.field(name);
        if (field == nullptr) {
            add(wrong, "\"" + name + "\" is no field of " + flow.kind + ", remove it");
        } else if (allowed != nullptr && !listed(*allowed, name)) {
            add(wrong, "\"" + name + "\" cannot be given with this action, which takes: " + joined(*allowed));
        } else if (value.is_null()) {
            fields.erase(name);
        } else if (const std::string why = wrong_value(*field, value); !why.empty()) {
            add(wrong, "\"" + name + "\" " + why);
        } else {
            fields[name] = value;
        }
    }
    if (wrong.empty()) return ok();
    return Error{"order.bad_fields", wrong};
}

std::string missing_fields(const Flow& flow, const Fields& fields, const std::vector<std::string>& also) {
    std::string missing;
    for (const FieldDef& field : flow.fields) {
        if (!field.required && !listed(also, field.name)) continue;
        const auto it = fields.find(field.name);
        if (it == fields.end() || (it->is_string() && it->get_ref<const std::string&>().empty()))
            add(missing, "\"" + field.name + "\" (" + field.title + ") is required, fill it in");
    }
    return missing;
}

}  // namespace citybridge::desk
