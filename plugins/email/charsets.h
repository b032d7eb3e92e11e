#pragma once
// What is written in a mail, as UTF-8. Pure apart from iconv's own tables.
#include <string>
#include <string_view>

namespace citybridge::email {

// Reads `bytes` as `charset` (a name as mails have it, any case) and gives valid UTF-8. Names that Chinese mails use
// too narrowly are read as what they are part of: gb2312 and gbk as GB18030. A charset that is unknown or wrong: UTF-8
// if it is that, else `fallback`. What cannot be read becomes U+FFFD; NUL and controls that are no white space go.
std::string to_readable(std::string_view bytes, std::string_view charset, const std::string& fallback);

// A header's value with its encoded-words (RFC 2047) read; blanks between two of them go.
std::string decoded_words(std::string_view value, const std::string& fallback);

// The beginning, at most `max_bytes`, no character cut.
std::string shortened(std::string_view utf8, std::size_t max_bytes);

// The words of an HTML text, roughly as a person sees them: no tags, scripts or styles.
std::string words_of_html(std::string_view html);

}  // namespace citybridge::email
