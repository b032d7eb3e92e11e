#pragma once
#include <string>
#include <string_view>

namespace citybridge {

// The number in E.164 ("+8613912345678") as somebody in `region` ("CN") would
// dial it, after `outside_prefix` (the digits for an outside line, often "9")
// is taken off. Empty if it is no valid number there: extensions, service
// numbers, withheld.
std::string to_e164(std::string_view number, const std::string& region, std::string_view outside_prefix);

// A number as it is kept: in E.164; extensions and service numbers ("8001", "95588", "12345") as they are dialled.
// Empty if it is neither.
std::string kept_number(std::string_view number, const std::string& region, std::string_view outside_prefix);

}  // namespace citybridge
