#include "core/gateway/json_input.h"

#include <algorithm>
#include <set>
#include <vector>

namespace citybridge::gateway {
namespace {

using nlohmann::json;
constexpr int kMaxDepth = 8;

struct Refused {
    std::string why;
};

// Watches the parser: stops it at too deep a nesting and at a repeated name,
// which two readers of one document could understand differently.
class Guard {
public:
    explicit Guard(int max_depth) : max_depth_(max_depth) {}

    bool operator()(int depth, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start) {
            if (depth >= max_depth_) throw Refused{"It is nested more than " + std::to_string(max_depth_) + " deep."};
        }
        if (event == json::parse_event_t::object_start) names_.emplace_back();
        if (event == json::parse_event_t::object_end) names_.pop_back();
        if (event == json::parse_event_t::key) {
            const auto& name = parsed.get_ref<const std::string&>();
            if (!names_.back().insert(name).second) throw Refused{"The name '" + name + "' appears twice."};
        }
        return true;
    }

private:
    int max_depth_;
    std::vector<std::set<std::string>> names_;
};

bool is_choice(std::string_view choices, std::string_view value) {
    while (!choices.empty()) {
        const std::string_view choice = choices.substr(0, choices.find('|'));
        choices.remove_prefix(std::min(choices.size(), choice.size() + 1));
        if (choice == value) return true;
    }
    return false;
}

Error bad_field(const FieldRule& rule, const std::string& why) {
    return Error{"request.bad_field", "Field '" + std::string(rule.name) + "' " + why + "."};
}

constexpr std::uint64_t kMaxNumber = (std::uint64_t{1} << 53) - 1;

bool bounded_text(const json& value, std::size_t max_length) {
    if (!value.is_string()) return false;
    const auto& text = value.get_ref<const std::string&>();
    return text.size() <= max_length && text.find('\0') == std::string::npos;
}

Result<> check_list(const FieldRule& rule, const json& value) {
    const bool fits =
        value.is_array() && value.size() <= rule.max_items &&
        std::all_of(value.begin(), value.end(), [&](const json& item) { return bounded_text(item, rule.max_length); });
    if (fits) return ok();
    return bad_field(rule, "must be a list of at most " + std::to_string(rule.max_items) + " texts of at most " +
                               std::to_string(rule.max_length) + " bytes");
}

Result<> check_values(const FieldRule& rule, const json& value) {
    const auto fits = [&](const json& item) {
        return item.is_null() || item.is_boolean() || item.is_number_integer() || bounded_text(item, rule.max_length);
    };
    if (value.is_object() && value.size() <= rule.max_items && std::all_of(value.begin(), value.end(), fits))
        return ok();
    return bad_field(rule, "must be an object of at most " + std::to_string(rule.max_items) +
                               " names to texts of at most " + std::to_string(rule.max_length) +
                               " bytes, whole numbers, booleans or null");
}

Result<> check_field(const FieldRule& rule, const json& value) {
    if (rule.kind == FieldKind::texts) return check_list(rule, value);
    if (rule.kind == FieldKind::values) return check_values(rule, value);
    if (rule.kind == FieldKind::flag) return value.is_boolean() ? ok() : bad_field(rule, "must be true or false");
    if (rule.kind == FieldKind::number) {
        // What every reader of JSON represents exactly (RFC 8259 section 6).
        const bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() <= kMaxNumber;
        return fits ? ok() : bad_field(rule, "must be a whole number from 0 to " + std::to_string(kMaxNumber));
    }
    if (!value.is_string()) return bad_field(rule, std::string("must be a text, not ") + value.type_name());
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > rule.max_length)
        return bad_field(rule, "is longer than " + std::to_string(rule.max_length) + " bytes");
    if (rule.required && text.empty()) return bad_field(rule, "must not be empty");
    if (text.find('\0') != std::string::npos) return bad_field(rule, "holds a zero byte");
    if (!rule.choices.empty() && !is_choice(rule.choices, text))
        return bad_field(rule, "must be one of " + std::string(rule.choices));
    if (rule.accepts && !rule.accepts(text)) return bad_field(rule, "must match " + std::string(rule.pattern));
    return ok();
}

}  // namespace

Result<json> read_json(std::string_view body, int max_depth) {
    try {
        Guard guard(max_depth);
        return json::parse(body, std::ref(guard));
    } catch (const Refused& refused) {
        return Error{"request.bad_json", "The body cannot be accepted. " + refused.why};
    } catch (const json::parse_error& failure) {
        return Error{"request.bad_json",
                     "The body is not JSON; the fault is at byte " + std::to_string(failure.byte) + "."};
    } catch (const json::exception&) {
        // A number beyond double, for one.
        return Error{"request.bad_json", "The body holds a value that cannot be represented."};
    }
}

Result<json> read_object(std::string_view body, std::span<const FieldRule> rules) {
    auto parsed = read_json(body, kMaxDepth);
    if (!parsed) return parsed;
    if (!parsed->is_object())
        return Error{"request.bad_json", std::string("The body must be an object, not ") + parsed->type_name() + "."};
    for (const auto& [name, value] : parsed->items()) {
        const auto rule =
            std::find_if(rules.begin(), rules.end(), [&, n = name](const auto& r) { return r.name == n; });
        if (rule == rules.end()) return Error{"request.unknown_field", "Field '" + name + "' is not known here."};
        if (const Result<> checked = check_field(*rule, value); !checked) return checked.error();
    }
    for (const FieldRule& rule : rules)
        if (rule.required && !parsed->contains(rule.name))
            return Error{"request.missing_field", "Field '" + std::string(rule.name) + "' is missing."};
    return parsed;
}

bool is_dial_number(std::string_view text) {
    if (text.size() > 32) return false;
    if (text.starts_with('+')) text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789*#") == std::string_view::npos;
}

std::string text_field(const json& object, std::string_view name) {
    const auto found = object.find(name);
    return found == object.end() ? std::string() : found->get<std::string>();
}

std::vector<std::string> texts_field(const json& object, std::string_view name) {
    const auto found = object.find(name);
    return found == object.end() ? std::vector<std::string>{} : found->get<std::vector<std::string>>();
}

}  // namespace citybridge::gateway
