#pragma once
// Bytes from a PBX are not always UTF-8: a phone may send its user's name in
// GBK. Names are made UTF-8 once, at the adapter's edge.
#include <string>
#include <string_view>

namespace citybridge {

bool is_utf8(std::string_view bytes);

// Valid UTF-8 comes back unchanged. Anything else is read as `charset` (an
// iconv name, such as "GB18030"); bytes that are not that either become U+FFFD.
std::string to_utf8(std::string_view bytes, const std::string& charset);

}  // namespace citybridge
