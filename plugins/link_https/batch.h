#pragma once
// A request's body: lines of JSON, one message each, and what comes of each of
// them. Pure.
#include <string>
#include <string_view>
#include <vector>

#include "core/api/city_message.h"

namespace citybridge::link_https {

inline constexpr std::size_t kMostMessages = 1'024;  // in one request
inline constexpr std::string_view kPath = "/city/v1/messages";

// One line of a request: to be taken, or judged already.
struct Arrival {
    CityVerdict verdict;  // of a line that is no message or names another city: refused
    std::optional<InboundMessage> message;
};

// Lines end with "\n"; empty ones are passed over. Error "city.bad_message": too many lines.
Result<std::vector<Arrival>> read_batch(std::string_view body, std::string_view from, std::string_view to);

}  // namespace citybridge::link_https
