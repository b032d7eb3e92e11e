#include "plugins/sms_http/text_template.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "plugins/sms_http/digest.h"

namespace citybridge::sms_http {
namespace {

bool is_word(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

struct Place {
    std::string_view name;
    std::string_view spelling;
};

// Calls `plain` with the text between places and `place` with each of them, in order.
void walk(std::string_view text, const std::function<void(std::string_view)>& plain,
          const std::function<void(const Place&)>& place) {
    std::size_t done = 0;
    for (std::size_t open = 0; (open = text.find('{', open)) != std::string_view::npos;) {
        const std::size_t end = text.find_first_of("{}", open + 1);
        if (end == std::string_view::npos) break;
        const std::string_view inside = text.substr(open + 1, end - open - 1);
        const std::size_t colon = std::min(inside.find(':'), inside.size());
        const std::string_view spelling = colon < inside.size() ? inside.substr(colon + 1) : std::string_view{};
        const bool is_place =
            text[end] == '}' && is_word(inside.substr(0, colon)) && (colon == inside.size() || is_word(spelling));
        if (is_place) {
            plain(text.substr(done, open - done));
            place({inside.substr(0, colon), spelling});
            done = end + 1;
        }
        open = is_place ? end + 1 : end + (text[end] == '{' ? 0 : 1);
    }
    plain(text.substr(done));
}

std::string json_inside(const std::string& value) {
    const std::string quoted = nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

std::set<std::string, std::less<>> places_of(std::string_view text) {
    std::set<std::string, std::less<>> out;
    walk(
        text, [](std::string_view) {}, [&](const Place& place) { out.emplace(place.name); });
    return out;
}

std::string check_template(std::string_view text, const std::set<std::string, std::less<>>& known) {
    std::string wrong;
    walk(
        text, [](std::string_view) {},
        [&](const Place& place) {
            if (!known.contains(place.name)) wrong = "has {" + std::string(place.name) + "}, which is no place";
            if (!place.spelling.empty() && place.spelling != "json" && place.spelling != "url")
                wrong = "has the spelling \"" + std::string(place.spelling) + "\"; write json or url";
        });
    return wrong;
}

std::string filled(std::string_view text, const Values& values) {
    std::string out;
    walk(
        text, [&](std::string_view plain) { out += plain; },
        [&](const Place& place) {
            const auto found = values.find(place.name);
            if (found == values.end()) return;
            if (place.spelling == "json")
                out += json_inside(found->second);
            else
                out += place.spelling == "url" ? percent_encoded(found->second) : found->second;
        });
    return out;
}

}  // namespace citybridge::sms_http
