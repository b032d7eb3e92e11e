#pragma once
#include <string>
#include <string_view>

namespace citybridge::demo {

// `text` in exactly `width` cells of a terminal: cut, or filled with spaces. A Chinese character is two cells wide.
std::string fit(std::string_view text, std::size_t width);

}  // namespace citybridge::demo
