#pragma once
// Who calls and who answers: numbers and names as a Chinese call centre sees them.
#include <string>

#include "adapters/simulator/random.h"

namespace citybridge::simulator {

std::string mobile_number(Random& random);  // 11 digits with an allocated prefix
std::string caller_name(Random& random);    // often empty, like real caller id
std::string agent_name(int index);          // the same for the same index
const std::string& break_reason(Random& random);

}  // namespace citybridge::simulator
