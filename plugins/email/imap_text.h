#pragma once
// The few words of IMAP (RFC 9051) that libcurl leaves to its user. Pure.
#include <string>
#include <string_view>
#include <vector>

namespace citybridge::email {

// Folder names and other strings. Names in other letters than ASCII become modified UTF-7 (RFC 3501, 5.1.3).
// Precondition: UTF-8 without controls.
std::string quoted_string(std::string_view utf8);

// "* SEARCH 4 5 9": ascending, numbers only.
std::vector<std::string> uids_in(std::string_view answer);

// "* STATUS INBOX (UIDVALIDITY 17)" -> "17"; empty: not told.
std::string uid_validity_in(std::string_view answer);

// Is the word there, between blanks, in any case?
bool has_word(std::string_view answer, std::string_view word);

}  // namespace citybridge::email
