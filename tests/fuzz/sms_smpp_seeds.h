#pragma once
// What a message centre may send, from which the SMPP fuzzers start: each behind a first byte.
#include <string>
#include <vector>

namespace citybridge {

std::vector<std::string> sms_smpp_seeds();

}  // namespace citybridge
