#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace citybridge {

// One line of comma-separated values (RFC 4180, a quote is doubled inside
// quotes). A lone quote in the middle of a value is taken as it is: some
// writers put names between quotes without looking at them. Nothing: the line
// ends inside quotes.
std::optional<std::vector<std::string>> split_csv(std::string_view line);

}  // namespace citybridge
