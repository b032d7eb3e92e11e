#include "core/desk/field_values.h"

#include <algorithm>

#include "core/desk/access.h"
#include "core/desk/pattern.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 128 && text.find_first_of(" \t\r\n\"\\") == std::string_view::npos;
}

std::string wrong_free_text(const FieldDef& field, const std::string& text) {
    if (characters(text) > field.max_length)
        return "must have at most " + std::to_string(field.max_length) + " characters";
    if (field.matcher != nullptr && !field.matcher->matches(text)) return "must look like " + field.pattern;
    return {};
}

std::string wrong_text(const FieldDef& field, const std::string& text) {
    switch (field.type) {
        case FieldType::text: return wrong_free_text(field, text);
        case FieldType::choice: return listed(field.choices, text) ? "" : "must be one of: " + joined(field.choices);
        case FieldType::date: return day_of(text) ? "" : "must be a date such as 2026-10-01";
        case FieldType::time:
            return time_of_day(text) || from_rfc3339(text) ? ""
                                                           : "must be a time such as 09:30 or 2026-10-01T01:30:00.000Z";
        case FieldType::phone: return is_phone(text) ? "" : "must be a telephone number of 3 to 20 digits";
        case FieldType::email: return is_email(text) ? "" : "must be one e-mail address such as li@example.com";
        case FieldType::user:
        case FieldType::group:
        case FieldType::article:
        case FieldType::order: return is_name(text) ? "" : "must be a name or id without blanks";
        case FieldType::integer:
        case FieldType::boolean: break;
    }
    return {};
}

std::string wrong_number(const FieldDef& field, const nlohmann::ordered_json& value) {
    if (!value.is_number_integer()) return "must be a whole number";
    const auto number = value.get<std::int64_t>();
    if (field.min && number < *field.min) return "must be at least " + std::to_string(*field.min);
    if (field.max && number > *field.max) return "must be at most " + std::to_string(*field.max);
    return {};
}

void add(std::string& list, const std::string& item) { list += (list.empty() ? "" : "; ") + item; }

}  // namespace

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

std::string wrong_value(const FieldDef& field, const nlohmann::ordered_json& value) {
    if (field.type == FieldType::integer) return wrong_number(field, value);
    if (field.type == FieldType::boolean) return value.is_boolean() ? "" : "must be true or false";
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
        } else if (!field->sum_of.empty()) {
            add(wrong, "\"" + name + "\" is the sum of " + joined(field->sum_of) + ", leave it out");
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

void add_up(const Flow& flow, Fields& fields) {
    for (const FieldDef& field : flow.fields) {
        if (field.sum_of.empty()) continue;
        std::int64_t sum = 0;
        const bool whole = std::all_of(field.sum_of.begin(), field.sum_of.end(), [&](const std::string& part) {
            const auto value = fields.find(part);
            if (value == fields.end() || !value->is_number_integer()) return false;
            sum += value->get<std::int64_t>();
            return true;
        });
        if (whole)
            fields[field.name] = sum;
        else
            fields.erase(field.name);
    }
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
