#include "plugins/link_https/batch.h"

#include <nlohmann/json.hpp>

namespace citybridge::link_https {
namespace {

// So that its sender can tell which message was refused.
std::string id_of(std::string_view line) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object()) return {};
    const auto id = json.find("id");
    return id != json.end() && id->is_string() ? id->get<std::string>().substr(0, 256) : std::string();
}

}  // namespace

Result<std::vector<Arrival>> read_batch(std::string_view body, std::string_view from, std::string_view to) {
    std::vector<Arrival> out;
    while (!body.empty()) {
        const std::string_view line = body.substr(0, body.find('\n'));
        body.remove_prefix(std::min(line.size() + 1, body.size()));
        if (line.empty()) continue;
        if (out.size() == kMostMessages)
            return Error{"city.bad_message", "a request has at most " + std::to_string(kMostMessages) + " messages"};
        Arrival arrival;
        auto message = read_city_line(line, from, to);
        if (message) {
            arrival.verdict.id = message->id;
            arrival.message = std::move(*message);
        } else {
            const bool deep = message.error().code == "city.bad_message" && line.size() > kMostCityMessageBytes;
            arrival.verdict = {deep ? std::string() : id_of(line), CityAnswer::refused, message.error().code,
                               message.error().detail};
        }
        out.push_back(std::move(arrival));
    }
    return out;
}

}  // namespace citybridge::link_https
