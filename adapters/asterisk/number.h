#pragma once
// Numbers as agents give them, and as the dialplan wants them.
#include <cstddef>
#include <string>
#include <string_view>

namespace citybridge::asterisk {

// Can be pressed on a phone, which is how Asterisk takes a consultation's number.
bool has_only_keys(std::string_view number);
// Letters, digits and the signs that extensions are made of; nothing that the dialplan or a channel's name gives a
// meaning.
bool is_extension(std::string_view number);
// A file's bare name: no folder, nothing hidden, nothing that separates arguments.
bool is_file_name(std::string_view name);
// With the prefix of an outside line, unless so few digits can only be a colleague's.
std::string with_prefix(std::string_view prefix, std::size_t internal_digits, std::string_view number);
// A room of its own for this command: eight digits, since patterns of the dialplan give letters a meaning.
std::string room_of(std::string_view command_id);

}  // namespace citybridge::asterisk
