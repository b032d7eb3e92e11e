#pragma once
// What the bytes of a file are, whatever it is called; and a name that does no harm where it is saved. Pure.
#include <string>
#include <string_view>

namespace citybridge::gateway {

// pdf, png, jpeg, xlsx, docx, plain text in UTF-8; empty: none of them.
std::string media_type_of(std::string_view bytes);
// Without path, control characters, marks that turn the direction of writing, and blanks or points at its ends; at most
// 200 bytes, cut at a character. Empty: nothing is left, or it is not UTF-8.
std::string safe_name(std::string_view name);

}  // namespace citybridge::gateway
