#pragma once
// Mails and payloads from which the e-mail fuzzers start: each behind a first byte. The tokens in them are genuine
// under email_fuzz_keys().
#include <string>
#include <string_view>
#include <vector>

#include "plugins/email/token.h"

namespace citybridge {

inline email::TokenKeys email_fuzz_keys() { return {"mail", {"0123456789abcdef0123456789abcdef"}}; }
// By the name of the program: "fuzz_email_parse".
std::vector<std::string> email_seeds(std::string_view fuzzer);

}  // namespace citybridge
