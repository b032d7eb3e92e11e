#pragma once
// What a server says of a mail it has taken. Pure.
#include <string>
#include <string_view>

namespace citybridge::email {

// "250 2.0.0 Ok: queued as 64622A767B3" -> "64622A767B3", by which its administrator finds the mail. Without a word
// that can be one: empty. Letters, digits, '-', '_' and '.' only, at most 100.
std::string queue_id_of(std::string_view line);

}  // namespace citybridge::email
