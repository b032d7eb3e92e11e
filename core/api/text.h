#pragma once
// Texts as they come from outside.
#include <string>
#include <string_view>

namespace citybridge {

// Without blanks, tabs and line breaks at either end.
std::string_view trimmed(std::string_view text);

// A to Z become a to z, in any locale; every other byte stays.
std::string lower_case(std::string_view text);

// Bytes from a PBX are not always UTF-8: a phone may send its user's name in
// GBK. Names are made UTF-8 once, at the adapter's edge.
bool is_utf8(std::string_view bytes);

// Valid UTF-8 comes back unchanged. Anything else is read as `charset` (an
// iconv name, such as "GB18030"); bytes that are not that either become U+FFFD.
std::string to_utf8(std::string_view bytes, const std::string& charset);

}  // namespace citybridge
